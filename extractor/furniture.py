"""Page furniture: which paragraphs of a saved page are not the article. Pure; no word lists of
prompts or labels, so that it works on pages never seen.

Every paragraph gets a signed score from its form (length, closing punctuation, share of function
words: Kohlschütter et al. 2010, "Boilerplate detection using shallow text features") and from the
content words it shares with the rest of the prose (lexical cohesion, after Hearst 1997,
"TextTiling"). The article is the run of paragraphs with the highest sum (Pasternack & Roth 2009,
"Extracting article text from the web with maximum subsequence segmentation"). Above it the
headline and what follows are kept; inside it link lists and prompts are taken out. A lost
paragraph is the worse of the two errors, so doubt keeps a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractor.line_forms import CORE_MIN_WORDS, Line, function_words, read_line

PROSE_CAP = 50  # words; one long paragraph must not outweigh a whole list
AGE_MAX_LENGTH = 30
LABEL_COST = 8
ITEM_COST = 2
TRUNCATED_COST = 15
SIGNATURE_COST = 100
PROMPT_MAX_WORDS = 35
HEADING_MAX_WORDS = 6
MENU_MIN_ITEMS = 3
LINK_MAX_WORDS = 25
REPORT_LENGTH = 150  # long paragraphs; with more, a text is a report or a book, not a news page
REPORT_RUN = 400  # score of a run of its paragraphs that tables or notes cut off
PERSONAL_SHARE = 0.03  # pronouns per word
SIGNED_COHESION = 0.34
LOW_COHESION = 0.12
HIGH_COHESION = 0.24
TITLE_COHESION = 0.34
TITLE_MIN_WORDS = 4
TITLE_SHARED = 2
HEAD_MAX_LINES = 100
TITLE_REACH = 3  # lines: headline, date and byline may come in any order
PERSONAL_PAGE = 0.25  # share of paragraphs with "I" or "you": an interview, a column ...
PERSONAL_INSIDE = 0.1  # ... and once notices and comments around the article are left out

_AGE = re.compile(r"\b\d+\s*\w+\s+ago$")
_TRAIL = re.compile(r"\s[|·•›»>/]\s.*\s[|·•›»>/]\s")
_GAP = re.compile(r"\s+[|·•›»>/]\s+|\s{2,}")
_DIVIDED = re.compile(r":\s|[|·•›»>/→⟶+*]|\s[–—-]\s")
_NAME = re.compile(r"[^\W\d_a-z](?:\.|[\w'’-]+)(?: [^\W\d_a-z](?:\.|[\w'’-]+))+")


@dataclass(frozen=True)
class _Page:
    """The lines, which of them are the core of the article, and the core's vocabulary.

    `tone` is the share of words that speak as "I" or to "you" that the article itself reaches;
    `gaps` is True where empty lines set some paragraphs apart and not others.
    """

    lines: Sequence[Line]
    core: frozenset[int]
    stems: Counter[str]
    tone: float
    gaps: bool
    copies: Counter[str]
    signers: frozenset[str] = frozenset()

    def shared(self, index: int) -> int:
        """How many different content words of a line the rest of the core has too."""
        own = index in self.core
        return sum(self.stems[stem] > own for stem in self.lines[index].content)

    def cohesion(self, index: int) -> float:
        """Share (0 to 1) of a line's content words that the rest of the core has too."""
        return self.shared(index) / max(1, len(self.lines[index].content))

    def unrelated(self, index: int) -> bool:
        """True for a line that shares too little with the core and is no sub-heading or question.

        A sub-heading is short and has no punctuation inside it.
        """
        line = self.lines[index]
        simple = line.words <= HEADING_MAX_WORDS and not re.search(r"[.!?]\s", line.text)
        heading = (simple or line.text.endswith("?")) and not _DIVIDED.search(line.text)
        length = TITLE_MIN_WORDS <= line.words <= LINK_MAX_WORDS
        kept = heading or line.text.endswith(":") or not length
        return not kept and self.cohesion(index) < TITLE_COHESION

    def heads_prose(self, index: int) -> bool:
        """True for a label or a question with a paragraph or bullets after it: a sub-heading."""
        line, after = self.lines[index], self.lines[index + 1 : index + 2]
        question = line.text.endswith("?") and not _DIVIDED.search(line.text)
        if self.bullet(index + 1):
            return line.words <= HEADING_MAX_WORDS
        return (question or line.words < TITLE_MIN_WORDS) and any(other.prose for other in after)

    def repeated(self, index: int) -> bool:
        """True for a line that stands on the page twice or more."""
        line = self.lines[index]
        return line.words > 0 and self.copies[line.text] > 1

    def continues(self, index: int) -> bool:
        """True for a line that may follow the last paragraph and still be of the article."""
        line = self.lines[index]
        statement = line.running and not (line.prose or line.loose or line.address)
        heading = line.loose and line.words <= HEADING_MAX_WORDS and self.bullet(index + 1)
        return line.item or heading or statement or line.text.startswith("(")

    def bullet(self, index: int) -> bool:
        """True for a bulleted, not numbered, item about the article's subject."""
        line = self.lines[index] if index < len(self.lines) else None
        return bool(line and line.item and not line.text[0].isdigit() and self.shared(index))

    def foreign(self, index: int) -> bool:
        """True for prose that is not of the article's subject: a notice, a biography, a comment.

        It speaks to the reader or of its writer, as the article does not, or it opens with the
        name of the author or the outlet.
        """
        line, cohesion = self.lines[index], self.cohesion(index)
        if line.address > self.tone and cohesion < 2 * LOW_COHESION and not line.reports:
            return True
        signed = line.text.removeprefix("The ").startswith(tuple(self.signers))
        return signed and cohesion < SIGNED_COHESION


def find_furniture(blocks: Sequence[str], apart: Sequence[bool] | None = None) -> list[bool]:
    """For each paragraph of a page, True if it is page furniture and not the article.

    Args:
        blocks: the page's paragraphs in order.
        apart: for each, True if an empty line stands before it; None where that is not known.

    A page without recognisable prose is all article.
    """
    gaps = apart or [True] * len(blocks)
    lines = [read_line(block, gap) for block, gap in zip(blocks, gaps, strict=True)]
    core = [i for i, line in enumerate(lines) if line.prose and line.words >= CORE_MIN_WORDS]
    core = core or [i for i, line in enumerate(lines) if line.prose]
    if not core:
        return [False] * len(lines)
    first, last = _best_run(_scores(_page(lines, core, PERSONAL_PAGE)))
    inner = [i for i in core if first <= i <= last] or core
    page = _page(lines, inner, PERSONAL_INSIDE)
    signed = replace(page, signers=_signers(page, _top(page, first), first))
    scores = _scores(signed)
    first, last = _whole_report(scores) if len(core) >= REPORT_LENGTH else _best_run(scores)
    last = _closing(signed, last)
    top, end = _top(page, first), _end(page, last)
    inside = _inside(signed, first, last)
    inside |= {i for i in range(top, first) if _is_menu(lines[i].text)}
    return [i < top or i > end or i in inside for i in range(len(lines))]


def _page(lines: Sequence[Line], core: Iterable[int], personal_share: float) -> _Page:
    inner = frozenset(core)
    stems = Counter(stem for i in inner for stem in lines[i].content)
    tone = _tone([lines[i].address for i in inner], personal_share)
    gaps = len({line.apart for line in lines[1:]}) > 1
    return _Page(lines, inner, stems, tone, gaps, Counter(line.text for line in lines))


def _tone(address: Sequence[float], personal_share: float) -> float:
    personal = sum(share > 0 for share in address) / len(address)
    if personal >= PERSONAL_PAGE:
        return 1.0
    return max(PERSONAL_SHARE, max(address) if personal >= personal_share else 0.0)


def _scores(page: _Page) -> list[int]:
    return [_score(page, i) for i in range(len(page.lines))]


def _score(page: _Page, index: int) -> int:
    line = page.lines[index]
    if line.truncated or _AGE.search(line.text[-AGE_MAX_LENGTH:]):
        return -TRUNCATED_COST
    if line.text == "--":  # signature separator, RFC 3676 section 4.3
        return -SIGNATURE_COST
    if not line.prose:
        return -ITEM_COST if line.item else -LABEL_COST
    weight = min(line.words, PROSE_CAP)
    if page.foreign(index):
        return -weight
    return weight if page.cohesion(index) >= LOW_COHESION else weight // 2


def _best_run(scores: Sequence[int]) -> tuple[int, int]:
    """First and last index of the run with the highest sum (Bentley 1984, Kadane's algorithm)."""
    best, best_run, total, start = scores[0], (0, 0), 0, 0
    for i, score in enumerate(scores):
        if total <= 0:
            total, start = 0, i
        total += score
        if total > best:
            best, best_run = total, (start, i)
    return best_run


def _whole_report(scores: Sequence[int]) -> tuple[int, int]:
    """First and last index of what a report's high runs span, with all between them.

    Tables, notes and lists cut a long report into many runs, and each is of the report.
    """
    start, end = _best_run(scores)
    runs = [(start, end)]
    pending = [(0, start), (end + 1, len(scores))]
    while pending:
        low, high = pending.pop()
        if low >= high:
            continue
        first, last = (low + i for i in _best_run(scores[low:high]))
        if sum(scores[first : last + 1]) >= REPORT_RUN:
            runs.append((first, last))
            pending += [(low, first), (last + 1, high)]
    return min(first for first, _ in runs), max(last for _, last in runs)


def _top(page: _Page, first: int) -> int:
    """Index of the headline above the first paragraph, or of that paragraph if there is none.

    A headline names what the article is about; where no line does, it is the longest.
    """
    above = [i for i in range(first) if page.lines[i].words >= TITLE_MIN_WORDS]
    shared = {i: page.shared(i) for i in above if not _TRAIL.search(page.lines[i].text)}
    shared = {i: count for i, count in shared.items() if not page.foreign(i)}
    needed = max(1, min(TITLE_SHARED, max(shared.values(), default=0)))
    longest = max(shared, key=lambda i: page.lines[i].words, default=first)
    top = next((i for i, count in shared.items() if count >= needed), longest)
    near = (i for i, count in shared.items() if count and 0 <= top - i <= TITLE_REACH)
    return min(near, default=top)


def _is_menu(text: str) -> bool:
    """True for three or more single words set apart by bars, dots or wide gaps."""
    items = _GAP.split(text)
    return len(items) >= MENU_MIN_ITEMS and all(item.isalpha() for item in items)


def _signers(page: _Page, title: int, first: int) -> frozenset[str]:
    """Names above the first paragraph that the article does not tell of: its author, its outlet."""
    told = " ".join(page.lines[i].text for i in sorted(page.core)[:-1])
    near = range(max(0, first - HEAD_MAX_LINES), first)
    above = [page.lines[i].text for i in near if i != title]
    names = {_bare(name) for text in above for name in _NAME.findall(text)}
    return frozenset(name for name in names if " " in name and name not in told)


def _bare(name: str) -> str:
    """A name without the function words before it: "By Ida Moreau", "The Evening Reed"."""
    words = name.split()
    while words and words[0].lower() in function_words():
        words.pop(0)
    return " ".join(words)


def _closing(page: _Page, last: int) -> int:
    """`last`, or the last of the closing paragraphs that a long list of links cut off.

    They are the only long prose below and about the article's subject; where summaries alternate
    with headlines they belong to other articles.
    """
    below = range(last + 1, len(page.lines))
    long = [i for i in below if page.lines[i].prose and page.lines[i].words >= CORE_MIN_WORDS]
    broken = any(page.lines[i].loose for i in range(long[0], long[-1])) if long else True
    about = [i for i in long if page.cohesion(i) >= HIGH_COHESION and not page.foreign(i)]
    return last if broken or not about else about[-1]


def _end(page: _Page, last: int) -> int:
    """Last index of the article: items, short statements and remarks in brackets follow it."""
    following = range(last + 1, len(page.lines))
    return next((i - 1 for i in following if not page.continues(i)), len(page.lines) - 1)


def _inside(page: _Page, first: int, last: int) -> set[int]:
    """Furniture between the first and last paragraphs: link lists, prompts, repeated labels."""
    prompts = (i for i in range(first, last + 1) if page.lines[i].words <= PROMPT_MAX_WORDS)
    found = {i for i in prompts if page.lines[i].prose and page.foreign(i)}
    loose = [i for i in range(first, last + 1) if page.lines[i].loose]
    found.update(i for i in loose if page.repeated(i))
    for run in _runs(page, [i for i in loose if not page.repeated(i)]):
        found.update(_links(page, run))
    return found


def _runs(page: _Page, loose: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in loose:
        if runs and runs[-1][-1] == i - 1 and not (page.gaps and page.lines[i].apart):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _links(page: _Page, run: Sequence[int]) -> Sequence[int]:
    """The lines of a run of loose lines that are links or prompts.

    Two or more in a row are links under a label, unless a colon announces them or what follows, or
    they are short rows of a table. One alone may be a sub-heading: it goes only if it is longer
    than a label and shares too little with the article.
    """
    if len(run) > 1 and page.heads_prose(run[-1]):
        run = run[:-1]
    if len(run) == 1:
        return run if page.unrelated(run[0]) else ()
    lines = [page.lines[i] for i in run]
    announced = run[0] > 0 and page.lines[run[0] - 1].text.endswith((":", ";", ","))
    announced = announced or _announces(page, run)
    table = all(any(map(str.isdigit, line.text)) for line in lines[1:])
    short = all(line.words < TITLE_MIN_WORDS for line in lines)
    kept = announced or lines[-1].text.endswith(":") or (table and short)
    return run if not kept and any(line.words >= TITLE_MIN_WORDS for line in lines) else ()


def _announces(page: _Page, run: Sequence[int]) -> bool:
    """True if a run begins with words that announce a list, and what follows is one.

    Its lines are numbers, or short, or of the article's subject; links under a label are not.
    """
    head = page.lines[run[0]]
    if not (head.text.endswith(":") and head.running and head.words >= TITLE_MIN_WORDS):
        return False
    return all(
        any(map(str.isdigit, page.lines[i].text))
        or page.lines[i].words < TITLE_MIN_WORDS
        or page.shared(i)
        for i in run[1:]
    )
