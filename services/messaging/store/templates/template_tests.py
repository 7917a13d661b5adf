"""Tests of templates on their way to whoever asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row


@row
class NewTest:
    test_id: UUID
    person_id: UUID
    guest_id: UUID | None
    template: str
    title: str
    version: int
    language: str
    channel: str
    words: Sealed
    asked_at: datetime
    sender_id: UUID | None = None
    sender_version: int | None = None


@row
class TestWords:
    test_id: UUID
    title: str
    language: str
    words: Sealed
    sender_id: UUID | None


@dataclass(frozen=True)
class SentTest:
    """`state` and `reason`: of the notice; no state while nobody has named an address."""

    version: int
    language: str
    channel: str
    asked_at: datetime
    state: str | None
    reason: str | None


def lock_person(tx: Tx, person_id: UUID) -> None:
    """Whoever asks twice at once is counted once after the other."""
    tx.execute("select pg_advisory_xact_lock(hashtextextended('template test ' || %s, 0))", [str(person_id)])


def asked_since(tx: Tx, person_id: UUID, since: datetime) -> int:
    query = "select count(*)::int from template_test where person_id = %s and asked_at > %s"
    row = tx.execute(query, [person_id, since]).fetchone()
    assert row is not None
    return int(row[0])


def keep(tx: Tx, tests: Sequence[NewTest]) -> None:
    tx.execute(
        """
        insert into template_test (test_id, person_id, guest_id, template, title, version, language, channel,
                                   words_sealed, asked_at, sender_id, sender_version)
        select * from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[],
                             %s::text[], %s::text[], %s::timestamptz[], %s::uuid[], %s::bigint[])
        """,
        [[getattr(one, name) for one in tests] for name in NewTest.__dataclass_fields__],
    )


def words_of(tx: Tx, tests: Sequence[UUID]) -> dict[UUID, TestWords]:
    rows = tx.rows(
        TestWords,
        """
        select test_id, title, language, words_sealed as words, sender_id from template_test
        where test_id = any(%s) and words_sealed is not null
        """,
        [list(tests)],
    )
    return {one.test_id: one for one in rows}


def forget_words(tx: Tx, tests: Sequence[UUID]) -> None:
    tx.execute("update template_test set words_sealed = null where test_id = any(%s)", [list(tests)])


def real_channels(tx: Tx) -> frozenset[str]:
    """On which of them notices really leave."""
    return frozenset(channel for (channel,) in tx.execute("select channel from notice_channel where is_real"))


def of_sender(tx: Tx, sender_id: UUID, most: int = 5) -> list[SentTest]:
    """The newest first; `version`: of the sender as it was set up then."""
    return tx.rows(
        SentTest,
        """
        select test.sender_version as version, test.language, test.channel, asked_at, notice.state, notice.reason
        from template_test as test left join notice on notice_id = test_id
        where sender_id = %s order by asked_at desc limit %s
        """,
        [sender_id, most],
    )


def of_person(tx: Tx, template: str, person_id: UUID, most: int = 10) -> list[SentTest]:
    """The newest first."""
    return tx.rows(
        SentTest,
        """
        select test.version, test.language, test.channel, asked_at, notice.state, notice.reason
        from template_test as test left join notice on notice_id = test_id
        where template = %s and person_id = %s order by asked_at desc, test.language, test.channel limit %s
        """,
        [template, person_id, most],
    )
