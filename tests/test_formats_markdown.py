"""Markdown: the markup that is meant survives, debris goes, and the rules work in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from pipeline import Cleaner, stages
from pipeline.formats import decoded
from pipeline.formats.markdown import kept, structure
from pipeline.rulefiles import RuleSet
from pipeline.rules import Rule
from pipeline.settings import Settings
from pipeline.text import Level, Span, applied

ARTICLE = f"""---
title: "Helmand dispute; However it goes"
---

# The Helmand ; a river

By **Laleh Karimian** ; *Researcher of water policy*

The [treaty , however old](https://example.org/a?b=1 "The treaty , old") gives Iran water; However,
only a *part ; it is said* came in 2019-2022 .{"  "}
**The treaty , as it stands,** is old.

> We asked for our share; However, it was little.
> It did not come .

- First , it is `code ; However` and <kbd>Ctrl ; C</kbd>
  - nested &nbsp;item with ~~a word~~ , [ref] and [a name , too][ref]

| Year ; text | Water |
|-------------|------:|
| 2019 | 12-10 thousand people |

The dam color: white”> was opened</p> ** for all ** of them ![A dam; However](dam.png)
\\* and <https://e.org/a;b> [^1]

```
x = "the government; But in"
```

<div class="note; However">

A note; However, it is short.

</div>
<!-- A comment; However -->

[^1]: The note; However, it is a note .

[ref]: https://example.org/a;b "Title; However"
"""

CLEANED = f"""---
title: "Helmand dispute; However it goes"
---

# The Helmand; a river

By **Laleh Karimian** ; *Researcher of water policy*

The [treaty, however old](https://example.org/a?b=1 "The treaty , old") gives Iran water; However,
only a *part; it is said* came in 2019–2022.{"  "}
**The treaty, as it stands,** is old.

> We asked for our share; however, it was little.
> It did not come.

- First, it is `code ; However` and <kbd>Ctrl; C</kbd>
  - nested item with ~~a word~~ , [ref] and [a name, too][ref]

| Year; text | Water |
|-------------|------:|
| 2019 | 10,000–12,000 people |

The dam was opened
for all of them ![A dam; However](dam.png)
\\* and <https://e.org/a;b> [^1]

```
x = "the government; But in"
```

<div class="note; However">

A note; however, it is short.

</div>
<!-- A comment; However -->

[^1]: The note; however, it is a note.

[ref]: https://example.org/a;b "Title; However"
"""


@pytest.fixture(scope="module")
def cleaner():
    return Cleaner()


def cleaned(cleaner, text):
    return applied(text, made(cleaner.record(decoded("a.md", text.encode()))))


def made(record, levels=("fix",)):
    return [(Span(c["start"], c["end"]), c["after"]) for c in record["changes"] if c["level"] in levels]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_article_is_cleaned_between_its_markup(cleaner, ends):
    assert cleaned(cleaner, ARTICLE.replace("\n", ends)) == CLEANED.replace("\n", ends)


def marked(text):
    """The text with the places that are kept between ⟦ and ⟧."""
    for start, end in reversed(list(kept(text))):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text


@pytest.mark.parametrize(
    "text",
    [
        "a ⟦**⟧b ⟦*⟧c⟦***⟧ d ⟦~~⟧e⟦~~⟧ 2 * 3 * 4 snake_case_name",
        'a ⟦[⟧b ⟦**⟧c⟦**](d "e")⟧ f ⟦[⟧g⟦][h]⟧ ⟦[h]⟧ ⟦[h][]⟧ [i]\n\n⟦[h]: j⟧',
        "⟦![a *b*](c)⟧ ⟦`d`⟧ ⟦<e@f.g>⟧ ⟦\\*⟧ ⟦<b>⟧h⟦</b>⟧ i⟦<br>⟧j ⟦^[k]⟧l  ",
        "⟦# ⟧a⟦ #⟧\n\nb\n⟦===⟧\n⟦***⟧\n⟦1. ⟧c\n   d\n⟦2. - > ⟧e⟦  ⟧\n   f",
        "a⟦  ⟧\nb⟦\\⟧\nc \nd  ",
        "⟦| ⟧a⟦ | ⟧b⟦ |⟧\n⟦|---|---|⟧\n⟦| ⟧c⟦ | ⟧c⟦ |⟧\n⟦| a \\| b |⟧",
        "⟦    code⟧\n\n⟦~~~⟧\n⟦code⟧\n⟦~~~⟧\n\na\n\n⟦<div>⟧\n*b* ⟦<i>⟧c⟦</i>⟧\n⟦</div>⟧",
        "⟦<script>⟧\n⟦x⟧\n⟦</script>⟧\n\n⟦<!-- a⟧\n⟦b -->⟧\n\nc <div>\n\n</p>",
    ],
)
def test_the_places_that_are_kept_are_those_of_the_markup(text):
    assert marked(text.replace("⟦", "").replace("⟧", "")) == text


@pytest.mark.parametrize(
    "text", ["a **b without a partner", "a </p> b <div> c", "a ** b ** c", "a [b] (c) &nbsp; color: white”>"]
)
def test_what_makes_nothing_in_markdown_is_not_kept(text):
    assert marked(text) == text


def test_what_is_left_of_markup_goes_or_is_offered(cleaner):
    record = cleaner.record(decoded("a.md", b"It is **bold** and **broken now. It is\xc2\xa0</b>gone , too."))
    found = [(c["before"], c["after"], c["level"]) for c in record["changes"]]
    assert ("**", "", "suggest") in found
    assert ("</b>", "", "fix") in found


def test_a_change_that_would_break_the_markup_beside_it_is_left_out_and_told():
    keys = {"level": Level.FIX, "message": "…", "file": "x.yaml", "line": 1, "stage": "punctuation"}
    rule = Rule("x.spaces", pattern="(?<=e) |old", replace="", **keys)
    text = "the _old_ river and the **new** one, old"
    places = tuple(kept(text))
    result = stages.run(text, RuleSet((rule,), "hash"), Settings(), kept=places, structure=structure)
    assert result.document.text == "the _old_ river and the**new** one, "
    left = {note.message for note in result.notes if "left out" in note.message}
    assert left == {
        "“old” → “” is left out: it would break the markup around it.",
        "“ ” → “” is left out: it would break the markup around it.",
    }


def test_a_flag_may_lie_over_markup():
    keys = {"level": Level.FLAG, "message": "…", "file": "x.yaml", "line": 1, "stage": "damage"}
    rule = Rule("x.all", pattern="river.*old", **keys)
    text = "the river and the **new** one, old"
    result = stages.run(
        text, RuleSet((rule,), "hash"), Settings(), kept=tuple(kept(text)), structure=structure
    )
    assert [flag.span for flag in result.document.flags] == [Span(4, len(text))]


DAMAGED = """the river; However|it is here .|they , we|2019-2022|12-10 thousand people|60 %|But|said: “we are
Read more: the news|&nbsp;|&amp;|&lt;b&gt;|</p>|<b>|color: white”>|**x|** y **|_z|[a] (b)|*|`|\\|#|1.|- |>|“
سلام|👩‍👩‍👧|e\u0301"""
WORDS = st.sampled_from([*DAMAGED.replace("\n", "|").split("|"), "|"])
INLINE = st.recursive(
    WORDS,
    lambda words: st.one_of(
        st.builds(" ".join, st.lists(words, min_size=1, max_size=4)),
        st.builds("".join, st.lists(words, min_size=1, max_size=3)),
        st.builds("{1}{0}{1}".format, words, st.sampled_from(["**", "*", "_", "~~", "`", "***"])),
        st.builds("[{}]({})".format, words, st.sampled_from(["http://a.b/c;d", "<x y>", 'x "t; But"'])),
        st.builds("<{1}>{0}</{1}>".format, words, st.sampled_from(["b", "span", "sup"])),
        st.builds("![{}](i.png)".format, words),
        st.builds("{}[^1]".format, words),
        st.builds("[{}][ref]".format, words),
        st.builds("{}  \n{}".format, words, words),
    ),
    max_leaves=12,
)
BLOCKS = st.one_of(
    INLINE,
    st.builds(
        "{} {}".format, st.sampled_from(["#", "##", ">", "-", "1.", "*", "    ", "[^1]:", "[ref]:"]), INLINE
    ),
    st.builds("- {}\n- {}\n  {}".format, INLINE, INLINE, INLINE),
    st.builds("| {} | {} |\n|---|:-:|\n| {} | x |".format, INLINE, INLINE, INLINE),
    st.builds("```\n{}\n```".format, INLINE),
    st.builds("<div>\n{}\n</div>".format, INLINE),
    st.builds("{}\n---".format, INLINE),
)
TEXTS = st.builds("\n\n".join, st.lists(BLOCKS, min_size=1, max_size=5))
SOUP = st.text(st.sampled_from("ab *_~`[]()<>!#|-+\\\n\r\t&;:^1.\"'“é👩"), max_size=60)


def tokens(text):
    """What Markdown makes of a text: every token but words, line breaks, paragraphs and unpaired tags."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin)
    plain = ("inline", "text", "text_special", "softbreak", "paragraph_open", "paragraph_close")
    for block in parser.parse(text):
        for token in [block, *(block.children or ())]:
            if token.type not in plain and not token.type.startswith("html"):
                content = token.content if token.type in ("code_inline", "code_block", "fence") else ""
                yield token.type, token.attrs, content


@given(TEXTS | SOUP)
def test_kept_places_are_in_order_and_hold_something(text):
    end = 0
    for place in kept(text):
        assert end <= place.start < place.end
        end = place.end
    assert end <= len(text)


@settings(deadline=None)
@given(TEXTS)
def test_cleaning_keeps_what_markdown_makes_of_a_text(cleaner, text):
    if text.strip():
        record = cleaner.record(decoded("a.md", text.encode()))
        for levels in (("fix",), ("fix", "suggest")):
            assert list(tokens(applied(text, made(record, levels)))) == list(tokens(text))


def test_cleaning_a_cleaned_article_changes_nothing(cleaner):
    assert cleaned(cleaner, CLEANED) == CLEANED
