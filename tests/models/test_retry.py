from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from extractor.models.retry import retry_after

SENT = "Wed, 21 Oct 2015 07:28:00 GMT"
TEN_LATER = "Wed, 21 Oct 2015 07:28:10 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.05"}, 0.05),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Wed, 99 Oct 99999999 07:28:00 GMT"}, None),
        ({}, None),
        ({"retry-after": SENT}, 0.0),
    ],
)
def test_seconds_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_is_read_by_the_servers_clock() -> None:
    assert retry_after({"date": SENT, "retry-after": TEN_LATER}) == 10.0
    assert retry_after({"date": TEN_LATER, "retry-after": SENT}) == 0.0


def test_a_date_without_the_servers_clock_is_read_by_this_one() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    assert retry_after({"retry-after": later}) == pytest.approx(40, abs=2)
