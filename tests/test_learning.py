"""What editors change again and again becomes candidate rules, with their evidence."""

import csv
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from records import change, decided, record, write

from pipeline import workbench
from pipeline.cli import main
from pipeline.edited import Finished
from pipeline.learning import learned
from pipeline.reading import Reading
from pipeline.review.decisions import Decision, Decisions, final_text
from pipeline.reviewed import Reviewed
from pipeline.rulefiles import RuleSet
from pipeline.settings import Settings
from pipeline.terms import Termbase
from pipeline.text import Document, Span, applied

SCHEMA = Path(__file__).parent.parent / "docs" / "schema" / "rules.schema.json"


def by_hand(text, *edits, who="Ayşe", changes=(), decisions=()):
    """An article without changes of rules, and an edit by hand wherever the first text of a pair stands."""
    article = record(text, *changes)
    places = [(Span(*m.span()), a, b) for a, b in edits for m in re.finditer(re.escape(a), text)]
    written = [
        Decision(f"h{n}", "edited", b, who, span=span, before=a) for n, (span, a, b) in enumerate(places)
    ]
    return article, Decisions(article["source"]["sha256"], (*decisions, *written))


def reviewed(*articles):
    return [Reviewed(Path(f"{n}.changes.json"), *article) for n, article in enumerate(articles)]


@pytest.fixture
def learn(rules):
    """What is learned from articles, with the shipped rules."""

    def learn(*articles):
        return learned(reviewed(*articles), rules, Settings())

    return learn


def pairs(found):
    return [(candidate.pair.before, candidate.pair.after) for candidate in found.candidates]


ABOUT = [
    "He spoke in regards to the plan.\nShe asked in regards to bread.",
    "They met in regards to oil.\nHe was, with regards to bread, silent.",
    "We wrote in regards to rain.\nA letter came in regards to him.",
]
REGARDING = ("in regards to", "regarding")


# When an edit becomes a candidate ------------------------------------------------------------------------


def test_an_edit_made_five_times_in_three_articles_becomes_a_rule(learn):
    found = learn(*(by_hand(text, REGARDING) for text in ABOUT))
    (candidate,) = found.candidates
    assert pairs(found) == [REGARDING]
    assert str(candidate.evidence) == "5 times in 3 articles, by Ayşe"
    assert (candidate.rule.level, candidate.rule.stage) == ("suggest", "wording")


def test_four_times_do_not_suffice_and_that_is_said(learn):
    found = learn(*(by_hand(text, REGARDING) for text in (*ABOUT[:2], "So in regards to it.")))
    assert found.candidates == []
    assert found.nearest == "“in regards to” → “regarding”, 4 times in 3 articles; it needs 5 in 3."


def test_two_articles_do_not_suffice_and_that_is_said(learn):
    found = learn(*(by_hand(text + "\n" + text, REGARDING) for text in (ABOUT[0], ABOUT[2])))
    assert found.candidates == []
    assert found.nearest == "“in regards to” → “regarding”, 8 times in 2 articles; it needs 5 in 3."


def test_a_place_that_was_left_alone_is_a_counter_example(learn):
    left = by_hand("All stayed in regards to nothing.", ("stayed", "remained"))
    found = learn(*(by_hand(text, REGARDING) for text in ABOUT), left)
    assert found.candidates == []
    assert found.nearest == (
        "“in regards to” → “regarding”, 5 times in 3 articles, by Ayşe; left alone in 1 place; "
        "it must be made in 95% of the places where its words stand."
    )


def test_one_counter_example_among_twenty_is_shown(learn):
    many = by_hand("\n".join(f"Word {n} came in regards to it." for n in "abcdefghijklmnop"), REGARDING)
    left = by_hand("All stayed in regards to nothing.", ("stayed", "remained"))
    (candidate,) = learn(*(by_hand(text, REGARDING) for text in ABOUT), many, left).candidates
    assert str(candidate.evidence).endswith("; left alone in 1 place")
    assert [p.told for p in candidate.evidence.samples if p.kind == "left alone"] == [
        "4.txt:1 left alone: …All stayed [in regards to → regarding] nothing.…"
    ]


def test_something_else_made_of_the_words_speaks_against_an_edit(learn):
    other = by_hand("It came in regards to us.", ("in regards to", "about"))
    found = learn(*(by_hand(text, REGARDING) for text in ABOUT), other)
    assert found.candidates == []
    assert "made something else in 1" in found.nearest


def test_articles_without_decisions_say_nothing_of_what_was_left_alone(learn):
    unseen = record("All stayed in regards to nothing.")
    found = learn(*(by_hand(text, REGARDING) for text in ABOUT), (unseen, decided(unseen)))
    assert pairs(found) == [REGARDING]
    assert found.articles == 3


# What an edit is reduced to ------------------------------------------------------------------------------


def test_a_sentence_written_anew_is_reduced_to_the_words_that_differ(learn):
    texts = [
        f"{who} spoke in regards to the {what} of old." for who, what in zip("ABCDE", "vwxyz", strict=True)
    ]
    whole = [(text, text.replace(*REGARDING)) for text in texts]
    assert pairs(learn(*(by_hand(*(text, edit)) for text, edit in zip(texts, whole, strict=True)))) == [
        REGARDING
    ]


def test_the_texts_of_changes_and_flags_count_as_edits(learn):
    flagged = [(record(text, change("in regards to")), "0000") for text in ABOUT]
    offered = [(record(text, change("in regards to", "as regards", "suggest")), "0000") for text in ABOUT]
    articles = [
        (article, decided(article, (change_id, "edited", {"text": "regarding"})))
        for article, change_id in (*flagged, *offered)
    ]
    rest = [by_hand(text.split("\n")[1], REGARDING) for text in ABOUT]
    found = learn(*articles, *rest)
    assert found.edits == 6 + 2
    assert "“in regards to” → “regarding”, 8 times in 8 articles" in found.nearest


def test_an_edit_of_a_fix_is_learned_from_what_the_fix_left(learn):
    texts = ["one colour here", "a colour, two", "this colour too", "colour all", "of colour"]
    articles = []
    for text in texts:
        article = record(text, change("colour", "color"))
        articles.append((article, decided(article, ("0000", "edited", {"text": "hue"}))))
    assert pairs(learn(*articles)) == [("color", "hue")]


def test_a_capital_at_the_start_of_a_sentence_is_the_same_word(learn):
    texts = ["In regards to oil.", "In regards to rain.", *ABOUT[:2]]
    edits = [REGARDING, ("In regards to", "Regarding")]
    found = learn(*(by_hand(text, *edits) for text in texts))
    assert pairs(found) == [REGARDING]
    assert len(found.candidates[0].evidence.made) == 5


def test_numbers_are_never_learned(learn):
    texts = [f"{word} in 1403 it was." for word in ("Now", "And", "So", "But", "Yes")]
    found = learn(*(by_hand(text, ("1403", "2024")) for text in texts))
    assert (found.candidates, found.nearest) == ([], "")


def test_words_that_are_taken_out_take_their_space_with_them(learn):
    texts = ["a very good one", "the very long road", "it is very dear", "was very ill", "so very much"]
    found = learn(*(by_hand(text, ("very ", "")) for text in texts))
    assert pairs(found) == [("very", "")]
    (candidate,) = found.candidates
    assert candidate.rule.fixes["the very long road"] == "the long road"
    assert candidate.rule.message == "Editors take “very” out."


@pytest.mark.parametrize(
    "edit", [("of assembly", "of the assembly"), ("assembly", "the assembly"), ("of ", "of the ")]
)
def test_words_that_are_put_in_are_learned_with_their_neighbours(learn, edit):
    texts = [f"{who} of assembly {what}" for who, what in zip("ABCDE", "vwxyz", strict=True)]
    assert pairs(learn(*(by_hand(text, edit) for text in texts))) == [("of assembly", "of the assembly")]


def test_a_mark_is_learned_with_the_words_beside_it(learn):
    texts = [f"{who} left; however the {what} stayed" for who, what in zip("ABCDE", "vwxyz", strict=True)]
    found = learn(*(by_hand(text, ("however the", "however, the")) for text in texts))
    assert pairs(found) == [("however the", "however, the")]


def test_the_word_behind_or_before_is_added_where_the_words_alone_are_often_left(learn):
    texts = [
        f"They meet talks on {what}. We meet friends." for what in ("oil", "gas", "rain", "war", "bread")
    ]
    found = learn(*(by_hand(text, ("meet talks", "hold talks")) for text in texts))
    assert pairs(found) == [("meet talks", "hold talks")]
    assert "We meet friends." in found.candidates[0].rule.keeps
    texts = [f"They said do talk of {what}. We do work." for what in ("oil", "gas", "rain", "war", "bread")]
    found = learn(*(by_hand(text, ("said do", "said make")) for text in texts))
    assert pairs(found) == [("do talk", "make talk")]


def test_braces_are_texts_like_any_other(learn):
    found = learn(*(by_hand(text, ("in regards to", "{re}")) for text in ABOUT))
    assert found.candidates[0].rule.fixes["He spoke in regards to the plan."] == "He spoke {re} the plan."


# Names ---------------------------------------------------------------------------------------------------


def test_a_name_for_another_becomes_a_term(learn):
    texts = ["Ali Khamnei spoke.", "Then Khamnei left.", "Khamnei’s word", "of Khamnei", "and Khamnei"]
    found = learn(*(by_hand(text, ("Khamnei", "Khamenei")) for text in texts))
    assert pairs(found) == [("Khamnei", "Khamenei")]
    assert found.candidates[0].pair.name


def test_a_term_has_the_names_that_stand_beside_it_everywhere(learn):
    texts = [
        "The Water Councel met.",
        "Iran's Water Councel.",
        "a Water Councel",
        "Water Councel’s men",
        "or Water Councel",
    ]
    found = learn(*(by_hand(text, ("Councel", "Council")) for text in texts))
    assert pairs(found) == [("Water Councel", "Water Council")]


def test_the_termbase_is_read_by_pipeline_and_kept_apart_until_it_is_named(desk):
    for n, text in enumerate(
        ["Ali Khamnei spoke.", "Then Khamnei left.", "of Khamnei", "and Khamnei", "or Khamnei"]
    ):
        write(desk / "output", f"{n}", *by_hand(text, ("Khamnei", "Khamenei")))
    result = run("-o", "house/learned.yaml")
    assert result.exit_code == 0, result.output
    assert "Wrote house/learned.terms.csv: 1 term, not in use until" in result.stdout
    assert not Path("house/learned.yaml").exists()
    file = Path("house/learned.terms.csv")
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert row == {
        "term": "Khamnei",
        "preferred": "Khamenei",
        "level": "suggest",
        "note": "Editors changed it 5 times in 5 articles.",
        "source": "Ayşe",
    }
    ((span, term),) = Termbase.load([file]).found(Reading("He said Khamnei left."))
    assert (span, term.preferred) == (Span(8, 15), ("Khamenei",))
    assert Termbase.load([file.parent]).found(Reading("He said Khamnei left.")) == []


# What there is already -----------------------------------------------------------------------------------


def test_what_a_rule_offers_already_is_told_and_not_written(learn):
    texts = [f"{who} ships sail in Persian Gulf." for who in ("The", "Our", "Her", "His", "My")]
    found = learn(*(by_hand(text, ("in Persian", "in the Persian")) for text in texts))
    assert found.candidates == []
    (said,) = found.told
    assert said == (
        "“in Persian” → “in the Persian” needs no new rule, wording.missing-article-after-preposition has it"
        ": 5 times in 5 articles, by Ayşe."
    )


def test_what_the_termbase_offers_already_is_told_and_not_written(learn):
    texts = [f"{who} named the Haqani network." for who in ("Ann", "Ben", "Cem", "Don", "Eve")]
    found = learn(*(by_hand(text, ("Haqani", "Haqqani")) for text in texts))
    assert found.candidates == []
    assert "needs no new rule, terms." in found.told[0]


def test_a_rule_that_would_speak_in_an_example_of_another_says_so(learn):
    texts = ["one colour here", "a colour, two", "this colour too", "colour all", "of colour"]
    (candidate,) = learn(
        *(by_hand(text.replace("colour", "colourant"), ("colourant", "hue")) for text in texts)
    ).candidates
    assert candidate.fight == ""
    (candidate,) = learn(
        *(by_hand(text.replace("colour", "color"), ("color", "hue")) for text in texts)
    ).candidates
    assert candidate.fight.startswith(
        "Once it is on, 'rules check' will say that it speaks in an example of markup.style-declaration: …"
    )
    assert "[color → hue]" in candidate.fight


def test_names_of_which_the_termbase_wants_another_form_are_left_to_a_person(learn):
    texts = [
        "The Guard Councel met.",
        "a Guard Councel",
        "Guard Councel’s men",
        "or Guard Councel",
        "no Guard Councel",
    ]
    found = learn(*(by_hand(text, ("Councel", "Council")) for text in texts))
    assert found.candidates == []
    assert found.told[0].startswith(
        "“Guard Councel” → “Guard Council” is left to you, for other rules speak wherever it stands"
    )


def suggested(count, kind="accepted", rule="wording.after-compound", **more):
    """An article with so many suggestions of a rule, and what was decided about all of them."""
    article = record("x" * count, *(change("x", "y", "suggest", rule=rule, start=n) for n in range(count)))
    return article, decided(article, *((f"{n:04x}", kind, more) for n in range(count)))


def test_suggestions_that_are_always_accepted_propose_a_higher_level(learn):
    found = learn(*(suggested(12) for _ in range(3)))
    assert found.told == [
        "Suggestions of wording.after-compound were accepted as they are 36 times of 36, in 3 articles: "
        'under [levels] in pipeline.toml "wording.after-compound" = "fix" makes them without a question.'
    ]


@pytest.mark.parametrize(
    "articles",
    [
        [suggested(11)] * 3,
        [suggested(100)] * 2,
        [suggested(20), suggested(20), suggested(8, "rejected")],
        [suggested(20, text="z")] * 3,
        [suggested(20, rule="house.unknown")] * 3,
    ],
    ids=["too few", "in two articles", "some rejected", "with another text", "of no rule"],
)
def test_no_level_is_proposed_without_enough_evidence(learn, articles):
    assert learn(*articles).told == []


def test_a_bad_rule_is_told_with_the_texts_that_it_should_leave_alone(learn):
    article = record("One is so. “Two” is not. Three.", change("Two", "2", rule="a.b"))
    found = learn((article, decided(article, ("0000", "rejected", {"reason": "bad-rule"}))))
    assert found.told == [
        "a.b was called a bad rule; what it should leave alone:\n  keeps:\n  - “Two” is not."
    ]


# The file ------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def output(desk):
    """An output folder in which two edits were made again and again."""
    things = ("good", "old", "new", "long", "short")
    texts = [f"It is a truly {thing} thing." for thing in things]
    texts = [*(f"{about}\n\n{text}" for about, text in zip(ABOUT, texts, strict=False)), *texts[3:]]
    for n, text in enumerate(texts):
        edits = [REGARDING, *((f"truly {thing}", thing) for thing in things)]
        write(desk / "output", f"{n}", *by_hand(text, *edits, who="Ben" if n else "Ayşe"))
    return desk / "output"


def run(*arguments):
    return CliRunner().invoke(main, ["learn", *map(str, arguments)])


def check(*arguments):
    return CliRunner().invoke(main, ["rules", "check", *map(str, arguments)])


def test_the_file_passes_the_check_as_it_is_and_when_its_rules_are_switched_on(output):
    assert run("-o", "house/learned.yaml").exit_code == 0
    file = Path("house/learned.yaml")
    assert check(file).exit_code == 0
    off = check(file).output
    content = file.read_text(encoding="utf-8")
    assert content.count("  enabled: false\n") == 2
    file.write_text(content.replace("  enabled: false\n", ""), encoding="utf-8")
    switched_on = check(file)
    assert switched_on.exit_code == 0, switched_on.output
    assert int(switched_on.output.split()[0]) == int(off.split()[0]) + 2


def test_the_file_is_one_that_an_editor_program_finds_nothing_wrong_with(output):
    run("-o", "learned.yaml")
    content = yaml.safe_load(Path("learned.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(content)
    assert [rule["name"] for rule in content] == ["in-regards-to", "truly"]


def test_no_text_of_an_article_or_name_of_an_editor_breaks_the_file(desk):
    for n, text in enumerate(ABOUT):
        odd = text.replace("\n", "\u2028\x07 # - ' \" : {a}: \x85 \n")
        write(desk / "output", f"{n}", *by_hand(odd, REGARDING, who="A\n- name: b"))
    assert run("-o", "learned.yaml").exit_code == 0
    (rule,) = yaml.safe_load(Path("learned.yaml").read_text(encoding="utf-8"))
    assert rule["name"] == "in-regards-to"
    checked = check("learned.yaml")
    assert checked.exit_code == 0, checked.output


def test_the_file_has_evidence_examples_and_what_the_rules_would_do(output):
    Path("archive").mkdir()
    Path("archive/old.txt").write_text("Nothing.\nA word in regards to it.\n", encoding="utf-8")
    assert run("-o", "learned.yaml", "--articles", "archive").exit_code == 0
    lines = Path("learned.yaml").read_text(encoding="utf-8").splitlines()
    assert "# “in regards to” → “regarding”: 5 times in 3 articles, by Ayşe, Ben." in lines
    made = "#   output/0.txt:1 made: …He spoke [in regards to → regarding] the plan.⏎She asked in"
    assert any(line.startswith(made) for line in lines)
    assert "# In 1 article of archive, 7 words: 1 suggest; 142.86 per 1,000 words." in lines
    assert "#   archive/old.txt:2 suggest: …Nothing.⏎A word [in regards to → regarding] it.⏎…" in lines
    assert "    He spoke in regards to the plan.: He spoke regarding the plan." in lines
    assert "  - He was, with regards to bread, silent." in lines


def test_without_a_file_nothing_is_written(output):
    before = sorted(output.parent.rglob("*"))
    result = run()
    assert result.exit_code == 0
    assert "Rule: “in regards to” → “regarding”: 5 times in 3 articles, by Ayşe, Ben.\n" in result.stdout
    assert sorted(output.parent.rglob("*")) == before


def test_nothing_found_says_what_was_looked_at_and_what_was_nearest(desk):
    write(desk / "output", "0", *by_hand(ABOUT[0], REGARDING))
    result = run("-o", "learned.yaml")
    assert result.exit_code == 0
    assert result.stdout == (
        "Looked at 1 article with decisions and 2 edits by hand.\n\nNothing in them becomes a candidate. "
        "The nearest: “in regards to” → “regarding”, 2 times in 1 article; it needs 5 in 3.\n"
    )
    assert not Path("learned.yaml").exists()


def test_a_file_that_is_there_is_never_replaced(output):
    for name in ("learned.yaml", "learned.terms.csv"):
        Path(name).write_text("mine", encoding="utf-8")
        refused = run("-o", "learned.yaml")
        assert refused.exit_code == 2
        assert f"{name}: is there already; choose another name" in refused.stderr
        Path(name).unlink()
    assert "name it learned.yaml" in run("-o", "learned.txt").stderr


def test_what_cannot_be_read_is_named_and_the_rest_is_learned_from(output):
    Path("output/broken.changes.json").write_text("{", encoding="utf-8")
    result = run()
    assert result.exit_code == 3
    assert "Left out: output/broken.changes.json: not a record" in result.stderr
    assert "in regards to" in result.stdout


def test_decisions_that_claim_one_place_are_named_and_left_out(output):
    article = record("all of it here", change("all of"), change("of it"))
    both = decided(article, ("0000", "edited", {"text": "x"}), ("0001", "edited", {"text": "y"}))
    write(output, "both", article, both)
    result = run()
    assert result.exit_code == 3
    assert "Left out: article.txt: two texts written by hand claim one place" in result.stderr


def test_rules_of_the_desk_count_as_rules_that_there_are(output):
    run("-o", "house/learned.yaml")
    file = Path("house/learned.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("  enabled: false\n", ""), encoding="utf-8")
    Path("pipeline.toml").write_text('rules = ["house"]\n', encoding="utf-8")
    result = run()
    assert (
        "“in regards to” → “regarding” needs no new rule, house/learned.in-regards-to has it" in result.stdout
    )
    assert "Nothing in them becomes a candidate." in result.stdout


# Laws ----------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("a the of Iran oil 🙂 é very, so; up".split()), min_size=1, max_size=12)


@given(WORDS, st.data())
def test_the_words_that_differ_lead_from_the_cleaned_to_the_final_text(words, data):
    text = " ".join(words)
    starts = [m.start() for m in re.finditer(r"\S+", text)]
    decisions, changes = [], []
    for n, (start, word) in enumerate(zip(starts, words, strict=True)):
        kind = data.draw(st.sampled_from(["none", "hand", "fix", "suggest", "edited"]))
        if kind == "hand":
            place = Span(start, start + len(word))
            decisions.append(Decision(f"h{n}", "edited", f"{word} new", span=place, before=word))
        elif kind != "none":
            level = "suggest" if kind == "suggest" else "fix"
            changes.append({**change(word, f"new {word}", level, start=start), "id": f"c{n}"})
            decision = "edited" if kind == "edited" else data.draw(st.sampled_from(["accepted", "rejected"]))
            decisions.append(Decision(f"c{n}", decision, "other" if decision == "edited" else None))
    article = record(text, *changes)
    given = Decisions(article["source"]["sha256"], tuple(decisions))
    finished = Finished.of(Reviewed(Path("a.changes.json"), article, given))
    final = final_text(article, given)
    assert applied(finished.text, [(hunk.span, hunk.text) for hunk in finished.hunks]) == final
    assert finished.has(Span(0, len(finished.text)), final)


EDITS = [REGARDING, ("truly ", ""), ("of assembly", "of the assembly"), ("meet talks", "hold talks")]
PLAIN = st.sampled_from("oil rain bread people ships roads".split())


@settings(max_examples=30)
@given(
    st.sampled_from(EDITS), st.lists(st.tuples(PLAIN, PLAIN, PLAIN), min_size=5, max_size=9), st.booleans()
)
def test_learned_rules_make_the_edits_that_they_were_learned_from(edit, places, capitals):
    """Where nothing is left alone."""
    edits = [edit, tuple(text.capitalize() for text in edit)] if edit[1] and capitals else [edit]
    texts = [
        f"Then {a} {edits[n % len(edits)][0].strip()} {b}. {edits[-1][0].strip()} {c} of {a}."
        for n, (a, b, c) in enumerate(places)
    ]
    if edit == ("truly ", ""):
        texts = [f"Then {a} truly {b}, and {c} truly {a}." for a, b, c in places]
    articles = [by_hand(text, *edits) for text in texts]
    found = learned(reviewed(*articles), RuleSet((), ""), Settings())
    assert found.candidates
    for text, article in zip(texts, articles, strict=True):
        edits_of_rules = [e for c in found.candidates for e in c.rule.edits(Reading(text), Settings())]
        made = Document(text).edit(edits_of_rules)
        assert made.accept(made.changes) == final_text(*article)


def test_the_samples_of_the_workbench_and_of_the_evidence_look_alike():
    place = workbench.Place.of("a.txt", "one\ntwo three", Span(4, 7), "made", "2")
    assert place.told == "a.txt:2 made: …one⏎[two → 2] three…"
