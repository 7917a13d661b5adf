"""A large body is asked for: the app first says who may send it, then the server reads it, then the app begins again.

The server hands a request with a large body to the app while the body is still on its way. An app that wants it raises
`BodyAwaited`, by calling what the environ holds under `AWAIT_BODY`; the request is then run again from its start, and
its body is a file on disk. So a stranger's upload is answered unread, and a slow one occupies no thread of the pages.
"""

from __future__ import annotations

from pathlib import Path

AWAIT_BODY = "guestloop.await_body"
"""`environ[AWAIT_BODY](longest, folder)` never returns. Where it is missing, the whole body is here."""

SMALL_BODY = 64 * 1024
"""Bytes. A body up to this size is here before the app is asked; it may come from anybody."""


class BodyAwaited(BaseException):
    """Not an `Exception`: no error page may catch it.

    `longest`: bytes, beyond which it is refused. `folder`: where it is written; None for the system's temporary one.
    """

    def __init__(self, longest: int, folder: Path | None) -> None:
        super().__init__()
        self.longest, self.folder = longest, folder


def await_body(longest: int, folder: Path | None) -> None:
    raise BodyAwaited(longest, folder)
