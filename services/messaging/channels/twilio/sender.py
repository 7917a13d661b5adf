"""Messages to numbers through Twilio, by its official client.

Twilio's «create» knows no idempotency key, so an answer that was lost stays lost: the message is `unknown` and is never
sent again blindly. `find` looks for it in Twilio's list of what went to the number. The client's own retries are off.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from requests import Session
from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from services.messaging.channels.sender import (
    Closed,
    LookupOutcome,
    LookupRequest,
    LookupResult,
    Outcome,
    Outgoing,
    given_back,
)
from services.messaging.channels.twilio.codes import refused
from services.messaging.channels.twilio.fence import FencedAdapter, NoLongerOurs, only_while
from shared.outgoing.adapter import guard
from shared.outgoing.client import never_left
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Network, Reach
from shared.settings.providers import TWILIO_CONNECTIONS
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

TWILIO = "https://api.twilio.com"
LONGEST = 1600
MOST_LISTED = 200
LONGEST_ANSWER = 4 * 1024 * 1024
CLOCKS_DIFFER_BY = timedelta(minutes=5)
MOST_SECONDS = 36_000
CONNECTS_WITHIN = 5.0  # seconds
DEAREST = 1_000_000


@dataclass(frozen=True)
class TwilioSettings:
    """`sender`: a number or name of ours, or a messaging service (MG…). `callback`: where Twilio reports the outcome.

    `address`: where Twilio's interface is; another one in tests. `timeout`: seconds for a whole request. `connections`:
    requests under way at a time. `networks`: reached although they are not public.
    """

    account: str
    token: str = field(repr=False)
    sender: str
    callback: str = ""
    address: str = TWILIO
    timeout: float = 15.0
    connections: int = TWILIO_CONNECTIONS.default
    networks: tuple[Network, ...] = ()

    @property
    def reach(self) -> Reach:
        """An address that stands in the settings may be a private one."""
        host = urlsplit(self.address).hostname
        return Reach(self.networks, frozenset({host} if host and self.address != TWILIO else ()))


def price_in(price: str, currency: str) -> tuple[Decimal, str] | None:
    """What a message cost, as an amount above zero; Twilio writes what it takes from us below zero."""
    try:
        amount = abs(Decimal(price))
    except InvalidOperation:
        return None
    unit = currency.upper()
    is_money = amount.is_finite() and amount < DEAREST and len(unit) == 3 and unit.isascii() and unit.isalpha()
    return (amount, unit) if is_money else None


class TwilioSender:
    """Text messages. `scheme`: what stands before a number on another channel of Twilio's."""

    name, is_sandbox, ahead = "twilio", False, 0
    scheme = ""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self.connections = settings.connections
        http = PointedClient(settings)
        self._client = Client(settings.account, settings.token, http_client=http)

    def line(self) -> TwilioSender:
        """Its connections are kept by the client, one for each thread that asks at once."""
        return self

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        with ThreadPoolExecutor(self.connections) as threads:
            return list(threads.map(self.one, batch))

    def rest(self) -> None:
        """The client makes new connections where Twilio closed them."""

    @property
    def is_open(self) -> bool:
        return True

    def open(self) -> Closed | None:
        return None

    def one(self, message: Outgoing, _coming: Sequence[Outgoing] = ()) -> Outcome:
        if not message.text or len(message.text) > LONGEST:
            return _failed(message, Reason.CONTENT, detail="21617")
        try:
            with only_while(message.is_ours):
                made = self._client.messages.create(**self._fields(message))
        except NoLongerOurs:
            return given_back(message)
        except (TwilioRestException, TwilioServiceException) as error:
            return _refused(message, int(error.status), int(error.code or 0))
        except RequestException as error:
            if never_left(error):
                return _failed(message, Reason.UNREACHABLE, again=True, detail=type(error).__name__)
            return _unknown(message, type(error).__name__)
        except Exception as error:  # an answer that cannot be read, or whatever nobody foresaw: it may have gone
            return _unknown(message, type(error).__name__)
        if not made.sid:
            return _unknown(message, "no sid")
        return Outcome(message_id=message.message_id, state=MessageState.SENT, provider_ref=str(made.sid))

    def find(self, sought: LookupRequest) -> LookupResult:
        """By its words, in what was listed for the number since then and is no other message's. Whatever else stands
        there may be this one as the carrier's rules changed it: only where nothing does, Twilio never had it."""
        try:
            listed = self._client.messages.list(to=self.scheme + sought.to, page_size=MOST_LISTED, limit=MOST_LISTED)
        except (TwilioException, RequestException, ValueError):
            return LookupResult(message_id=sought.message_id, trace=LookupOutcome.UNCLEAR)
        since = sought.since - CLOCKS_DIFFER_BY
        recent = [one for one in listed if one.date_created is None or one.date_created >= since]
        left = [one for one in recent if self._is_ours(one) and one.sid not in sought.others]
        for one in left:
            if sought.text is not None and (one.body or "").strip() == sought.text.strip():
                return LookupResult(message_id=sought.message_id, trace=LookupOutcome.FOUND, provider_ref=str(one.sid))
        cut_short = len(listed) == MOST_LISTED == len(recent)
        return LookupResult(
            message_id=sought.message_id, trace=LookupOutcome.UNCLEAR if left or cut_short else LookupOutcome.NONE
        )

    def price_of(self, provider_ref: str) -> tuple[Decimal, str] | None:
        """Twilio knows it some minutes after a message ended."""
        try:
            found = self._client.messages(provider_ref).fetch()
        except (TwilioException, RequestException, ValueError):
            return None
        return price_in(str(found.price or ""), str(found.price_unit or ""))

    def _is_ours(self, listed: Any) -> bool:
        """Asked for by a program (not a reply that Twilio made of an answer of ours), from our number or service."""
        sender = self._settings.sender
        listed_as = listed.messaging_service_sid if sender.startswith("MG") else listed.from_
        return bool(listed.direction == "outbound-api" and listed_as == self._from)

    @property
    def _from(self) -> str:
        sender = self._settings.sender
        return sender if sender.startswith("MG") else self.scheme + sender

    def words(self, message: Outgoing) -> dict[str, Any]:
        """What it says, in Twilio's fields."""
        return {"body": message.text}

    def _fields(self, message: Outgoing) -> dict[str, Any]:
        given = self._settings
        fields: dict[str, Any] = {"to": self.scheme + message.to, **self.words(message)}
        fields["messaging_service_sid" if given.sender.startswith("MG") else "from_"] = self._from
        if given.callback:
            address, mark, overrides = given.callback.partition("#")  # how often Twilio tries, in the fragment
            fields["status_callback"] = f"{address}?{urlencode({'mid': message.reference})}{mark}{overrides}"
        if message.valid_for is not None:
            fields["validity_period"] = max(1, min(message.valid_for, MOST_SECONDS))
        return fields


class PointedClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own client, pointed at an address. It logs nothing: its log would hold numbers and texts."""

    def __init__(self, settings: TwilioSettings) -> None:
        super().__init__(timeout=settings.timeout)
        self._scheme, self._host = urlsplit(settings.address)[:2]
        limits = Limits(settings.timeout, min(settings.timeout, CONNECTS_WITHIN), LONGEST_ANSWER)
        self.session = guard(Session(), FencedAdapter(settings.reach, limits, settings.connections))

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        return super().request(method, urlunsplit((self._scheme, self._host, *urlsplit(url)[2:])), *args, **named)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        pass

    def log_response(self, status_code: int, response: Any) -> None:
        pass


def _refused(message: Outgoing, status: int, code: int) -> Outcome:
    """What Twilio's «no» means. An unknown code concerns this message, not the number it was for."""
    if status >= 500 or status == 408:
        return _unknown(message, f"HTTP {status}")
    if status == 429:
        return _failed(message, Reason.TEMPORARY, again=True, detail=str(code))
    reason = refused(status, code)
    return _failed(message, reason, again=reason is Reason.TEMPORARY, detail=str(code))


def _failed(message: Outgoing, reason: Reason, *, again: bool = False, detail: str | None = None) -> Outcome:
    return Outcome(message_id=message.message_id, state=MessageState.FAILED, reason=reason, again=again, detail=detail)


def _unknown(message: Outgoing, detail: str) -> Outcome:
    return Outcome(message_id=message.message_id, state=MessageState.UNKNOWN, reason=Reason.CUT_OFF, detail=detail)
