"""The desk as a web application: the list, the review pages, and what they ask for.

A page says in its addresses which text, or which run, it shows; what has changed on disk meanwhile is
answered with 409. Whoever sends `X-Pipeline` gets errors as JSON, everybody else as a page.
"""

import datetime
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from pipeline import carrying, exports, outputs
from pipeline import record as records
from pipeline.desk.door import HEADERS, NO_TOKEN, Door
from pipeline.desk.intake import Intake
from pipeline.desk.pages import desk_page, notice_page
from pipeline.desk.shelf import Entry, Shelf, key_of
from pipeline.errors import PipelineError
from pipeline.exports.returned import returned, source_of
from pipeline.record import Record
from pipeline.reports import numbered
from pipeline.review import decisions as decided
from pipeline.review import store
from pipeline.review.decisions import Decisions
from pipeline.review.page import page

LARGEST = 32 << 20
"""Bytes of a request: a Word file with its pictures."""
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address is not for that.",
    413: f"This is too large: at most {LARGEST >> 20} MB can be brought at once.",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the application works with."""

    door: Door
    shelf: Shelf
    intake: Intake
    who: str
    """Whose decisions are made here; empty where nobody said."""


outside = Blueprint("outside", __name__)
inside = Blueprint("inside", __name__)
"""What needs a key."""


def application(desk: Desk) -> Flask:
    """The web application of a desk."""
    app = Flask("pipeline.desk", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.extensions["pipeline.desk"] = desk
    app.register_blueprint(outside)
    app.register_blueprint(inside, url_prefix=desk.door.home)
    app.before_request(_refuse_strangers)
    app.after_request(_guarded)
    app.register_error_handler(HTTPException, lambda error: _told(_sentence(error), error.code or 500))
    app.register_error_handler(store.OtherSourceError, lambda error: _told(str(error), 409))
    app.register_error_handler(PipelineError, lambda error: _told(str(error), 400))
    app.register_error_handler(Exception, _fault)
    return app


def _desk() -> Desk:
    return cast(Desk, current_app.extensions["pipeline.desk"])


def _refuse_strangers() -> None:
    if why := _desk().door.stranger(request):
        abort(421, why)


@inside.before_request
def _refuse() -> None:
    if why := _desk().door.refusal(request):
        abort(403, why)


def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@outside.get("/")
def enter() -> Answer:
    """The way in, for whoever has the token."""
    door = _desk().door
    if not door.opens(request.args.get("token", "")):
        abort(403, NO_TOKEN)
    key = request.args.get("article")
    response = redirect(url_for("inside.article", key=key) if key else url_for("inside.home"), 303)
    door.give_key(response)
    return response


@inside.get("/")
def home() -> Response:
    """The list of all articles."""
    return _page(desk_page(_desk().shelf.entries(), _desk().intake.notice, LARGEST))


@inside.get("/article/<key>")
def article(key: str) -> Response:
    """The review page of an article, made from its record as it is now."""
    entry = _entry(key)
    if entry.trouble:
        abort(409, entry.trouble)
    record = records.read(entry.outputs.record)
    here = {
        "decisions": url_for("inside.decisions", key=key, source=record["source"]["sha256"]),
        "list": url_for("inside.home"),
        "next": url_for("inside.next_article", key=key),
        "final": url_for("inside.final", key=key, version=entry.version),
        "docx": url_for("inside.word", key=key, version=entry.version),
        "who": _desk().who,
    }
    carried = carrying.read(entry.outputs.carried, record["source"]["sha256"])
    return _page(page(record, desk=here, carried=carried))


@inside.route("/article/<key>/decisions/<source>", methods=["GET", "POST"])
def decisions(key: str, source: str) -> Response:
    """The decisions file of an article, after those that are sent are in it."""
    file = _entry(key, source=source).outputs.decisions
    if request.method == "GET":
        return _file(store.load(file, source))
    match request.get_json(silent=True):
        case {"decided": list(new), "undone": list(undone)} if all(isinstance(one, str) for one in undone):
            new = [decided.parsed_one(one, f"decision {n}") for n, one in enumerate(new, 1)]
            return _file(store.update(file, source, new, undone))
    raise PipelineError("These are no decisions; reload the page and decide again.")


@inside.post("/article/<key>/aside")
def set_aside(key: str) -> Response:
    """Decisions that cannot be used, out of the way."""
    entry = _entry(key)
    if not (entry.trouble and entry.version):
        abort(409, f"The decisions about {entry.place} can be used; nothing was set aside.")
    return jsonify(name=store.set_aside(entry.outputs.decisions).name)


@inside.get("/article/<key>/final/<version>")
def final(key: str, version: str) -> Response:
    """The final text, in the format of the article."""
    entry, record, made, original = _reviewed(key, version)
    content = outputs.rendered(record, decided.replacements(record, made), original)
    text = entry.outputs.text
    return _download(content, f"{text.stem}.final{text.suffix}")


@inside.get("/article/<key>/docx/<version>")
def word(key: str, version: str) -> Response:
    """The article as a Word file, with its changes tracked."""
    entry, record, made, original = _reviewed(key, version)
    content = exports.exported("docx", record, made, original)
    return _download(content, entry.outputs.text.stem + exports.KINDS["docx"])


@inside.get("/article/<key>/next")
def next_article(key: str) -> Answer:
    """The way to the next article in which something is undecided, or to the list."""
    entries = _desk().shelf.entries()
    at = next((n for n, entry in enumerate(entries) if entry.key == key), -1)
    for entry in [*entries[at + 1 :], *entries[: max(at, 0)]]:
        if entry.undecided and not entry.trouble:
            return redirect(url_for("inside.article", key=entry.key), 303)
    return redirect(url_for("inside.home"), 303)


@inside.post("/brought")
def bring() -> Response:
    """What is dropped on the list: a text is cleaned; decisions, or a Word file that an editor worked on,
    go into the decisions file of their article, which is found by its text."""
    name, data = request.args.get("name", ""), request.get_data()
    ending = PurePath(name).suffix.lower()
    if ending == ".json":
        entry, said = _bring_decisions(name, data)
    elif ending == ".docx" and (source := source_of(name, data)):
        entry, said = _bring_word(name, data, source)
    else:
        files, already = _desk().intake.bring(name, data, _day(request.args.get("date")))
        said = "is here already, with this text." if already else "is cleaned."
        address = url_for("inside.article", key=key_of(files.record))
        return jsonify(article=address, name=files.text.name, said=said, cleaned=True)
    return jsonify(
        article=url_for("inside.article", key=entry.key), name=entry.place, said=said, cleaned=False
    )


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise PipelineError(f"'{text}' is not a day; write it as 2025-01-04") from None


def _bring_decisions(name: str, data: bytes) -> tuple[Entry, str]:
    """The article that a decisions file is about, with its decisions, and what is to be said."""
    brought = decided.loaded(data, name)
    entry = _about(brought.source, name)
    kept = store.update(entry.outputs.decisions, entry.source, brought.decisions, newer_only=True).decisions
    taken, there = sum(decision in kept for decision in brought.decisions), len(brought.decisions)
    newer = f"; {there - taken} stayed, as what was decided here is newer" if taken < there else ""
    return entry, f"has {taken} of the {there} decisions of {name}{newer}."


def _bring_word(name: str, data: bytes, source: str) -> tuple[Entry, str]:
    """The article that a Word file is of, with what was decided there, and what is to be said."""
    entry = _about(source, name)
    file = entry.outputs.decisions
    found = returned(records.read(entry.outputs.record), store.load(file, source), name, data)
    store.update(file, source, found.decided, found.undone)
    return entry, f"is as {name} has it: {found.states}."


def _about(source: str, name: str) -> Entry:
    """The article with this text, that a file is about; of several the one that is called as the file."""
    entries = [there for there in _desk().shelf.entries() if there.version and there.source == source]
    if not entries:
        abort(404, f"{name}: no article here has the text that it is about; bring that article first.")
    return next((one for one in entries if name.startswith(f"{one.outputs.text.stem}.")), entries[0])


def _entry(key: str, *, source: str | None = None, version: str | None = None) -> Entry:
    """The article of a key, where it still is the one that the page shows."""
    entry = _desk().shelf.entry(key)
    if entry is None:
        abort(404, "This article is not there any more; go back to the list.")
    if source not in (None, entry.source) or version not in (None, entry.version):
        abort(409, f"{entry.place} was cleaned again since this page was opened; reload the page.")
    return entry


def _reviewed(key: str, version: str) -> tuple[Entry, Record, Decisions, bytes | None]:
    """An article with its record, its decisions and the file that it was read from, fit to be handed on."""
    entry = _entry(key, version=version)
    files = entry.outputs
    made = store.load(files.decisions, entry.source)
    flags = entry.undecided["flag"]
    if flags and "anyway" not in request.args:
        count = f"{numbered(flags, 'flag')} {'is' if flags == 1 else 'are'}"
        abort(409, f"{count} undecided in {entry.place}; decide them, or confirm that it is final anyway.")
    return entry, records.read(files.record), made, files.kept_original()


def _download(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), as_attachment=True, download_name=name)


def _file(found: Decisions) -> Response:
    return Response(found.dumped(), mimetype="application/json")


def _page(html: bytes) -> Response:
    # The rest of its policy is in the page itself, as it is where the page is a file.
    return Response(html, headers={"Content-Security-Policy": "frame-ancestors 'none'"})


def _told(sentence: str, code: int) -> Response:
    if "X-Pipeline" in request.headers:
        response = jsonify(error=sentence)
    else:
        within = request.blueprint == inside.name and code not in (403, 421)
        response = _page(notice_page(sentence, url_for("inside.home") if within else None))
    response.status_code = code
    return response


def _sentence(error: HTTPException) -> str:
    said = error.description if error.description != type(error).description else None
    return said or _SENTENCES.get(error.code or 500, "This request cannot be understood.")


def _fault(error: Exception) -> Response:
    return _told(f"An unexpected fault ({type(error).__name__}: {error}); please report it.", 500)
