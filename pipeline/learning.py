"""What editors do again and again, as candidate rules and entries of a termbase.

An edit that was made often enough, and hardly ever left undone where its words stand, becomes a candidate:
a person has to look at it before it does anything.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import NamedTuple

from pipeline import stages
from pipeline.analysis import required
from pipeline.edited import Finished, Hunk
from pipeline.examples import spoken
from pipeline.guards import COMMON_WORDS
from pipeline.reading import Reading
from pipeline.reports import numbered
from pipeline.reviewed import Reviewed
from pipeline.rulefiles import RuleSet, phrase_pattern
from pipeline.rules import Rule
from pipeline.settings import Settings
from pipeline.stats import Counts
from pipeline.terms import COLUMNS
from pipeline.text import Document, Edit, Level, Span, applied
from pipeline.workbench import Place

TIMES = 5
"""So often editors must have made an edit."""
ARTICLES = 3
"""In so many articles."""
SHARE = 0.95
"""In this share of the places where its words stand."""
LIKED = 0.9
"""Above this the whole 95% interval of a rule's acceptance must lie, before a higher level is proposed."""

SAMPLES = 5
"""So many places of each kind are shown as evidence."""
EXAMPLES = 3
"""So many texts show what a rule does, and as many what it leaves alone."""
_NEIGHBOURS = (8, 3, 1, 0)
"""How many words stand on either side in an example, where the whole sentence does not do."""
_LONGEST = 120
"""So many code points an example may have."""
_MOST_MISSES = 50
"""So many places are looked at for texts that a rule leaves alone."""

_WORD = r"[^\W\d_][\w’'-]*"
_BEFORE = re.compile(rf"{_WORD}[^\S\n]*$")
_AFTER = re.compile(rf"[^\S\n]*{_WORD}")
_NAMES_BEFORE = re.compile(r"(?:[A-Z][\w-]*[^\S\n]+)+$")
_NAMES_AFTER = re.compile(r"(?:[^\S\n]+[A-Z][\w-]*)+")


class Pair(NamedTuple):
    """Words, and those that editors put for them; none where they take them out."""

    before: str
    after: str
    name: bool = False
    """Whether both are names, so that a termbase is the place for them."""

    def __str__(self) -> str:
        """The pair for reading."""
        if not self.before:
            return f"“{self.after}” put in"
        return f"“{self.before}” → “{self.after}”" if self.after else f"“{self.before}” taken out"


@dataclass(slots=True)
class Evidence:
    """Where the words of a pair stand, and what editors did there."""

    made: list[tuple[Finished, Edit]] = field(default_factory=list)
    left: list[tuple[Finished, Edit]] = field(default_factory=list)
    """Left alone: the counter-examples."""
    otherwise: int = 0
    """How often something else was made of them."""

    @property
    def share(self) -> float:
        """In which share of the places the edit was made."""
        return len(self.made) / max(1, len(self.made) + len(self.left) + self.otherwise)

    @property
    def articles(self) -> list[str]:
        """The names of the articles in which it was made."""
        return list(dict.fromkeys(article.name for article, _ in self.made))

    @property
    def editors(self) -> list[str]:
        """The names of those who made it, as far as they gave one."""
        return sorted({who for article, edit in self.made if (who := article.by(edit.span))})

    def __str__(self) -> str:
        """How often it was made, and what else became of the places."""
        said = f"{numbered(len(self.made), 'time')} in {numbered(len(self.articles), 'article')}"
        said += f", by {', '.join(self.editors)}" if self.editors else ""
        said += f"; left alone in {numbered(len(self.left), 'place')}" if self.left else ""
        return said + (f"; made something else in {self.otherwise}" if self.otherwise else "")

    @property
    def spread(self) -> list[tuple[Finished, Edit]]:
        """Where it was made: the first place of every article, then the second of each, and so on."""
        by_article: dict[Finished, list[tuple[Finished, Edit]]] = defaultdict(list)
        for made in self.made:
            by_article[made[0]].append(made)
        return [made for turn in zip_longest(*by_article.values()) for made in turn if made]

    @property
    def samples(self) -> list[Place]:
        """Some of the places, those where it was made before those that were left alone."""
        kinds = {"made": self.spread, "left alone": self.left}
        return [
            Place.of(article.name, article.text, edit.span, kind, edit.replacement)
            for kind, places in kinds.items()
            for article, edit in places[:SAMPLES]
        ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edit that may become a rule, with what speaks for it."""

    pair: Pair
    rule: Rule
    """With examples, where it was proved."""
    evidence: Evidence
    fight: str = ""
    """A sentence about another rule that has an example in which this one would speak."""


@dataclass(slots=True)
class Learned:
    """What was found in the work of editors."""

    candidates: list[Candidate] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What else was found, in sentences: it needs no new rule, or cannot become one by itself."""
    nearest: str = ""
    """Of the edits that do not suffice the one that is nearest to it, and what it lacks."""
    articles: int = 0
    """In so many articles something was decided."""
    edits: int = 0
    """So many runs of words in them were written by hand."""


def learned(articles: Iterable[Reviewed], rules: RuleSet, settings: Settings) -> Learned:
    """What editors did again and again in articles, and has no rule among these, which have their examples.

    Raises PipelineError where decisions do not fit their record.
    """
    reviewed = [article for article in articles if article.decisions.decisions]
    search = _Search([Finished.of(article) for article in reviewed])
    found = Learned(
        told=[*_liked(reviewed, rules), *_called_bad(reviewed)], articles=len(reviewed), edits=search.edits
    )
    settings = replace(settings, terms=rules.terms)
    names = set[str]()
    new = []
    for pair, evidence in search.candidates():
        rule = replace(_rule(pair), id=f"learned.{_named(pair, names)}")
        if by := _covered(evidence, rules.with_levels(settings.levels), settings):
            found.told.append(f"{pair} needs no new rule, {by} has it: {evidence}.")
        else:
            new.append(Candidate(pair, rule, evidence, _fight(rule, rules.rules, settings)))
    every = [*rules.rules, *(candidate.rule for candidate in new)]
    for candidate in new:
        if proved := _proved(candidate, search.articles, every, settings):
            found.candidates.append(replace(candidate, rule=proved))
        else:
            what = f"{candidate.pair} is left to you, for other rules speak wherever it stands"
            found.told.append(f"{what}: {candidate.evidence}.")
    found.nearest = search.nearest
    return found


# Finding -------------------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """An edit as an editor made it."""

    article: Finished
    hunk: Hunk

    @property
    def cut(self) -> str:
        """What stood there before."""
        return self.article.text[self.hunk.span.start : self.hunk.span.end]


class _Search:
    """The edits in articles, counted."""

    def __init__(self, articles: Sequence[Finished]) -> None:
        self.articles = articles
        self.edits = sum(hunk.by_hand for article in articles for hunk in article.hunks)
        self.nearest = ""
        self._nearness = 0.0
        self._small = COMMON_WORDS.union(*(re.findall(r"\b[a-z]\w*", article.text) for article in articles))

    def candidates(self) -> list[tuple[Pair, Evidence]]:
        """The edits that suffice, each as general as it may be, the most frequent first."""
        alike: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
        for article in self.articles:
            for hunk in article.hunks:
                seen = _Seen(article, hunk)
                if hunk.by_hand and not re.search(r"[\n\d]", seen.cut + hunk.text):
                    alike[self._lowered(article, hunk.span.start, seen.cut, hunk.text)].append(seen)
        found = [each for seen in alike.values() for each in self._chosen(seen)]
        return sorted(found, key=lambda each: -len(each[1].made))

    def _chosen(self, seen: list[_Seen]) -> Iterator[tuple[Pair, Evidence]]:
        """What edits of the same words give: first the words alone, then with those beside them."""
        if not self._often(Pair(seen[0].cut.strip(), seen[0].hunk.text.strip()), seen):
            return
        offers = dict(zip(seen, self._pairs(seen), strict=True))
        for width in range(4):
            members: dict[Pair, list[_Seen]] = defaultdict(list)
            for one, pairs in offers.items():
                if pair := pairs[width]:
                    members[pair].append(one)
            for pair, those in sorted(members.items(), key=lambda item: -len(item[1])):
                if self._often(pair, those) and self._mostly(pair, evidence := self._weighed(pair)):
                    yield pair, evidence
                    offers = {one: pairs for one, pairs in offers.items() if one not in those}

    def _pairs(self, seen: list[_Seen]) -> Iterator[list[Pair | None]]:
        """For each edit its pair: alone, with the word behind it, with the one before it, with both."""
        if all(self._is_name(one, text) for one in seen for text in (one.cut, one.hunk.text)):
            name = _grown_name(seen)
            yield from ([name, None, None, None] for _ in seen)
            return
        for one in seen:
            article, (start, end) = one.article, one.hunk.span
            sentence = article.reading.around(one.hunk.span)
            before = _BEFORE.search(article.text[sentence.start : start])
            after = _AFTER.match(article.text[end : sentence.end])
            left, right = before[0] if before else "", after[0] if after else ""
            grown = (
                self._lowered(article, start - len(a), a + one.cut + b, a + one.hunk.text + b)
                for a, b in (("", ""), ("", right), (left, ""), (left, right))
            )
            yield [_tidy(*texts) for texts in grown]

    def _lowered(self, article: Finished, at: int, before: str, after: str) -> tuple[str, str]:
        """Both texts without the capital that only the start of a sentence gives them."""
        word = re.match(r"[A-Z]\w*", before)
        # The words of a name of several words may well be others' too: `Guardian Council`.
        small = self._small if before[1:].islower() else COMMON_WORDS
        capitals = word and (not after or after[:1].isupper()) and word[0].lower() in small
        if capitals and article.starts_sentence(at):
            return before[:1].lower() + before[1:], after[:1].lower() + after[1:]
        return before, after

    def _is_name(self, seen: _Seen, text: str) -> bool:
        """Whether a capital in the text of an edit is that of a name."""
        first = seen.article.starts_sentence(seen.hunk.span.start)
        return any(
            word[0].lower() not in (self._small if first and word.start() == 0 else COMMON_WORDS)
            for word in re.finditer(r"\b[A-Z]\w*", text)
        )

    def _weighed(self, pair: Pair) -> Evidence:
        """What editors did wherever the words of a pair stand."""
        rule, evidence = _rule(pair), Evidence()
        for article in self.articles:
            for _, edit in spoken([rule], article.reading, Settings()):
                assert edit.replacement is not None
                if article.has(edit.span, edit.replacement):
                    evidence.made.append((article, edit))
                elif article.has(edit.span, article.text[edit.span.start : edit.span.end]):
                    evidence.left.append((article, edit))
                else:
                    evidence.otherwise += 1
        return evidence

    def _often(self, pair: Pair, seen: list[_Seen]) -> bool:
        """Whether an edit was made often enough, in enough articles."""
        times, articles = len(seen), len({one.article for one in seen})
        made = f"{numbered(times, 'time')} in {numbered(articles, 'article')}"
        return self._suffices(f"{pair}, {made}", times, articles)

    def _mostly(self, pair: Pair, evidence: Evidence) -> bool:
        """Whether it was made in enough of the places where its words stand."""
        said = f"{pair}, {evidence}"
        if not self._suffices(said, len(evidence.made), len(evidence.articles)):
            return False
        if evidence.share < SHARE:
            lacks = f"it must be made in {SHARE:.0%} of the places where its words stand"
            self._near(evidence.share / SHARE, f"{said}; {lacks}.")
        return evidence.share >= SHARE

    def _suffices(self, said: str, times: int, articles: int) -> bool:
        if times < TIMES or articles < ARTICLES:
            nearness = min(1, times / TIMES) * min(1, articles / ARTICLES)
            self._near(nearness, f"{said}; it needs {TIMES} in {ARTICLES}.")
            return False
        return True

    def _near(self, nearness: float, said: str) -> None:
        if nearness > self._nearness:
            self._nearness, self.nearest = nearness, said


def _tidy(before: str, after: str) -> Pair | None:
    """The pair of two texts; None where they cannot be one: what it leaves would be found again, say."""
    if before[:1].isspace() != after[:1].isspace() and after:
        return None
    pair = Pair(" ".join(before.split()), " ".join(after.split()))
    if not any(map(str.isalpha, pair.before)):
        return None
    again = any(spoken([_rule(pair)], Reading(pair.after), Settings()))
    return None if again else pair


def _grown_name(seen: list[_Seen]) -> Pair:
    """The pair of names, grown by the names beside them that are the same in every place."""
    lefts, rights = [], []
    for article, hunk in seen:
        behind = _NAMES_AFTER.match(article.text, hunk.span.end)
        rights.append(behind[0].split() if behind else [])
        ahead = _NAMES_BEFORE.search(article.text[: hunk.span.start][-200:])
        nearest_first = reversed(ahead[0].split() if ahead else [])
        lefts.append(list(takewhile(lambda word: word.lower() not in COMMON_WORDS, nearest_first)))
    left, right = _common(lefts)[::-1], _common(rights)
    before, after = (" ".join([*left, *text.split(), *right]) for text in (seen[0].cut, seen[0].hunk.text))
    return Pair(before, after, name=True)


def _common(lists: list[list[str]]) -> list[str]:
    """What all lists begin with."""
    return [words[0] for words in takewhile(lambda words: len(set(words)) == 1, zip(*lists, strict=False))]


def _rule(pair: Pair) -> Rule:
    """The rule of a pair, still without examples and a name of its own."""
    if pair.after:
        pattern = phrase_pattern(pair.before)
        message = f"Editors put “{pair.after}” for “{pair.before}”."
    else:
        gap = r"[^\S\n]"
        # Never the first words of a sentence: the next one would need their capital.
        pattern = rf"(?<=[^\s.!?…]{gap}){f'{gap}+'.join(map(re.escape, pair.before.split()))}{gap}+(?=\w)"
        message = f"Editors take “{pair.before}” out."
    needs = required(pattern)
    return Rule(
        id="learned",
        stage="terms" if pair.name else "wording",
        message=message,
        level=Level.SUGGEST,
        pattern=pattern,
        replace=pair.after.replace("{", "{{").replace("}", "}}"),
        keep_case=bool(pair.after),
        words=needs.words,
        any_case=needs.any_case,
        lead=needs.lead,
    )


def _named(pair: Pair, taken: set[str]) -> str:
    """A name for the rule of a pair, from its words, which no other rule has."""
    plain = unicodedata.normalize("NFKD", pair.before.lower()).encode("ascii", "ignore").decode()
    stem = name = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))) or "words"
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


# Proving -------------------------------------------------------------------------------------------------


def _covered(evidence: Evidence, rules: RuleSet, settings: Settings) -> str:
    """The rules that offer the same already, in one of the first places; nothing where none does."""
    for article, edit in evidence.made[:EXAMPLES]:
        sentence = article.reading.around(edit.span)
        text = article.text[sentence.start : sentence.end]
        place = Span(edit.span.start - sentence.start, edit.span.end - sentence.start)
        wanted = applied(text, [(place, edit.replacement or "")])
        for change in stages.run(text, rules, settings).document.changes:
            offers = [(change.replacement, change.edits)]
            offers += [(other.replacement, (other.edit,)) for other in change.alternatives]
            for offered, edits in offers:
                if applied(text, [(change.span, offered or "")]) == wanted:
                    return " and ".join(dict.fromkeys(edit.rule for edit in edits))
    return ""


def _fight(rule: Rule, known: Iterable[Rule], settings: Settings) -> str:
    """A sentence about an example of another rule in which this one would speak, where there is one."""
    for other in known:
        for text in (*other.keeps, *other.fixes.values()):
            for _, edit in spoken([rule], Reading(text), settings):
                place = Place.of("", text, edit.span, "", edit.replacement)
                return (
                    "Once it is on, 'rules check' will say that it speaks in an example of "
                    f"{other.id}: {place.shown}"
                )
    return ""


def _proved(
    candidate: Candidate, articles: Sequence[Finished], every: Collection[Rule], settings: Settings
) -> Rule | None:
    """The rule with examples from the articles, none of which leaves a rule anything to say.

    None where there are no such texts.
    """
    rule = candidate.rule

    def quiet(text: str) -> bool:
        return not any(spoken(every, Reading(text), settings))

    def fixed(text: str) -> str | None:
        document = Document(text).edit(edit for _, edit in spoken([rule], Reading(text), settings))
        after = document.accept(document.changes)
        return after if after != text and quiet(after) else None

    def kept(text: str) -> str | None:
        return text if " " in text and quiet(text) else None

    fixes = _examples(((article, edit.span) for article, edit in candidate.evidence.spread), fixed)
    if not fixes:
        return None
    keeps = _examples(_near_misses(rule, candidate.pair, articles), kept)
    return replace(rule, fixes=fixes, keeps=tuple(keeps or [*fixes.values()][:1]))


def _examples(
    places: Iterable[tuple[Finished, Span]], becomes: Callable[[str], str | None]
) -> dict[str, str]:
    """A few texts around places, as long as may be, and what becomes of them; none where that is None."""
    found: dict[str, str] = {}
    shown = set[int]()
    for same_width in zip(*(_windows(article, span) for article, span in places), strict=True):
        for place, text in enumerate(same_width):
            if len(found) < EXAMPLES and place not in shown and (after := becomes(text)) is not None:
                found[text] = after
                shown.add(place)
    return found


def _windows(article: Finished, span: Span) -> list[str]:
    """The sentence of a span, and parts of it around the span, ever shorter; nothing for what is too long."""
    sentence = article.reading.around(span)
    left, right = article.text[sentence.start : span.start], article.text[span.end : sentence.end]
    middle = article.text[span.start : span.end]
    texts = [left + middle + right]
    for words in _NEIGHBOURS:
        before = re.search(rf"(?:\S+\s+){{0,{words}}}\S*$", left)
        after = re.match(rf"\S*(?:\s+\S+){{0,{words}}}", right)
        texts.append((before[0] if before else "") + middle + (after[0] if after else ""))
    return [text if len(text) <= _LONGEST else "" for text in texts]


def _near_misses(rule: Rule, pair: Pair, articles: Iterable[Finished]) -> list[tuple[Finished, Span]]:
    """Where words of a pair stand in a sentence in which its rule is silent.

    The sentences with most of them come first, as they are the best proof.
    """
    wanted = set(pair.before.lower().split())
    telling = wanted - COMMON_WORDS or wanted
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(telling)))})(?!\w)", re.IGNORECASE)
    found: dict[tuple[Finished, Span], tuple[int, Span]] = {}
    for article in articles:
        for match in pattern.finditer(article.text):
            span = Span(*match.span())
            sentence = article.reading.around(span)
            reading = Reading(article.text[sentence.start : sentence.end])
            if (article, sentence) not in found and not any(spoken([rule], reading, Settings())):
                found[article, sentence] = (sum(word in reading.lowered for word in wanted), span)
    best = sorted(found.items(), key=lambda item: -item[1][0])[:_MOST_MISSES]
    return [(article, span) for (article, _), (_, span) in best]


# What editors think of rules -----------------------------------------------------------------------------


def _liked(articles: Iterable[Reviewed], rules: RuleSet) -> Iterator[str]:
    """The rules that only suggest, and whose texts editors accept all but always."""
    counts: dict[str, Counts] = defaultdict(Counts)
    where: dict[str, set[Path]] = defaultdict(set)
    suggesting = {rule.id for rule in rules.rules if rule.level is Level.SUGGEST}
    for article in articles:
        given = {decision.id: decision for decision in article.decisions.decisions}
        for change in article.record["changes"]:
            decision = given.get(change["id"])
            if change["level"] == "suggest" and decision:
                own = decision if decision.text is None else replace(decision, decision="edited")
                for rule in suggesting.intersection(change["rules"]):
                    counts[rule].add("suggest", own)
                    where[rule].add(article.file)
    for rule, count in sorted(counts.items()):
        if len(where[rule]) >= ARTICLES and count.interval[0] >= LIKED:
            yield (
                f"Suggestions of {rule} were accepted as they are {count.accepted} times of {count.decided}, "
                f"in {len(where[rule])} articles: under [levels] in pipeline.toml "
                f'"{rule}" = "fix" makes them without a question.'
            )


def _called_bad(articles: Iterable[Reviewed]) -> Iterator[str]:
    """The rules that editors called bad, with the texts that each of them should leave alone."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for article in articles:
        bad = {decision.id for decision in article.decisions.decisions if decision.reason == "bad-rule"}
        reading = Reading(article.record["source"]["text"])
        for change in article.record["changes"]:
            if change["id"] in bad:
                start, end = reading.around(Span(change["start"], change["end"]))
                for rule in dict.fromkeys(change["rules"]):
                    texts[rule][reading.text[start:end]] = None
    for rule, found in sorted(texts.items()):
        lines = _yaml({"keeps": list(found)}).rstrip().replace("\n", "\n  ")
        yield f"{rule} was called a bad rule; what it should leave alone:\n  {lines}"


# Writing -------------------------------------------------------------------------------------------------

_HEAD = """\
# Rules that the work of editors suggests, written by 'pipeline learn'. Each is off until a person has read
# it, mended its message and taken its line 'enabled: false' away.
#
#   pipeline rules check {file}              proves the examples, with all other rules
#   pipeline rules try {file} ARTICLE...     shows what the rules would do
#   pipeline clean ARTICLE --rules {file}    uses them; 'rules' in pipeline.toml does so always
"""


def rule_file(file: Path, candidates: Iterable[Candidate], tried: Mapping[str, Sequence[str]]) -> str:
    """The text of a rule file with the candidates, each below the evidence for it.

    `tried` has, by the rule's id, lines that tell what it would do to articles.
    """
    parts = [_HEAD.format(file=file)]
    for candidate in candidates:
        rule = candidate.rule
        lines = [f"{candidate.pair}: {candidate.evidence}."]
        lines += [f"  {place.told}" for place in candidate.evidence.samples]
        lines += [*tried.get(rule.id, ()), *([candidate.fight] if candidate.fight else [])]
        how = {"phrase": candidate.pair.before} if candidate.pair.after else {"pattern": rule.pattern}
        entry = {
            "name": rule.id.removeprefix("learned."),
            "message": rule.message,
            "stage": rule.stage,
            **how,
            "replace": rule.replace,
            "level": str(rule.level),
            "enabled": False,
            "fixes": rule.fixes,
            "keeps": list(rule.keeps),
        }
        parts.append("".join(f"# {_on_one_line(line)}\n" for line in lines) + _yaml([entry]))
    return "\n".join(parts)


def _on_one_line(text: str) -> str:
    """The text with a space for everything that would end a comment, or that YAML does not take."""
    return "".join(character if character.isprintable() else " " for character in text)


def _yaml(content: object) -> str:
    import yaml

    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000)


def termbase(candidates: Iterable[Candidate]) -> str:
    """The text of a termbase with the candidates."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for candidate in candidates:
        pair, evidence = candidate.pair, candidate.evidence
        times, articles = numbered(len(evidence.made), "time"), numbered(len(evidence.articles), "article")
        note = f"Editors changed it {times} in {articles}."
        rows.writerow([pair.before, pair.after, "suggest", note, ", ".join(evidence.editors)])
    return out.getvalue()
