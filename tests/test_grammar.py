"""Both engines for real: what they find and where, the table that judges them, and how they get here."""

import json
import os
import shutil
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from engines import ENGINES, LANGUAGETOOL, found, needs_languagetool, processes, server

from pipeline.dictionary import Dictionary, dictionaries
from pipeline.errors import PipelineError
from pipeline.grammar import SERVER_VARIABLE, Grammar, Match, edits, install, load_table, unlisted
from pipeline.grammar.keeper import Java
from pipeline.grammar.languagetool import properties
from pipeline.grammar.spelling import JOINT, asked, believed, doubtful, is_slip
from pipeline.grammar.table import rule_ids
from pipeline.rulefiles import shipped
from pipeline.settings import LANGUAGES
from pipeline.text import Level, Span

TABLE = load_table([shipped()])
ENTRIES = [(rule, judgement) for rule, judgement in TABLE.items() if judgement.fixes or judgement.flags]


@pytest.fixture(scope="module")
def engines():
    """Engines by name, each started once for all tests that only ask it."""
    running = {}

    def engine(name):
        if name not in running:
            running[name] = Grammar(name)
        return running[name]

    yield engine
    for grammar in running.values():
        grammar.close()


@pytest.fixture(autouse=True)
def _no_server(monkeypatch):
    monkeypatch.delenv(SERVER_VARIABLE, raising=False)


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def with_first_replacements(text, proposed):
    for edit in sorted(proposed, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


# What the engines find, and where


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "before",
    [
        "",
        "🙂 👩‍👩‍👧 🇮🇷 and 𝒙\n\n",
        "آبان ۱۴۰۳، تهران.\n\n",
        "e\u0301 \u202bx\u202c\u00ad\ufeff\n\n",
        "one\r\ntwo\r\n\r\n",
        "\udc00\x00\n\n",
    ],
    ids=["nothing", "emoji", "Persian", "marks", "CRLF", "a lone surrogate"],
)
def test_offsets_are_code_points_whatever_stands_before(engines, name, before):
    text = f"{before}Yesterday she have a 🙂 visitor. Today it seem that he left."
    assert ("HE_VERB_AGR", "have") in found(engines(name), text)
    assert ("IT_VBZ", "seem") in found(engines(name), text)


@pytest.mark.parametrize("name", ENGINES)
def test_names_their_engine_and_its_version(engines, name):
    _, status = engines(name).check("All is well.")
    assert (status.engine, status.version) == {
        "languagetool": ("languagetool", "6.8"),
        "embedded": ("lingotweaker", __import__("importlib.metadata").metadata.version("lingotweaker")),
    }[name]
    assert status.checked
    assert status.why_not is None


@pytest.mark.parametrize("name", ENGINES)
def test_a_text_without_words_has_no_matches(engines, name):
    assert found(engines(name), "") == []
    assert found(engines(name), "\n\n") == []


def test_an_engine_that_is_started_runs_before_the_first_text():
    before = processes()
    with Grammar("embedded") as grammar:
        grammar.start()
        started = processes() - before
        assert len(started) == 2  # one checks, one spells
        grammar.check("They was here.")
        assert processes() - before == started


@pytest.mark.parametrize("name", ENGINES)
def test_a_long_text_is_checked_in_parts_cut_at_line_ends(engines, name):
    line = "The delegation returned to the capital in the evening.\n"
    text = line * 1300 + "Then it seem that 🙂 he left.\n"
    assert found(engines(name), text)[-1] == ("IT_VBZ", "seem")


SAMPLE = """The delegation have visit the capital twice, and it seem that the the talks failed.
“We are agree with this plan, he said. Nothing was agreed ,however.
آبان ۱۴۰۳ 🙂 The officials has announced an new plan... Two soldier was killed.
He arrived in Monday, three year ago, and he didn't knew the answer.
"""


@needs_languagetool
def test_both_engines_say_the_same_but_for_ellipses(engines):
    text = SAMPLE + "\n".join(old for _, judgement in ENTRIES for old, _ in judgement.fixes)
    both = [set(engines(name).check(text)[0]) for name in ("languagetool", "embedded")]
    places = [{(match.rule, match.span) for match in matches} for matches in both]
    assert len(places[0]) > 60
    assert {rule for rule, _ in places[0] ^ places[1]} <= {"EN_ELLIPSIS"}


@needs_languagetool
def test_both_engines_say_the_same_of_the_real_article_and_offer_nothing(engines, shared):
    text = (shared / "seed" / "article.txt").read_text(encoding="utf-8")
    said = [found(engines(name), text) for name in ("languagetool", "embedded")]
    assert said[0] == said[1]
    assert edits(text, engines("embedded").check(text)[0], TABLE) == []


# The table


@pytest.mark.parametrize("name", ENGINES)
def test_every_rule_that_may_speak_mends_its_example_and_leaves_the_result_alone(engines, name):
    for rule, judgement in ENTRIES:
        for old, new in judgement.fixes:
            matches, _ = engines(name).check(old)
            same = tuple(f"grammar.{other}" for other in TABLE if TABLE[other] is judgement)
            mine = [
                edit for edit in edits(old, matches, TABLE) if edit.rule in same or "COMPOUNDS" in edit.rule
            ]
            assert with_first_replacements(old, mine) == new, rule
            assert edits(new, engines(name).check(new)[0], TABLE) == [], rule


@pytest.mark.parametrize("name", ENGINES)
def test_good_news_is_left_alone_but_for_real_slips(engines, name, shared):
    proposed = []
    # A part each, for the time; LanguageTool is slower, and both were shown to agree.
    every = {"languagetool": 8, "embedded": 3}[name]
    for file in sorted((shared / "clean-news").glob("*.txt"))[::every]:
        text = file.read_text(encoding="utf-8")
        matches, _ = engines(name).check(text)
        proposed += edits(text, matches, TABLE)
    assert all(edit.level is Level.SUGGEST for edit in proposed)
    assert len(proposed) <= 15  # in 42,034 words, each read and right


def test_the_table_of_the_package_names_rules_that_exist_and_gives_reasons():
    assert len(TABLE) > 100
    assert set(TABLE) <= rule_ids()
    assert all(judgement.reason for judgement in TABLE.values())
    assert all(judgement.level is not Level.FIX for judgement in TABLE.values())


def table_of(tmp_path, content):
    (tmp_path / "grammar.yaml").write_text(content, encoding="utf-8")
    return load_table([tmp_path])


def test_mistakes_in_a_table_are_told_with_their_lines_and_all_at_once(tmp_path):
    with pytest.raises(PipelineError) as error:
        table_of(
            tmp_path,
            "- rules: [HE_VERB_AGRE]\n  level: silent\n  reason: r\n"
            "- rules: [IT_VBZ]\n  level: loud\n  reason: r\n"
            "- rules: IT_VBZ\n  level: silent\n  reason: r\n"
            "- rules: [IT_VBZ]\n  levle: silent\n  reason: r\n"
            "- rules: [IT_VBZ]\n  level: suggest\n  only: '('\n  reason: r\n",
        )
    file = tmp_path / "grammar.yaml"
    assert f"{file}:1: LanguageTool has no rule 'HE_VERB_AGRE'; did you mean 'HE_VERB_AGR'?" in str(
        error.value
    )
    assert f"{file}:5: unknown level 'loud'" in str(error.value)
    assert f"{file}:7: 'rules' is not a sequence" in str(error.value)
    assert f"{file}:11: unknown key 'levle'; did you mean 'level'?" in str(error.value)
    assert f"{file}:10: an entry without 'level'; add it" in str(error.value)
    assert f"{file}:15: 'only' is not a pattern" in str(error.value)
    assert f"{file}:13: an entry without 'fixes'" in str(error.value)


def test_a_file_that_is_not_yaml_or_not_a_list_is_told_with_its_line(tmp_path):
    with pytest.raises(PipelineError, match=r"grammar\.yaml:3: .*; write it as YAML"):
        table_of(tmp_path, "- rules: [IT_VBZ]\n  level: 'silent\n")
    with pytest.raises(PipelineError, match=r"grammar\.yaml:1: not a list"):
        table_of(tmp_path, "rules: [IT_VBZ]\n")


def test_a_desk_s_own_table_overrides_the_one_of_the_package(tmp_path):
    (tmp_path / "grammar.yaml").write_text(
        "- rules: [HE_VERB_AGR]\n  level: silent\n  reason: we like it so\n", encoding="utf-8"
    )
    table = load_table([shipped(), tmp_path])
    assert table["HE_VERB_AGR"].level is None
    assert table["IT_VBZ"] == TABLE["IT_VBZ"]


def match(rule, start, end, *replacements):
    return Match(rule, Span(start, end), "message", replacements, "CATEGORY")


def test_a_suggestion_offers_five_texts_and_names_its_rule_and_engine():
    [edit] = edits("It seem so.", [match("IT_VBZ", 3, 7, *"seem a b c d e f".split())], TABLE, "LanguageTool")
    assert (edit.span, edit.replacement, edit.alternatives) == ((3, 7), "a", ("b", "c", "d", "e"))
    assert (edit.rule, edit.level, edit.source) == ("grammar.IT_VBZ", Level.SUGGEST, "LanguageTool")


def test_a_suggestion_without_a_text_is_a_flag():
    [edit] = edits("It seem so.", [match("IT_VBZ", 3, 7)], TABLE)
    assert (edit.replacement, edit.level) == (None, Level.FLAG)


def test_silent_and_unlisted_rules_and_places_across_lines_propose_nothing():
    text = "It seem so, said the\nthe man."
    matches = [
        match("EN_UNPAIRED_QUOTES", 0, 2, "x"),
        match("NEW_RULE_OF_A_NEWER_SERVER", 0, 2, "x"),
        match("ENGLISH_WORD_REPEAT_RULE", 17, 24, "the"),
    ]
    assert edits(text, matches, TABLE) == []
    assert unlisted(matches, TABLE) == {"NEW_RULE_OF_A_NEWER_SERVER": 1}


def test_an_id_made_for_one_word_goes_by_its_family():
    [edit] = edits("a co - author", [match("EN_COMPOUNDS_CO_AUTHOR", 2, 13, "co-author")], TABLE)
    assert edit.rule == "grammar.EN_COMPOUNDS_CO_AUTHOR"


# Spelling


@pytest.mark.parametrize("name", ENGINES)
def test_a_small_word_that_lacks_a_letter_is_offered_and_no_name_is(engines, name):
    text = "🙂 Sajad of Kalardeh had breakast in Tehreek; the temperment of the tomans honours the bakufu."
    assert found(engines(name), text) == [
        ("MORFOLOGIK_RULE_EN_US", "breakast"),
        ("MORFOLOGIK_RULE_EN_US", "temperment"),
    ]


def test_words_are_doubtful_only_in_lower_case_alone_and_unlike_a_name():
    assert doubtful("Said “beteen.”") == {"beteen": 6}
    assert doubtful("The Kabulian kabulian met bazaari and bazaari.") == {}
    assert (
        doubtful("At example.org/thinngs, a-bazaari, <i>bazaaro</i>, x_bazaari, bazaare.org, l'asile") == {}
    )


def test_only_words_that_no_dictionary_has_and_that_are_near_one_it_has_are_asked_about():
    text = "The centre of the programme had breakast with the temperment of gorounds and bakufu lords."
    assert asked(text, "en-US") == asked(text, "en-ZA") == {"breakast": 32, "temperment": 50}
    assert asked("Their recieve and their goverment.", "en-GB") == {"recieve": 6, "goverment": 24}


def test_without_dictionaries_every_doubtful_word_is_asked_about(monkeypatch):
    monkeypatch.setattr("pipeline.grammar.spelling.dictionaries", dict)
    assert asked("The centrez of the bakufox.", "en-US") == {"centrez": 4, "bakufox": 19}


def test_a_file_that_is_no_dictionary_is_left_out(tmp_path):
    file = tmp_path / "en_US.dict"
    assert Dictionary.read(file) is None
    for content in (b"", b"words\n", b"\\fsa\xc6\x00\x07\x20"):
        file.write_bytes(content)
        assert Dictionary.read(file) is None


def test_the_dictionaries_know_what_the_speller_knows_and_find_its_slips(shared):
    from pipeline.grammar.embedded import Embedded

    words = set()
    for file in (*(shared / "clean-news").glob("*.txt"), *(shared / "articles").glob("*.txt")):
        words |= set(doubtful(file.read_text(encoding="utf-8")))
    joined = JOINT.join(sorted(words))
    speller = Embedded("en-US", 1, None)
    matches = {joined[m.span.start : m.span.end]: m for m in speller.spell(joined, alone=False)}
    speller.close()
    known = {word for word in words if word in dictionaries()["en-US"]}
    assert len(known) > 3000
    assert not known & set(matches)
    wanted = {
        word
        for word, match in matches.items()
        if believed({word: 0}, [replace(match, span=Span(0, len(word)))])
    }
    assert len(wanted) >= 3
    assert all(word in asked(word, "en-US") for word in wanted)


def test_a_slip_is_one_letter_left_out_or_two_swapped():
    assert is_slip("beteen", "between")
    assert is_slip("goverment", "government")
    assert is_slip("recieve", "receive")
    assert not is_slip("traveled", "travelled")
    assert not is_slip("matric", "matrix")
    assert not is_slip("tomans", "Romans")
    assert not is_slip("cowpoke", "cow poke")


# Which engine


def test_auto_without_languagetool_takes_the_embedded_engine(empty_home):
    with Grammar("auto") as grammar:
        assert grammar.check("It seem so.")[1].engine == "lingotweaker"
    assert grammar.notice is None


@needs_languagetool
def test_auto_takes_languagetool_where_it_is_set_up():
    with Grammar("auto") as grammar:
        assert grammar.status.engine == "languagetool"


def test_auto_without_any_engine_says_why_grammar_was_not_checked(empty_home, monkeypatch):
    monkeypatch.setattr("pipeline.grammar.find_spec", lambda name: None)
    with Grammar("auto") as grammar:
        matches, status = grammar.check("It seem so.")
    assert (matches, status.engine, status.checked) == ([], None, False)
    assert "no grammar engine is installed" in status.why_not


def test_an_engine_asked_for_by_name_that_is_not_there_is_an_error_that_says_how_to_get_it(
    empty_home, monkeypatch
):
    with pytest.raises(PipelineError, match="pipeline setup"):
        Grammar("languagetool")
    monkeypatch.setattr("pipeline.grammar.find_spec", lambda name: None)
    with pytest.raises(PipelineError, match="pip install lingotweaker"):
        Grammar("embedded")


def test_a_language_without_rules_is_an_error():
    with pytest.raises(PipelineError, match="use one of en-US"):
        Grammar("embedded", language="fa")


def test_a_server_that_does_not_answer_is_an_error():
    with pytest.raises(PipelineError, match=r"No LanguageTool server answers at http://127\.0\.0\.1:9;"):
        Grammar("auto", server="http://me:secret@127.0.0.1:9/v2/")
    with pytest.raises(PipelineError, match="is not the URL of a server"):
        Grammar("auto", server="localhost:9")
    with pytest.raises(PipelineError, match="needs LanguageTool"):
        Grammar("embedded", server="http://127.0.0.1:9")


@needs_languagetool
def test_a_real_server_is_used_announced_and_left_running_and_its_rules_are_those_we_ship(monkeypatch):
    java = Java(str(LANGUAGETOOL), [], properties(2))
    try:
        java.wait_for_port()
        url = java.url
        monkeypatch.setenv(SERVER_VARIABLE, f"{url}/v2/")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        with Grammar("auto", language="en-GB") as grammar:
            assert grammar.notice == f"The article is sent to the LanguageTool server at {url}."
            matches, status = grammar.check("It seem so.")
        assert (status.engine, status.version, [found.rule for found in matches]) == (
            "languagetool",
            "6.8",
            ["IT_VBZ"],
        )
        ids = set()
        for language in LANGUAGES:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{url}/v2/configinfo?language={language}") as answer:
                ids |= {f"{rule['ruleId']}\t{rule['categoryId']}" for rule in json.load(answer)["rules"]}
        shipped_ids = (
            Path(install.__file__).with_name("rule_ids.txt").read_text(encoding="ascii").splitlines()
        )
        assert ids == set(shipped_ids)
    finally:
        java.kill()
        java.process.wait()


# Setting LanguageTool up


@pytest.fixture
def jars_folder(tmp_path):
    """A folder with every jar, as someone without a connection would have it."""
    folder = tmp_path / "jars" / "below"
    folder.mkdir(parents=True)
    for jar in install.jars():
        (folder / jar.name).symlink_to(LANGUAGETOOL / jar.name)
    return folder


def damage(jar):
    content = bytearray(jar.read_bytes())
    content[len(content) // 2] ^= 1
    jar.unlink()
    jar.write_bytes(content)


@needs_languagetool
def test_setup_from_a_folder_installs_checks_itself_and_is_removed_again(empty_home, jars_folder):
    seen = []
    folder = install.setup(jars_folder.parent, progress=lambda done, whole: seen.append((done, whole)))
    assert folder == install.installed() == empty_home / "languagetool-6.8"
    assert seen[-1] == (install.size(), install.size()) == (45_912_531, 45_912_531)
    assert install.doctor()[0].advice is None
    jar = folder / "language-en-6.8.jar"
    damage(jar)
    assert install.installed()  # the size is right; doctor looks closer
    assert "language-en-6.8.jar" in install.doctor()[0].state
    jar.write_bytes(b"")
    assert install.installed() is None
    assert install.remove() == folder
    assert install.remove() is None
    assert not any(empty_home.iterdir())
    assert "pipeline setup" in install.doctor()[0].advice


@needs_languagetool
def test_a_damaged_or_missing_jar_leaves_nothing_behind(empty_home, jars_folder):
    damage(jars_folder / "language-en-6.8.jar")
    with pytest.raises(PipelineError, match=r"language-en-6\.8\.jar is not the file"):
        install.setup(jars_folder)
    (jars_folder / "language-en-6.8.jar").unlink()
    with pytest.raises(PipelineError, match=r"lacks language-en-6\.8\.jar; copy all 48"):
        install.setup(jars_folder)
    assert not any(empty_home.iterdir())


@needs_languagetool
def test_a_download_from_a_mirror_survives_one_broken_file(empty_home, monkeypatch):
    broken = []

    def mirror(path, body):
        jar = LANGUAGETOOL / path.rpartition("/")[2]
        if not jar.exists():
            return 404, b""
        content = jar.read_bytes()
        if jar.name == "segment-2.0.3.jar" and not broken:
            broken.append(jar)
            return 200, content[:1000], len(content)
        return 200, content

    seen = []
    with server(mirror) as url:
        monkeypatch.setenv(install.MIRROR_VARIABLE, url)
        monkeypatch.setattr(install, "_self_test", lambda folder: None)  # proved above, six seconds
        install.setup(progress=lambda done, whole: seen.append(done))
    assert broken
    assert install.installed()
    assert seen[-1] == install.size()


def test_a_download_that_fails_leaves_nothing_behind_and_says_what_can_be_done(empty_home):
    with (
        server(lambda path, body: (404, b"")) as url,
        pytest.raises(PipelineError, match=r"could not be fetched: .* --from FOLDER"),
    ):
        install.setup(mirror=url)
    assert not any(empty_home.iterdir())


def test_a_folder_that_cannot_be_made_is_an_error_that_says_so(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path / "file"))
    with pytest.raises(PipelineError, match=r"cannot be kept in .* PIPELINE_HOME"):
        install.setup(tmp_path)


def test_what_a_killed_setup_left_is_cleared_once_it_is_old(empty_home):
    old, new = empty_home / "languagetool-6.8.old", empty_home / "languagetool-6.8.new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    install.remove()
    assert list(empty_home.iterdir()) == [new]
    shutil.rmtree(new)
