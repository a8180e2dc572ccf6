"""Whom a cue's subject means: a name, an apposition, a document's author, a short form, a pronoun.

"Colonel Ada Obi" is Ada Obi; "a study by the institute" stands for the institute; "the ministry" is
the fullest name before it that has this word; "he" is the last person who was a subject, "it" the
last body. What cannot be told stays as written, and a pronoun without an antecedent is nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.reading.cues import Cue, find_cues, is_quoted, make_cue
from extractor.reading.genders import may_be
from extractor.reading.lexicon import is_human, names_a, nouns
from extractor.reading.names import Name, names_in
from extractor.reading.offices import office_at
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Token
from extractor.records import Span

_LOOK_BACK = 6  # sentences: a source is rarely named further away without being named again
_BODY_LOOK_BACK = 2  # sentences: "it" and "they" reach less far
_NEAR = 60  # characters between a noun and the name behind it
_SHORT = 3  # words: longer phrases name their referent themselves
_PERSONAL = {"he", "she"}
_LEADING = {"the", "a", "an", "one", "its", "their", "his", "her", "our", "my", "this", "that"}
_LEADING |= {"these", "those", "some", "another", "both", "several", "many", "other", "few"}
_LEADING |= {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
_COUNTRYS = re.compile(
    r"(?:country|nation|state|republic|province|region|city|town|island)['\u2019]s\s+",
    re.IGNORECASE,
)
# A country has one of each: "the army" is not any body with "army" in its name.
_NATIONAL = {"army", "navy", "government", "police", "parliament", "opposition", "presidency"}
_NATIONAL |= {"cabinet", "authorities", "military"}
_PUBLISHED = {"published", "released", "issued", "compiled", "produced", "prepared", "written"}
_PUBLISHED |= {"collected", "gathered", "conducted", "made", "sent", "provided", "given"}
_LEARNED = ("ologist", "ographer", "ographist")  # who practises a science
_PREPOSITION = re.compile(r"\s+(?:of|for|by|in|from|at|with|on|near|who)\s+")
_NAMED = ("PERSON", "ORG", "UNKNOWN")


@dataclass(frozen=True)
class Source:
    """A possible origin of a statement.

    text: its fullest form. span: the words that stand for it here. full: where the fullest form
    stands, None where `span` is it.
    """

    text: str
    span: Span
    name: Name | None = None
    full: Span | None = None


def referent(
    sentences: Sequence[ParsedSentence], position: int, cue: Cue, names: Sequence[Name]
) -> Source | None:
    """Whom the subject of a cue in the sentence at `position` means; None where nobody is meant."""
    head = sentences[position].tokens[cue.head]
    if cue.pronoun == "one" and (apposed := _human_apposition(head)) is not None:
        return phrase_source(sentences, position, apposed, names)
    if cue.pronoun is None:
        return _meant(sentences, position, head, cue.subject, names)
    if cue.pronoun in _PERSONAL:
        found = _last_person(sentences, position, cue, names)
    elif cue.pronoun == "one":
        found = _last_group(sentences, position, names)
    elif cue.pronoun in ("it", "they"):
        found = _last_body(sentences, position, cue, names)
    else:
        return None
    return Source(found.text, cue.subject, found.name, found.full or found.span) if found else None


def phrase_source(
    sentences: Sequence[ParsedSentence], position: int, head: Token, names: Sequence[Name]
) -> Source:
    """Whom the noun phrase of the token `head` in the sentence at `position` means."""
    return _meant(sentences, position, head, _own_phrase(sentences[position], head), names)


def _meant(
    sentences: Sequence[ParsedSentence],
    position: int,
    head: Token,
    phrase: Span,
    names: Sequence[Name],
) -> Source:
    """Whom a noun phrase means, by its head, its apposition, its author, or an earlier form."""
    parsed = sentences[position]
    if found := _name_at(parsed, head, names):
        return found
    for apposed in (c for c in head.children if c.dep_ == "appos"):
        if found := _name_at(parsed, apposed, names):
            return _as_person(found) if is_human(head.text) else found
    if found := _name_behind(parsed, phrase, names) or _apposed(parsed, phrase, names):
        return found
    if head.lower_ in nouns("documents") and (author := _author(head)) is not None:
        if author.pos_ != "PRON":
            return _meant(sentences, position, author, _own_phrase(parsed, author), names)
        if own := referent(sentences, position, make_cue(parsed, author, author), names):
            return own
    core = _untitled(core_of(phrase))
    return _earlier(sentences, position, core, names) or Source(core.text, core)


def _human_apposition(head: Token) -> Token | None:
    """ "One of them, a young woman from Minsk"."""
    return next((c for c in head.children if c.dep_ == "appos" and is_human(c.text)), None)


def _name_at(parsed: ParsedSentence, token: Token, names: Sequence[Name]) -> Source | None:
    span = parsed.token_span(parsed.tokens[token.i : token.i + 1])
    for name, mention in names_in(parsed, names):
        if mention.contains(span):
            return source_of_name(name, mention)
    return None


def _as_person(source: Source) -> Source:
    """ "Her neighbour Ann": the noun tells what is named, whatever the recogniser's label."""
    named = source.name
    return source if named is None else replace(source, name=replace(named, label="PERSON"))


def _name_behind(parsed: ParsedSentence, phrase: Span, names: Sequence[Name]) -> Source | None:
    """ "The newspaper Grey Lake Post": a name right behind its noun, without a comma."""
    for name in (name for name in names if name.label in _NAMED):
        for mention in name.touching(phrase.end, phrase.end + 2):
            between = parsed.document.text[phrase.end : mention.start]
            if mention.start >= phrase.end and not between.strip():
                return source_of_name(name, mention)
    return None


def _apposed(parsed: ParsedSentence, phrase: Span, names: Sequence[Name]) -> Source | None:
    """ "Its envoy in the region, Ann Lee": the parser may tie the name to what stands between."""
    if not is_somebody(core_of(phrase).text):
        return None
    text = parsed.document.text
    for name in (name for name in names if _is_person(name)):
        near = name.touching(phrase.end, phrase.end + _NEAR + 1)
        for mention in (mention for mention in near if mention.start > phrase.end):
            between = text[phrase.end : mention.start]
            if between.rstrip().endswith(",") and between.count(",") == 1 and "." not in between:
                return source_of_name(name, mention)
    return None


def source_of_name(name: Name, written: Span) -> Source:
    """The name that stands at `written`.

    Without a title that was taken for a part of it ("Interior Minister Ann Lee").
    """
    full = next((m for m in name.mentions if m.text == name.name), name.mentions[0])
    written, full = _untitled(written), _untitled(full)
    return Source(full.text, written, name, None if full.text == written.text else full)


def _untitled(span: Span) -> Span:
    """The name without the office before it; a body whose name has an office in it stays whole."""
    words = list(re.finditer(r"\S+", span.text))
    offices = [i for i, m in enumerate(words[:-1]) if _is_office(m.group().casefold())]
    rest = words[offices[-1] + 1 :] if offices else []
    named = rest and all(match.group()[0].isupper() for match in rest)
    if not named or names_a("bodies", span.text):
        return span
    return Span(start=span.start + rest[0].start(), end=span.end, text=span.text[rest[0].start() :])


def _is_office(word: str) -> bool:
    return word in nouns("offices") or word.endswith(_LEARNED)


def _author(document: Token) -> Token | None:
    """Whose report, study or post it is: "by ...", "of ...", "...'s", or the noun before it."""
    for word in ("by", "from", "of"):
        for preposition in (c for c in document.children if c.lower_ == word):
            if author := next((c for c in preposition.children if c.dep_ == "pobj"), None):
                return author
    made = [c for c in document.children if c.dep_ == "acl" and c.lower_ in _PUBLISHED]
    for by in (c for participle in made for c in participle.children if c.lower_ == "by"):
        if author := next((c for c in by.children if c.dep_ == "pobj"), None):
            return author
    for dependency in ("poss", "compound", "nmod"):
        if author := next((c for c in document.children if c.dep_ == dependency), None):
            return author
    return None


def _own_phrase(parsed: ParsedSentence, head: Token) -> Span:
    tokens = [t for t in head.subtree if t.dep_ != "case"]
    end = next((t.left_edge.i for t in head.rights if t.dep_ in ("relcl", "punct", "case")), None)
    last = end - 1 if end is not None else tokens[-1].i
    return parsed.token_span(parsed.tokens[head.left_edge.i : max(last, head.i) + 1])


def core_of(phrase: Span) -> Span:
    """The phrase without article, possessive pronoun and the like in front."""
    start, words = phrase.start, phrase.text
    while (first := words.split(maxsplit=1)) and len(first) > 1:
        if first[0].casefold() not in _LEADING:
            break
        start += len(words) - len(first[1])
        words = first[1]
    if match := _COUNTRYS.match(words):
        start, words = start + match.end(), words[match.end() :]
    return Span(start=start, end=start + len(words), text=words)


def _stands_for(short: Span, name: Name) -> Source:
    whole = source_of_name(name, name.mentions[0])
    return Source(whole.text, short, name, whole.full or whole.span)


def _earlier(
    sentences: Sequence[ParsedSentence], position: int, core: Span, names: Sequence[Name]
) -> Source | None:
    """The person of that role, or the fullest name or source before that has these words."""
    short = core.text.casefold().split()
    if len(short) > _SHORT:
        return None
    if person := _of_role(sentences, position, core, names):
        return person
    bodies = [n for n in names if n.label != "PERSON" and core.text.casefold() not in _NATIONAL]
    for name in reversed(bodies):
        longer = name.name.casefold().split()
        if set(short) < set(longer) and name.mentions[0].start < core.start:
            return _stands_for(core, name)
    for index in range(position, -1, -1):
        for cue in find_cues(sentences[index]):
            phrase = core_of(cue.subject)
            fuller = set(short) < set(phrase.text.casefold().split())
            if phrase.end <= core.start and not cue.pronoun and fuller:
                return Source(phrase.text, core, None, phrase)
    return None


def _of_role(
    sentences: Sequence[ParsedSentence], position: int, core: Span, names: Sequence[Name]
) -> Source | None:
    """ "The commander": the person last given that role before."""
    short = set(core.text.casefold().split())
    for index in range(position, -1, -1):
        whole = sentences[index].whole
        for name, mention in names_in(sentences[index], names):
            if name.label == "PERSON" and whole.contains(mention) and mention.end < core.start:
                told = office_at(sentences[index], mention)
                if any(short <= set(words.casefold().split()) for words in told.forms):
                    return _stands_for(core, name)
    return None


def _last_person(
    sentences: Sequence[ParsedSentence], position: int, cue: Cue, names: Sequence[Name]
) -> Source | None:
    """The person who was a subject last, else the one who was named last."""
    for index in range(position, max(-1, position - _LOOK_BACK), -1):
        for source in _subjects(sentences, index, cue, names):
            if source.name is not None and _is_person(source.name):
                if may_be(source.name, cue.pronoun, sentences):
                    return source
            elif source.name is None and is_somebody(source.text):
                return _identified(sentences[index], source, names)
    persons = [name for name in names if _is_person(name)]
    place = cue.subject.start
    before = [name for name in persons if name.mentions[0].end <= place]
    fitting = [name for name in before if may_be(name, cue.pronoun, sentences)]
    latest = max(fitting, key=lambda name: _last_before(name, place).start, default=None)
    return source_of_name(latest, _last_before(latest, place)) if latest else None


def _last_body(
    sentences: Sequence[ParsedSentence], position: int, cue: Cue, names: Sequence[Name]
) -> Source | None:
    """The body, or for "they" also the group that spoke, that was a subject last."""
    for index in range(position, max(-1, position - _BODY_LOOK_BACK - 1), -1):
        for source in _subjects(sentences, index, cue, names):
            if source.name is not None and source.name.label == "ORG":
                return source
            if names_a("bodies", source.text) or names_a("documents", source.text):
                return source
        if cue.pronoun == "they" and (group := _group(sentences, index, position, names)):
            return group
    return None


def _last_group(
    sentences: Sequence[ParsedSentence], position: int, names: Sequence[Name]
) -> Source | None:
    """ "One" of several: the group that spoke last."""
    reach = range(position, max(-1, position - _BODY_LOOK_BACK - 1), -1)
    return next((g for i in reach if (g := _group(sentences, i, position, names))), None)


def _group(
    sentences: Sequence[ParsedSentence], index: int, position: int, names: Sequence[Name]
) -> Source | None:
    """Several people without a name who speak in the sentence at `index`, before `position`."""
    for cue in reversed(find_cues(sentences[index]) if index < position else []):
        group = referent(sentences, index, cue, names) if cue.pronoun is None else None
        if group is not None and group.name is None and group.text.endswith("s"):
            return group
    return None


def _subjects(
    sentences: Sequence[ParsedSentence], index: int, before: Cue, names: Sequence[Name]
) -> Iterator[Source]:
    """Those who are subjects in one sentence: of cues, the last one first, then of other verbs."""
    parsed = sentences[index]
    cues = [c for c in find_cues(parsed) if c.pronoun is None and c.words.end <= before.words.start]
    for cue in reversed(cues):
        if source := referent(sentences, index, cue, names):
            yield source
    for token in (t for t in parsed.tokens if t.dep_ in ("nsubj", "nsubjpass")):
        span = parsed.token_span(parsed.tokens[token.i : token.i + 1])
        if span.end > before.subject.start or token.pos_ == "PRON" or is_quoted(parsed, token):
            continue
        if token.lower_ == "one" and (apposed := _human_apposition(token)) is not None:
            yield phrase_source(sentences, index, apposed, names)
        else:
            yield _meant(sentences, index, token, _own_phrase(parsed, token), names)


def is_somebody(words: str) -> bool:
    """A noun for one person heads the phrase, before any "of ..."."""
    head = _PREPOSITION.split(words)[0].casefold().split()
    return bool(head) and head[-1] in nouns("people") | nouns("offices")


def _identified(parsed: ParsedSentence, source: Source, names: Sequence[Name]) -> Source:
    """ "The man who came was Tom Hale": the person whom the same sentence names behind."""
    whole = parsed.whole
    for name, mention in names_in(parsed, names):
        if _is_person(name) and whole.contains(mention) and mention.start >= source.span.end:
            return source_of_name(name, mention)
    return source


def _is_person(name: Name) -> bool:
    return name.label == "PERSON" or (
        name.label == "ORG" and any(" " not in a for a in name.aliases)
    )


def _last_before(name: Name, place: int) -> Span:
    before = bisect_right(name.mentions, place, key=lambda mention: mention.end)
    return name.mentions[max(0, before - 1)]


def find_sources(
    sentences: Sequence[ParsedSentence], position: int, names: Sequence[Name], limit: int = 6
) -> list[Source]:
    """Candidate sources for the sentence at `position`: its cues' referents, then names nearby."""
    sources: dict[str, Source] = {}
    for source in _nearby(sentences, position, names):
        sources.setdefault(source.text.casefold(), source)
    return list(sources.values())[:limit]


def _nearby(
    sentences: Sequence[ParsedSentence], position: int, names: Sequence[Name]
) -> Iterator[Source]:
    for index in range(position, max(-1, position - _LOOK_BACK), -1):
        parsed = sentences[index]
        for cue in find_cues(parsed):
            if source := referent(sentences, index, cue, names):
                yield source
        whole = parsed.whole
        seen: Name | None = None
        for name, mention in names_in(parsed, names):
            if name is not seen and name.label in _NAMED and whole.contains(mention):
                seen = name
                yield source_of_name(name, mention)
