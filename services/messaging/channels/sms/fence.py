"""HTTP requests that ask, with the connection open and before their first byte, whether they may still be made.

A process may be stopped anywhere and go on an hour later. Asked any earlier, it could go on right behind the question;
asked here, the connection it then writes to is one that the server has long closed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from shared.errors import GuestloopError

_asked = threading.local()


class NoLongerOurs(GuestloopError):
    """The claim on this message has run out: whoever holds it now hands it over."""


@contextmanager
def only_while(is_ours: Callable[[], bool]) -> Iterator[None]:
    """Requests made in this thread within the block are made only while `is_ours`. Raises `NoLongerOurs`."""
    _asked.is_ours = is_ours
    try:
        yield
    finally:
        del _asked.is_ours


class _Asking(HTTPConnection):
    def endheaders(self, *args: Any, **named: Any) -> None:
        if self.sock is None:
            self.connect()
        is_ours = getattr(_asked, "is_ours", None)
        if is_ours is not None and not is_ours():
            self.close()
            raise NoLongerOurs()
        super().endheaders(*args, **named)


class _AskingSafely(_Asking, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Asking


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _AskingSafely


class FencedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}
