"""The desk as a program on this machine meets it: real processes, real sockets."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from records import change, record

from pipeline import outputs
from pipeline import record as records
from pipeline.desk.intake import safe
from pipeline.formats import Article
from pipeline.outputs import Outputs
from pipeline.review import store
from pipeline.review.decisions import Decision

MINE = "The goverment fell , and nobody knows why."


def clean(folder, name, text=MINE, *changes):
    """What a run leaves of an article: a fix, a suggestion and a flag, where nothing else is said."""
    changes = changes or (
        change("goverment", "government"),
        change("fell ,", "fell,", "suggest"),
        change("nobody knows"),
    )
    found = record(text, *changes, name=Path(name).name)
    outputs.save(Outputs.of(Path(name), folder), Article(Path(name).name, text, "utf-8"), found)
    return found


class Desk:
    """A running `pipeline review`, and a client of it that has the key."""

    def __init__(self, *arguments):
        command = [sys.executable, "-m", "pipeline", "review", "--no-browser", "--grammar", "off"]
        self.process = subprocess.Popen(
            [*command, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + self.process.stderr.read()
        self.address = found[0]
        self.port = urlsplit(self.address).port
        self.origin = f"http://127.0.0.1:{self.port}"
        way_in = self.ask("GET", self.address.removeprefix(self.origin), key=None)
        self.first = way_in.headers["Location"]
        self.cookie = way_in.headers["Set-Cookie"]
        self.home = re.search(r"Path=([^;]*)", self.cookie)[1]
        self.key = self.cookie.partition(";")[0]

    def ask(self, method, path, body=None, key="", **headers):
        """The answer to a request of a page, with its content; a header of None is not sent."""
        given = {"Host": f"127.0.0.1:{self.port}", "X_Pipeline": "1"}
        given |= {} if key is None else {"Cookie": key or self.key}
        given |= {"Origin": self.origin} if method == "POST" else {}
        given |= headers
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", self.home + path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", self.home + path, b"" if body is None else body, **headers)

    def articles(self):
        """The key of each article, by its name."""
        page = self.get("").content.decode()
        found = re.findall(r'/article/(\w+)"><bdi>(.*?)</bdi>', page)
        return {name: key for key, name in found}

    def end(self):
        self.process.kill()
        self.process.communicate()


def error(answer):
    return json.loads(answer.content)["error"]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    return tmp_path_factory.mktemp("output")


@pytest.fixture(scope="module")
def desk(output):
    clean(output, "first.txt")
    clean(output, "asia/second.txt", "Another goverment fell , and nobody knows more.")
    running = Desk(output)
    yield running
    running.end()


@pytest.fixture
def start():
    started = []

    def one(*arguments):
        started.append(Desk(*arguments))
        return started[-1]

    yield one
    for each in started:
        each.end()


# ---- who may come in ----------------------------------------------------------------------------------


def test_the_token_becomes_a_cookie_that_scripts_other_sites_and_other_servers_do_not_get(desk):
    assert re.fullmatch(
        rf"pipeline-{desk.port}=[\w-]{{43}}; HttpOnly; Path={re.escape(desk.home)}; SameSite=Strict",
        desk.cookie,
    )
    assert re.fullmatch(r"/[\w-]{16}/", desk.home)
    assert desk.first == desk.home


def test_nothing_is_to_be_had_without_the_token(desk):
    key = desk.articles()["first.txt"]
    for path in ("", f"article/{key}", f"article/{key}/next", "nowhere"):
        assert desk.get(path, key=None).status in (403, 404)
        assert desk.get(path, key=f"pipeline-{desk.port}=guessed").status in (403, 404)
    assert desk.post("brought?name=a.txt", b"A text.", key=None).status == 403
    assert desk.ask("GET", "/", key=None).status == 403
    assert desk.ask("GET", "/?token=guessed", key=None).status == 403
    assert desk.ask("GET", "/?token=%C3%A4%00", key=None).status == 403
    assert desk.get("").status == 200


def test_a_name_of_another_host_reaches_nothing_even_with_the_key(desk):
    for host in ("evil.example", f"evil.example:{desk.port}", "127.0.0.1", "127.0.0.1:1", ""):
        answer = desk.get("", Host=host)
        assert answer.status in (400, 421), host
        assert b"first.txt" not in answer.content
    assert desk.get("", Host=f"localhost:{desk.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"X_Pipeline": None},
    ],
)
def test_no_other_site_can_write_with_the_key_of_this_browser(desk, output, headers):
    before = sorted(output.rglob("*"))
    source = records.read(output / "first.changes.json")["source"]["sha256"]
    key = desk.articles()["first.txt"]
    entry = {"decided": [{"id": "0000", "decision": "rejected"}], "undone": []}
    assert desk.post(f"article/{key}/decisions/{source}", entry, **headers).status == 403
    assert desk.post("brought?name=evil.txt", b"A text.", **headers).status == 403
    assert sorted(output.rglob("*")) == before


def test_no_other_site_is_led_to_or_told_what_is_here(desk):
    for site in ("cross-site", "same-site"):
        assert desk.get("", Sec_Fetch_Site=site).status == 403
    preflight = desk.ask("OPTIONS", desk.home + "brought", Origin="http://evil.example")
    assert not [name for name in preflight.headers if name.lower().startswith("access-control")]


def test_every_answer_tells_the_browser_to_keep_it_to_itself(desk, output):
    key = desk.articles()["first.txt"]
    source = records.read(output / "first.changes.json")["source"]["sha256"]
    for path in ("", f"article/{key}", f"article/{key}/decisions/{source}", "nowhere"):
        headers = desk.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Server" not in headers
    page = desk.get(f"article/{key}").content.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; connect-src 'self'; script-src 'sha256-")


def test_a_browser_is_started_with_an_address_that_is_good_once():
    from pipeline.desk.door import Door

    door = Door(80)
    once, lasting = (
        urlsplit(address).query.removeprefix("token=")
        for address in (door.address(once=True), door.address())
    )
    assert [door.opens(token) for token in (once, once, lasting, lasting)] == [True, False, True, True]


def test_what_is_too_large_is_refused_with_a_sentence(desk, output):
    before = sorted(output.rglob("*"))
    answer = desk.post("brought?name=large.txt", b"x" * ((32 << 20) + 1))
    assert answer.status == 413
    assert error(answer) == "This is too large: at most 32 MB can be brought at once."
    assert sorted(output.rglob("*")) == before


@pytest.mark.parametrize(
    "path",
    [
        "article/../first",
        "article/%2e%2e%2ffirst",
        "article/..%5cfirst",
        "article/first",
        "article//etc/passwd",
        "article/" + "0" * 16,
    ],
)
def test_an_address_is_no_path(desk, path):
    assert desk.get(path).status in (404, 405)


def test_a_name_that_is_brought_cannot_leave_the_folder(desk, output):
    for n, name in enumerate(("../../up.txt", "/etc/up.txt", "C:\\up.txt", "..\\up.txt", "a/b\0/up.txt")):
        answer = desk.post(f"brought?name={quote(name)}", f"Text number {n}.".encode())
        assert re.fullmatch(r"up(-\d)?\.txt", json.loads(answer.content)["name"])
    assert (output / "up-5.txt").exists()
    assert not (output.parent / "up.txt").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path, start):
    elsewhere = tmp_path / "elsewhere"
    clean(elsewhere, "secret.txt")
    folder = tmp_path / "output"
    clean(folder, "mine.txt")
    (folder / "secret.changes.json").symlink_to(elsewhere / "secret.changes.json")
    (folder / "more").symlink_to(elsewhere)
    (elsewhere / "outside.json").write_text("{}", encoding="utf-8")
    (folder / "mine.decisions.json").symlink_to(elsewhere / "outside.json")
    desk = start(folder)
    assert len(desk.articles()) == 2
    for key in desk.articles().values():
        answer = desk.get(f"article/{key}")
        assert answer.status == 409
        assert "is a link that leads out of" in error(answer)


# ---- articles and decisions ---------------------------------------------------------------------------


@pytest.fixture
def one(tmp_path, start):
    """A desk over one article: the desk, its folder, the record and what its addresses begin with."""

    class One:
        folder = tmp_path / "output"
        record = clean(folder, "mine.txt")
        source = record["source"]["sha256"]
        desk = start(folder)
        key = desk.articles()["mine.txt"]
        decisions = f"article/{key}/decisions/{source}"
        file = folder / "mine.decisions.json"

        @classmethod
        def decide(cls, *entries, undone=()):
            return cls.desk.post(cls.decisions, {"decided": list(entries), "undone": list(undone)})

        @classmethod
        def addresses(cls):
            page = cls.desk.get(f"article/{cls.key}").content.decode()
            found = json.loads(re.search(r'id="desk">(.*?)</script>', page)[1])
            return {name: value.removeprefix(cls.desk.home) for name, value in found.items()}

    return One


def test_a_decision_is_in_the_file_when_it_is_answered(one):
    entry = {
        "id": "0000", "decision": "rejected", "reason": "bad-rule", "text": None, "who": "Ana",
        "when": "2025-01-04T10:00:00Z", "comment": "No.",
    }  # fmt: skip
    answer = one.decide(entry)
    assert json.loads(answer.content)["decisions"][0].items() >= entry.items()
    assert json.loads(one.file.read_bytes()) == json.loads(answer.content)
    assert json.loads(one.desk.get(one.decisions).content) == json.loads(answer.content)
    assert json.loads(one.decide(undone=["0000"]).content)["decisions"] == []


def test_many_windows_lose_nothing_of_each_other(one):
    def decide(n):
        one.decide({"id": f"window-{n}", "decision": "accepted"})

    windows = [threading.Thread(target=decide, args=(n,)) for n in range(20)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert {d.id for d in store.load(one.file, one.source).decisions} == {f"window-{n}" for n in range(20)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"decided": 1, "undone": []}',
        b'{"decided": [], "undone": [1]}',
        b'{"decided": [{"id": "a", "decision": "perhaps"}], "undone": []}',
    ],
)
def test_what_is_no_decision_is_refused_and_changes_nothing(one, body):
    answer = one.desk.post(one.decisions, body)
    assert answer.status == 400
    assert error(answer).endswith(("again.", "edited"))
    assert not one.file.exists()


def test_a_page_of_an_older_text_can_no_longer_write(one):
    addresses = one.addresses()
    clean(one.folder, "mine.txt", "A new translation: the goverment fell , and nobody knows why.")
    answer = one.decide({"id": "0000", "decision": "accepted"})
    assert answer.status == 409
    assert error(answer) == "mine.txt was cleaned again since this page was opened; reload the page."
    assert not one.file.exists()
    assert one.desk.get(addresses["final"] + "?anyway=1").status == 409
    assert one.desk.get(one.addresses()["final"] + "?anyway=1").status == 200


def test_a_rerun_over_the_same_text_keeps_the_decisions_of_an_open_page(one):
    clean(one.folder, "mine.txt", MINE, change("goverment", "government"))
    assert one.decide({"id": "0000", "decision": "accepted"}).status == 200


def test_an_article_that_went_away_is_said_to_be_gone(one):
    (one.folder / "mine.changes.json").unlink()
    answer = one.decide({"id": "0000", "decision": "accepted"})
    assert (answer.status, error(answer)) == (404, "This article is not there any more; go back to the list.")


def test_decisions_that_cannot_be_read_are_told_and_left_alone_until_they_are_set_aside(one):
    one.file.write_text("{broken", encoding="utf-8")
    answer = one.decide({"id": "0000", "decision": "accepted"})
    assert answer.status == 400
    assert "mine.decisions.json:1: not JSON" in error(answer)
    assert one.file.read_text(encoding="utf-8") == "{broken"
    assert one.desk.get(f"article/{one.key}").status == 409
    assert (
        json.loads(one.desk.post(f"article/{one.key}/aside").content)["name"] == "mine.decisions.aside-1.json"
    )
    assert (one.folder / "mine.decisions.aside-1.json").read_text(encoding="utf-8") == "{broken"
    assert one.decide({"id": "0000", "decision": "accepted"}).status == 200
    assert one.desk.post(f"article/{one.key}/aside").status == 409


def test_decisions_about_another_text_are_told_and_left_alone(one):
    store.update(one.file, "0" * 64, [Decision("0000", "accepted")])
    kept = one.file.read_bytes()
    answer = one.decide({"id": "0001", "decision": "accepted"})
    assert answer.status == 409
    assert "is about another text" in error(answer)
    assert one.file.read_bytes() == kept
    page = one.desk.get("", X_Pipeline=None).content.decode()
    assert "is about another text" in page
    assert "Set its decisions aside" in page


def test_a_record_that_is_broken_is_listed_with_what_is_wrong(one):
    (one.folder / "bad.changes.json").write_text("{}", encoding="utf-8")
    half = {**one.record, "changes": [{"id": "0", "start": 0, "end": 0, "before": "", "made": False}]}
    (one.folder / "half.changes.json").write_text(records.dumped(half), encoding="utf-8")
    page = one.desk.get("").content.decode()
    assert "bad.changes.json: not a record of changes; run &#39;pipeline clean&#39; again" in page
    assert "half.changes.json: &#39;level&#39; is missing in the record" in page
    assert "Set its decisions aside" not in page


def test_the_final_text_follows_the_decisions_and_waits_for_the_flags(one):
    final = one.addresses()["final"]
    one.decide({"id": "0000", "decision": "rejected"}, {"id": "0001", "decision": "accepted"})
    answer = one.desk.get(final)
    assert answer.status == 409
    assert (
        error(answer) == "1 flag is undecided in mine.txt; decide them, or confirm that it is final anyway."
    )
    answer = one.desk.get(final + "?anyway=1")
    assert answer.content.decode() == "The goverment fell, and nobody knows why."
    assert answer.headers["Content-Disposition"] == "attachment; filename=mine.final.txt"
    one.decide({"id": "0002", "decision": "accepted"})
    assert one.desk.get(final).status == 200


def test_the_word_file_has_the_changes_tracked_and_waits_for_the_flags_too(one):
    word = one.addresses()["docx"]
    assert one.desk.get(word).status == 409
    answer = one.desk.get(word + "?anyway=1")
    assert answer.headers["Content-Disposition"] == "attachment; filename=mine.tracked.docx"
    with ZipFile(BytesIO(answer.content)) as file:
        assert b"<w:ins " in file.read("word/document.xml")


def test_a_word_file_is_brought_and_comes_back_as_one(one):
    document = Document()
    document.add_paragraph("The talks failed in the government; But in May they began again.")
    document.save(data := BytesIO())
    said = bring(one.desk, "talks.docx", data.getvalue())[1]
    page = one.desk.ask("GET", said["article"]).content.decode()
    final = json.loads(re.search(r'id="desk">(.*?)</script>', page)[1])["final"]
    content = one.desk.ask("GET", f"{final}?anyway=1").content
    (paragraph,) = Document(BytesIO(content)).paragraphs
    assert paragraph.text == "The talks failed in the government; but in May they began again."


def test_next_leads_to_what_is_undecided_and_then_to_the_list(one):
    clean(one.folder, "other.txt", "Nothing to do here, once more.", change("Nothing", "Something"))
    clean(one.folder, "done.txt", "All is well.", change("well", "good"))
    keys = one.desk.articles()
    store.update(
        one.folder / "done.decisions.json",
        records.read(one.folder / "done.changes.json")["source"]["sha256"],
        [Decision("0000", "accepted")],
    )

    def after(name):
        answer = one.desk.get(f"article/{keys[name]}/next")
        assert answer.status == 303
        return answer.headers["Location"].removeprefix(one.desk.home).removeprefix("article/")

    assert after("mine.txt") == keys["other.txt"]
    assert after("other.txt") == keys["mine.txt"]
    assert after("done.txt") == keys["mine.txt"]
    one.decide(*({"id": f"000{n}", "decision": "accepted"} for n in range(3)))
    assert after("other.txt") == ""


def test_the_list_says_who_decided_what_and_when(one):
    one.decide(
        {"id": "0000", "decision": "accepted", "who": "Ana", "when": "2025-01-04T10:00:00Z"},
        {"id": "0001", "decision": "accepted", "who": "Ben <b>", "when": "2025-02-04T10:00:00Z"},
    )
    page = one.desk.get("").content.decode()
    assert "Ben &lt;b&gt;, Ana" in page
    assert '<time datetime="2025-02-04T' in page
    assert "2 of 3 changes decided" in page


# ---- bringing texts and decisions ---------------------------------------------------------------------


def bring(desk, name, data):
    answer = desk.post(f"brought?name={quote(name)}", data)
    return answer.status, json.loads(answer.content)


def test_a_text_is_cleaned_and_its_results_are_those_of_clean(one):
    text = "The talks failed in the government; But in May they began again.\n"
    status, said = bring(one.desk, "talks.txt", text.encode())
    assert (status, said["name"], said["said"]) == (200, "talks.txt", "is cleaned.")
    assert one.desk.ask("GET", said["article"]).status == 200
    assert (one.folder / "talks.txt").read_text(encoding="utf-8") == text.replace("But", "but")
    assert (one.folder / "talks.review.html").exists()


def test_a_name_that_is_taken_gets_a_number_and_a_text_that_is_there_is_opened(one):
    assert bring(one.desk, "mine.txt", b"Another text.")[1]["name"] == "mine-2.txt"
    assert bring(one.desk, "mine.md", b"A third text.")[1]["name"] == "mine-3.md"
    assert records.read(one.folder / "mine-3.changes.json")["source"]["name"] == "mine-3.md"
    said = bring(one.desk, "renamed.txt", MINE.encode())[1]
    assert (said["name"], said["said"]) == ("mine.txt", "is here already, with this text.")
    assert bring(one.desk, "pipeline-failed.txt", b"Who failed?")[1]["name"] == "pipeline-failed-2.txt"


@given(st.text(st.characters(categories=("L", "M", "N", "P", "Z", "C", "So")), max_size=300))
def test_whatever_a_text_is_called_its_name_is_one_in_the_folder(name):
    kept = safe(f"{name}.txt")
    assert kept == PurePosixPath(kept).name == PureWindowsPath(kept).name
    assert kept.endswith(".txt")
    assert not kept.startswith(".")
    assert len(kept.encode()) <= 200
    assert safe(kept) == kept


def test_what_is_no_article_is_refused_with_a_sentence(one):
    before = sorted(one.folder.iterdir())
    for name, data, why in (
        ("photo.jpg", b"\xff\xd8", "photo.jpg: is no article that can be read; give .txt, .md"),
        ("empty.txt", b" \n", "empty.txt: there is no text in it; give an article"),
        ("binary.txt", b"a\0\xff\xfeb", "binary.txt: "),
        ("", b"text", "article: is no article"),
    ):
        status, said = bring(one.desk, name, data)
        assert status == 400
        assert said["error"].startswith(why)
    assert one.desk.post("brought?name=a.txt&date=yesterday", b"Text.").status == 400
    assert sorted(one.folder.iterdir()) == before


def test_decisions_of_an_offline_page_find_their_article_and_the_newer_one_wins(one):
    one.decide(
        {"id": "0000", "decision": "accepted", "when": "2025-03-01T10:00:00Z"},
        {"id": "0001", "decision": "accepted", "when": "2025-01-01T10:00:00Z"},
    )
    brought = {
        "version": 1,
        "source": one.source,
        "decisions": [
            {"id": f"000{n}", "decision": "rejected", "when": "2025-02-01T10:00:00Z"} for n in range(3)
        ],
    }
    answer = one.desk.post("brought?name=offline.decisions.json", brought)
    said = json.loads(answer.content)
    assert said["name"] == "mine.txt"
    assert said["said"].startswith("has 2 of the 3 decisions of offline.decisions.json; 1 stayed")
    kept = {d.id: d.decision for d in store.load(one.file, one.source).decisions}
    assert kept == {"0000": "accepted", "0001": "rejected", "0002": "rejected"}
    answer = one.desk.post("brought?name=other.decisions.json", {**brought, "source": "0" * 64})
    assert answer.status == 404
    assert error(answer).startswith("other.decisions.json: no article here has the text")
    assert one.desk.post("brought?name=broken.json", b"{").status == 400


@pytest.mark.parametrize(
    ("name", "given", "final"),
    [
        (
            "talks.md",
            "# Talks\n\nThe *talks* failed in the government; But in May they began again.\n",
            b"# Talks\n\nThe *talks* failed in the government; but in May they began again.\n",
        ),
        (
            "talks.html",
            "<html><body><article><h1>Talks</h1><p>The <b>talks</b> failed in the government; But in May "
            "they began again, and nobody in the town was told of it before the summer.</p></article></body>",
            b"<b>talks</b> failed in the government; but in May they began again",
        ),
    ],
)
def test_markup_that_is_brought_comes_back_in_the_final_text(one, name, given, final):
    said = bring(one.desk, name, given.encode())[1]
    page = one.desk.ask("GET", said["article"]).content.decode()
    address = json.loads(re.search(r'id="desk">(.*?)</script>', page)[1])["final"]
    answer = one.desk.ask("GET", f"{address}?anyway=1")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=talks.final{Path(name).suffix}"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert final in answer.content


def test_a_word_file_that_an_editor_worked_on_brings_its_decisions(one):
    word = one.desk.get(one.addresses()["docx"] + "?anyway=1").content
    opened = Document(BytesIO(word))
    (inserted,) = opened.element.iter(qn("w:ins"))
    (deleted,) = opened.element.iter(qn("w:del"))
    deleted.getparent().remove(deleted)  # as Word does where the change is accepted
    inserted.getparent().replace(inserted, inserted[0])
    opened.save(data := BytesIO())
    status, said = bring(one.desk, "mine.tracked (1).docx", data.getvalue())
    assert (status, said["name"]) == (200, "mine.txt")
    assert (
        said["said"] == "is as mine.tracked (1).docx has it: 1 accepted, 0 rejected, 0 edited, 2 undecided."
    )
    assert [d.id for d in store.load(one.file, one.source).decisions] == ["0000"]
    assert not list(one.folder.glob("*.docx"))


# ---- the command --------------------------------------------------------------------------------------


def refused(*arguments):
    command = [sys.executable, "-m", "pipeline", "review", "--no-browser", "--grammar", "off"]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_ctrl_c_ends_it_with_a_sentence(one):
    one.desk.process.send_signal(signal.SIGINT)
    _, said = one.desk.process.communicate(timeout=30)
    assert said == "The desk is closed; every decision is in its file.\n"
    assert one.desk.process.returncode == 130


def test_what_cannot_be_opened_is_an_error_that_says_what_to_do(one, tmp_path):
    (tmp_path / "new.txt").write_text("A text.", encoding="utf-8")
    assert "nowhere: there is no such file or folder" in refused("nowhere")
    assert "there is no new.changes.json beside it; clean it" in refused(tmp_path / "new.txt")
    assert f"127.0.0.1:{one.desk.port}: cannot be used" in refused(one.folder, "--port", one.desk.port)


def test_without_a_folder_it_is_output_which_is_made(start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert start().articles() == {}
    assert list(Path("output").iterdir()) == []
    Path("output").rmdir()
    Path("output").write_text("A file.", encoding="utf-8")
    assert "output: cannot be made (File exists); name another folder" in refused()


@pytest.mark.parametrize("name", ["mine.changes.json", "mine.txt", "mine.review.html"])
def test_an_article_that_is_named_is_opened_itself(one, start, name):
    desk = start(one.folder / name)
    assert list(desk.articles()) == ["mine.txt"]
    assert desk.first == f"{desk.home}article/{desk.articles()['mine.txt']}"


def test_several_folders_are_one_list_and_new_articles_go_to_the_first(one, start, tmp_path):
    clean(tmp_path / "more", "mine.txt", "Another goverment.", change("goverment", "government"))
    desk = start(one.folder, tmp_path / "more")
    assert [Path(name).parts[-2:] for name in desk.articles()] == [
        ("more", "mine.txt"),
        ("output", "mine.txt"),
    ]
    bring(desk, "new.txt", b"A new text.")
    assert (one.folder / "new.txt").exists()
