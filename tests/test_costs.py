from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from extractor.costs import Price, Prices
from extractor.errors import UsageError


@dataclass(frozen=True)
class Used:
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int | None = None


def price(**changes: float | None) -> Price:
    terms = {"input": 2.0, "cached_input": 0.5, "output": 8.0, "batch_discount": 0.5, **changes}
    return Price.model_validate({**terms, "as_of": date(2026, 1, 1), "source": "test"})


def test_cost_counts_cached_tokens_once_and_cheaper() -> None:
    assert price().cost(Used(1_000_000, 0, 400_000)) == pytest.approx(0.6 * 2 + 0.4 * 0.5)
    assert price().cost(Used(0, 1_000_000)) == 8.0
    assert price(cached_input=None).cost(Used(1_000_000, 0, 400_000)) == 2.0
    # A server that counts more cached tokens than tokens must not give money back.
    assert price().cost(Used(1_000_000, 0, 2_000_000)) == 0.5


def test_batch_is_discounted() -> None:
    assert price().cost(Used(1_000_000, 1_000_000), batch=True) == 5.0
    assert price(batch_discount=0.0).cost(Used(0, 1_000_000), batch=True) == 8.0


def test_packaged_prices_are_dated_and_say_their_source() -> None:
    prices = Prices.load()
    mini = prices.of("openai/gpt-4.1-mini@api.openai.com")
    assert mini is not None
    assert mini.input > (mini.cached_input or 0) > 0 and mini.output > mini.input
    assert mini.as_of.year >= 2026 and mini.source


def test_snapshot_costs_what_its_model_does_unless_listed() -> None:
    prices = Prices.load()
    assert prices.of("openai/gpt-4o-2024-08-06@h") == prices.of("openai/gpt-4o@h")
    assert prices.of("openai/gpt-4o-2024-05-13@h") != prices.of("openai/gpt-4o@h")


def test_local_is_free_and_unknown_is_not() -> None:
    prices = Prices.load()
    local = prices.of("local:weights@0123abcd")
    assert local is not None and local.cost(Used(1000, 1000)) == 0
    assert prices.of("openai/nobody-knows@llm.invalid") is None


def test_own_file_goes_before_the_packaged_one(tmp_path: Path) -> None:
    own = tmp_path / "prices.yaml"
    own.write_text(
        "models:\n"
        "  openai/gpt-4o: {input: 1, output: 2, as_of: 2026-10-01, source: contract}\n"
        "  openai/llama@llm.invalid: {input: 3, output: 4, as_of: 2026-10-01, source: contract}\n"
    )
    prices = Prices.load(own)
    assert prices.of("openai/gpt-4o@h") != Prices.load().of("openai/gpt-4o@h")
    assert prices.of("openai/gpt-4o-mini@h") == Prices.load().of("openai/gpt-4o-mini@h")
    ours = prices.of("openai/llama@llm.invalid")
    assert ours is not None and ours.input == 3
    assert prices.of("openai/llama@other.invalid") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("models: [", "not YAML"),
        ("models: {x: {input: -1, output: 1, as_of: 2026-01-01, source: s}}", "x.input"),
        ("models: {x: {input: .inf, output: 1, as_of: 2026-01-01, source: s}}", "x.input"),
        ("models: {x: {input: 1, output: 1, source: s}}", "as_of"),
        ("[1]", "the file"),
        ("", "the file"),
    ],
)
def test_bad_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text)
    with pytest.raises(UsageError, match=problem) as caught:
        Prices.load(own)
    assert str(caught.value).startswith(f"{own}: ") and " - " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        Prices.load(tmp_path / "none.yaml")
