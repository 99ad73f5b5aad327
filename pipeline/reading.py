"""What can be read off a text before any rule looks at it: sentences, quotations, places to leave alone."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from itertools import chain
from operator import attrgetter
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import regex
from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.patterns import pattern
from pipeline.text import Span

P = ParamSpec("P")
T = TypeVar("T")

# A full stop after one of these, or after a single capital, ends no sentence.
_ABBREVIATIONS = frozenset(
    """Mr Mrs Ms Dr Prof Gen Col Lt Maj Capt Sgt Sen Rep Gov Pres Rev Hon St Mt Ft No Nos Vol Art Sec Fig vs v
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Inc Ltd Co Corp Jr Sr al cf ca approx e.g i.e a.m p.m
    Ala Ariz Calif Colo Conn Fla Ill Kan Mass Mich Minn Mo Neb Nev Okla Ore Pa Tenn Tex Va Wash Wis""".split()
)
_END = pattern(r"[.!?…。！？]+[\"”’')\]]*(?=\s)|\n")
_LAST_WORD = pattern(r"[\w.]+$")
_NEXT = pattern(r"[^\S\n]+[\"“‘'(\[]*(?P<first>\S)")
_MARKS = pattern(r"[“”„«»\"]")

# For so many texts it pays to make an automaton that is made slowly and searches quickly.
_MANY_TEXTS = 100

# In texts with more code points words are looked for together.
_LONG = 20_000

# A line with more code points is seen in pieces of so many, with so many on either side of a word's: else a
# paragraph of a megabyte is read as a whole for each rule.
_LONG_LINE, _PIECE, _BESIDE = 5_000, 250, 4

_OTHER_DIGIT = pattern(r"(?![0-9])\d")

# Where nothing is changed: addresses, hashtags and handles, code. Only looked for where a sign of them is.
_SITE = r"\.(?:com|org|net|ir|uk|de|ru|info|gov|edu|io|tv|news|af|pk)\b"
_SPACE = pattern(r"\s")
_SIGN_OF_FROZEN = pattern(rf"://|www\.|[@#`]|{_SITE}")
_FROZEN = pattern(
    rf"""(?:https?://|ftp://|www\.)[^\s<>"“”\[\]]+(?<![.,;:!?)\]’'])     # addresses
    | [\w.+-]+@[\w-]+\.[\w.-]+\w                                     # e-mail
    | (?<!\w)[\#@][A-Za-z_]\w+                                       # hashtags and handles
    | \b[A-Za-z0-9-]+(?:\.[a-z0-9-]+)*{_SITE}(?:/[^\s<>"“”]*)?    # sites
    | (?<![\w`])(`{{1,2}})[^`\n]+\1(?![\w`])                       # code""",
    regex.VERBOSE,
)
# A line that is nothing but code: a prompt, a call with what it is assigned to, a control statement, a query.
_CODE = pattern(
    r"""(?:>>>|\$)\ [a-z_][^\n]*
    | (?:[\w.]+(?:,\ ?\w+)*\ ?[-+*/|:]?=\ ?|(?:return|await|new|print)\b\ ?|(?=[\w.]+\([^\n]*\);$))
      \(?(?:\w+\ )?[\w.]*(?<!\ )\([^\n]*\)(?:\.\w+)?;?
    | [a-z]\w*(?:\.[\w.]+|_\w+|(?=\(["']))\([^\n]*\)(?:\.\w+)?;?
    | (?:\}\ ?)?(?:if|for|while|switch|else\ if|elif|catch|function\ \w*)\ ?\([^\n]*\)\ ?(?:[{:][^\n]*|;)
    | (?:def|class|fn|func)\ \w+(?:\([^\n]*)?[:{] | from\ [\w.]+\ import\ [^\n]+ | \#include\b[^\n]+
    | (?:const|let|var)\ \w+\ =\ [^\n]+
    | (?:SELECT|INSERT\ INTO|UPDATE|DELETE\ FROM)\ [^\n]+\ (?:FROM|VALUES|SET|WHERE)\ [^\n]+""",
    regex.VERBOSE,
)
_ENDS_OF_CODE = (")", ";", "{", "}", ":")
_STARTS_OF_CODE = (
    *(">>> ", "$ ", "#include", "from ", "const ", "let ", "var "),
    *("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "),
)


class _Lines(NamedTuple):
    """The lines of a text, each one that is far too long in pieces; numbered in order."""

    starts: list[int]
    """Where each begins; at last the end of the text."""
    pieces: set[int]
    """The numbers of those that are pieces of a line."""


def _beside(numbers: Iterable[int]) -> set[int]:
    """The numbers that are near to some."""
    return {near for number in numbers for near in range(number - _BESIDE, number + _BESIDE + 1)}


class _Apart(dict[int, int]):
    """For `str.translate`: what is no part of a word as a space; each code point is looked at once."""

    def __missing__(self, code: int) -> int:
        self[code] = code if _IN_WORD.match(chr(code)) else ord(" ")
        return self[code]


_IN_WORD = pattern(r"\w")
_APART = _Apart({ord("\n"): ord("\n")})


class Reading:
    """A text with what was read off it. Everything is worked out when it is first asked for."""

    def __init__(
        self,
        text: str,
        vocabularies: "Mapping[bool, Vocabulary] | None" = None,
        kept: Sequence[Span] = (),
    ) -> None:
        self.text = text
        self.kept = kept
        """The places of markup that is meant, in order and disjoint."""
        self._vocabularies = vocabularies
        self._found: dict[bool, Mapping[frozenset[str], dict[int, int]]] = {}
        self._sentences: dict[Span, list[Span]] = {}
        self.worked_out: dict[tuple[Callable[..., Any], tuple[object, ...]], Any] = {}
        """What `once` keeps."""

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, to look for words in whatever case."""
        return self.text.lower()

    @cached_property
    def _lowers_in_place(self) -> bool:
        """Whether lower case leaves all in its place; a Turkish İ becomes two code points."""
        return len(self.lowered) == len(self.text)

    @cached_property
    def words(self) -> set[str]:
        """The words of the text as they stand there, each once."""
        text = self.text.translate(_APART)
        # Line by line, for the words of a book take ten times its memory.
        parts = text.split("\n") if len(text) > _LONG else (text,)
        return set(chain.from_iterable(map(str.split, parts)))

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences, without the white space between them. A line break ends a sentence."""
        return _sentences(self.text, Span(0, len(self.text)))

    def around(self, span: Span) -> Span:
        """The sentence, or run of sentences, that holds a span; the span itself where none does."""
        sentences = self._sentences_near(span)
        if not sentences:
            return span
        first = max(0, bisect_right(sentences, span.start, key=_START) - 1)
        last = max(first, bisect_left(sentences, max(span.end, span.start + 1), key=_START) - 1)
        return Span(min(span.start, sentences[first].start), max(span.end, sentences[last].end))

    def _sentences_near(self, span: Span) -> list[Span]:
        """The sentences of the lines that a span is in, if it begins in one of them; else all sentences."""
        lines = self._lines_of(span)
        if lines is None:
            return self.sentences
        if lines not in self._sentences:
            self._sentences[lines] = _sentences(self.text, lines)
        sentences = self._sentences[lines]
        return sentences if sentences and sentences[0].start <= span.start else self.sentences

    def _lines_of(self, span: Span) -> Span | None:
        """The lines that a span is in, with their line ends; None where they are too long."""
        text, last = self.text, max(span.end - 1, span.start)
        start = text.rfind("\n", max(0, span.start - _LONG_LINE), span.start) + 1
        end = text.find("\n", last, last + _LONG_LINE) + 1
        if (not start and span.start > _LONG_LINE) or (not end and last + _LONG_LINE < len(text)):
            return None
        return Span(start, end or len(text)) if span.length < _LONG_LINE else None

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The lines that are not blank, without their line ends."""
        spans: list[Span] = []
        at = 0
        for line in self.text.split("\n"):
            if bare := line.strip():
                start = at if line[0] == bare[0] else at + line.index(bare[0])
                spans.append(Span(start, start + len(bare)))
            at += len(line) + 1
        return spans

    @cached_property
    def quotations(self) -> list[Span]:
        """The quotations between double marks, each within its paragraph, with the marks.

        A mark without its partner counts to the end, or from the start, of the paragraph: that is
        more than is quoted, and errs on the side of leaving words alone.
        """
        spans: list[Span] = []
        for paragraph in self.paragraphs:
            opened: int | None = None
            for mark in _MARKS.finditer(self.text, *paragraph):
                opens = mark[0] in "“„«" or (mark[0] == '"' and opened is None)
                if opens and opened is None:
                    opened = mark.start()
                elif not opens:
                    spans.append(Span(paragraph.start if opened is None else opened, mark.end()))
                    opened = None
            if opened is not None:
                spans.append(Span(opened, paragraph.end))
        return spans

    @cached_property
    def frozen(self) -> list[Span]:
        """The places where nothing is changed: addresses, hashtags, handles and code."""
        code = list(_lines_of_code(self.text))
        places = [place for place in _addresses(self.text) if not _met(code, place)]
        return sorted(code + places) if places else code

    def quoted(self, span: Span) -> bool:
        """Whether a span lies in a quotation, at least in part."""
        return bool(_met(self.quotations, span))

    def kept_at(self, span: Span) -> list[Span]:
        """The places of markup that is meant which a span overlaps."""
        return _met(self.kept, span)

    def frozen_at(self, span: Span) -> list[Span]:
        """The frozen places that a span overlaps."""
        return _met(self.frozen, span)

    def has(self, words: frozenset[str], *, any_case: bool = False) -> bool:
        """Whether one of the words stands in the text; with `any_case` words in lower case, in any.

        Where the text is read with a vocabulary, the words are one of its sets.
        """
        if self._vocabularies:
            return words in self.found(any_case)
        return any(word in text for text in self._searched(any_case) for word in words)

    def lines_with(
        self,
        words: frozenset[str],
        also: frozenset[str] = frozenset(),
        *,
        any_case: bool = False,
        lead: int | None = None,
    ) -> list[tuple[int, int]]:
        """The lines in which one of the words stands, each with its line end; those in a row as one.

        With `also` only those in which one of these stands as well. Of a line that is far too long for a
        paragraph only what stands around the words. With `lead` each from so many code points in front of
        the first of the words, where it does not begin after that.
        """
        if not self._vocabularies or (any_case and not self._lowers_in_place):
            return [(0, len(self.text))]
        found, (starts, pieces) = self.found(any_case), self._lines
        first = found.get(words, {})
        numbers: Collection[int] = first
        if pieces:
            numbers = first.keys() | _beside(pieces.intersection(first)) & pieces
        elif also:
            numbers = first.keys() & found.get(also, {}).keys()
        if len(numbers) == 1 and not pieces:  # mostly it is one, and this is asked for each rule
            (number,) = numbers
            start = starts[number] if lead is None else max(starts[number], first[number] - lead)
            return [(start, starts[number + 1])]
        runs: list[tuple[int, int]] = []
        last = -1
        for number in sorted(numbers):
            start, end = starts[number], starts[number + 1]
            if start == last:
                start, _ = runs.pop()
            elif lead is not None and number in first:
                start = max(start, first[number] - lead)
            runs.append((start, end))
            last = end
        return runs

    def found(self, any_case: bool) -> Mapping[frozenset[str], dict[int, int]]:
        """The sets of a vocabulary of which a word stands in the text, with the first places by the line.

        Of the words for every case with `any_case`, else of those that stand for themselves.
        """
        if any_case not in self._found:
            self._found[any_case] = self._places(any_case)
        return self._found[any_case]

    def _places(self, any_case: bool) -> dict[frozenset[str], dict[int, int]]:
        vocabulary = self._vocabularies[any_case] if self._vocabularies else None
        if not vocabulary:
            return {}
        if any_case and not self._lowers_in_place:
            return vocabulary.found_in(self._searched(any_case), [0, len(self.lowered) + 1])
        return vocabulary.found_in(self._searched(any_case), self._lines.starts)

    @cached_property
    def _lines(self) -> "_Lines":
        starts, pieces = [0], set[int]()
        for line in self.text.split("\n"):
            end = starts[-1] + len(line) + 1
            if len(line) > _LONG_LINE:
                number = len(starts) - 1
                starts += range(starts[-1] + _PIECE, end - _PIECE, _PIECE)
                pieces.update(range(number, len(starts)))
            starts.append(end)
        starts[-1] = len(self.text)
        return _Lines(starts, pieces)

    def _searched(self, any_case: bool) -> tuple[str, ...]:
        """The texts to look for words in, behind a line feed; also one with our digits for others."""
        text = f"\n{self.lowered if any_case else self.text}"
        if text.isascii() or not _OTHER_DIGIT.search(text):
            return (text,)
        return (_OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text), text)


def once(work: Callable[Concatenate["Reading", P], T]) -> Callable[Concatenate["Reading", P], T]:
    """Something that is worked out from a reading when it is first asked for, and kept as long as that is."""

    @wraps(work)
    def known(reading: Reading, /, *others: P.args, **named: P.kwargs) -> T:
        key = work, others
        if key not in reading.worked_out:
            reading.worked_out[key] = work(reading, *others, **named)
        result: T = reading.worked_out[key]
        return result

    return known


class Vocabulary:
    """Sets of words, all of which are looked for in texts together, in one pass over each."""

    def __init__(self, sets: Iterable[frozenset[str]]) -> None:
        by_word: dict[str, list[frozenset[str]]] = {}
        for words in set(sets):
            for word in words:
                by_word.setdefault(word, []).append(words)
        self._words = list(by_word)
        self._sets = list(by_word.values())
        self._automaton = _automaton(self._words)
        self._texts = 0

    def __bool__(self) -> bool:
        """Whether there are any words to look for."""
        return bool(self._sets)

    def found_in(self, texts: Iterable[str], lines: Sequence[int]) -> dict[frozenset[str], dict[int, int]]:
        """The sets of which a word stands in one of the texts, with the first places by the line.

        The texts are forms of one, each behind a line feed, and its lines begin at `lines`.
        """
        found: dict[frozenset[str], dict[int, int]] = defaultdict(dict)
        sets_of = self._sets
        self._texts += 1
        if self._texts == _MANY_TEXTS:
            self._automaton = AhoCorasick(self._words, implementation=Implementation.ContiguousNFA)
        for text in texts:
            number = low = high = 0
            for index, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
                # What is searched begins a code point earlier than the lines do. A word that begins with a
                # line feed belongs to the line behind it.
                if not low < start < high:
                    number = bisect_left(lines, start + 1 if text[start] == "\n" else start) - 1
                    low, high = lines[number], lines[number + 1]
                for words in sets_of[index]:
                    first = found[words]
                    if start <= first.get(number, start):
                        first[number] = start - 1
        return found


def _automaton(words: Sequence[str]) -> AhoCorasick:
    # Of the kinds of automata the one that is made soonest; a text takes a thirtieth longer.
    return AhoCorasick(words, implementation=Implementation.NoncontiguousNFA)


def starts_of(words: Iterable[str], text: str) -> dict[str, list[int]]:
    """Those of some words that stand in a text, also inside of one another, and where they begin.

    The time grows with the text and not with the words, of which a long text has more.
    """
    found: dict[str, list[int]] = {}
    each = list(set(words))
    if len(text) > _LONG:
        for index, start, _ in _automaton(each).find_matches_as_indexes(text, overlapping=True):
            found.setdefault(each[index], []).append(start)
        return found
    for word in each:  # quicker than to make an automaton
        at = text.find(word)
        while at >= 0:
            found.setdefault(word, []).append(at)
            at = text.find(word, at + 1)
    return found


def _addresses(text: str) -> Iterator[Span]:
    """Addresses, hashtags, handles and code within a line; only looked for where a sign of one is.

    But for code none has a space in it, so that nothing else of a line need be looked at.
    """
    end = 0
    for sign in _SIGN_OF_FROZEN.finditer(text):
        if sign.start() >= end:
            start = sign.start()
            while start > end and not text[start - 1].isspace():
                start -= 1
            space = _SPACE.search(text, sign.end())
            end = space.start() if space else len(text)
            if "`" in text[start:end]:
                end = text.find("\n", end)
                end = len(text) if end < 0 else end
            for match in _FROZEN.finditer(text, start, end):
                yield Span(*match.span())


def _lines_of_code(text: str) -> Iterator[Span]:
    """The lines that are code, without their indent, and the blocks that Markdown fences off."""
    at, fenced = 0, -1
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith("```"):
            if fenced >= 0:
                yield Span(fenced, at + len(line))
            fenced = at if fenced < 0 else -1
        elif fenced < 0 and _like_code(bare) and _CODE.fullmatch(bare):
            start = at + len(line) - len(line.lstrip())
            yield Span(start, start + len(bare))
        at += len(line) + 1


def _like_code(line: str) -> bool:
    return line.endswith(_ENDS_OF_CODE) or line.startswith(_STARTS_OF_CODE)


def _met(spans: Sequence[Span], span: Span) -> list[Span]:
    """Of sorted and disjoint spans those that a span overlaps."""
    first = max(0, bisect_left(spans, span) - 1)
    last = bisect_left(spans, Span(span.end, span.end), first)
    return [other for other in spans[first : last + 1] if other.overlaps(span)]


_START = attrgetter("start")


def _sentences(text: str, lines: Span) -> list[Span]:
    """The sentences of whole lines of a text."""
    spans, start = [], lines.start
    for end in _END.finditer(text, *lines):
        if end[0] != "\n" and not _ends_sentence(text, start, end):
            continue
        spans.append(_trimmed(text, start, end.end()))
        start = end.end()
    spans.append(_trimmed(text, start, lines.end))
    return [span for span in spans if span.start < span.end]


def _ends_sentence(text: str, start: int, end: regex.Match[str]) -> bool:
    following = _NEXT.match(text, end.end())
    if following and following["first"].islower():
        return False
    if end[0][0] == "." and not end[0].startswith(".."):
        # No abbreviation is longer.
        word = _LAST_WORD.search(text, max(start, end.start() - 12), end.start())
        if word:
            name = word[0].rstrip(".")
            initials = name.isupper() and (len(name) == 1 or "." in name)
            return not (name in _ABBREVIATIONS or initials) or following is None
    return True


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
