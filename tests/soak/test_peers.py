"""The table of contestants, the stub's canned answers, and a small comparison that really runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.soak.adapters import task
from tests.soak.adapters.metering import Spent
from tests.soak.adapters.records import Shipments
from tests.soak.bench import Outcome
from tests.soak.canned import Replies
from tests.soak.peers import CONTESTANTS, Lap, report, run_peers


def lap(cpu: float, records: int = 8, requests: int = 8) -> Lap:
    return Lap(
        Spent(cpu, wall_seconds=2.0, peak_mb=71.6, records=records, version="1.2"), requests, 7
    )


def test_the_table_has_medians_their_spread_and_the_ratio_to_plain_instructor() -> None:
    outcome = Outcome("peers")
    laps = {
        "extractor": [lap(0.020), lap(0.012), lap(0.016)],
        "instructor": [lap(0.012), lap(0.008), lap(0.016)],
        "curator": [],
    }
    report(outcome, laps, documents=4)
    assert not outcome.faults
    rows = {name: str(row).split() for name, row in outcome.figures.items()}
    assert rows.pop("")[:3] == ["ms/document", "x", "instructor"]
    assert rows == {
        "extractor": ["4.00", "[3.00-5.00]", "1.33", "500.00", "72", "7", "1.2"],
        "instructor": ["3.00", "[2.00-4.00]", "1.00", "500.00", "72", "7", "1.2"],
    }


def test_records_and_requests_that_are_missing_are_faults() -> None:
    outcome = Outcome("peers")
    report(outcome, {"openai": [lap(0.01), lap(0.01, records=7), lap(0.01, requests=5)]}, 4)
    assert outcome.faults == [
        "openai: 7 records instead of 8",
        "openai: 5 requests for 8 documents",
    ]
    assert "-" in str(outcome.figures["openai"]).split()


def said(target: str, request: bytes) -> Any:
    reply = Replies(30).to(target.encode(), request).partition(b"\r\n\r\n")[2]
    return json.loads(json.loads(reply)["choices"][0]["message"]["content"])


@pytest.mark.parametrize("number", [0, 7, 29])
def test_a_document_gets_its_answer_in_the_form_of_the_contestant(number: int) -> None:
    text = task.text(number)
    request = json.dumps({"messages": [task.EXAMPLE, text]}).encode()
    plain = Shipments.model_validate(said("/plain/v1/chat/completions", request))
    assert [record.model_dump() for record in plain.records] == task.records(number)
    for record in plain.records:
        assert f"{record.crates:,} crates" in text
        assert record.carrier in text and record.place in text
    chosen = said("/chosen/v1/chat/completions", request)["records"]
    assert [one["crates"] for one in chosen] == ["n1", "n2"]
    found = said("/extractions/v1/chat/completions", request)["extractions"]
    assert all(one["shipment"] in text for one in found)
    assert len({task.text(one) for one in range(30)}) == 30


def test_an_unknown_document_gets_the_smallest_answer_that_fits() -> None:
    form = {"json_schema": {"schema": Shipments.model_json_schema()}}
    request = json.dumps({"messages": [], "response_format": form}).encode()
    assert said("/plain/v1/chat/completions", request) == {"records": []}


def test_the_contestants_of_this_environment_really_run() -> None:
    here = [one for one in CONTESTANTS if one.environment is None]
    outcome = run_peers(20, seed=1, contestants=here, rounds=1)
    assert not outcome.faults, str(outcome)
    names = {"extractor", "extractor, no store", "openai", "instructor"}
    assert set(outcome.figures) == {"", *names}
    assert all(float(str(outcome.figures[name]).split()[0]) > 0 for name in names)
