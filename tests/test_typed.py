"""Users' own types: markers, evidence, and extraction through the pipeline."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from extractor import (
    BoundOf,
    CurrencyOf,
    Document,
    Example,
    Grounded,
    Label,
    Normalised,
    Number,
    ScriptedModel,
    Span,
    Store,
    TypedExtraction,
    Verbatim,
    aextract_records,
    extract_records,
    ground,
    verify_grounded,
)
from extractor.documents import Block
from extractor.errors import DocumentError, UsageError
from extractor.models import Request
from tests.support import FRENCH, failing, invalid

TEXT = (
    "The Quay Fund gave at least $18,000 to forty sailors on 2031-04-02.\n"
    "A second gift of $18,000 went elsewhere.\n"
    "Ann Ash did not give £300 to the 12 divers."
)
INSTRUCTIONS = "A record is a gift of money."


class Kind(Enum):
    GIFT = "gift"
    LOAN = "loan"


class Gift(BaseModel):
    donor: Annotated[str, Verbatim()] = Field(description="who gave it")
    amount: Annotated[Decimal, Number(unit="any")]
    currency: Annotated[str | None, CurrencyOf("amount")] = None
    bound: Annotated[str, BoundOf("amount")] = "exact"
    people: Annotated[int | None, Number()] = None
    written: Annotated[str | None, Verbatim()] = None
    day: Annotated[date | None, Normalised(source="written", by=date.fromisoformat)] = None
    kind: Annotated[Kind, Label()] = Kind.GIFT


def gift(**values: Any) -> Gift:
    """The first gift of the text, as it is told there."""
    told = {"donor": "Quay Fund", "amount": 18000, "currency": "USD", "bound": "at_least"}
    return Gift.model_validate(told | values)


def found(record: BaseModel, text: str = TEXT) -> Grounded[BaseModel]:
    result = ground(record, text)
    assert isinstance(result, Grounded), result
    return result


def refused(record: BaseModel, text: str = TEXT) -> list[str]:
    result = ground(record, text)
    assert not isinstance(result, Grounded), result
    return [fault.field for fault in result]


def test_the_users_own_object_comes_back_with_its_places() -> None:
    record = gift(people=40, written="2031-04-02", day=date(2031, 4, 2))
    grounded = found(record)
    assert grounded.record is record
    told = {name: span.text for name, span in grounded.evidence.items()}
    assert told == {
        "donor": "Quay Fund", "amount": "18,000", "people": "forty", "written": "2031-04-02",
    }  # fmt: skip
    assert all(TEXT[span.start : span.end] == span.text for span in grounded.evidence.values())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"donor": "Key Fund"}, "donor"),
        ({"amount": 18001}, "amount"),
        ({"amount": 8000}, "amount"),
        ({"currency": "GBP"}, "currency"),
        ({"currency": None}, "currency"),
        ({"bound": "exact"}, "bound"),
        ({"people": 14}, "people"),
        ({"people": 18000}, "people"),
        ({"written": "2031-04-02"}, "day"),
        ({"written": "2031-04-02", "day": date(2031, 4, 3)}, "day"),
        ({"donor": "Ann Ash", "amount": 300, "currency": "GBP", "bound": "exact"}, "amount"),
        ({"written": "18,000"}, "written"),
        ({"written": "give £300"}, "written"),
    ],
)
def test_what_the_text_does_not_say_is_named(values: dict[str, Any], field: str) -> None:
    assert field in refused(gift(**values))


class Count(BaseModel):
    words: Annotated[str, Verbatim()]
    number: Annotated[float | None, Number()] = None


@pytest.mark.parametrize("written", ["18,000", "18 000", "18\u202f000", "eighteen thousand"])
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    text = f"They lost {written} nets."
    assert found(Count(words="nets", number=18000), text).evidence["number"].text == written
    assert refused(Count(words="nets", number=18), text) == ["number"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("600 people", "At least 600 people came."),
        ("600 people", "It cost $600 people said."),
        ("600", "About 600% more came."),
        ("600 people", "Of 5,600 people none came."),
        ("5 people", "Of 0.5 people none came."),
        ("300 men", "Between 200 and 300 men came."),
        ("600 people", "They have not met 600 people."),
        ("guilty", "She was not guilty."),
        ("30", "They met at 12:30 again."),
        ("At most 600", "At least 600 people came."),
        ("nets. They", "They lost nets.\nThey sold."),
    ],
)
def test_words_are_not_cut_off_from_what_changes_them(words: str, text: str) -> None:
    assert refused(Count(words=words), text) == ["words"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("At least 600 people", "At least 600 people came."),
        ("not met 600 people", "They have not met 600 people."),
        ('the "Curlew" sank', "Then the “Curlew” sank."),
        ("north-east", "A north–east wind."),
    ],
)
def test_words_with_what_changes_them_are_found(words: str, text: str) -> None:
    assert "words" in found(Count(words=words), text).evidence


def test_a_repeated_number_is_the_one_beside_the_rest() -> None:
    text = "In May 12 boats sank.\nThe divers found 12 nets.\nOn shore 12 men watched."
    place = found(Count(words="nets", number=12), text).evidence["number"]
    assert place.start == text.index("12 nets")


def test_a_number_far_from_the_rest_is_refused() -> None:
    far = "The sea was calm. " * 60
    assert refused(Count(words="nets", number=12), f"They lost nets. {far} Then 12 men came.") == [
        "evidence"
    ]


def test_two_numbers_need_two_places() -> None:
    class Losses(BaseModel):
        killed: Annotated[int, Number()]
        hurt: Annotated[int, Number()]

    both = found(Losses(killed=3, hurt=3), "The gale killed 3 and hurt 3 of them.").evidence
    assert both["killed"] != both["hurt"]
    assert refused(Losses(killed=3, hurt=3), "The gale killed 3 of them.") == ["hurt"]


@pytest.mark.parametrize(
    ("unit", "text", "good"),
    [
        ("EUR", "It cost €40.", True),
        ("EUR", "It cost 40 euros.", True),
        ("EUR", "It cost $40.", False),
        ("EUR", "It cost 40.", False),
        ("percent", "It grew 40 per cent.", True),
        ("percent", "It grew by 40.", False),
        ("count", "It grew 40%.", False),
        ("count", "It has 40 euros.", False),
        ("count", "It has 40 boats.", True),
    ],
)
def test_the_unit_of_a_number_is_read(unit: str, text: str, good: bool) -> None:
    class Sum(BaseModel):
        number: Annotated[int, Number(unit=unit)]

    assert isinstance(ground(Sum(number=40), text), Grounded) == good


def test_given_evidence_is_verified() -> None:
    good = found(gift(people=40))
    assert verify_grounded(good, TEXT) == []
    second = TEXT.rindex("18,000")
    moved = Span(start=second, end=second + 6, text="18,000")
    for evidence in (
        good.evidence | {"amount": moved},  # it says no "at least" there
        good.evidence | {"amount": good.evidence["people"]},
        {"donor": good.evidence["donor"], "people": good.evidence["people"]},
        good.evidence | {"kind": good.evidence["donor"]},
        good.evidence | {"donor": Span(start=4, end=13, text="Key Funds")},
    ):
        assert verify_grounded(good.model_copy(update={"evidence": evidence}), TEXT)


def test_a_record_without_any_evidence_is_refused() -> None:
    class Loose(BaseModel):
        words: Annotated[str | None, Verbatim()] = None

    assert refused(Loose()) == refused(Loose(), "") == ["record"]


@pytest.mark.parametrize(
    ("annotation", "problem"),
    [
        (str, r"Bad\.field: no marker says how it is tied"),
        (Annotated[str, Verbatim(), Label()], r"Bad\.field: several markers"),
        (Annotated[int, Verbatim()], r"Bad\.field: Verbatim is for str"),
        (Annotated[list[str], Verbatim()], r"Bad\.field: Verbatim is for str"),
        (Annotated[str, Number()], r"Bad\.field: Number is for int, float or Decimal"),
        (Annotated[str, Label()], r"Bad\.field: Label is for Literal"),
        (Annotated[str, Normalised("other", str)], r"'other' is no Verbatim field"),
        (Annotated[str, CurrencyOf("field")], r"'field' is no Number field"),
        (Annotated[Literal["a"], Label()], r"Bad: nothing ties it to a text"),
    ],
)
def test_a_type_that_does_not_say_how_is_refused(annotation: Any, problem: str) -> None:
    bad = type("Bad", (BaseModel,), {"__annotations__": {"field": annotation}})
    with pytest.raises(UsageError, match=problem):
        extract_records(article(), bad, instructions=INSTRUCTIONS, model=ScriptedModel([]))


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UsageError, match="unknown unit - use count, percent, any or an ISO 4217"):
        Number(unit="dollars")


def article() -> Document:
    lines = re.finditer(".+", TEXT)
    return Document("article", TEXT, tuple(Block(*line.span(), furniture=False) for line in lines))


def form(**values: object) -> dict[str, object]:
    """A filled-in form: the first gift of the text."""
    told = {"sentence": 1, "donor": "Quay Fund", "amount": "n1", "people": None, "written": None}
    return {**told, "kind": "gift", **values}


def answering(*records: dict[str, object]) -> ScriptedModel:
    return ScriptedModel(lambda *_: {"records": list(records)})


def run(model: ScriptedModel) -> TypedExtraction[Gift]:
    return extract_records(article(), Gift, instructions=INSTRUCTIONS, model=model)


def test_extraction_gives_the_users_objects_and_what_was_refused() -> None:
    good = form(people="n2", written="2031-04-02")
    repeated, denied = dict(good), form(sentence=3, donor="Ann Ash", amount="n4")
    extraction = run(answering(good, repeated, denied, form(donor="")))
    (grounded,) = extraction.records
    assert grounded.record == gift(people=40, written="2031-04-02", day=date(2031, 4, 2))
    assert verify_grounded(grounded, article().text) == []
    assert [item.reason for item in extraction.rejected] == ["not_grounded", "invalid"]
    assert "amount: the text denies it" in extraction.rejected[0].detail
    assert extraction.rejected[0].candidate == denied
    assert (extraction.run.task, extraction.run.status) == ("records.Gift", "ok")
    dumped = extraction.model_dump_json()
    assert TypedExtraction[Gift].model_validate_json(dumped) == extraction


def test_only_what_stands_in_the_article_can_be_answered() -> None:
    def script(request: Request, schema: type[BaseModel]) -> dict[str, object]:
        shown = request.messages[-1].content
        assert INSTRUCTIONS in shown
        assert "- donor: words copied from the text, who gave it" in shown
        assert "1. The Quay Fund gave at least $[n1: 18,000] to [n2: forty] sailors" in shown
        record = schema.model_json_schema()["$defs"]["Record"]["properties"]
        assert record["sentence"]["enum"] == [1, 2, 3]
        assert record["people"]["anyOf"][0]["enum"] == ["n2", "n5"]  # no money, no parts of a date
        assert record["kind"]["enum"] == ["gift", "loan"]
        assert not {"currency", "bound", "day"} & record.keys()
        return {"records": []}

    assert run(ScriptedModel(script)).records == []


def test_nothing_is_asked_where_a_needed_number_is_missing() -> None:
    quiet = Document.from_text("The sea was calm and nobody came to look at it that morning.")
    model = answering()
    extraction = extract_records(quiet, Gift, instructions=INSTRUCTIONS, model=model)
    assert (extraction.records, extraction.rejected, model.requests) == ([], [], [])


async def test_answers_are_kept_and_a_failed_question_is_no_empty_one(tmp_path: Path) -> None:
    broken, model = failing(invalid, lambda *_: True), answering(form())
    with Store(tmp_path / "store.db") as store:
        runs = [
            await aextract_records(
                article(), Gift, instructions=INSTRUCTIONS, model=one, store=store
            )
            for one in (broken, model, model)
        ]
        assert list(store.documents()) == []  # no finished built-in result to be shown
    assert [extraction.run.status for extraction in runs] == ["failed", "ok", "ok"]
    assert [item.reason for item in runs[0].rejected] == ["no_answer"]
    assert (runs[1].records, runs[2].run.reused) == (runs[2].records, 1)
    assert len(model.requests) == 1


def test_a_users_examples_take_the_place_of_the_prompts_own() -> None:
    example = Example(
        "The sea is wide.\nBo Lee gave 20 euros.",
        [Gift(donor="Bo Lee", amount=Decimal(20), currency="EUR")],
    )
    model = answering()
    extract_records(article(), Gift, instructions=INSTRUCTIONS, examples=[example], model=model)
    ((_system, shown, told, _question),) = (request.messages for request in model.requests)
    assert "2. Bo Lee gave [n1: 20] euros." in shown.content
    assert '"sentence": 2, "donor": "Bo Lee", "amount": "n1"' in told.content


def test_an_example_that_does_not_ground_is_an_error() -> None:
    example = Example("Bo Lee gave 20 euros.", [gift()])
    with pytest.raises(UsageError, match=r"^example 1 of Gift: donor: .* - correct the example$"):
        extract_records(
            article(), Gift, instructions=INSTRUCTIONS, examples=[example], model=answering()
        )


def test_an_article_in_another_language_is_refused() -> None:
    with pytest.raises(DocumentError, match="not supported"):
        extract_records(
            Document.from_text(FRENCH), Gift, instructions=INSTRUCTIONS, model=answering()
        )
