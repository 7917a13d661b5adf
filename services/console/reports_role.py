"""The role that makes reports and hands them to messaging: each of a colleague, hotel and period once.

1. one transaction: wishes whose hour has come become reports that are due, one a colleague, hotel and period (its key)
2. a claim, one transaction, with a lease
3. outside any transaction: the page of the report is asked for, as the colleague and in their language, so that they
   read in it what they would see; charts and PDF are made there
4. one transaction: the claim is ended and the mail is handed to messaging, under a number made of the same key

A process that dies before 4 leaves the lease to run out, and the report is made again; after it messaging has it, and
keeps each number once. A page that does not answer is asked again after a while, for as long as the report is of use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID, uuid4

import structlog

from services.console.commands.reports.going import claim_reports, hand_over, plan_reports, put_off
from services.console.store import reports as store
from services.console.store.accounts import Account
from services.console.store.reports import DueReport
from shared.database.pool import Database
from shared.outgoing.inside import Unanswered, ask_inside

MOST = 4
PATIENCE = 90.0  # seconds: figures are asked of four services, and a PDF is set
PAGE = "/figures/reports/mail"
AsSomebody = Callable[[Account, str | None, datetime], str]
"""The header by which a page is asked as a colleague, in a language, as of an instant."""

log = structlog.get_logger()


class Reports:
    """Several may run at once. `gateway`: where the pages are; `cookie`: makes a session of a few minutes."""

    name = "reports"

    def __init__(self, database: Database, gateway: str, cookie: AsSomebody) -> None:
        self._database, self._gateway, self._cookie = database, gateway.rstrip("/"), cookie

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return store.next_due(tx)

    def step(self, now: datetime) -> int:
        token = uuid4()
        with self._database.transaction() as tx:
            planned = plan_reports(tx, now)
            decided, claimed = claim_reports(tx, token, now, MOST)
        for one, account in claimed:
            self._make(one, account, token, now)
        return planned + decided

    def _make(self, one: DueReport, account: Account, token: UUID, now: datetime) -> None:
        body, reason = self._asked(one, account, now)
        with self._database.transaction() as tx:
            if body:
                hand_over(tx, one, account, token, body, now)
            else:
                put_off(tx, one, token, reason, now)
        if not body:
            log.warning("a report could not be made", kind=one.kind, reason=reason, attempts=one.attempts)

    def _asked(self, one: DueReport, account: Account, now: datetime) -> tuple[str, str]:
        """The mail, or why there is none."""
        query = {"kind": one.kind, "first": one.first.isoformat(), "hotel": one.property}
        query |= {"pdf": "1"} if one.with_pdf else {}
        headers = {"Cookie": self._cookie(account, one.language, now)}
        try:
            status, body = ask_inside(f"{self._gateway}{PAGE}?{urlencode(query)}", headers, patience=PATIENCE)
        except Unanswered:
            return "", "silent"
        return (body.decode(), "") if status == HTTPStatus.OK else ("", f"answer {status}")
