"""Clauses that tell of a happening: candidate events, with what the parse says of them.

A clause is a finite verb with all that belongs to it, without the reporting words that introduce
it ("the ministry said that ...") and without other clauses beside it. Headings, conditions,
purposes ("to fight") and clauses that narrow a noun down ("those who fought") are left out.
All is read off the dependency parse (labels of spaCy's English pipeline).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.reading.cues import find_cues
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Token
from extractor.records import Span, Status

_SUBJECTS = {"nsubj", "nsubjpass"}
# Clauses of their own, where they tell.
_BESIDE = {"conj", "parataxis", "relcl", "advcl", "ccomp", "acl"}
_EDGES = {"mark", "cc", "punct", "intj"}
_ASIDES = {"with", "despite", "without", "besides", "instead", "unlike", "like"}
_POSSIBLE = {"may", "might", "could", "would", "should", "can"}
_LIKELIHOOD = {
    "likely",
    "probably",
    "certainly",
    "possibly",
    "perhaps",
    "possible",
    "expected",
    "considering",
    "considered",
    "consider",
    "set",
}
_INTENT = {"plan", "plans", "planned", "planning", "intend", "intends", "intended", "aim", "aims",
           "propose", "proposes", "proposed", "want", "wants", "promise", "promised", "vow",
           "vowed", "pledge", "pledged", "hope", "hopes"}  # fmt: skip
_NOBODY = {"nobody", "none", "nothing", "neither"}
_LASTING = {"currently", "now", "still", "continue", "continues", "continuing", "since", "remain",
            "remains"}  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """One candidate event.

    verb: index of its verb in the sentence's parse.
    subject, object: noun phrases, the subject also where it stands in the clause before.
    words: verb and the heads of subject and object, in lower case.
    """

    parsed: ParsedSentence
    span: Span
    verb: int
    subject: Span | None
    object: Span | None
    words: tuple[str, ...]
    status: Status


def find_clauses(parsed: ParsedSentence) -> list[Clause]:
    """Candidate events of one sentence, in order of their verbs; none in a heading."""
    if not parsed.is_prose:
        return []
    cues = {
        cue.token: cue.words for cue in find_cues(parsed) if not _asks(parsed.tokens[cue.token])
    }
    heads = [token for token in parsed.tokens if _tells(token, cues)]
    clauses = (_clause(parsed, head, heads, cues) for head in heads)
    return [clause for clause in clauses if clause is not None]


def _tells(token: Token, cues: dict[int, Span]) -> bool:
    return token.i not in cues and _is_predicate(token) and _stands_alone(token, cues)


def _stands_alone(token: Token, cues: dict[int, Span]) -> bool:
    """The main clause, what is reported, and what a clause beside it adds."""
    match token.dep_:
        case "conj":
            joined = token.head
            return joined.pos_ in ("VERB", "AUX") and (joined.i in cues or _tells(joined, cues))
        case "ccomp":
            fronted = token.i < token.head.i
            return fronted or token.head.i in cues or _has(token, "mark", {"that"})
        case "acl":
            return _has(token, "mark", {"that"})
        case "relcl":
            return _after_comma(token)
        case "advcl":
            subject = _subject(token) is not None
            return subject and not _has(token, "mark", {"if", "unless", "whether"})
        case other:
            return other in ("ROOT", "parataxis")


def _asks(cue: Token) -> bool:
    """ "Urged them to leave" is itself what happens; "urged that they leave" reports."""
    parts = {child.dep_ for child in cue.children}
    return "xcomp" in parts and "dobj" in parts and "ccomp" not in parts


def _is_predicate(token: Token) -> bool:
    """A verb, or "is likely to ..."; other predicates with "be" describe and tell nothing."""
    if token.pos_ == "VERB":
        return not _is_infinitive(token) or token.dep_ == "conj"
    return token.pos_ == "AUX" and _predicate(token) is not token


def _predicate(head: Token) -> Token:
    """The verb behind an auxiliary: "is likely to *return*", "have been *frozen*"."""
    return (head.pos_ == "AUX" and (_infinitive(head) or _participle(head))) or head


def _is_infinitive(token: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _infinitive(token: Token) -> Token | None:
    """The verb of "is likely to return" and of "is to return"."""
    holders = (token, *(child for child in token.children if child.dep_ == "acomp"))
    verbs = (c for holder in holders for c in holder.children if c.dep_ == "xcomp")
    return next((verb for verb in verbs if _is_infinitive(verb)), None)


def _participle(token: Token) -> Token | None:
    """The verb of "have been frozen", where the parser takes it for an adjective."""
    perfect = any(child.dep_ == "aux" for child in token.children)
    return next((c for c in token.children if perfect and c.tag_ == "VBN"), None)


def _has(token: Token, dependency: str, words: set[str]) -> bool:
    return any(child.dep_ == dependency and child.lower_ in words for child in token.children)


def _after_comma(token: Token) -> bool:
    """A relative clause that adds something; without the comma it narrows its noun down."""
    edge = token.left_edge.i
    return edge > 0 and token.doc[edge - 1].text in {",", "\u2013", "\u2014", "-"}


def _clause(
    parsed: ParsedSentence, head: Token, heads: Sequence[Token], cues: dict[int, Span]
) -> Clause | None:
    others = {token.i for token in heads if token.i != head.i} | set(cues)
    own = [token for token in _own(head, others) if not _reports(parsed, token, cues)]
    run = _run_around(own, head)
    while run and (run[0].dep_ in _EDGES or not run[0].text[-1].isalnum()):
        run = run[1:]
    while run and (run[-1].is_punct or run[-1].dep_ == "cc"):
        run = run[:-1]
    if len(run) < 2:
        return None
    subject = _subject(head)
    target = _object(_predicate(head))
    parts = (head, *(noun for noun in (subject, target) if noun is not None))
    return Clause(
        parsed=parsed,
        span=parsed.token_span(parsed.tokens[run[0].i : run[-1].i + 1]),
        verb=head.i,
        subject=noun_phrase(parsed, subject) if subject is not None else None,
        object=noun_phrase(parsed, target) if target is not None else None,
        words=tuple(token.lower_ for token in parts),
        status=_status(head, run),
    )


def _own(head: Token, others: set[int]) -> list[Token]:
    """The head's subtree without the subtrees of the other clauses, in order."""
    taken: list[Token] = [head]
    for child in (c for c in head.children if c.lower_ != "according"):
        if (child.i not in others or child.dep_ not in _BESIDE) and not _is_aside(child):
            taken += _own(child, others) if child.dep_ != "relcl" else list(child.subtree)
    return sorted(set(taken), key=lambda token: token.i)


def _is_aside(token: Token) -> bool:
    """A circumstance set off by a comma: "..., with more to come", "Despite losses, ..."."""
    if token.dep_ == "advcl" or (token.dep_ == "prep" and token.lower_ in _ASIDES):
        before, after = token.left_edge.i - 1, token.right_edge.i + 1
        doc = token.doc
        return (before >= 0 and doc[before].text == ",") or (
            token.i < token.head.i and after < len(doc) and doc[after].text == ","
        )
    return False


def _reports(parsed: ParsedSentence, token: Token, cues: dict[int, Span]) -> bool:
    span = parsed.token_span(parsed.tokens[token.i : token.i + 1])
    return any(words.overlaps(span) for words in cues.values())


def _run_around(tokens: Sequence[Token], head: Token) -> list[Token]:
    """The unbroken run of tokens that holds the head; a comma may be missing between two."""
    run = [head]
    for token in reversed([t for t in tokens if t.i < head.i]):
        if run[0].i - token.i > 2:
            break
        run.insert(0, token)
    for token in (t for t in tokens if t.i > head.i):
        if token.i - run[-1].i > 2:
            break
        run.append(token)
    return run


def _subject(verb: Token) -> Token | None:
    """Its own subject; that of the verb it is joined to; the noun that a relative clause is of."""
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if own is not None and own.tag_ not in ("WDT", "WP"):
        return own
    if verb.dep_ == "relcl":
        return verb.head
    return _subject(verb.head) if verb.dep_ == "conj" and verb.head.i != verb.i else own


def _object(verb: Token) -> Token | None:
    direct = [child for child in verb.children if child.dep_ in ("dobj", "obj")]
    agents = [c for agent in verb.children if agent.dep_ == "agent" for c in agent.children]
    if direct or agents:
        return (direct or agents)[0]
    inner = next((child for child in verb.children if child.dep_ == "xcomp"), None)
    return _object(inner) if inner is not None else None


def noun_phrase(parsed: ParsedSentence, head: Token) -> Span:
    """The noun with what describes it, without determiner and number in front of it."""
    left = next(
        (t for t in parsed.tokens[head.left_edge.i : head.i + 1] if not _introduces(t)), head
    )
    end = next((t.left_edge.i for t in head.rights if _ends(t)), head.right_edge.i + 1)
    end = max(end, head.i + 1)
    while (after := _narrowing(parsed, end)) is not None:
        end = after
    return parsed.token_span(parsed.tokens[left.i : end])


def _ends(token: Token) -> bool:
    """Nouns joined by "and" stay together; another clause so joined does not belong."""
    if token.dep_ == "cc":
        joined = (t for t in token.head.rights if t.dep_ == "conj" and t.i > token.i)
        return next((t.pos_ not in ("NOUN", "PROPN") for t in joined), True)
    return token.dep_ in ("punct", "appos")


def _narrowing(parsed: ParsedSentence, end: int) -> int | None:
    """Where a "from ..." that follows at once ends: the parser may hang it elsewhere."""
    if end >= len(parsed.tokens) or parsed.tokens[end].lower_ not in ("from", "of"):
        return None
    noun = next((c for c in parsed.tokens[end].children if c.dep_ == "pobj"), None)
    return noun.i + 1 if noun is not None else None


def _introduces(token: Token) -> bool:
    return (
        token.dep_ in ("det", "predet", "nummod", "quantmod", "advmod", "punct")
        or token.like_num
        or token.tag_ in ("VB", "VBP", "VBZ", "CC")
        or token.lower_ in ("all", "at", "least", "more", "than", "about", "around", "some")
    )


def _status(head: Token, run: Sequence[Token]) -> Status:
    words = {token.lower_ for token in run}
    helpers = [child for child in head.children if child.dep_ in ("aux", "auxpass")]
    if _is_denied(head):
        return "denied"
    if {h.lower_ for h in helpers} & _POSSIBLE or _depends_on(head, _LIKELIHOOD):
        return "possible"
    if any(h.lower_ in ("will", "'ll", "shall") for h in helpers):
        return "possible" if words & _LIKELIHOOD else "planned"
    if _depends_on(head, _INTENT) or _is_to(head):
        return "planned"
    return "ongoing" if _lasts(head, helpers, run) else "happened"


def _is_to(head: Token) -> bool:
    """ "Are to leave", and not "have been able to leave"."""
    return head.pos_ == "AUX" and any(
        c.dep_ == "xcomp" and _is_infinitive(c) for c in head.children
    )


def _is_denied(head: Token) -> bool:
    """ "Did not", "nobody did", "no unit did", "not one did", "did no harm"."""
    nouns = [child for child in head.children if child.dep_ in _SUBJECTS | {"dobj", "attr"}]
    words = (head, *nouns, *(c for n in nouns for c in n.children if c.dep_ == "nummod"))
    negated = any(child.dep_ == "neg" for word in words for child in word.children)
    return negated or any(
        noun.lower_ in _NOBODY or any(c.lower_ == "no" for c in noun.children) for noun in nouns
    )


def _depends_on(head: Token, words: set[str]) -> bool:
    """The verb is one of `words` with a clause behind it, or its complement is one of them."""
    complements = {c.lower_ for c in head.children if c.dep_ in ("acomp", "oprd")}
    governs = any(c.dep_ in ("xcomp", "ccomp") for c in head.children)
    return (head.lower_ in words and governs) or bool(complements & words)


def _lasts(head: Token, helpers: Sequence[Token], run: Sequence[Token]) -> bool:
    """Present tense, a present or perfect progressive, or a word that says so."""
    if any(t.lower_ in _LASTING and (t.lower_, t.dep_) != ("since", "advmod") for t in run):
        return True
    if head.tag_ in ("VBZ", "VBP"):
        return True
    present = any(h.tag_ in ("VBZ", "VBP") for h in helpers)
    return present and (head.tag_ == "VBG" or any(h.lower_ == "being" for h in helpers))
