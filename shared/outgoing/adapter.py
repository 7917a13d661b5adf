"""The bounds of the outgoing client beneath a session of `requests`, for libraries that bring one of their own."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ReadTimeout, RequestException
from urllib3.exceptions import HTTPError, ReadTimeoutError

from shared.outgoing.connections import GuardedPool, GuardedTlsPool, exchange
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach

PIECE = 64 * 1024
S = TypeVar("S", bound=Session)


class AnswerTooLong(RequestException):
    """An answer is longer than this request takes."""


class AnswerPacked(RequestException):
    """An answer is compressed, which was not asked for: its true length is unknown."""


class OutgoingAdapter(HTTPAdapter):
    """`pool_maxsize`: connections kept. Nothing is tried again by itself."""

    pools: ClassVar[dict[str, type]] = {"http": GuardedPool, "https": GuardedTlsPool}

    def __init__(self, reach: Reach, limits: Limits, pool_maxsize: int = 4) -> None:
        self._reach, self._limits = reach, limits
        super().__init__(pool_maxsize=pool_maxsize, max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def send(self, request: PreparedRequest, *_args: Any, **_named: Any) -> Response:
        """The whole answer, read within the bounds; what a session says of time-outs, proxies and certificates counts
        for nothing here. Raises `RequestException`.
        """
        limits = self._limits
        request.headers["Accept-Encoding"] = "identity"
        with exchange(self._reach, limits.within, limits.connect_within):
            response = super().send(request, stream=True, timeout=(limits.connect_within, limits.within), verify=True)
            try:
                self._read(response)
            except ReadTimeoutError as error:
                raise ReadTimeout(error, request=request) from error
            except HTTPError as error:
                raise ChunkedEncodingError(error, request=request) from error
            except RequestException:
                response.raw.close()
                raise
        leads_to = response.headers.pop("Location", None)  # nobody above follows what was not checked
        response.__dict__["leads_to"] = leads_to
        return response

    def _read(self, response: Response) -> None:
        if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise AnswerPacked(response=response)
        read = bytearray()
        for piece in response.raw.stream(PIECE, decode_content=False):
            read += piece
            if len(read) > self._limits.longest:
                raise AnswerTooLong(response=response)
        response._content, response._content_consumed = bytes(read), True


def guard(session: S, adapter: OutgoingAdapter) -> S:
    """The same session: no proxy and no password file of the environment, and every request within the bounds."""
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session
