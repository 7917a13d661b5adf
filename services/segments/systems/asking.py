"""Asking another system: with its credentials, at its pace, and a word for every way in which it does not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from services.segments.rules.systems import SystemTrouble
from services.segments.systems.question import Question, Token
from services.segments.systems.system import System
from shared.outgoing.limits import Limits

if TYPE_CHECKING:
    from shared.outgoing.client import Answer, OutgoingClient

LIMITS = Limits(within=20.0, connect_within=5.0, longest=8 * 1024 * 1024)
EARLY = timedelta(seconds=60)
"""A token is not used any more so long before it ends."""
GONE = (404, 410)
REFUSED_CREDENTIALS = (401, 403)
IN_WORDS = ("code", "error", "message")


class Unanswered(Exception):
    """`trouble`: a code of `Trouble` or `SystemTrouble`. `rest`: for how long the system wants to be left alone."""

    def __init__(self, trouble: str, status: int | None = None, rest: timedelta | None = None) -> None:
        self.trouble, self.status, self.rest = trouble, status, rest
        super().__init__(trouble)


class Paused(Exception):
    """As many questions were asked as the pace allows; it goes on in the next window."""


@dataclass
class Asking:
    """One connection's questions within one window. `hotels`: by their numbers there. `tokens`: kept between windows,
    by connection.
    """

    client: OutgoingClient
    system: System
    address: str
    credentials: Mapping[str, str]
    hotels: Sequence[str]
    now: datetime
    tokens: dict[Any, Token]
    key: Any
    asked: int = 0

    def ask(self, question: Question) -> Any:
        """The answer's document; None where the system has nothing of that name. Raises `Unanswered` and `Paused`."""
        answer = self._answered(question)
        if answer.status in REFUSED_CREDENTIALS and self.key in self.tokens:
            del self.tokens[self.key]
            answer = self._answered(question)  # a token may be taken back before its time
        if answer.status in GONE:
            return None
        return self._document(answer)

    def _answered(self, question: Question) -> Answer:
        token = self._token()
        return self._send(self.system.signed(question, self.credentials, token))

    def _token(self) -> str:
        known = self.tokens.get(self.key)
        if known and self.now < known.until:
            return known.value
        question = self.system.token(Question(""), self.credentials)
        if question is None:
            return ""
        answer = self._send(question)
        if answer.status == 400:  # OAuth answers so to a wrong secret
            raise Unanswered(SystemTrouble.CREDENTIALS, answer.status)
        made = self._read(lambda: self.system.token_of(self._document(answer), self.now))
        self.tokens[self.key] = replace(made, until=made.until - EARLY)
        return made.value

    def _read(self, read: Callable[[], Token]) -> Token:
        from services.segments.systems.values import NotRead

        try:
            return read()
        except NotRead as error:
            raise Unanswered(SystemTrouble.NOT_UNDERSTOOD) from error

    def _send(self, question: Question) -> Answer:
        from shared.outgoing.client import NoAnswer

        if self.asked >= self.system.profile.pace.requests:
            raise Paused()
        self.asked += 1
        whole = question.path.startswith(("https://", "http://"))
        url = question.path if whole else self.address.rstrip("/") + question.path
        if question.query:
            url += f"?{urlencode(question.query)}"
        headers, body = {"Accept": "application/json", **question.headers}, b""
        if question.form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(question.form).encode()
        elif question.json is not None:
            headers["Content-Type"], body = "application/json", orjson.dumps(question.json)
        try:
            return self.client.ask(question.method, url, headers, body)
        except NoAnswer as error:
            raise Unanswered(error.trouble) from error

    def _document(self, answer: Answer) -> Any:
        if answer.status == 204:
            return {}
        if 200 <= answer.status < 300:
            try:
                return orjson.loads(answer.body)
            except orjson.JSONDecodeError as error:
                raise Unanswered(SystemTrouble.NOT_UNDERSTOOD, answer.status) from error
        raise Unanswered(_trouble_of(answer.status), answer.status, _rest_of(answer, self.now))


def _trouble_of(status: int) -> SystemTrouble:
    if status in REFUSED_CREDENTIALS:
        return SystemTrouble.CREDENTIALS
    if status == 429:
        return SystemTrouble.TOO_OFTEN
    return SystemTrouble.FAILING if status >= 500 or status == 408 else SystemTrouble.REFUSED


def _rest_of(answer: Answer, now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as an instant."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said), 10**6))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(at if at.tzinfo else at.replace(tzinfo=UTC), now) - now
