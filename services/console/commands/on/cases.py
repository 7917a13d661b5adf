"""What cannot wait at a hotel without a duty list: its duty managers are told by mail. Console alone knows their
addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.console.commands.notices import publish_notices, request_notice
from services.console.store import accounts, properties
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.events import Chunk
from shared.ids import make_id
from shared.vocabulary.case import AlertReason, CaseAlert, CaseKind
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.role import Role

FRESH = timedelta(hours=1)
ONE_AN = timedelta(minutes=15)  # alert by person and hotel, however many complaints come in
USEFUL_FOR = timedelta(hours=12)
PAGE, ALERTS = "/feedback/cases", "/feedback/alerts"
News = dict[tuple[str | None, AlertReason], datetime]
"""By hotel (None: nobody knows at which) and reason, since when."""


def alert_duty_managers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Nothing of the guest is in the mail, not even which case it is: it leads to the list. What is published again or
    comes late is no news, and where there is a duty list feedback calls whoever is on it."""
    news = {} if chunk.republished else _news(chunk, at)
    _ask(tx, news, PAGE, at)


def alert_of_unlisted(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The same of what is no case that was opened just now; it leads to the alerts that have no answer."""
    news: News = {}
    columns = (chunk[name] for name in ("because", "property", "occurred_at"))
    for because, code, raised in [] if chunk.republished else zip(*columns, strict=True):
        since = datetime.fromisoformat(raised)
        if since >= at - FRESH:
            key = (code, AlertReason(because))
            news[key] = min(since, news.get(key, since))
    _ask(tx, news, ALERTS, at)


def _ask(tx: Tx, news: News, page: str, at: datetime) -> None:
    if not news:
        return
    names = properties.names_of(tx, [code for code, _ in news if code])
    managers = accounts.with_role(tx, Role.DUTY_MANAGER)
    publish_notices(
        tx,
        [
            request_notice(
                tx,
                account,
                NoticeKind.CASE_ALERT if because is AlertReason.COMPLAINT else NoticeKind.DUTY_CALL,
                _details(names.get(code or ""), because),
                since,
                notice_id=make_id("case alert", account.person_id, code, _turn(at), *_apart(because, page)),
                page=page,
                useful_for=USEFUL_FOR,
            )
            for (code, because), since in sorted(news.items(), key=str)
            for account in _looking_after(managers, code)
        ],
        at,
    )


def _details(hotel: str | None, because: AlertReason) -> dict[str, str]:
    at_hotel = {"hotel": hotel} if hotel else {}
    return at_hotel if because is AlertReason.COMPLAINT else {**at_hotel, "what": str(because)}


def _apart(because: AlertReason, page: str) -> tuple[str, ...]:
    """A complaint's number is what it was before there were other reasons, and theirs what it was before `ALERTS`."""
    reason = () if because is AlertReason.COMPLAINT else (because,)
    return reason if page == PAGE else (*reason, page)


def _news(chunk: Chunk, at: datetime) -> News:
    """The hotels at which something that cannot wait was opened just now, why, and the first of each; None: nobody
    knows at which. An older publisher says of no case whether somebody is called: there it is complaints."""
    found: News = {}
    columns = (chunk[name] for name in ("kind", "open", "property", "occurred_at", "alert", "because"))
    for kind, is_open, code, opened, alert, because in zip(*columns, strict=True):
        since = datetime.fromisoformat(opened)
        said = alert == CaseAlert.ROLE or (alert is None and kind == CaseKind.COMPLAINT)
        if said and is_open and since >= at - FRESH:
            key = (code, AlertReason(because or AlertReason.COMPLAINT))
            found[key] = min(since, found.get(key, since))
    return found


def _looking_after(managers: Iterable[Account], code: str | None) -> list[Account]:
    return [one for one in managers if not one.properties or code is None or code in one.properties]


def _turn(at: datetime) -> int:
    return int(at.timestamp() // ONE_AN.total_seconds())
