"""The termbase, and one name in one spelling: what the rules' examples do not say by themselves."""

import time

import pytest

from pipeline.errors import PipelineError
from pipeline.finders.terms import spellings, terms, variants
from pipeline.reading import Reading
from pipeline.rulefiles import shipped
from pipeline.settings import Settings
from pipeline.terms import Term, Termbase

COLUMNS = "term,preferred,level,note,source\n"


@pytest.fixture
def termbase(tmp_path):
    def load(lines, name="desk"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "terms.csv").write_text(COLUMNS + lines, encoding="utf-8")
        return folder

    return load


def offered(text, *folders, finder=terms):
    settings = Settings(terms=Termbase.load(folders))
    return [
        (text[found.span.start : found.span.end], found.replacement)
        for found in finder(Reading(text), settings)
    ]


def test_a_term_is_offered_in_its_preferred_form_with_the_others_as_alternatives(termbase):
    folder = termbase("Guard Council,Guardian Council | the Council,suggest,A note.,AP\n")
    [found] = terms(Reading("The Guard Council met."), Settings(terms=Termbase.load([folder])))
    assert (found.replacement, found.alternatives) == ("Guardian Council", ("the Council",))
    assert (found.detail, found.source) == ("A note.", "AP")


def test_a_flagged_term_is_pointed_out_without_a_text(termbase):
    assert offered("A grouplet met.", termbase("grouplet,,flag,,\n")) == [("grouplet", None)]


def test_a_kept_term_shields_the_shorter_one_inside_it(termbase):
    folder = termbase("Tehran University,University of Tehran,suggest,,\nTehran University of Art,,keep,,\n")
    text = "Tehran University of Art and Tehran University"
    assert offered(text, folder) == [("Tehran University", "University of Tehran")]


def test_a_small_first_letter_also_stands_for_a_capital_and_keeps_it(termbase):
    folder = termbase("new crown virus,novel coronavirus,suggest,,\n")
    assert offered("New crown virus cases", folder) == [("New crown virus", "Novel coronavirus")]


def test_a_capital_in_a_term_is_asked_for(termbase):
    assert offered("the guard council", termbase("Guard Council,Guardian Council,suggest,,\n")) == []


@pytest.mark.parametrize("text", ["Guard\nCouncil", "Guard Councils", "Vanguard Council", "Guard-Council"])
def test_a_term_is_whole_words_in_one_line(termbase, text):
    assert offered(text, termbase("Guard Council,Guardian Council,suggest,,\n")) == []


def test_an_apostrophe_stands_for_a_curly_one(termbase):
    folder = termbase("Reporters' Club,Press Club,suggest,,\n")
    assert offered("the Reporters’ Club", folder) == [("Reporters’ Club", "Press Club")]


def test_offsets_are_code_points_also_behind_emoji_and_persian(termbase):
    folder = termbase("Guard Council,Guardian Council,suggest,,\n")
    assert offered("😀 شورا: Guard Council", folder) == [("Guard Council", "Guardian Council")]


def test_the_entry_of_a_later_folder_stands(termbase):
    first = termbase("Guard Council,Guardian Council,suggest,,\n", "first")
    second = termbase("Guard Council,Council of Guardians,suggest,,\n", "second")
    assert offered("Guard Council", first, second) == [("Guard Council", "Council of Guardians")]


def test_of_two_listed_spellings_the_usual_one_of_the_article_is_offered(termbase):
    folder = termbase("al-Qaida,al-Qaeda,variant,,AP\n")
    assert offered("al-Qaida, al-Qaida, al-Qaeda", folder, finder=variants) == [("al-Qaeda", "al-Qaida")]
    assert offered("al-Qaida alone, al-Qaida again", folder, finder=variants) == []


def test_of_two_terms_that_differ_in_their_first_letter_the_one_as_in_the_text_is_meant(termbase):
    folder = termbase("shari'a,sharia,suggest,,\nShari'a,Sharia,suggest,,\n")
    assert offered("Every Shari'a rule of shari'a.", folder) == [("Shari'a", "Sharia"), ("shari'a", "sharia")]


def test_names_that_differ_by_more_than_a_transliteration_are_two_names():
    text = "Rahimi and Rahmani met Karimi, Karami, Johnson, Johnston, Paulson and Poulsen."
    assert list(spellings(Reading(text), Settings())) == []


def test_a_plain_word_at_the_start_of_a_sentence_is_no_name():
    assert list(spellings(Reading("Travelers came. Travellers went. The travelers sang."), Settings())) == []


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("Guard Council,Guardian Council,sugest,,\n", "terms.csv:2: unknown level 'sugest'"),
        ("Guard Council,,suggest,,\n", "terms.csv:2: 'Guard Council' has no preferred form"),
        ("Guard Council,Guardian Council\n", "terms.csv:2: 2 cells instead of 5"),
        (",Guardian Council,suggest,,\n", "terms.csv:2: an entry without a term"),
    ],
)
def test_a_wrong_line_is_reported_with_file_and_line(termbase, lines, what):
    with pytest.raises(PipelineError, match=what):
        Termbase.load([termbase(lines)])


def test_all_wrong_lines_are_reported_at_once(termbase):
    with pytest.raises(PipelineError) as error:
        Termbase.load([termbase("a b,c,no,,\nd e,f,nor,,\n")])
    assert str(error.value).count("\n") == 1


def test_other_columns_are_refused(tmp_path):
    (tmp_path / "terms.csv").write_text("wrong,right\na,b\n", encoding="utf-8")
    with pytest.raises(PipelineError, match="the first line is not term,preferred,level,note,source"):
        Termbase.load([tmp_path])


def test_no_shipped_form_is_one_that_another_entry_advises_against():
    termbase = Termbase.load([shipped()])
    forms = {
        form for rows in termbase._by_word.values() for row in rows for form in Term._make(row).preferred
    }
    clashes = [
        (form, term.term)
        for form in forms
        for _, term in termbase.found(Reading(form))
        if term.level in ("suggest", "flag")
    ]
    assert clashes == []


def test_every_shipped_name_has_its_authority():
    termbase = Termbase.load([shipped()])
    terms = {Term._make(row) for rows in termbase._by_word.values() for row in rows}
    assert [
        t.term
        for t in terms
        if (t.level == "variant" and not t.source)
        or (t.level == "suggest" and t.term.istitle() and not (t.source or t.note))
    ] == []


def test_twenty_thousand_entries_cost_next_to_nothing(termbase):
    folder = termbase("".join(f"Zork{n} Council,Council {n},suggest,,\n" for n in range(20_000)))
    large, small = Termbase.load([folder]), Termbase([])
    reading = Reading("The council of the city met in Herat. " * 500)

    def seconds(terms):
        start = time.process_time()
        for _ in range(20):
            terms.found(reading)
        return time.process_time() - start

    assert seconds(large) < 3 * seconds(small) + 0.1
