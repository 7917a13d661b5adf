"""Complaints, of which the duty managers of the hotel are told by mail: console alone knows their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.console.commands.notices import publish_notices, request_notice
from services.console.store import accounts, properties
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.events import Chunk
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.role import Role

FRESH = timedelta(hours=1)
ONE_AN = timedelta(minutes=15)  # alert by person and hotel, however many complaints come in
USEFUL_FOR = timedelta(hours=12)
PAGE = "/feedback/cases"


def alert_duty_managers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Nothing of the guest is in the mail, not even which case it is: it leads to the list. What is published again or
    comes late is no news."""
    hotels = {} if chunk.republished else _with_news(chunk, at)
    if not hotels:
        return
    names = properties.names_of(tx, [code for code in hotels if code])
    managers = accounts.with_role(tx, Role.DUTY_MANAGER)
    publish_notices(
        tx,
        [
            request_notice(
                tx,
                account,
                NoticeKind.CASE_ALERT,
                {"hotel": names[code]} if code in names else {},
                since,
                notice_id=make_id("case alert", account.person_id, code, _turn(at)),
                page=PAGE,
                useful_for=USEFUL_FOR,
            )
            for code, since in sorted(hotels.items(), key=str)
            for account in _looking_after(managers, code)
        ],
        at,
    )


def _with_news(chunk: Chunk, at: datetime) -> dict[str | None, datetime]:
    """The hotels at which a complaint was opened just now, and the first of each; None: nobody knows at which."""
    found: dict[str | None, datetime] = {}
    columns = (chunk[name] for name in ("kind", "open", "property", "occurred_at"))
    for kind, is_open, code, opened in zip(*columns, strict=True):
        since = datetime.fromisoformat(opened)
        if kind == CaseKind.COMPLAINT and is_open and since >= at - FRESH:
            found[code] = min(since, found.get(code, since))
    return found


def _looking_after(managers: Iterable[Account], code: str | None) -> list[Account]:
    return [one for one in managers if not one.properties or code is None or code in one.properties]


def _turn(at: datetime) -> int:
    return int(at.timestamp() // ONE_AN.total_seconds())
