"""From labelled records and their checks to probabilities, and how reliable these are.

One logistic regression per record type: the log odds that a record is strictly right, by the checks
it passes. Weights are not below zero, because a check speaks for a record or not at all, and have a
standard normal prior, because articles are few (Gelman et al. 2008 argue for such priors). How good
the probabilities are is always told of articles that were not fitted on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

from extractor.confidence import Scale, Weight, load_calibration, probability
from extractor.evaluation.details import details
from extractor.evaluation.prediction import Prediction, RecordType
from extractor.evaluation.scoring import score_document
from extractor.evaluation.statistics import RESAMPLES
from extractor.evaluation.suite import Case
from extractor.output import Checks

BINS = 5
_PSEUDO = 0.5  # right and wrong records put to the average, so that no probability is 0 or 1
_DIGITS = 3

_Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Judged:
    """One record: its article, its checks, what was said of it, and whether it is strictly right.

    stated: the probability in the output, None where there was none.
    """

    document: str
    checks: Checks
    right: bool
    stated: float | None = None


@dataclass(frozen=True)
class Bin:
    """Records of like probability: the mean of it, how many are right, and a 95 % interval."""

    stated: float
    right: float
    low: float
    high: float
    records: int


@dataclass(frozen=True)
class Reliability:
    """How well probabilities of held-out records fit what came true.

    brier: mean squared error of the probabilities (Brier 1950), with its 95 % interval over
        documents; `base_brier` is that of the other documents' share of right records.
    error: expected calibration error over the bins, weighted by records (Naeini et al. 2015).
    refitted: the numbers were fitted on the other documents of the same suite, one left out at a
        time; else they are the shipped ones, fitted elsewhere.
    """

    documents: int
    records: int
    right: int
    brier: float
    low: float
    high: float
    base_brier: float
    error: float
    bins: tuple[Bin, ...]
    refitted: bool = True


def judge_records(
    cases: Iterable[Case], predictions: Mapping[str, Prediction]
) -> dict[RecordType, list[Judged]]:
    """Records with checks by type, judged by gold; those that match an optional label are left out.

    Args:
        predictions: by gold's document name.
    """
    found: dict[RecordType, list[Judged]] = {}
    for case in cases:
        name = case.gold.document.name
        if name in predictions:
            for kind, judged in _judge(case, predictions[name]):
                found.setdefault(kind, []).append(judged)
    return found


def _judge(case: Case, given: Prediction) -> Iterable[tuple[RecordType, Judged]]:
    for kind, items in details(case.gold, given, score_document(case.gold, given)).items():
        for item in items:
            known = given.confidence.get(item.given.id) if item.given else None
            if known is not None and not item.optional:
                yield kind, Judged(given.document, known.checks, item.right, known.probability)


def fit(judged: Sequence[Judged]) -> Scale:
    """The numbers of one record type; without records even odds and no checks."""
    names = list(dict.fromkeys(name for one in judged for name in one.checks))
    shares = [_share(name, judged) for name in names]
    passed = [
        [one.checks[name] - share if name in one.checks else 0.0 for name, share in columns]
        for one in judged
        for columns in [list(zip(names, shares, strict=True))]
    ]
    right = np.array([one.right for one in judged], dtype=np.float64)
    table = np.array(passed, dtype=np.float64).reshape(len(judged), len(names))
    found = minimize(
        _loss(table, right),
        np.zeros(len(names) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] + [(0, None)] * len(names),
    ).x
    weights = zip(names, found[1:], shares, strict=True)
    return Scale(
        records=len(judged),
        right=int(right.sum()),
        intercept=round(float(found[0]), _DIGITS),
        checks={
            name: Weight(weight=round(float(weight), _DIGITS), share=round(share, _DIGITS))
            for name, weight, share in weights
        },
    )


def _share(name: str, judged: Sequence[Judged]) -> float:
    made = [one.checks[name] for one in judged if name in one.checks]
    return sum(made) / len(made)


def _loss(table: _Floats, right: _Floats) -> Callable[[_Floats], tuple[float, _Floats]]:
    """Negative log posterior of intercept and weights, with its gradient."""

    def loss(numbers: _Floats) -> tuple[float, _Floats]:
        intercept, weights = numbers[0], numbers[1:]
        odds = intercept + table @ weights
        value = np.logaddexp(0, odds).sum() - right @ odds + weights @ weights / 2
        value += _PSEUDO * (np.logaddexp(0, intercept) + np.logaddexp(0, -intercept))
        off = 1 / (1 + np.exp(-odds)) - right
        slope = off.sum() + _PSEUDO * math.tanh(intercept / 2)
        return float(value), np.concatenate([[slope], table.T @ off + weights])

    return loss


def held_out(judged: Sequence[Judged]) -> list[float]:
    """Each record's probability by the numbers fitted on the other documents, in order."""
    return _left_out(judged, lambda one, scale: probability(one.checks, scale))


def _base_rates(judged: Sequence[Judged]) -> list[float]:
    """Each record's probability by the other documents' share of right records alone."""
    return _left_out([replace(one, checks={}) for one in judged], lambda _, s: probability({}, s))


def _left_out(judged: Sequence[Judged], apply: Callable[[Judged, Scale], float]) -> list[float]:
    scales = {
        name: fit([one for one in judged if one.document != name])
        for name in {one.document for one in judged}
    }
    return [apply(one, scales[one.document]) for one in judged]


def reliability(judged: Sequence[Judged], *, seed: int, refit: bool = True) -> Reliability | None:
    """How reliable held-out probabilities of one record type are; None below two documents.

    Args:
        refit: leave one document out at a time; else the stated probabilities are taken.
    """
    documents = list(dict.fromkeys(one.document for one in judged))
    if len(documents) < 2:
        return None
    said = held_out(judged) if refit else [one.stated or 0.0 for one in judged]
    stated = np.array(said)
    right = np.array([one.right for one in judged], dtype=np.float64)
    owners = np.array([documents.index(one.document) for one in judged])
    squared = (stated - right) ** 2
    low, high = _interval(squared, owners, seed)
    bins = _bins(stated, right, owners)
    return Reliability(
        documents=len(documents),
        records=len(judged),
        right=int(right.sum()),
        brier=float(squared.mean()),
        low=low,
        high=high,
        base_brier=float(((np.array(_base_rates(judged)) - right) ** 2).mean()),
        error=sum(one.records * abs(one.stated - one.right) for one in bins) / len(judged),
        bins=bins,
        refitted=refit,
    )


def _interval(values: _Floats, owners: _Floats, seed: int) -> tuple[float, float]:
    """Cluster bootstrap percentile interval of a mean, documents drawn with replacement."""
    sums = np.bincount(owners, weights=values)
    sizes = np.bincount(owners)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _bins(stated: _Floats, right: _Floats, owners: _Floats) -> tuple[Bin, ...]:
    """At most `BINS` bins of about as many records each; equal probabilities stay together."""
    edges = np.unique(np.quantile(stated, np.arange(1, BINS) / BINS))
    places = np.searchsorted(edges, stated, side="left")
    groups = (places == place for place in np.unique(places))
    return tuple(_bin(stated[group], right[group], owners[group]) for group in groups)


def _bin(stated: _Floats, right: _Floats, owners: _Floats) -> Bin:
    share = float(right.mean())
    low, high = wilson(share, _effective(right, owners))
    return Bin(float(stated.mean()), share, low, high, len(right))


def _effective(right: _Floats, owners: _Floats) -> float:
    """Effective number of records: fewer than there are where those of one article are alike.

    n divided by the design effect (Korn & Graubard 1998); one article counts as one record.
    """
    names, places = np.unique(owners, return_inverse=True)
    if len(names) == 1:
        return 1.0
    share = right.mean()
    single = share * (1 - share) / len(right)
    if single == 0:
        return float(len(right))
    off = np.bincount(places, weights=right - share)
    clustered = len(names) / (len(names) - 1) * (off @ off) / len(right) ** 2
    return float(len(right) / max(1.0, clustered / single))


def wilson(share: float, size: float, level: float = 0.95) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927); with an effective size for records in clusters.

    Dean & Pagano (2015) find that combination good where clusters are few.
    """
    z = float(norm.ppf((1 + level) / 2))
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size**2)) / (1 + z * z / size)
    return max(0.0, middle - half), min(1.0, middle + half)


def suite_reliability(
    cases: Sequence[Case], predictions: Mapping[str, Prediction], *, seed: int
) -> dict[RecordType, Reliability]:
    """Reliability by record type of what one system gave.

    The stated probabilities are judged where they were fitted on none of these documents; else the
    method is, fitted anew with one document left out at a time.
    """
    fitted_on = set(load_calibration().documents.values())
    elsewhere = fitted_on.isdisjoint(case.document.id for case in cases)
    found: dict[RecordType, Reliability] = {}
    for kind, judged in judge_records(cases, predictions).items():
        refit = not elsewhere or any(one.stated is None for one in judged)
        if (one := reliability(judged, seed=seed, refit=refit)) is not None:
            found[kind] = one
    return found
