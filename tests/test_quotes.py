"""Quotation marks: what is put right, what is offered, what is only pointed out, and what is left alone."""

import pytest

from pipeline import rulefiles, stages
from pipeline.settings import Settings
from pipeline.text import Level


@pytest.fixture(scope="module")
def rules():
    return rulefiles.load()


def remarks(rules, text):
    document = stages.run(text, rules, Settings()).document
    found = [*document.changes, *document.flags]
    return [(c.level, text[slice(*c.span)], c.replacement) for c in found if c.edits[0].stage == "quotes"]


def cleaned(rules, text):
    return stages.run(text, rules, Settings()).document.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('They ask for"Swiss quality"watches.', 'They ask for "Swiss quality" watches.'),
        ('They made"returns"of"cheap"goods.', 'They made "returns" of "cheap" goods.'),
        ("The use of“cloud”tools grew.", "The use of “cloud” tools grew."),
        ('The so-called " experts " said so.', 'The so-called "experts" said so.'),
        ("He said ”hello“ to us.", "He said “hello” to us."),
        ("It opened a school' Hatokudo 'in Edo.", "It opened a school 'Hatokudo' in Edo."),
    ],
)  # fmt: skip
def test_certain_pairs_are_put_right_in_the_style_of_the_article(rules, text, expected):
    assert cleaned(rules, text) == expected


def test_a_speech_that_only_closes_is_offered_an_opening_mark_after_the_reporting_verb(rules):
    text = "The council wrote in a report on this: There is no way out. It will go on.” Then it fell silent."
    assert remarks(rules, text) == [(Level.SUGGEST, "There", "“There")]


def test_a_speech_that_only_opens_is_offered_a_closing_mark_before_the_next_speaker(rules):
    text = "Ono said, “We are proud of it. He added, “It gives us hope.”"
    assert remarks(rules, text) == [(Level.SUGGEST, "it.", "it.”")]


def test_only_the_certain_pair_of_a_muddle_is_put_right_and_the_rest_is_flagged(rules):
    text = 'The paper"Really in Japan now"managers"work is gone", it said of"cheap or bad"goods today.'
    assert [level for level, _, _ in remarks(rules, text)].count(Level.FLAG) == 1
    assert 'of "cheap or bad" goods' in cleaned(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "He is 6'2\" tall, has a 15\" screen, and rock 'n' roll in the '90s was 'til then James' own.",
        "“We are proud of it.\n“It gives us hope,” he said.",
        'He said: "We are proud of it.\nIt gives us hope," and left.',
        'He said "she called it \'peace\'" and "left".',
        '"...And so," he said (the "old" one), "we go—" "No!"',
        "Abu 'l-Hajjaj wrote of the boys' school and 'the end'.",
    ],
)
def test_good_quotation_marks_stay_without_a_word(rules, text):
    assert remarks(rules, text) == []
    assert cleaned(rules, text) == text


def test_marks_put_right_stay_as_they_are(rules):
    text = 'These 2 " materials (new)"and"spirit" meet. He called it ”peace" and left.'
    once = cleaned(rules, text)
    assert cleaned(rules, once) == once
