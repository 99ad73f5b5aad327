"""Requests to a LanguageTool server."""

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.grammar.engine import EngineFailed

if TYPE_CHECKING:
    import requests


def session(url: str) -> "requests.Session":
    """A session with the server at a URL."""
    import requests

    made = requests.Session()
    # A proxy cannot reach this machine.
    made.trust_env = urlsplit(url).hostname not in ("localhost", "127.0.0.1", "::1")
    return made


def about(asking: "requests.Session", url: str) -> dict[str, Any]:
    """What the server says of its software; nothing if it says nothing, or is no LanguageTool."""
    try:
        software = asking.get(f"{url}/v2/info", timeout=10).json()["software"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return software if isinstance(software, dict) and software.get("name") == "LanguageTool" else {}


def answer(asking: "requests.Session", method: str, url: str, data: dict[str, str], limit: float) -> Any:
    """The answer to a request, read as JSON. Raises EngineFailed, after `limit` seconds or little more."""
    import requests
    from urllib3.exceptions import HTTPError

    deadline = time.monotonic() + limit
    body = bytearray()
    try:
        with asking.request(method, url, data=data, timeout=limit, stream=True) as response:
            while chunk := response.raw.read1(1 << 16, decode_content=True):
                body += chunk
                if time.monotonic() > deadline:
                    raise requests.Timeout
    except requests.Timeout:
        raise EngineFailed(f"it gave no answer within {limit:.0f} seconds") from None
    except (OSError, HTTPError) as error:
        timed_out = time.monotonic() > deadline
        why = f"it gave no answer within {limit:.0f} seconds" if timed_out else "the connection broke"
        raise EngineFailed(why) from error
    shown = body[:200].decode(errors="replace")
    if response.status_code != requests.codes.ok:
        raise EngineFailed(f"it answered with {response.status_code}: {shown}")
    try:
        return json.loads(body)
    except ValueError:
        raise EngineFailed(f"its answer could not be read: {shown}") from None
