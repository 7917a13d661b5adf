"""The role that sends notices to colleagues: in a lane of its own, past the guests' gate.

It has connections of its own to the providers and claims rows of a table of its own, so that a new password never waits
behind a campaign.

1. One transaction claims what is due and commits. A crash before the commit leaves nothing behind.
2. The words are made, secret links among them, and handed to the provider, outside any transaction. They are kept
   nowhere; a crash here leaves the notices `claimed`.
3. One transaction records what the provider answered, by compare-and-set on the claim's token. Where the database fails
   just then, the answers are kept and recorded by the next step.

A claim whose lease has run out may have gone: it is `unknown` and is not sent again, unless the provider can be asked
and never had it. Whoever was waiting asks for another one; a late answer of a slow claimer still settles it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import psycopg
import structlog

from services.messaging.channels.channel import MakeSender
from services.messaging.channels.mailroom import Mailroom
from services.messaging.channels.roster import Roster
from services.messaging.channels.sender import LookupRequest, LookupResult, Outcome, Outgoing, Sender
from services.messaging.commands.notices.channels import publish_channels
from services.messaging.commands.notices.claim import claim_notices
from services.messaging.commands.notices.settle import record_notice_outcomes, settle_unclear_notices
from services.messaging.commands.sending import fares
from services.messaging.config import Config
from services.messaging.notices.render import Notice, NoticeWriter
from services.messaging.store import notices as store
from services.messaging.store.notices import DueNotice
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.templates.template_tests import TestWords, words_of
from shared.clock import lasts
from shared.crypto.purposes import Sealing, Signing
from shared.crypto.signing import LinkSigner
from shared.database.dedicated_connection import unavailable
from shared.database.pool import Database
from shared.telemetry.metrics import SEND_SECONDS, record_answers
from shared.vocabulary.mail_body import MailBody
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeKind

AT_ONCE = 20
CLOCKS_DIFFER_BY = timedelta(minutes=5)

log = structlog.get_logger()


class NoticesRole:
    """Several may run at once. `providers`: the environment's by channel, of its own; `make`: makes the house's own.
    A channel without a sender sends nothing, but tests of a sender by that one."""

    name = "notices"

    def __init__(
        self, database: Database, config: Config, providers: Mapping[str, Sender], make: MakeSender | None = None
    ) -> None:
        self._database, self._config = database, config
        self._mailroom = Mailroom(Roster(database, config, providers, make, keeps=False), config)
        self._writer = NoticeWriter(config.origin, LinkSigner.of(database.keyring, Signing.ACCOUNT_LINKS))
        self._unrecorded: list[tuple[UUID, list[Outcome]]] = []
        self._published: frozenset[str] | None = None
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        """Once it is set nothing more is handed over: what was claimed and not offered is due again at once."""
        self._stop = stop

    def step(self, now: datetime) -> int:
        """How many notices were taken, settled or asked about. Raises `DatabaseUnavailable`."""
        try:
            return self._step(now)
        except psycopg.OperationalError as error:
            raise unavailable(error) from error

    def _step(self, now: datetime) -> int:
        self._record(now)
        self._look(now)
        self._publish_channels(now)
        within_lease = lasts(self._config.lease)
        with self._database.transaction() as tx:
            claim = claim_notices(
                tx,
                self._mailroom.channels,
                self._mailroom.lookups,
                lease=self._config.lease,
                tested=self._mailroom.tested,
                lag=self._config.provider_lag,
                most=AT_ONCE,
                at=now,
            )
            tests = words_of(tx, [notice.notice_id for notice in claim.notices])
        if claim.notices:
            written = self._written(claim.notices, tests, now, lambda: within_lease() and not self._stop.is_set())
            self._unrecorded.append((claim.token, self._send(written, tests, now)))
            self._record(now)
        asked = self._reconcile(now)
        if not claim.decided:
            self._mailroom.rest()
        return claim.decided + asked

    def _look(self, now: datetime) -> None:
        """Somebody may have set a sender up a moment ago, and try it now."""
        with self._database.glance() as tx:
            tried = store.senders_to_try(tx, now)
        self._mailroom.look(anew=not tried <= self._mailroom.tested)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return store.next_due(tx, sorted(self._mailroom.lookups))

    def _publish_channels(self, now: datetime) -> None:
        if self._published != self._mailroom.channels:
            with self._database.transaction() as tx:
                publish_channels(tx, self._mailroom.channels, now)
            self._published = self._mailroom.channels

    def _record(self, now: datetime) -> None:
        while self._unrecorded:
            token, outcomes = self._unrecorded[0]
            with self._database.transaction() as tx:
                record_notice_outcomes(
                    tx, token, outcomes, self._mailroom.lookups, lag=self._config.provider_lag, at=now
                )
            self._unrecorded.pop(0)

    def _written(
        self,
        notices: Sequence[DueNotice],
        tests: Mapping[UUID, TestWords],
        now: datetime,
        is_ours: Callable[[], bool],
    ) -> list[Outgoing]:
        """A carrier keeps trying no longer than a notice is of use."""
        return [
            replace(
                self._outgoing(notice, tests.get(notice.notice_id), now),
                valid_for=max(int((notice.useful_until - now).total_seconds()), 1),
                is_ours=is_ours,
            )
            for notice in notices
        ]

    def _outgoing(self, due: DueNotice, test: TestWords | None, at: datetime) -> Outgoing:
        opened = self._database.keyring.open
        notice = Notice(
            notice_id=due.notice_id,
            kind=NoticeKind(due.kind),
            channel=due.channel,
            to=opened(due.address, Sealing.NOTICE),
            language=due.language,
            link=due.link,
            page=due.page,
            details=orjson.loads(opened(due.details, Sealing.NOTICE)),
            requested_at=due.requested_at,
            body=MailBody.read(opened(due.body, Sealing.NOTICE)) if due.body else None,
        )
        if test is None:
            return self._writer.write(notice, at)
        words = SentWords.opened(self._database.keyring, test.words)
        return self._writer.write_test(notice, test.title, test.language, words, at)

    def _send(self, written: Sequence[Outgoing], tests: Mapping[UUID, TestWords], now: datetime) -> list[Outcome]:
        by_key: defaultdict[str, list[Outgoing]] = defaultdict(list)
        for message in written:
            test = tests.get(message.message_id)
            by_key[self._mailroom.key_for(message, test.sender_id if test else None)].append(message)
        found: list[Outcome] = []
        for key, batch in by_key.items():
            began, channel = time.perf_counter(), batch[0].channel
            outcomes = self._mailroom.senders[key].send(batch)
            self._note(key, outcomes, now)
            SEND_SECONDS.labels(self._database.service, channel).observe(time.perf_counter() - began)
            record_answers(self._database.service, channel, ((one.kind, one.reason) for one in outcomes))
            found += outcomes
        for one in found:
            if one.state is not MessageState.SENT:
                log.warning("notice not sent", notice=str(one.message_id), outcome=one.kind, detail=one.detail)
        return found

    def _note(self, key: str, outcomes: Sequence[Outcome], now: datetime) -> None:
        """How one of the house's senders fares."""
        row = self._mailroom.row(key)
        if row and fares.is_news(row, self._mailroom.health(row), outcomes, now):
            with self._database.transaction() as tx:
                fares.note(tx, row, fares.trouble_of(outcomes), now)
            self._mailroom.look(anew=True)

    def _reconcile(self, now: datetime) -> int:
        """Ask the providers that can be asked what became of the unclear ones."""
        if not self._mailroom.lookups:
            return 0
        due_again = {
            "lookups": sorted(self._mailroom.lookups),
            "ask_at": now + self._config.provider_lag,
            "most": AT_ONCE,
        }
        with self._database.transaction() as tx:
            unclear = store.take_unclear(tx, {**due_again, "at": now})
            tests = words_of(tx, [one.notice_id for one in unclear])
            others = {one.notice_id: store.refs_since(tx, one.channel, self._since(one)) for one in unclear}
        if unclear:
            asked = [(one, self._found(one, tests.get(one.notice_id), others[one.notice_id])) for one in unclear]
            with self._database.transaction() as tx:
                settle_unclear_notices(tx, asked, self._config.lease + self._config.provider_lag, now)
        return len(unclear)

    def _found(self, one: DueNotice, test: TestWords | None, others: frozenset[str]) -> LookupResult:
        message = self._outgoing(one, test, one.claimed_at)
        request = LookupRequest(
            message_id=one.notice_id, to=message.to, text=message.text, since=one.claimed_at, others=others
        )
        return self._mailroom.lookups[one.channel].find(request)

    def _since(self, one: DueNotice) -> datetime:
        return one.claimed_at - CLOCKS_DIFFER_BY
