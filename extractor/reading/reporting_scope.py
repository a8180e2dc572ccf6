"""Which cues a place in a sentence lies in the scope of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from extractor.reading.cues import (
    CLAUSES,
    Cue,
    find_cues,
    is_as_clause,
    is_quoted,
    make_cue,
    subject_of,
    trails,
)
from extractor.reading.lexicon import names_a
from extractor.reading.parse import ParsedSentence
from extractor.reading.reporting import lemma, reporting
from extractor.reading.tokens import Token
from extractor.records import Span

_SUBJECTS = ("nsubj", "nsubjpass")
_CONTRASTS = {"while", "whereas", "although", "though"}
_OCCASIONS = {"as", "when", "after", "before", "since", "until"}


def cues_over(parsed: ParsedSentence, span: Span) -> list[Cue]:
    """The cues in whose scope `span` lies, the reporter first and the origin last.

    A verb's scope is its own subtree, or all before it where it trails behind; "according to"
    speaks for the clause it is put into. The outer cue is the reporter's.
    """
    root = _root(parsed, span)
    if root is None:
        return []
    above = {token.i for token in (root, *root.ancestors)}
    found = [cue for cue in find_cues(parsed) if _reaches(parsed, cue, above, root)]
    known = {cue.token for cue in found}
    found += [c for c in _object_cues(parsed, root) if c.token not in known]
    found = [cue for cue in found if not cue.subject.overlaps(span)]
    return sorted(found, key=lambda cue: (_depth(parsed, cue), cue.token))


def _root(parsed: ParsedSentence, span: Span) -> Token | None:
    tokens = parsed.tokens_at(span)
    return tokens.root if tokens is not None else None


def _depth(parsed: ParsedSentence, cue: Cue) -> int:
    """How deep in the parse the statement hangs that the cue reports."""
    token = parsed.tokens[cue.token]
    outer = token.dep_ == "parataxis" or token.lower_ == "according"
    return sum(1 for _ in token.ancestors) - (1 if outer else 0)


def _reaches(parsed: ParsedSentence, cue: Cue, above: set[int], root: Token) -> bool:
    verb = parsed.tokens[cue.token]
    if _is_apart(root, verb) or _describes(root, verb, parsed.tokens[cue.head]):
        return False
    if verb.lower_ == "according":
        return _nearest_according(verb, root)
    if verb.i in above:
        return not _is_coordinate(verb, above)
    if (verb.dep_ == "parataxis" or is_as_clause(verb)) and verb.head.i in above:
        return True
    behind = any(c.dep_ in CLAUSES and c.i > verb.i for c in verb.children)
    return root.i < verb.i and not behind and trails(verb)


def _nearest_according(word: Token, root: Token) -> bool:
    """Of several sources each has its own number: "12 according to A, 30 according to B".

    One at the sentence's end, with no number of its own behind it, joins the one at its beginning.
    """
    places = [t.i for t in word.doc if t.lower_ == "according"]
    if places[0] == 0:
        behind = word.doc[root.right_edge.i + 1 :]
        alone = word.i == places[-1] and not any(t.like_num for t in behind)
        before = word.i == max((place for place in places if place < root.i), default=0)
        return before or (alone and root.i < word.i)
    return word.i == min((place for place in places if place > root.i), default=places[-1])


def _describes(root: Token, verb: Token, subject: Token) -> bool:
    """The number tells of the speaker: "grumbled a farmer who had lost 30 sheep"."""
    return subject.is_ancestor(root) and not subject.is_ancestor(verb)


def _is_coordinate(verb: Token, above: set[int]) -> bool:
    """The number stands in a clause beside the verb's, not under it: "He said so, and 40 came"."""
    below = next((child for child in verb.children if child.i in above), None)
    if below is None or below.i < verb.i or not any(c.dep_ in _SUBJECTS for c in below.children):
        return False
    if below.dep_ == "advcl":
        marks = {c.lower_ for c in below.children if c.dep_ in ("mark", "advmod")}
        return bool(marks & _CONTRASTS) or (trails(verb) and bool(marks & _OCCASIONS))
    joined = below.left_edge.i > verb.i + 1 and below.left_edge.nbor(-1).dep_ == "cc"
    marked = any(c.dep_ == "mark" for c in below.children)
    return (below.dep_ == "conj" or joined) and not marked


def _is_apart(one: Token, other: Token) -> bool:
    """A semicolon stands between them, or brackets around the later one alone."""
    first, last = sorted((one.i, other.i))
    between = [token.text for token in one.doc[first:last]]
    return ";" in between or ("(" in between and ")" not in between)


def _object_cues(parsed: ParsedSentence, root: Token) -> Iterator[Cue]:
    """Verbs that report with a noun for their object, and nouns that do: "a claim by ... that"."""
    path = [root, *root.ancestors]
    for below, token in pairwise(path):
        if is_quoted(parsed, token) or _is_apart(root, token):
            continue
        for words, subject in _reports(token, below, root):
            if subject is not None:
                yield make_cue(parsed, words, subject)
                break
    for preposition in (t for t in parsed.tokens if t.head in path and t.pos_ == "ADP"):
        words, subject = _viewpoint(preposition)
        if subject is not None and root not in preposition.subtree:
            yield make_cue(parsed, words, subject)


def _reports(token: Token, below: Token, root: Token) -> Iterator[tuple[Token, Token | None]]:
    """Reporting words at one step of the way from the number up, with whose they are."""
    acts = token.pos_ == "VERB" or any(child.dep_ == "nsubj" for child in token.children)
    if acts and below.i > token.i:
        yield token, _object_speaker(token, below, root)
    if token.lower_ in reporting().nouns and _completes(below):
        yield token, _possessor(token) or _issuer(token)
    if token.pos_ in ("VERB", "AUX") and below.i > token.i:
        yield _figure(token)


def _completes(below: Token) -> bool:
    """What a noun reports: "a claim that ...", "an estimate of ..."."""
    that = any(child.lower_ == "that" for child in below.children)
    clause = below.dep_ == "ccomp" or (below.dep_ in ("acl", "relcl") and that)
    return clause or (below.dep_ == "prep" and below.lower_ in ("of", "on", "for"))


def _issuer(noun: Token) -> Token | None:
    """ "The group has put together a list of 30": whoever made the noun public, or has it."""
    verb = noun.head
    issued = noun.dep_ == "dobj" and lemma(verb.lower_, reporting().issuing) is not None
    return subject_of(verb) if issued else None


def _viewpoint(preposition: Token) -> tuple[Token, Token | None]:
    """ "In the view of the mayor", "by the ministry's reckoning": the noun, and whose it is."""
    nouns = (c for c in preposition.children if c.lower_ in reporting().viewpoints)
    noun = next((c for c in nouns if c.dep_ == "pobj"), None)
    if noun is None or preposition.lower_ not in ("in", "by"):
        return preposition, None
    return noun, _possessor(noun) or _of_whom(noun)


def _of_whom(noun: Token) -> Token | None:
    of = (c for t in noun.children if t.lower_ == "of" for c in t.children if c.dep_ == "pobj")
    return next(of, None)


def _object_speaker(verb: Token, below: Token, number: Token) -> Token | None:
    """Subject of a verb that reports the number in its object: "confirmed 30 deaths"."""
    verbs = reporting()
    topic = lemma(verb.lower_, verbs.with_topic) and below.lower_ in ("of", "about")
    finite = below.pos_ in ("VERB", "AUX") and any(c.dep_ in _SUBJECTS for c in below.children)
    clause = below.dep_ in CLAUSES or finite
    whole = lemma(verb.lower_, verbs.with_object) and not clause
    subject = subject_of(verb)
    if topic or whole or _puts(verb, number):
        return subject
    shows = lemma(verb.lower_, verbs.of_documents) is not None and not clause
    return subject if subject and shows and names_a("documents", subject.text) else None


def _figure(verb: Token) -> tuple[Token, Token | None]:
    """ "The rebels' figure is 9,000": the noun that reports, and whose it is."""
    noun = subject_of(verb)
    if noun is None or noun.lower_ not in reporting().viewpoints:
        return verb, None
    return noun, _possessor(noun)


def _puts(verb: Token, number: Token) -> bool:
    """ "Puts the toll at ..."."""
    at = (child for child in verb.children if child.lower_ == "at")
    listed = lemma(verb.lower_, reporting().with_at) is not None
    return listed and any(child.i < number.i for child in at)


def _possessor(noun: Token) -> Token | None:
    """Whose report or claim it is: "by ...", "published by ...", the possessive.

    "Reports" and "rumours" without one are nobody's.
    """
    made = (c for c in noun.children if c.dep_ == "acl")
    agents = (t for parent in (noun, *made) for t in parent.children if t.lower_ == "by")
    by = (c for t in agents for c in t.children if c.dep_ == "pobj")
    own = (c for c in noun.children if c.dep_ == "poss" and c.lower_ != "whose")
    owner = next(by, None) or next(own, None)
    return noun if owner is None and noun.lower_ in ("reports", "rumours", "rumors") else owner


def announcement(parsed: ParsedSentence) -> Cue | None:
    """ "Officials gave an update": the sentence's root makes a report public and tells no more."""
    root = next((t for t in parsed.tokens if t.dep_ == "ROOT"), None)
    subject = subject_of(root) if root is not None else None
    if root is None or subject is None or lemma(root.lower_, reporting().issuing) is None:
        return None
    told = any(c.dep_ == "dobj" and c.lower_ in reporting().announcements for c in root.children)
    return make_cue(parsed, root, subject) if told else None


def _is_nobodys(verb: Token) -> bool:
    """ "It was noted that ..."."""
    return any(c.dep_ == "nsubjpass" and c.lower_ == "it" for c in verb.children)


def hearsay(parsed: ParsedSentence, span: Span) -> tuple[Span, Span] | None:
    """Nobody's words and their cue: "it is thought that 30 fled", "30 are said to have fled",
    "30 reportedly fled".
    """
    root = _root(parsed, span)
    path = [root, *root.ancestors] if root is not None else []
    adverbs = (child for token in path for child in token.children if child.dep_ == "advmod")
    for adverb in adverbs:
        if adverb.lower_ in reporting().adverbs and not is_quoted(parsed, adverb):
            words = parsed.token_span(parsed.tokens[adverb.i : adverb.i + 1])
            return words, words
    for below, verb in pairwise(path):
        passive = next((c for c in verb.children if c.dep_ == "auxpass"), None)
        agent = any(c.dep_ == "agent" for c in verb.children)
        told = reporting().stances if _is_nobodys(verb) else reporting().hearsay
        listed = lemma(verb.lower_, told) is not None
        colon = any(t.text == ":" for t in verb.doc[verb.i : max(verb.i, path[0].i)])
        if passive is None or agent or colon or not listed or is_quoted(parsed, verb):
            continue
        if (below.i > verb.i and below.dep_ in ("ccomp", "xcomp")) or below.dep_ == "nsubjpass":
            words = parsed.token_span(parsed.tokens[verb.i : verb.i + 1])
            return parsed.token_span(parsed.tokens[passive.i : verb.i + 1]), words
    return None
