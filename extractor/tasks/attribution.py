"""Attribution: from the reporting words around a statement to a chain of steps with spans.

A statement inside a quotation is its speaker's. An item of a list keeps the chain of the line above
the list. A line "Source: ..." opens the chain of every statement but the background.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from extractor.reading.cues import PRONOUNS, Cue
from extractor.reading.dates import time_expression
from extractor.reading.lexicon import is_human, names_a
from extractor.reading.parse import ParsedSentence
from extractor.reading.reading import Reading
from extractor.reading.reporting import stance_of
from extractor.reading.reporting_scope import announcement, cues_over, hearsay
from extractor.reading.sources import (
    Source,
    core_of,
    phrase_source,
    referent,
)
from extractor.reading.tokens import Token
from extractor.records import AttributionStep, Reference, SourceKind, Span, Stance, TimeExpression
from extractor.tasks.dated import dates_of
from extractor.tasks.speakers import open_cues, paragraph_of, speaker_of
from extractor.tasks.turns import turn_speaker

_ANNOUNCED_REACH = 40  # sentences of a paragraph; no prose has as many
_BULLETS = ("-", "\u2022", "*", "\u2013", "\u00b7", "\u25cf")
_SELF = {"i", "we", "you", "one", "there", "what"}
_CITING = {"citing", "quoting"}
_REPORTED_BY = {"reported", "quoted", "cited", "published"}


_Chains = WeakKeyDictionary[Reading, dict[tuple[int, int], tuple[AttributionStep, ...]]]
_chains: _Chains = WeakKeyDictionary()


def attribution(reading: Reading, span: Span) -> list[AttributionStep]:
    """Those who say what stands at `span`, reporter first; empty where nobody is named.

    Figures and the header both ask, so it is found once.
    """
    told, place = _chains.setdefault(reading, {}), (span.start, span.end)
    if place not in told:
        told[place] = tuple(_attribution(reading, span))
    return list(told[place])


def _attribution(reading: Reading, span: Span) -> list[AttributionStep]:
    own = _own_chain(reading, span)
    turn = turn_speaker(reading, span)
    if turn is not None and reading.quote_at(span) is None:
        own = [_plain(turn), *own]
    steps = [*_story_source(reading, span), *own]
    return _once([s for s in steps if not _publishes(reading, s) and not _is_counted(s, span)])


def _is_counted(step: AttributionStep, span: Span) -> bool:
    """ "Some 300 have come, they say": those who are counted are not who counts them."""
    meant = step.name.resolved_span
    return meant is not None and meant.overlaps(span)


def _publishes(reading: Reading, step: AttributionStep) -> bool:
    """The step names the outlet whose article this is."""
    outlet = reading.document.metadata.outlet
    name = step.name.resolved or step.name.as_written
    return outlet is not None and _bare(name) == _bare(outlet)


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ").strip()


def _own_chain(reading: Reading, span: Span) -> list[AttributionStep]:
    if (quote := reading.quote_at(span)) is not None:
        speaker = speaker_of(reading, quote)
        if speaker is None:
            return []
        if speaker.cue is None:
            return [_plain(speaker.source)]
        return _steps(reading, speaker.position, speaker.cue)
    position = reading.position_of(span)
    cues = _open(reading, cues_over(reading.sentences[position], span))
    steps = [step for cue in cues for step in _steps(reading, position, cue)]
    return (
        steps
        or _of_list(reading, position)
        or _heard(reading, position, span)
        or _announced(reading, position)
    )


def _announced(reading: Reading, position: int) -> list[AttributionStep]:
    """ "Officials gave an update. So far 88 are ill.": the rest of the paragraph is theirs."""
    start = reading.sentences[position].sentence.start
    paragraph = paragraph_of(reading, start)
    for index in range(position - 1, max(-1, position - 1 - _ANNOUNCED_REACH), -1):
        parsed = reading.sentences[index]
        if paragraph_of(reading, parsed.sentence.start) != paragraph:
            return []
        if cue := announcement(parsed):
            return _steps(reading, index, cue)
        if open_cues(reading, index):
            return []
    return []


def _heard(reading: Reading, position: int, span: Span) -> list[AttributionStep]:
    """ "It is thought that ...": a step whose name is the verb, for nobody is named."""
    found = hearsay(reading.sentences[position], span)
    if found is None:
        return []
    name, cue = found
    return [
        AttributionStep(
            name=Reference(as_written=name.text, span=name),
            kind="unnamed",
            cue=cue.text,
            cue_span=cue,
            stance=_hearsay_stance(cue.text),
        )
    ]


def _hearsay_stance(word: str) -> Stance:
    stance = stance_of(word)
    return "reported" if stance == "stated" else stance


def _open(reading: Reading, cues: Sequence[Cue]) -> list[Cue]:
    """The cues that stand outside all quotations and are not the reporter's own."""
    return [cue for cue in cues if cue.pronoun not in _SELF and not reading.in_quotes(cue.words)]


def _once(steps: Sequence[AttributionStep]) -> list[AttributionStep]:
    """Each source once: "The staff put it at 30, which it says is less"."""
    kept: dict[str, AttributionStep] = {}
    for step in steps:
        kept.setdefault((step.name.resolved or step.name.as_written).casefold(), step)
    return list(kept.values())


def _of_list(reading: Reading, position: int) -> list[AttributionStep]:
    """An item of a list has the chain of the line that leads up to the list."""
    if not _is_item(reading.sentences[position].text):
        return []
    before = range(position - 1, -1, -1)
    lead = next((i for i in before if not _is_item(reading.sentences[i].text)), None)
    if lead is None or not reading.sentences[lead].text.rstrip().endswith(":"):
        return []
    cues = _open(reading, open_cues(reading, lead))
    return [step for cue in cues for step in _steps(reading, lead, cue)]


def _is_item(text: str) -> bool:
    return text.lstrip().startswith(_BULLETS)


def _story_source(reading: Reading, span: Span) -> list[AttributionStep]:
    """The steps of a line "Source: ..."; none for what stands under "Background:"."""
    background = _background(reading)
    if background is not None and background <= span.start:
        return []
    return _source_line(reading)


@lru_cache(maxsize=2)
def _background(reading: Reading) -> int | None:
    """Where the first paragraph "Background: ..." starts."""
    text = reading.document.text
    body = (block.start for block in reading.document.blocks if not block.furniture)
    return next((start for start in body if text.startswith("Background:", start)), None)


@lru_cache(maxsize=2)
def _source_line(reading: Reading) -> list[AttributionStep]:
    for position, parsed in enumerate(reading.sentences):
        first = parsed.tokens[0]
        if first.lower_ in ("source", "sources") and parsed.tokens[1:2].text == ":":
            return _line_steps(reading, position)
    return []


def _line_steps(reading: Reading, position: int) -> list[AttributionStep]:
    """The first source of the line, the outlet that passes it on before it, who is cited after."""
    parsed = reading.sentences[position]
    before, steps, passed_on = [], [], False
    label = parsed.tokens[0]
    for head in (t for t in parsed.tokens[2:] if t.pos_ in ("NOUN", "PROPN") and _heads(t)):
        lead = {t.lower_ for t in parsed.tokens[max(2, head.left_edge.i - 2) : head.left_edge.i]}
        passed_on = bool(lead & _REPORTED_BY)
        cited = bool(lead & _CITING)
        if names_a("media", head.text):
            steps.append(_medium(reading, position, label, head))
        elif passed_on:
            before.append(_step_of(reading, position, label, head, "reported"))
        elif cited or not steps:
            steps.append(_step_of(reading, position, label, head, "stated"))
    return [*before, *steps]


def _heads(token: Token) -> bool:
    return token.dep_ not in ("compound", "poss", "nmod", "amod") and token.ent_type_ != "DATE"


def _steps(reading: Reading, position: int, cue: Cue) -> list[AttributionStep]:
    """The step of one cue, with the outlet it was told to before it and those it cites behind."""
    source = referent(reading.sentences, position, cue, reading.names)
    if source is None:
        return []
    parsed = reading.sentences[position]
    occasion = _occasion(parsed, cue)
    step = AttributionStep(
        name=source_reference(source),
        kind=source_kind(source),
        cue=cue.words.text,
        cue_span=cue.words,
        stance=_stance(cue, source),
        date=_date(parsed, cue),
        occasion=occasion.text if occasion else None,
        occasion_span=occasion,
    )
    before = [*_told(reading, position, cue), *_passed_on(reading, position, cue)]
    behind = [*_media(reading, position, cue), *_cited(reading, position, cue)]
    return [*before, step, *behind]


def _date(parsed: ParsedSentence, cue: Cue) -> TimeExpression | None:
    """When it was said: "said on Friday"."""
    for tokens in dates_of(parsed):
        above = [tokens.root.head, tokens.root.head.head]
        direct = above[0].i == cue.token or (above[0].dep_ == "prep" and above[1].i == cue.token)
        if direct:
            return time_expression(parsed, tokens)
    return None


def _occasion(parsed: ParsedSentence, cue: Cue) -> Span | None:
    """On which occasion: "said at a briefing"."""
    for preposition in parsed.tokens[cue.token].children:
        for noun in (
            c for c in preposition.children if c.dep_ == "pobj" and names_a("occasions", c.text)
        ):
            return core_of(parsed.token_span(parsed.tokens[noun.left_edge.i : noun.i + 1]))
    return None


def _media(reading: Reading, position: int, cue: Cue) -> Iterator[AttributionStep]:
    """ "Wrote on Telegram": the medium comes behind the one who used it."""
    parsed = reading.sentences[position]
    verb = parsed.tokens[cue.token]
    for preposition in (c for c in verb.children if c.lower_ in ("on", "via", "through")):
        for medium in (c for c in preposition.children if names_a("media", c.text)):
            yield _medium(reading, position, preposition, medium)


def _medium(reading: Reading, position: int, words: Token, head: Token) -> AttributionStep:
    parsed = reading.sentences[position]
    name = parsed.token_span(parsed.tokens[head.i : head.i + 1])
    cue = parsed.token_span(parsed.tokens[words.i : words.i + 1])
    return AttributionStep(
        name=Reference(as_written=name.text, span=name),
        kind="medium",
        cue=cue.text,
        cue_span=cue,
        stance="stated",
    )


def _told(reading: Reading, position: int, cue: Cue) -> Iterator[AttributionStep]:
    """ "Told the Gazette": the outlet is who the reporter has it from."""
    parsed = reading.sentences[position]
    verb = parsed.tokens[cue.token]
    if verb.lower_ not in ("tell", "tells", "told", "telling"):
        return
    for hearer in (c for c in verb.children if c.dep_ in ("dobj", "dative", "obj")):
        source = phrase_source(reading.sentences, position, hearer, reading.names)
        named = source.name is not None and source.name.label in ("ORG", "UNKNOWN", "PERSON")
        if named and not names_a("bodies", source.text) and not _is_own(reading, source):
            yield AttributionStep(
                name=source_reference(source),
                kind="outlet",
                cue=cue.words.text,
                cue_span=cue.words,
                stance="reported",
            )


def _is_own(reading: Reading, source: Source) -> bool:
    """The page's own outlet: the caller names it, or it stands in the page's furniture."""
    outlet = reading.document.metadata.outlet or ""
    named = _bare(source.text) in _bare(outlet)
    return named or any(source.text in line.text for line in reading.document.furniture)


def _cited(reading: Reading, position: int, cue: Cue) -> Iterator[AttributionStep]:
    """ "..., citing the ministry": who is cited is nearer to the origin."""
    parsed = reading.sentences[position]
    for citing in (t for t in parsed.tokens if t.lower_ in _CITING and _belongs(t, cue)):
        for cited in (c for c in citing.children if c.dep_ in ("dobj", "obj", "pobj")):
            if _may_say(cited):
                yield _step_of(reading, position, citing, cited, "stated")


def _belongs(citing: Token, cue: Cue) -> bool:
    """No semicolon parts it from the cue."""
    first, last = sorted((citing.i, cue.token))
    return first != last and ";" not in {t.text for t in citing.doc[first:last]}


def _may_say(noun: Token) -> bool:
    """It is named, or somebody, a body or a document by what it is; not "satellite images"."""
    if noun.pos_ == "PROPN" or noun.ent_type_ in ("PERSON", "ORG"):
        return True
    word = noun.lower_ if noun.tag_ != "NNS" else noun.lower_.removesuffix("s")
    kinds = ("bodies", "documents", "outlets")
    listed = any(names_a(kind, f"{word} {noun.lower_}") for kind in kinds)
    return listed or word == "source" or is_human(noun.text)


def _passed_on(reading: Reading, position: int, cue: Cue) -> Iterator[AttributionStep]:
    """ "Quoted by the Gazette": the outlet is who the reporter has it from."""
    parsed = reading.sentences[position]
    verb, subject = parsed.tokens[cue.token], parsed.tokens[cue.head]
    for quoted in (t for t in (verb, *subject.children) if t.lower_ in ("quoted", "cited")):
        for agent in (t for t in quoted.children if t.dep_ == "agent"):
            for outlet in (c for c in agent.children if c.dep_ == "pobj"):
                yield _step_of(reading, position, quoted, outlet, "reported")


def _step_of(
    reading: Reading, position: int, words: Token, head: Token, stance: Stance
) -> AttributionStep:
    parsed = reading.sentences[position]
    source = phrase_source(reading.sentences, position, head, reading.names)
    span = parsed.token_span(parsed.tokens[words.i : words.i + 1])
    return AttributionStep(
        name=source_reference(source),
        kind=source_kind(source),
        cue=span.text,
        cue_span=span,
        stance=stance,
    )


def _plain(source: Source) -> AttributionStep:
    return AttributionStep(name=source_reference(source), kind=source_kind(source), stance="stated")


def named_reference(reading: Reading, position: int, span: Span) -> Reference | None:
    """A phrase of the sentence at `position`; a pronoun with its referent, None where it has none.

    "They" and "it" have none: code cannot tell whom they mean.
    """
    pronoun = span.text.lower() if span.text.lower() in PRONOUNS else None
    if pronoun is None:
        return Reference(as_written=span.text, span=span)
    if pronoun not in ("he", "she"):
        return None
    cue = Cue(words=span, subject=span, pronoun=pronoun, token=0, head=0)
    source = referent(reading.sentences, position, cue, reading.names)
    return source_reference(source) if source else None


def source_reference(source: Source) -> Reference:
    """The words that stand for `source` here, and its fullest form where that differs."""
    full = source.full
    if full is None or full.text == source.span.text:
        return Reference(as_written=source.span.text, span=source.span)
    return Reference(
        as_written=source.span.text,
        span=source.span,
        resolved=full.text,
        resolved_span=full,
    )


def source_kind(source: Source) -> SourceKind:
    """Outlet by its words, person and organisation by the name's label, else unnamed."""
    masthead = source.name is not None and " " in source.text and source.name.label != "PERSON"
    if names_a("outlets", source.text) or (masthead and names_a("mastheads", source.text)):
        return "outlet"
    if source.name is not None:
        return "person" if source.name.label == "PERSON" else "organisation"
    return "organisation" if names_a("bodies", source.text) else "unnamed"


def _stance(cue: Cue, source: Source) -> Stance:
    """The cue's; an outlet that says something reports it."""
    return "reported" if cue.stance == "stated" and source_kind(source) == "outlet" else cue.stance
