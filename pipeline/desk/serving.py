"""The desk on a port of this machine."""

import logging
import os
import socket
import threading
from collections.abc import Callable

from pipeline.cleaning import Cleaner
from pipeline.desk.door import Door
from pipeline.desk.shelf import Shelf
from pipeline.errors import PipelineError

_THREADS = 16
"""Requests at once: some can wait for a text to be cleaned while an editor decides in other windows."""


def serve(shelf: Shelf, cleaner: Cleaner, who: str, port: int | None, opened: Callable[[Door], None]) -> None:
    """Keep the desk open until Ctrl-C; `opened` is told when it is. Without a port one that is free is taken.

    Raises PipelineError where the port cannot be had.
    """
    from waitress.server import create_server

    from pipeline.desk.app import LARGEST, Desk, application
    from pipeline.desk.intake import Intake

    try:
        listening = socket.create_server(("127.0.0.1", port or 0))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise PipelineError(
            f"127.0.0.1:{port or 0}: cannot be used ({why}); name another port with --port, or none"
        ) from None
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # what a person can mend is said on the page
    with listening:
        door = Door(listening.getsockname()[1])
        server = create_server(
            application(Desk(door, shelf, Intake(shelf, cleaner), who)),
            sockets=[listening],
            threads=_THREADS,
            ident=None,
            max_request_body_size=2 * LARGEST,  # beyond, there is no sentence, and nothing is read
        )
        if cleaner.grammar:
            threading.Thread(target=cleaner.grammar.start, daemon=True).start()
        opened(door)
        server.run()
