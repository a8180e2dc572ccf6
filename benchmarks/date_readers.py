"""Scores date libraries on the labelled forms of `tests/reading/dates.yaml`.

    python -m benchmarks.date_readers

Right: the same first and last day as the label, or nothing where the label has nothing. None:
nothing though there is a date. Wrong: another date. Each library counts from the publication day;
its dates are taken at the granularity that it tells, so "May 2023" as a month where
it says so, else as the day it gives. "~", "since" and "until" are not asked of them: an open end is
compared by its other end alone. Libraries that are not installed are left out.
"""

from __future__ import annotations

import calendar
import re
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parents[1] / "tests" / "reading" / "dates.yaml"
PUBLISHED = datetime(2024, 6, 15, 12)
_QUARTER, _SEASON = 33, 21

Days = tuple[str, str]
Read = Callable[[str], Days | None]


def days_of(edtf: str) -> Days:
    """First and last day of an EDTF date, `..` for an open end."""
    sides = re.sub("[~?%]", "", edtf).split("/")
    return _bounds(sides[0])[0], _bounds(sides[-1])[1]


def _bounds(side: str) -> Days:
    if side in ("..", ""):
        return "..", ".."
    year, *rest = side.split("-")
    first, last = year.replace("X", "0"), year.replace("X", "9")
    if len(rest) == 2:
        return side, side
    if not rest:
        return f"{first}-01-01", f"{last}-12-31"
    part = int(rest[0])
    if part >= _QUARTER:
        months = (3 * (part - _QUARTER) + 1, 3 * (part - _QUARTER) + 3)
    elif part >= _SEASON:
        return f"{year}-s{part}", f"{year}-s{part}"
    else:
        months = (part, part)
    if not 1 <= months[0] <= months[1] <= 12 or not year.isdigit():
        return side, side
    end = calendar.monthrange(int(year), months[1])[1]
    return f"{year}-{months[0]:02}-01", f"{year}-{months[1]:02}-{end}"


def _period(day: date, grain: str) -> Days:
    text = {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(grain, f"{day:%Y-%m-%d}")
    return _bounds(text)


def dateparser_reader() -> Read:
    from dateparser.date import DateDataParser

    parser = DateDataParser(
        languages=["en"],
        settings={
            "RELATIVE_BASE": PUBLISHED,
            "PREFER_DATES_FROM": "past",
            "RETURN_TIME_AS_PERIOD": False,
        },
    )

    def read(words: str) -> Days | None:
        found = parser.get_date_data(words)
        return _period(found.date_obj.date(), found.period) if found.date_obj else None

    return read


def parsedatetime_reader() -> Read:
    import parsedatetime

    parser = parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)

    def read(words: str) -> Days | None:
        found, context = parser.parseDT(words, sourceTime=PUBLISHED)
        if not context.hasDate:
            return None
        grain = "month" if context.accuracy < parsedatetime.pdtContext.ACU_DAY else "day"
        return _period(found.date(), grain)

    return read


def dateutil_reader() -> Read:
    """Parsed against two days that differ in all parts: what differs then was not told."""
    from dateutil import parser

    def read(words: str) -> Days | None:
        try:
            one = parser.parse(words, default=datetime(2024, 6, 15))
            two = parser.parse(words, default=datetime(2023, 7, 16))
        except (ValueError, OverflowError):
            return None
        if one.day == two.day:
            return _period(one.date(), "day")
        return _period(one.date(), "month" if one.month == two.month else "year")

    return read


def datefinder_reader() -> Read:
    import datefinder

    def read(words: str) -> Days | None:
        found = list(datefinder.find_dates(words, base_date=PUBLISHED))
        if not found:
            return None
        return f"{found[0]:%Y-%m-%d}", f"{found[-1]:%Y-%m-%d}"

    return read


def recognizers_reader() -> Read:
    from recognizers_date_time import recognize_datetime

    def read(words: str) -> Days | None:
        found = recognize_datetime(words, "en-us", reference=PUBLISHED)
        values = [
            value
            for one in found
            for value in (one.resolution or {}).get("values", [])
            if value.get("type", "").startswith("date")
        ]
        past = [
            value for value in values if _known(value) and _known(value) <= f"{PUBLISHED:%Y-%m-%d}"
        ]
        chosen = (past or values)[-1:] if values else []
        return _timex(chosen[0]) if chosen else None

    return read


def _known(value: dict[str, str]) -> str:
    return value.get("start") or value.get("end") or value.get("value") or ""


def _timex(value: dict[str, str]) -> Days | None:
    if "value" in value:
        return None if value["value"] == "not resolved" else (value["value"][:10],) * 2
    first, last = value.get("start", "..")[:10], value.get("end", "..")[:10]
    to_the_day = value.get("timex", "").endswith("D)")  # of "May 12-14" the end is the last day
    if last != ".." and value.get("Mod") is None and not to_the_day:
        last = date.fromordinal(date.fromisoformat(last).toordinal() - 1).isoformat()
    return first, last


def ctparse_reader() -> Read:
    from ctparse import ctparse

    def read(words: str) -> Days | None:
        found = ctparse(words, ts=PUBLISHED, timeout=5)
        result = found.resolution if found else None
        if result is None or not hasattr(result, "start"):
            return None
        start, end = result.start, result.end
        sides = []
        for side in (start, end):
            sides.append(
                f"{side.year:04}-{side.month:02}-{side.day:02}" if side and side.day else ".."
            )
        return sides[0], sides[1]

    return read


def timexy_reader() -> Read:
    import spacy
    import timexy  # noqa: F401 - registers its pipe

    nlp = spacy.blank("en")
    nlp.add_pipe("timexy")

    def read(words: str) -> Days | None:
        found = [re.search(r'value="([^"]*)"', ent.kb_id_) for ent in nlp(words).ents]
        values = [match[1][:10] for match in found if match and match[1][:1].isdigit()]
        return (values[0], values[-1]) if values else None

    return read


def daterangeparser_reader() -> Read:
    import daterangeparser

    def read(words: str) -> Days | None:
        first, last = daterangeparser.parse(words)
        return f"{first:%Y-%m-%d}", f"{last or first:%Y-%m-%d}"

    return read


def edtf_reader() -> Read:
    from edtf import text_to_edtf

    def read(words: str) -> Days | None:
        found = text_to_edtf(words)
        return days_of(str(found)) if found else None

    return read


def own_reader() -> Read:
    from extractor.reading.dates import written_date
    from extractor.records import Span

    def read(words: str) -> Days | None:
        span = Span(start=0, end=len(words), text=words)
        edtf = written_date(span, PUBLISHED.date()).edtf
        return days_of(edtf) if edtf else None

    return read


READERS: dict[str, Callable[[], Read]] = {
    "this package": own_reader,
    "edtf": edtf_reader,
    "dateparser": dateparser_reader,
    "parsedatetime": parsedatetime_reader,
    "python-dateutil": dateutil_reader,
    "datefinder": datefinder_reader,
    "recognizers-text-date-time": recognizers_reader,
    "ctparse": ctparse_reader,
    "timexy": timexy_reader,
    "daterangeparser": daterangeparser_reader,
}


def score(read: Read, rows: list[dict[str, Any]]) -> Counter[str]:
    """How many rows are right, none, wrong; a crash counts as none, and as a crash."""
    counts: Counter[str] = Counter()
    for row in rows:
        label = days_of(row["edtf"]) if row["edtf"] else None
        try:
            found = read(row["words"])
        except Exception:
            found = None
            counts["crash"] += 1
        same = found is None if label is None else found is not None and _agree(found, label)
        counts["right" if same else "none" if found is None else "wrong"] += 1
        counts["right date"] += same and label is not None
    return counts


def _agree(found: Days, label: Days) -> bool:
    open_end = [i for i in (0, 1) if label[i] == ".."]
    return all(found[i] == label[i] or i in open_end for i in (0, 1)) or bool(
        open_end and found[0] == found[1] == label[1 - open_end[0]]
    )


def main() -> None:
    warnings.simplefilter("ignore")
    rows = yaml.safe_load(TABLE.read_text())
    dates = sum(row["edtf"] is not None for row in rows)
    lines = [f"{len(rows)} forms, {dates} of them with a date, {len(rows) - dates} without"]
    for name, make in READERS.items():
        try:
            read = make()
        except ImportError:
            lines.append(f"{name}: not installed")
            continue
        counts = score(read, rows)
        told = ", ".join(f"{kind} {counts[kind]}" for kind in ("right", "none", "wrong", "crash"))
        lines.append(f"{name}: {told}, right where there is a date {counts['right date']}")
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    main()
