"""Reading rule files: every fault is said, with its line, and what to do about it."""

from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import analysis, rulefiles
from pipeline.analysis import required, stays_in_line
from pipeline.errors import PipelineError
from pipeline.patterns import compiled
from pipeline.reading import Vocabulary
from pipeline.rules import Rule
from pipeline.settings import Settings
from pipeline.text import Level, Span

GOOD = """\
- name: colour
  message: This desk writes British English.
  stage: wording
  pattern: '\\bcolors?\\b'
  replace: 'colour'
  level: suggest
  fixes:
    "the color red": "the colour red"
  keeps:
    - "the colour red"
"""


def loaded(folder: Path, text: str, name: str = "house.yaml") -> rulefiles.RuleSet:
    (folder / name).write_text(text, encoding="utf-8")
    return rulefiles.load([folder], examples=True)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(PipelineError) as error:
        loaded(folder, text)
    return str(error.value).splitlines()


def test_a_desks_rule_is_named_after_its_folder_file_and_name(tmp_path):
    desk = tmp_path / "desk"
    desk.mkdir()
    rule = loaded(desk, GOOD).rules[-1]
    assert (rule.id, rule.level, rule.stage) == ("desk/house.colour", Level.SUGGEST, "wording")
    assert rule.line == 1


def test_every_fault_is_said_at_once_with_its_line(tmp_path):
    text = GOOD.replace("pattern:", "patern:").replace("stage: wording", "stage: words") + (
        "- name: bad\n  message: A message.\n  stage: dates\n  pattern: '(('\n"
    )
    found = faults(tmp_path, text)
    file = tmp_path / "house.yaml"
    assert f"{file}:4: unknown key 'patern'; did you mean 'pattern'?" in found
    assert f"{file}:3: unknown stage 'words'; did you mean 'wording'?" in found
    assert any(line.startswith(f"{file}:11: rule 'bad' has no 'flags'") for line in found)
    assert any(line.startswith(f"{file}:14: 'pattern' is not a valid pattern") for line in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('  keeps:\n    - "the colour red"\n', "", ":1: rule 'colour' has no 'keeps'; give a text"),
        ("level: suggest", "level: maybe", ":6: unknown level 'maybe'; use one of fix, suggest, flag"),
        ("'colour'", "'{colour}'", ":5: the pattern has no group 'colour'"),
        ("'colour'", "'{0:shout}'", ":5: 'replace' cannot be filled ('shout' is no case"),
        ("'colour'", "'{0'", ":5: 'replace' cannot be filled (a lone '{'"),
        ("\\\\bcolors?\\\\b".replace("\\\\", "\\"), "{colou}", ":4: unknown fragment '{colou}'"),
        (r"\bcolors?\b", r"\p{Colour}", ":4: 'pattern' is not a valid pattern (unknown property"),
        ("replace: 'colour'", "using: colur", ":5: unknown replacer 'colur'"),
        ("pattern: '\\bcolors?\\b'", "find: colors", ":4: unknown finder 'colors'"),
        ("name: colour", "name: Colour Red", ":1: a rule without a usable name ('Colour Red')"),
        ("level: suggest", "level: suggest\n  changes: [sums]", ":7: unknown kind of fact 'sums'"),
        ("message: This", 'message: "This', "the file is not YAML"),
    ],
)
def test_a_fault_names_its_line_and_a_way_out(tmp_path, old, new, said):
    assert old in GOOD
    found = faults(tmp_path, GOOD.replace(old, new))
    assert any(said in line for line in found), found


def test_a_file_that_is_no_list_of_rules_is_a_fault(tmp_path):
    (found,) = faults(tmp_path, "colour: red\n")
    assert ":1: the file is not a list of rules; begin each with" in found


def test_two_rules_of_one_name_in_a_file_are_a_fault(tmp_path):
    (found,) = faults(tmp_path, GOOD + GOOD)
    assert ":11: the name of rule" in found
    assert found.endswith("choose another")


def test_every_scalar_is_read_as_text(tmp_path):
    rule = loaded(tmp_path, GOOD.replace('- "the colour red"', "- 12:30\n    - no\n    - 012")).rules[-1]
    assert rule.keeps == ("12:30", "no", "012")


def test_a_disabled_rule_is_read_but_not_run(tmp_path):
    ids = [rule.id for rule in loaded(tmp_path, GOOD + "  enabled: false\n").rules]
    assert f"{tmp_path.name}/house.colour" not in ids


def test_a_phrase_is_found_as_whole_words_and_keeps_its_capital(tmp_path):
    text = GOOD.replace("pattern: '\\bcolors?\\b'", "phrase: the researches").replace(
        "'colour'", "the research"
    )
    text = text.replace('"the color red": "the colour red"', '"The  researches of": "The research of"')
    rule = loaded(tmp_path, text).rules[-1]
    assert compiled(rule.pattern).search("The researches")
    assert not compiled(rule.pattern).search("the researcheses")


def test_a_missing_rules_path_is_named():
    with pytest.raises(PipelineError, match="nowhere: there is no such rules file or folder"):
        rulefiles.load([Path("nowhere")])


def test_the_cache_gives_the_same_rules_without_their_examples(tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    first, second = rulefiles.load(), rulefiles.load()
    assert list((tmp_path / "cache").iterdir())
    whole = rulefiles.load(examples=True)
    assert [rule.id for rule in second.rules] == [rule.id for rule in whole.rules]
    assert [r.pattern for r in second.rules] == [r.pattern for r in first.rules]
    assert second.hash == whole.hash


def test_a_damaged_cache_is_read_past(tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    rulefiles.load()
    (cache,) = (tmp_path / "cache").iterdir()
    cache.write_bytes(cache.read_bytes()[:-1])
    assert rulefiles.load().rules


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?<=; )(?:Although|However)\b", ("; Although", "; However")),
        (r"(?:but|and)\b", ()),
        (r"\d+ thousand", (" thousand",)),
        (r"[Cc]an ?not", ("Can not", "can not", "Cannot", "cannot")),
        (r"(?:the )?last year", ("last year",)),
        (r"\d(?:st|nd)\b", tuple(f"{digit}{end}" for digit in range(10) for end in ("st", "nd"))),
        (r"\w+\.(?=[AB])", (".A", ".B")),
        (r"(?<=[\n(])king", ("\nking", "(king")),
        (r"^[ \t]+\w", ("\n ", "\n\t")),
        (r"ab(?:kl)+zz", ("klzz",)),
        (r"(?P<a>two) kings|(?P<a>no) queens", ("two kings", "no queens")),
        (r"(?i)Kings", ("kings",)),
        (r"[Aa]lthough\b.{3,50}, but", ("lthough",)),
        (r"(?:Aban|Mehr)?\d", ()),
        (r"\p{Lu}\w+ regards", (" regards",)),
    ],
)
def test_the_words_that_must_be_there_are_read_off_the_pattern(pattern, words):
    assert required(pattern).words == frozenset(words)


@given(
    st.lists(
        st.sampled_from(
            [
                "ab",
                "[Cc]d",
                "(?:ef|gh)",
                r"\d+",
                "x?",
                "(?:ij)*",
                "(?:kl)+",
                ".",
                "(?=e)",
                "(?<=[bd])",
                "x{2,3}",
                "(?:a|b.)?",
                "^",
                "(?i:cD)",
                "(?:ab|b)",
                "(?:^|(?<=a))",
                "(?:a|dc?){1,2}",
            ]
        ),
        min_size=1,
    ),
    st.text(alphabet="abcdCefghijklx0", max_size=30),
)
def test_every_match_has_one_of_the_words_and_begins_no_farther_in_front_of_it_than_the_lead(pieces, text):
    pattern = "".join(pieces)
    words, any_case, lead, also = required(pattern)
    searched = "\n" + (text.lower() if any_case else text)
    first = min((searched.index(word) - 1 for word in words if word in searched), default=None)
    for match in compiled(pattern).finditer(text) if words else ():
        assert first is not None
        assert lead is None or match.start() >= first - lead
        assert not also or any(word in searched for word in also)


def needing(pattern: str) -> Rule:
    needs = required(pattern)
    return Rule(
        id="house.rule",
        stage="wording",
        message="Why.",
        level=Level.FLAG,
        pattern=pattern,
        words=needs.words,
        also=needs.also,
        any_case=needs.any_case,
        lead=needs.lead,
        in_line=stays_in_line(pattern),
    )


def places(rules: rulefiles.RuleSet, text: str) -> list[Span]:
    reading = rules.reading(text)
    candidates = rules.candidates(reading).get("wording", [])
    return [edit.span for rule in candidates for edit in rule.proposed(reading, Settings())]


@given(
    st.lists(
        st.sampled_from(
            [
                *("ab", "[Cc]d", "(?:ef|gh)", r"\d+", "k?", ".", ".*", "(?:ab|C)?", "(?:f|k0)+", "(?i:cD)"),
                *(
                    "^",
                    "$",
                    r"(?<=\n)",
                    r"(?=\n)",
                    r"(?=\n(?=[ae]))",
                    "(?<!b)",
                    "(?=e)",
                    "(?<=[bd])",
                    "(?:^|(?<= ))",
                    " ",
                ),
            ]
        ),
        min_size=1,
    ),
    st.lists(st.text(alphabet="abCcDdefghk0۳ ", max_size=12), max_size=4).map("\n".join),
)
def test_what_a_pattern_needs_is_missing_only_where_it_does_not_match(pieces, text):
    pattern = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:  # so that most patterns get a second set of words
        patch.setattr(analysis, "_SELDOM_ENOUGH", 0)
        patch.setattr(analysis, "_TIMES", inf)
        rule = needing(pattern)
    found = places(rulefiles.RuleSet((rule,), ""), text)
    assert found == [match.span() for match in compiled(pattern).finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\b(?:colour){e<=1}\b", "the color is"),
        (r"\b(?:colour){i<=1,d<=1}\b", "the color is"),
        ("[[:upper:]]oss", "the Boss is"),
        ("b[^[:upper:]]e", "the b\ne is"),
    ],
)
def test_what_only_regex_understands_is_looked_for_in_every_text(pattern, text):
    (expected,) = [match.span() for match in compiled(pattern).finditer(text)]
    assert places(rulefiles.RuleSet((needing(pattern),), ""), text) == [expected]


@pytest.mark.parametrize("pattern", [r"one\P{L}+two", r"one\p{Cc}two", r"one[^\p{Lu}]two", r"one\p{^L}two"])
def test_a_property_that_line_ends_have_is_looked_for_across_lines(pattern):
    assert places(rulefiles.RuleSet((needing(pattern),), ""), "Now one\ntwo.") == [(4, 11)]


def test_a_property_that_no_line_end_has_stays_in_its_line():
    assert stays_in_line(r"one \p{Lu}\p{Arabic}+[^\P{L}]")


def test_a_pattern_that_needs_two_words_is_not_looked_for_in_lines_with_one():
    rule = needing(r"\byear \w+ plan\b")
    assert rule.also
    rules = rulefiles.RuleSet((rule,), "")
    assert rules.candidates(rules.reading("It is the plan.")) == {}
    reading = rules.reading("It is the plan.\nThe year ends.\nA five-year development plan began.\n")
    assert [reading.text[slice(*line)] for line in reading.lines_with(rule.words, rule.also)] == [
        "A five-year development plan began.\n"
    ]


@pytest.mark.parametrize("behind", range(0, 600, 37))
def test_in_a_line_that_is_far_too_long_a_match_may_begin_in_another_piece_than_its_word(behind):
    rules = rulefiles.RuleSet((needing(r"\bfrom [a-z ]{0,300}to Qazvin"),), "")
    match = f"from {'the city ' * 30}to Qazvin"
    text = f"{'He said so. ' * 500}{match}{'.' * behind}"
    start = text.index("from")
    assert places(rules, text) == [(start, start + len(match))]


def test_few_sets_of_rules_stay_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(rulefiles, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(rulefiles, "_KEPT", 3)
    for number in range(5):
        house = tmp_path / f"house-{number}"
        house.mkdir()
        (house / "words.yaml").write_text("[]", encoding="utf-8")
        (house / "terms.csv").write_text(
            f"term,preferred,level,note,source\nA{number},B,suggest,,\n", "utf-8"
        )
        rulefiles.load([house])
    assert len(list((tmp_path / "cache").iterdir())) == 3


@pytest.mark.parametrize("text", ["İİİ zzcolour", f"{'İ' * 30}\nzzColour\nb", "zzcolour İ\n"])
def test_words_for_every_case_are_found_in_a_text_that_lower_case_makes_longer(text):
    rules = rulefiles.RuleSet((needing("(?i)zzcolour"),), "")
    assert [text[slice(*place)].lower() for place in places(rules, text)] == ["zzcolour"]


def test_words_are_found_alike_in_the_first_text_and_in_the_hundredth():
    vocabulary = Vocabulary([frozenset({"bore", "fresh\n"}), frozenset({"\nHe", "re f"})])
    text = "\nHe bore fresh\nHere fruit"
    first = vocabulary.found_in([text], [0, 14, 24])
    assert first
    assert all(vocabulary.found_in([text], [0, 14, 24]) == first for _ in range(200))
