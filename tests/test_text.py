"""The laws of documents, over random texts and edits."""

import itertools
import sys
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import Document, Edit, Level, Span

ALPHABET = "ab .“”\n\r\U0001f600é́سلام؛"
texts = st.text(alphabet=ALPHABET, max_size=40)


@st.composite
def edits_of(draw, text):
    edits = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 8)))
        level = draw(st.sampled_from(list(Level)))
        replacement = None if level is Level.FLAG else draw(st.text(alphabet=ALPHABET, max_size=5))
        alternatives = tuple(draw(st.lists(st.text(alphabet=ALPHABET, max_size=3), max_size=2)))
        edits.append(
            Edit(
                Span(start, end),
                replacement,
                f"rule-{len(edits)}",
                level,
                "why",
                alternatives if replacement else (),
            )
        )
    return edits


@st.composite
def histories(draw):
    """A source, and for each stage the document it was given with the edits it returned."""
    document = Document(draw(texts))
    history = []
    for _ in range(draw(st.integers(1, 4))):
        edits = draw(edits_of(document.text))
        history.append((document, edits))
        document = document.edit(edits)
    return history, document


def winners(text, edits):
    """The fixes that a stage makes: the leftmost of those that overlap, then the longest."""
    kept = []
    fixes = [e for e in edits if e.level is Level.FIX and text[slice(*e.span)] != e.replacement]
    for edit in sorted(fixes, key=lambda e: (e.span.start, -e.span.end)):
        if not any(k.span.overlaps(edit.span) or k.span == edit.span for k in kept):
            kept.append(edit)
    return kept


def by_hand(text, edits):
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


@given(histories())
def test_accepting_nothing_gives_the_source_and_accepting_what_is_made_gives_the_text(history):
    _, document = history
    assert document.accept(()) == document.source
    assert document.accept(c for c in document.changes if c.made) == document.text


@given(histories())
def test_changes_are_sorted_disjoint_and_inside_the_source(history):
    _, document = history
    for a, b in zip(document.changes, document.changes[1:], strict=False):
        assert a.span.end <= b.span.start
        assert not a.span.overlaps(b.span)
    for change in (*document.changes, *document.flags):
        assert 0 <= change.span.start <= change.span.end <= len(document.source)


@given(histories(), st.randoms())
def test_any_subset_of_changes_leaves_the_text_outside_it_untouched(history, random):
    _, document = history
    subset = [c for c in document.changes if random.random() < 0.5]
    text, at, shift = document.accept(subset), 0, 0
    for change in subset:
        assert text[at + shift : change.span.start + shift] == document.source[at : change.span.start]
        shift += len(change.replacement) - change.span.length
        at = change.span.end
    assert text[at + shift :] == document.source[at:]


@given(histories())
def test_an_edit_is_the_same_as_making_the_kept_fixes_by_hand(history):
    stages, _ = history
    for document, edits in stages:
        assert document.edit(edits).text == by_hand(document.text, winners(document.text, edits))


@given(texts, st.data())
def test_accepting_a_suggestion_gives_the_text_with_that_edit_made(text, data):
    document = Document(text)
    document = document.edit(data.draw(edits_of(document.text)))
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    edit = Edit(Span(start, end), data.draw(texts), "one", Level.SUGGEST, "why")
    edited = document.edit([edit])
    wanted = by_hand(document.text, [edit])
    assert edited.text == document.text
    if wanted == edited.text:
        return
    place = document.source_span(edit.span)
    if any(not c.made and (c.span.overlaps(place) or c.span == place) for c in document.changes):
        return  # it meets a suggestion of an earlier stage, and the two are offered as one
    assert wanted in {
        edited.accept(
            replace(c, replacement=offer) if c is one else c for c in edited.changes if c.made or c is one
        )
        for one in edited.changes
        for offer in (one.replacement, *(other.replacement for other in one.alternatives))
    }


@given(histories())
def test_what_no_change_touches_is_found_again_in_the_text(history):
    _, document = history
    ends = [0, *itertools.chain(*(change.span for change in document.changes)), len(document.source)]
    spans = [Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=True) if pair[0] < pair[1]]
    found = document.places(spans)
    assert [document.text[slice(*span)] for span in found] == [document.source[slice(*s)] for s in spans]
    assert found == sorted(found)


@given(histories())
def test_every_edit_that_changes_something_is_found_again(history):
    stages, _ = history
    for document, edits in stages:
        after = document.edit(edits)
        held = {e.rule for c in (*after.changes, *after.flags) for e in c.edits}
        held |= {a.edit.rule for c in after.changes for a in c.alternatives}
        for edit in edits:
            place = document.text[edit.span.start : edit.span.end]
            if edit.replacement != place and edit.rule not in held:
                # Only an edit whose text is offered already, or that undoes another, leaves no trace.
                others = [e.span for e in edits if e is not edit]
                met = any(edit.span.overlaps(other) or edit.span == other for other in others)
                source = document.source_span(edit.span)
                assert met or any(c.span.overlaps(source) for c in document.changes)


def test_what_merely_touches_stays_apart():
    document = Document("one two").edit(
        [
            Edit(Span(0, 3), "1", "a", Level.FIX, ""),
            Edit(Span(3, 4), "_", "b", Level.FIX, ""),
            Edit(Span(4, 4), "+", "c", Level.FIX, ""),
            Edit(Span(4, 7), "2", "d", Level.SUGGEST, ""),
        ]
    )
    assert document.text == "1_+two"
    assert [c.span for c in document.changes] == [(0, 3), (3, 4), (4, 4), (4, 7)]


def test_a_fix_beats_a_suggestion_and_keeps_it_as_an_alternative():
    document = Document("in Aban 1403 that").edit(
        [
            Edit(Span(0, 12), "last autumn", "vague", Level.SUGGEST, ""),
            Edit(Span(3, 12), "October–November 2024", "month", Level.FIX, ""),
        ]
    )
    (change,) = document.changes
    assert document.text == "in October–November 2024 that"
    assert (change.span, change.replacement) == (Span(0, 12), "in October–November 2024")
    assert [a.replacement for a in change.alternatives] == ["last autumn"]


def test_what_lies_in_a_deletion_loses_to_it_also_behind_an_insertion_at_its_start():
    document = Document("abcdef").edit(
        [
            Edit(Span(4, 4), "+", "at its start", Level.FIX, ""),
            Edit(Span(4, 6), "", "deletion", Level.FIX, ""),
            Edit(Span(5, 5), "-", "inside", Level.FIX, ""),
        ]
    )
    assert document.text == "abcd+"


def test_a_later_stage_extends_the_change_it_overlaps():
    document = Document("a b c").edit([Edit(Span(2, 3), "bee", "one", Level.FIX, "")])
    document = document.edit([Edit(Span(4, 6), "s", "two", Level.FIX, "")])
    (change,) = document.changes
    assert document.text == "a besc"
    assert (change.span, change.replacement) == (Span(2, 4), "bes")
    assert [e.rule for e in change.edits] == ["one", "two"]


def test_a_flag_over_a_made_change_covers_its_source():
    document = Document("a b c").edit([Edit(Span(2, 3), "bee", "one", Level.FIX, "")])
    document = document.edit([Edit(Span(3, 4), None, "look", Level.FLAG, "")])
    assert [f.span for f in document.flags] == [(2, 3)]


def test_the_fold_grows_with_the_edits_and_not_with_their_square():
    def calls(count):
        """How many functions the fold of two stages calls: the same number in every run."""
        document = Document("word " * count)
        edits = [Edit(Span(5 * i, 5 * i + 4), "edit", "r", Level.FIX, "") for i in range(count)]
        again = [Edit(Span(5 * i + 2, 5 * i + 5), "it.", "r", Level.SUGGEST, "") for i in range(count)]
        counter = itertools.count()
        sys.setprofile(lambda *_: next(counter))
        try:
            document.edit(edits).edit(again)
        finally:
            sys.setprofile(None)
        return next(counter)

    assert calls(4_000) < 12 * calls(400)
