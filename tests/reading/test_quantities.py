"""Candidate figures: number, unit, bound, rate, change, negation, and what is left out."""

from __future__ import annotations

import pytest

from extractor.records import Span
from tests.reading.conftest import Read, ReadQuantities

TEXT = (
    "At least 1,376 of its 2,538 recruits came back, about 40 of them wounded. The fund paid "
    "\u00a3900 a month and cut 12% of posts. Between 30 and 45 armed men held\nthe bridge."
)


def text_of(span: Span | None) -> str | None:
    return span.text if span else None


@pytest.mark.parametrize(
    ("text", "number", "span", "unit_text"),
    [
        ("Some 640 foreign men left.", "640", "Some 640 foreign men", "foreign men"),
        ("1,376 of its 2,538 deserters came back.", "1,376", "1,376", "deserters"),
        ("1,376 of its 2,538 deserters came back.", "2,538", "2,538 deserters", "deserters"),
        ("He found 22 of Lomar's 34 prisons.", "22", "22", "prisons"),
        ("The toll is 187 dead.", "187", "187", None),
        ("It wants two more patrol boats.", "two", "two", "patrol boats"),
        ("She lost 58 rifles, 51 of which were old.", "51", "51", None),
        ("At least 212 of them have been found.", "212", "At least 212", None),
        ("Two of the three went home.", "Two", "Two", None),
        ("Some 2,740 of five thousand were filled.", "2,740", "Some 2,740", None),
        ("They flew in with two others.", "two", "two others", None),
        ("They sent a 9,000-strong force.", "9,000", "9,000", "force"),
        ("It was a 500-man battalion.", "500", "500-man", "man"),
        ("The bases house 65,000 internally displaced persons.", "65,000",
         "65,000 internally displaced persons", "internally displaced persons"),
        ("Dozens of people are missing.", "Dozens", "Dozens", "people"),
        ("Some 11,910 \u2018ex-cadres\u2019 gave up.", "11,910", "Some 11,910", "ex-cadres"),
        ("About 600km of coast is unguarded.", "600", "About 600km", "km"),
    ],
)  # fmt: skip
def test_unit_words(
    quantities: ReadQuantities, text: str, number: str, span: str, unit_text: str | None
) -> None:
    quantity = quantities(text)[number]
    assert (quantity.span.text, text_of(quantity.unit_text)) == (span, unit_text)


@pytest.mark.parametrize(
    "text",
    [
        "A one-off grant was promised.",
        "Six-party talks were held.",
        "They served for six months.",
        "The cease-fire held for 31 working days.",
        "A two-day visit ended.",
        "It took hundreds of years.",
        "He left on 14 May 2027.",
        "He left on May 14, 2027.",
        "posted on 9 sept. 2035",
        "The law dates from 1996.",
        "They met at 2 in the morning.",
        "The train left at 8.05 am.",
        "Call +44 20 7946 0958 today.",
        "Call 020 7946 0958 today.",
        "Ann Lee, 31, drives a lorry.",
        "A driver, 40, was arrested.",
        "He was 84 when it ended.",
        "My sister is seventeen.",
        "He was a man aged 45.",
        "One in five was under 18.",
        "Officers earn three times as much.",
        "Under Article 5 the pact holds.",
        "Prisoners in Colony No. 6 wrote home.",
        "He served in 32 Battalion.",
        "They slept in Hangar Nine.",
        "He fired an AK-47.",
        "1. Summary of the year",
        "She is not one of them.",
        "A single strike hit the camp.",
        "None of the ones we saw spoke.",
    ],
)
def test_left_out(quantities: ReadQuantities, text: str) -> None:
    assert quantities(text) == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A year ago the number was 41.", ["41"]),
        ("Eighty-eight were authorised in August.", ["Eighty-eight"]),
        ("They came from Chad, 12, and Mali, 14.", ["12", "14"]),
        ("In 2024 some 640 Romanians and 611 Sudanese joined.", ["640", "611"]),
        ("Three soldiers of 22 were named in 2019.", ["Three", "22"]),
        ("A nine-member panel sat.", ["nine"]),
        ("In June 2,000 soldiers left.", ["2,000"]),
    ],
)
def test_counted(quantities: ReadQuantities, text: str, numbers: list[str]) -> None:
    assert list(quantities(text)) == numbers


@pytest.mark.parametrize(
    ("text", "number", "bound"),
    [
        ("At least 40 men died.", "40", "at_least"),
        ("Nearly 40 men died.", "40", "almost"),
        ("Between 40 and 50 men died.", "40 and 50", "between"),
        ("Hundreds of men died.", "Hundreds", "vague"),
        ("Rebels handed over 800 rifles.", "800", "exact"),
        ("He put it at \u201cmore than 40\u201d men.", "40", "more_than"),
    ],
)
def test_bound(quantities: ReadQuantities, text: str, number: str, bound: str) -> None:
    assert quantities(text)[number].bound == bound


@pytest.mark.parametrize(
    ("text", "number", "unit", "unit_text"),
    [
        ("Each man gets 45,000 CFA francs in Niger.", "45,000", "XOF", "CFA francs"),
        ("Each man gets 45,000 CFA francs.", "45,000", None, "CFA francs"),
        ("In Uganda it cost 240,000 shillings, which was a lot.", "240,000", "UGX", "shillings"),
        ("They owe a grant of 1.2 million Deutschmarks.", "1.2 million", "DEM", "Deutschmarks"),
        ("It cost about Rs 360 million in Pakistan.", "360 million", "PKR", "Rs"),
        ("Prices fell 6.5 per cent.", "6.5", "percent", "per cent"),
        ("The side won 12 matches.", "12", None, "matches"),
        ("They solved 20 real problems.", "20", None, "real problems"),
    ],
)
def test_money_and_percent(
    quantities: ReadQuantities, text: str, number: str, unit: str | None, unit_text: str
) -> None:
    quantity = quantities(text)[number]
    assert (quantity.unit, text_of(quantity.unit_text)) == (unit, unit_text)


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("She got $300 a month and a bonus of $90.", {"300": "month", "90": None}),
        ("It offers a monthly stipend of $340 for life.", {"340": "month"}),
        ("A pilot earns 9,000 crowns (about $410) a month.", {"9,000": "month", "410": "month"}),
        ("Each day 20 men and women arrive.", {"20": "day"}),
        ("Prices fell to $84 within an hour.", {"84": None}),
        ("A bonus of $90 (nearly 80 euros), and a daily wage of $7.",
         {"90": None, "80": None, "7": "day"}),
        ("She counted 500 names and was adding 15 a day.", {"500": None, "15": "day"}),
    ],
)  # fmt: skip
def test_rate(quantities: ReadQuantities, text: str, rates: dict[str, str | None]) -> None:
    assert {number: quantity.per for number, quantity in quantities(text).items()} == rates


@pytest.mark.parametrize(
    ("text", "number", "change"),
    [
        ("Losses rose by 200 in June.", "200", "increase"),
        ("Losses rose to 200 in June.", "200", None),
        ("The toll fell by about 40.", "40", "decrease"),
        ("Police killed 74, an increase of 21.", "21", "increase"),
        ("Crude dropped by $9 to $84.", "9", "decrease"),
        ("Crude dropped by $9 to $84.", "84", None),
        ("Arrivals were up 14% in July.", "14", "increase"),
        ("Pay went up from 90 crowns.", "90", None),
    ],
)
def test_change(quantities: ReadQuantities, text: str, number: str, change: str | None) -> None:
    assert quantities(text)[number].change == change


@pytest.mark.parametrize(
    ("text", "number", "negated"),
    [
        ("Kesh has not requested a single exchange.", "a single", True),
        ("They have not asked for a single prisoner.", "a single", True),
        ("Not one soldier has been lost.", "one", True),
        ("Not a single case led to a trial.", "a single", True),
        ("He did not comment on an estimate of 310 dead.", "310", False),
        ("They lost 310 men.", "310", False),
    ],
)
def test_negation(quantities: ReadQuantities, text: str, number: str, negated: bool) -> None:
    assert quantities(text)[number].negated is negated


def test_spans_are_places_of_the_document(read: Read) -> None:
    reading = read(TEXT)
    found = [quantity for sentence in reading.quantities for quantity in sentence]
    assert [q.number.text for q in found] == ["1,376", "2,538", "40", "900", "12", "30 and 45"]
    for quantity in found:
        spans = [quantity.number, quantity.span, quantity.unit_text, quantity.counted]
        spans += [quantity.bound_text, quantity.per_text]
        for span in filter(None, spans):
            assert reading.document.text[span.start : span.end] == span.text
        assert quantity.span.contains(quantity.number)
