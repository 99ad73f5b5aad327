"""Who may come in: this person, in a browser on this machine, and nobody through a page of their own."""

import secrets
from collections.abc import Mapping

from flask import Request
from werkzeug.wrappers import Response

_COME_IN = "Open the address that 'pipeline review' printed, or start it again."
NO_TOKEN = f"This address needs its token. {_COME_IN}"


class Door:
    """The keys of one desk, which end with it.

    The token is in the address that is printed; whoever shows it gets it as a cookie, and an address without
    it, so that it is in no history. Cookies do not know ports, so this one is for a folder of addresses that
    nobody can guess: no other server on this machine gets to see it. The address that a browser is started
    with stands in the list of processes, so it has a ticket that is good for one time.
    """

    def __init__(self, port: int) -> None:
        self.home = f"/{secrets.token_urlsafe(12)}"
        """What every address begins with, after the host and the port."""
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._cookie = f"pipeline-{port}"
        self._token = secrets.token_urlsafe(32)
        self._tickets: set[str] = set()

    def address(self, article: str | None = None, *, once: bool = False) -> str:
        """The address of the list, or of the article with this key, for as long as the desk is open.

        One that is good `once` is for starting a browser with.
        """
        token = self._token
        if once:
            self._tickets.add(token := secrets.token_urlsafe(32))
        return f"http://{self._hosts[0]}/?token={token}" + (f"&article={article}" if article else "")

    def opens(self, token: str) -> bool:
        """Whether somebody may come in with this, which is used up if it is a ticket."""
        if _same(token, self._token):
            return True
        for ticket in list(self._tickets):
            if _same(token, ticket):
                self._tickets.discard(ticket)
                return True
        return False

    def give_key(self, response: Response) -> None:
        """Let the browser that gets this answer in from now on."""
        response.set_cookie(self._cookie, self._token, path=f"{self.home}/", httponly=True, samesite="Strict")

    def stranger(self, request: Request) -> str | None:
        """Why nothing at all is said to whoever asks this: the name in the address is not this machine's.

        A page of the web could have its own name lead here.
        """
        return None if request.host in self._hosts else f"Nobody here is called {request.host}. {_COME_IN}"

    def refusal(self, request: Request) -> str | None:
        """Why a request from inside is not served: it has no key, or another site or program sent it."""
        if not _same(request.cookies.get(self._cookie, ""), self._token):
            return NO_TOKEN
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return f"Another site led here. {_COME_IN}"
        if request.method not in ("GET", "HEAD", "OPTIONS") and (
            request.headers.get("Origin") != f"http://{request.host}" or "X-Pipeline" not in request.headers
        ):
            return "Only the desk's own pages may change something."
        return None


HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What every answer says to the browser; a page has a policy of its own."""


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
