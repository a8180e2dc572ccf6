"""Names of the body: candidate entities, each with every place that mentions it.

spaCy's entity recogniser proposes names; runs of proper nouns that it passed over are added. Forms
of one name are joined where the text itself shows it: a part of a fuller name ("Okafor" after
"Grace Okafor"), or an acronym given in brackets. Offsets are the document's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from extractor.documents import Document
from extractor.reading.countries import code_of_people, code_of_place
from extractor.reading.money import currency_of_name, is_currency_mark
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Doc, Token, TokenSpan
from extractor.records import Span

_NAME_LABELS = {"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT"}
_PARTICLES = {"of", "for", "the"}
_SPLIT = re.compile(r",\s+|\s/\s")
_FUNCTION_WORD = 3  # letters: shorter words say nothing of a headline's capitals
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_TAIL = re.compile(r"(?:['\u2018\u2019]s?)?[\s,.;:()\u2018\u2019'\"\u201c\u201d-]*$")
_DOTTED = re.compile(r"(?:[A-Z]\.){2,}$")
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z&-]*[A-Z])\)")
# Hyphens part a name's tokens: "Port-au-Prince" is one name, "Delta-based" is a name and more.
_HYPHEN_AFTER = re.compile(r"(?:-[a-z]+)*-[A-Z]\w*")
_HYPHEN_BEFORE = re.compile(r"\b(?:[A-Z]\w*-(?:\w+-)*|(?:al|el|an|ar|as|ash|at|ad|az)-)$")
_PREPOSITIONS = {"via", "by", "from", "in", "at", "on", "with", "for", "of", "to", "near", "after"}
_DEMOTED = re.compile(
    r"^(?:the\s+)?(?:\w+\s+)?(?:republic|kingdom|state|emirate) of (?:the )?", re.IGNORECASE
)
# Words that nameparser counts among titles, though they are none without the office that follows.
_QUALIFIERS = {
    "united", "royal", "national", "special", "foreign", "air", "state", "federal", "british",
    "english", "civil", "military", "political", "municipal", "supreme", "high", "grand", "first",
    "social", "criminal", "police", "financial", "metropolitan", "technical", "legal",
}  # fmt: skip
_OFFICE = re.compile(
    r"^(?:[A-Z]\w+\s+){1,3}(?:Secretary|Minister|Chief|Commander|Commissioner|Director|Governor"
    r"|Ambassador|Spokesman|Spokeswoman|General)\s+(?=[A-Z])"
)
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z'\u2019-]+(?: [A-Z][A-Z'\u2019-]+)*)(?=,| \(| [\u2013\u2014-])"
    r".{0,80}?\s?[\u2013\u2014-]{1,2}\s"
)
_BEFORE_ACRONYM = re.compile(
    r"(?P<rest> (?:in|for|of) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
    r"(?=\s\((?P<acronym>[A-Z][A-Za-z&-]*[A-Z])\))"
)
_MONEY = re.compile("[$\u00a3\u20ac\u00a5]")


@dataclass(frozen=True)
class Name:
    """One named thing. `name` is the fullest form; `label` is spaCy's most frequent guess."""

    name: str
    label: str
    aliases: tuple[str, ...]
    mentions: tuple[Span, ...]

    def touching(self, start: int, end: int) -> Sequence[Span]:
        """Mentions with a character of `start:end`. No two mentions overlap."""
        first = bisect_right(self.mentions, start, key=lambda mention: mention.end)
        return self.mentions[first : bisect_left(self.mentions, end, first, key=lambda m: m.start)]


_Mentioned = list[tuple[Name, Span]]
_Kept = WeakKeyDictionary[ParsedSentence, tuple[Sequence[Name], _Mentioned]]
_mentioned: _Kept = WeakKeyDictionary()


def names_in(parsed: ParsedSentence, names: Sequence[Name]) -> _Mentioned:
    """The mentions that one sentence has a part of, name by name; kept for the same `names`."""
    kept = _mentioned.get(parsed)
    if kept is None or kept[0] is not names:
        whole = parsed.whole
        found = [
            (name, mention) for name in names for mention in name.touching(whole.start, whole.end)
        ]
        kept = _mentioned[parsed] = names, found
    return kept[1]


def find_names(document: Document, sentences: Sequence[ParsedSentence]) -> list[Name]:
    """Names in order of first mention, forms joined, mentions complete."""
    labels: dict[str, Counter[str]] = {}
    for form, label in _proposed(sentences):
        labels.setdefault(form, Counter())[label] += 1
    for word in _surnames(sentences, labels) | _first_words(document, sentences, labels):
        labels[word] = Counter()
    groups = _grouped(document, labels)
    taken = _occurrences(document, [form for group in groups for form in group])
    names = []
    for group in groups:
        votes: Counter[str] = sum((labels[form] for form in group), Counter())
        mentions = sorted((s for form in group for s in taken[form]), key=lambda s: s.start)
        if mentions and votes:
            label = votes.most_common(1)[0][0]
            aliases = tuple(form for form in group[1:] if taken[form])
            names.append(Name(group[0], label, aliases, tuple(mentions)))
    return sorted(names, key=lambda name: name.mentions[0].start)


def _proposed(sentences: Iterable[ParsedSentence]) -> Iterator[tuple[str, str]]:
    for parsed in sentences:
        yield from _dateline(parsed)
        for run in map(_without_preposition, _runs(parsed)):
            label = _label(run)
            words = _whole_words(parsed.text, run) + _named_by_acronym(parsed.text, run)
            for part in _SPLIT.split(words) if label != "GPE" else [words]:
                form = _trimmed(part, label)
                if form and not _is_other_word(form, label):
                    yield form, "PERSON" if _lost_title(part, form) else label


def _without_preposition(run: TokenSpan) -> TokenSpan:
    """The run without a preposition at its end, which leads on to another name."""
    return run[:-1] if len(run) > 1 and run[-1].pos_ == "ADP" else run


def _dateline(parsed: ParsedSentence) -> Iterator[tuple[str, str]]:
    """The capitals that open an agency's report name a place, whatever their grammar."""
    if match := _DATELINE.match(parsed.text):
        yield match["place"], "GPE"


def _named_by_acronym(text: str, run: TokenSpan) -> str:
    """ " in Alder" behind "United Harbour Mission", where "(UHMA)" stands for all of it."""
    match = _BEFORE_ACRONYM.match(text, run.end_char)
    initial = run.text.removeprefix("The ").removeprefix("the ")[:1]
    return match["rest"] if match and match["acronym"].startswith(initial) else ""


def _first_words(
    document: Document, sentences: Iterable[ParsedSentence], labels: Mapping[str, Counter[str]]
) -> set[str]:
    """First words of bodies' names that stand alone as proper nouns and are no common words."""
    first = {form.split()[0] for form in labels if " " in form and "ORG" in labels[form]}
    alone = {t.text for parsed in sentences for t in parsed.tokens if _is_alone(t)}
    return {
        word
        for word in (first & alone) - set(labels)
        if len(word) > _FUNCTION_WORD
        and code_of_people(word) is None
        and code_of_place(word) is None
        and not re.search(rf"\b{re.escape(word.lower())}\b", document.text)
    }


def _surnames(sentences: Iterable[ParsedSentence], labels: Mapping[str, Counter[str]]) -> set[str]:
    """Last words of names that stand alone, as proper nouns, where spaCy saw no name."""
    last = {form.split()[-1] for form in labels if _is_part(form, form.split()[-1], labels)}
    alone = {t.text for parsed in sentences for t in parsed.tokens if _is_alone(t)}
    return (last & alone) - set(labels)


def _is_alone(token: Token) -> bool:
    neighbours = token.doc[max(0, token.i - 1) : token.i + 2]
    return [t.i for t in neighbours if t.pos_ == "PROPN"] == [token.i]


def _whole_words(text: str, run: TokenSpan) -> str:
    """The run's words in the text, hyphenated ones entire, without a preposition in front."""
    first = next((t for t in run if t.lower_ not in _PREPOSITIONS), run[-1])
    start, end = first.idx, run.end_char
    if match := _HYPHEN_BEFORE.search(text, 0, start):
        start = match.start()
    if match := _HYPHEN_AFTER.match(text, end):
        end = match.end()
    return text[start:end]


def _is_other_word(form: str, label: str) -> bool:
    """People called after their country, currencies, sums of money, and titles without a person."""
    from nameparser.config import CONSTANTS

    people = code_of_people(form) is not None and code_of_place(form) is None
    money = _MONEY.search(form) or currency_of_name(form) or is_currency_mark(form)
    last = re.split(r"[\s-]", form)[-1].lower()
    title = label == "UNKNOWN" and last in CONSTANTS.titles and " " in form
    return bool(people or money or title)


def _lost_title(part: str, form: str) -> bool:
    """A rank or form of address stood before the name: it is a person's, whatever spaCy thinks."""
    bare = _ARTICLE.sub("", part.strip())
    return bare.partition(form)[0].strip() not in ("", '"', "\u201c", "\u2018", "'", "(")


def _runs(parsed: ParsedSentence) -> Iterator[TokenSpan]:
    """Entities and proper nouns, adjoining ones together; a sentence's lone first word is none."""
    tokens = parsed.tokens
    starts = [token.i for token in tokens if _is_name(tokens, token.i)]
    first = last = -2
    for i in [*starts, len(tokens) + 9]:
        if i == last + 1 and not _is_boundary(tokens, i):
            last = i
            continue
        if first >= 0 and _stands(tokens[first : last + 1]):
            yield tokens[first : last + 1]
        first = last = i


def _stands(run: TokenSpan) -> bool:
    """Capitals prove nothing for a sentence's first word, nor anywhere in a title-case headline."""
    common = len(run) == 1 and run.start == 0 and run[0].tag_ == "NNS"
    if any(token.ent_type_ in _NAME_LABELS for token in run):
        return not common
    words = [token for token in run.doc if token.is_alpha and len(token) > _FUNCTION_WORD]
    capitals = sum(token.is_title or token.is_upper for token in words)
    headline = not run.doc[-1].is_punct and capitals > len(words) / 2
    return not headline and (len(run) > 1 or run.start > 0)


def _is_name(tokens: Doc, i: int) -> bool:
    """Entity or proper noun, or a particle inside a long name ("Bank for the ...")."""
    token = tokens[i]
    if token.ent_type_:
        lower = token.ent_iob_ == "B" and token.is_lower and not _is_article_of_name(token)
        return token.ent_type_ in _NAME_LABELS and not lower
    if token.pos_ == "PROPN":  # a lower-case word right before an entity only describes it
        return not (token.is_lower and i + 1 < len(tokens) and tokens[i + 1].ent_iob_ == "B")
    if token.lower_ not in _PARTICLES or i < 2 or i + 1 >= len(tokens):
        return False
    ahead = next((t for t in tokens[i + 1 :] if t.lower_ not in _PARTICLES), None)
    behind = [t for t in tokens[max(0, i - 6) : i] if t.lower_ not in _PARTICLES][-2:]
    named = [
        t for t in (*behind, ahead) if t is not None and t.pos_ == "PROPN" and t.text[0].isupper()
    ]
    return len(behind) == 2 and len(named) == 3 and not any(t.ent_type_ for t in named)


def _is_article_of_name(token: Token) -> bool:
    """The Arabic article that a hyphen joins to a name ("al-Quist")."""
    return token.i + 1 < len(token.doc) and bool(_HYPHEN_BEFORE.fullmatch(f"{token.text}-"))


def _is_boundary(tokens: Doc, i: int) -> bool:
    """A new entity begins right behind another one."""
    return tokens[i].ent_iob_ == "B" and tokens[i - 1].ent_type_ != ""


def _label(run: TokenSpan) -> str:
    labels = [token.ent_type_ for token in run if token.ent_type_ in _NAME_LABELS]
    return labels[-1] if labels else "UNKNOWN"


def _trimmed(text: str, label: str) -> str | None:
    """The name without article, title, possessive and punctuation; None where no name is left."""
    form = _ARTICLE.sub("", text.strip())
    form = form if _DOTTED.search(form) else _TAIL.sub("", form)
    form = form.strip("\"'\u201c\u201d\u2018\u2019 (")
    if label in ("PERSON", "ORG", "UNKNOWN"):
        form = _without_title(form, certain=label == "PERSON")
    while label == "GPE" and form.split()[-1:] and form.split()[-1].islower():
        form = form.rpartition(" ")[0]
    capital = form[:1].isupper() or _HYPHEN_BEFORE.match(form[: form.find("-") + 1])
    return form if len(form) > 1 and capital and "\n" not in form else None


def _without_title(form: str, *, certain: bool) -> str:
    """A person's name without "Brigadier General" and the like; a title alone leaves nothing.

    Unless it is `certain` that a person is named, one word must be left for each of first and last
    name: "Foreign Ministry" is no Ministry with the title of Foreign.
    """
    from nameparser import HumanName

    if certain and (office := _OFFICE.match(form)):
        return form[office.end() :]
    human = HumanName(form)
    titled = human.title and form.startswith(human.title)
    qualifier = titled and human.title.lower().split()[-1] in _QUALIFIERS
    if not titled or (qualifier and form != human.title):
        return form
    if not certain and bool(human.first) != bool(human.last):
        return form
    return form[len(human.title) :].lstrip(" ,")


def _grouped(document: Document, labels: dict[str, Counter[str]]) -> list[list[str]]:
    """Forms of one name together, fullest first."""
    groups: list[list[str]] = []
    for form in sorted(labels, key=_fullest_first):
        home = next((g for g in groups if _same(document, g[0], form, labels)), None)
        if home is None:
            groups.append([form])
        else:
            home.append(form)
    return groups


def _fullest_first(form: str) -> tuple[int, int, bool, str]:
    return -len(form.split()), -len(form), form.isupper(), form


def _same(document: Document, full: str, short: str, labels: dict[str, Counter[str]]) -> bool:
    if full.casefold() == short.casefold():
        return True
    if _is_part(full, short, labels) or _DEMOTED.sub("", full) == short:
        return True
    if full.startswith(f"{short} ") and (len(short.split()) > 1 or not labels[short]):
        return True
    start = document.text.find(full)
    match = _ACRONYM.match(document.text, start + len(full)) if start >= 0 else None
    return match is not None and match[1] == short


def _is_part(full: str, short: str, labels: Mapping[str, Counter[str]]) -> bool:
    """The last word, or two, of a fuller name: not of a place's ("Port Arden" is not Arden)."""
    words = full.partition(" in ")[0].split()  # "Mission in Alder" is the Mission, not Alder
    if len(full.split()) == 1 or short not in (words[-1], " ".join(words[-2:])) or "and" in words:
        return False
    if "PERSON" in labels[full]:
        return True
    place = {*labels.get(short, ()), *labels[full]} & {"GPE", "LOC"}
    return not place and code_of_place(short) is None


def _occurrences(document: Document, forms: list[str]) -> dict[str, list[Span]]:
    """Every place of every form in the body; where forms overlap, the longest one has the place."""
    found: dict[str, list[Span]] = {form: [] for form in forms}
    if not forms:
        return found
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    for block in (block for block in document.blocks if not block.furniture):
        for match in pattern.finditer(document.text, block.start, block.end):
            found[match.group()].append(document.span(*match.span()))
    return found
