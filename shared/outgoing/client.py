"""Asks another system over HTTP, and says in one word why there is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from urllib.parse import urljoin, urlsplit

from requests import Session
from requests.exceptions import ChunkedEncodingError, ConnectionError, ConnectTimeout, ReadTimeout, RequestException
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from shared.errors import GuestloopError
from shared.outgoing.adapter import AnswerPacked, AnswerTooLong, OutgoingAdapter, guard
from shared.outgoing.connections import AddressRefused
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach
from shared.vocabulary.trouble import Trouble

NEVER_LEFT = frozenset({Trouble.REFUSED_ADDRESS, Trouble.NO_SUCH_HOST, Trouble.NOT_CONNECTED, Trouble.DISTRUSTED})


class NoAnswer(GuestloopError):
    """The other system gave no answer that could be used."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(f"{(type(self).__doc__ or '').strip()} ({trouble.value})")


@dataclass(frozen=True)
class Answer:
    """`status`: whatever it is; a redirect is an answer like others. `leads_to`: where it points; whoever wants what
    lies there asks anew, and is checked anew.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    leads_to: str | None = None


class OutgoingClient:
    """One for each purpose; its connections are kept and may be used by several threads."""

    def __init__(self, reach: Reach, limits: Limits | None = None) -> None:
        self._session = guard(Session(), OutgoingAdapter(reach, limits or Limits()))
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Raises `NoAnswer`."""
        if urlsplit(url).scheme not in ("http", "https") or "@" in urlsplit(url).netloc:
            raise NoAnswer(Trouble.BAD_ADDRESS)
        try:
            found = self._session.request(method, url, data=body or None, headers=dict(headers or {}))
            leads_to = urljoin(url, moved) if (moved := found.__dict__.get("leads_to")) else None
        except (RequestException, ValueError) as error:
            raise NoAnswer(trouble_of(error)) from error
        return Answer(found.status_code, found.headers, found.content, leads_to)

    def close(self) -> None:
        self._session.close()


def trouble_of(error: Exception) -> Trouble:
    """What happened, so that it can be shown to whoever looks after the other system."""
    if isinstance(error, (AnswerTooLong, AnswerPacked)):
        return Trouble.TOO_LONG
    if isinstance(error, (ConnectTimeout, ReadTimeout)):
        return Trouble.TOO_SLOW
    if not isinstance(error, (ConnectionError, ChunkedEncodingError)):
        return Trouble.BAD_ADDRESS
    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    if isinstance(reason, AddressRefused):
        return Trouble.REFUSED_ADDRESS
    if isinstance(reason, NameResolutionError):
        return Trouble.NO_SUCH_HOST
    if isinstance(reason, NewConnectionError):
        return Trouble.NOT_CONNECTED
    if reason and reason.args and isinstance(reason.args[0], SSLCertVerificationError):
        return Trouble.DISTRUSTED
    return Trouble.CUT_OFF


def never_left(error: RequestException) -> bool:
    """True only where not a byte of the request can have left."""
    return trouble_of(error) in NEVER_LEFT or isinstance(error, ConnectTimeout)
