"""HTTP requests that ask, with the connection open and before their first byte, whether they may still be made.

A process may be stopped anywhere and go on an hour later. Asked any earlier, it could go on right behind the question;
asked here, the connection it then writes to is one that the server has long closed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from shared.errors import GuestloopError
from shared.outgoing.adapter import OutgoingAdapter
from shared.outgoing.connections import GuardedConnection, GuardedPool, GuardedTlsConnection, GuardedTlsPool

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


class _Asking(GuardedConnection):
    def endheaders(self, *args: Any, **named: Any) -> None:
        if self.sock is None:
            self.connect()
        is_ours = getattr(_asked, "is_ours", None)
        if is_ours is not None and not is_ours():
            self.close()
            raise NoLongerOurs()
        super().endheaders(*args, **named)


class _AskingSafely(_Asking, GuardedTlsConnection):
    pass


class _Pool(GuardedPool):
    ConnectionCls = _Asking


class _SafePool(GuardedTlsPool):
    ConnectionCls = _AskingSafely


class FencedAdapter(OutgoingAdapter):
    pools: ClassVar[dict[str, type]] = {"http": _Pool, "https": _SafePool}
