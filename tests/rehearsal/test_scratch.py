"""A scratch copy: what is written in it is written nowhere else, and what is live cannot be touched from it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.rehearsal.play import COPIES as OF_CAMPAIGNS
from services.campaigns.commands.rehearsal.play import ONLY_READ
from services.campaigns.personal_data import OWN_TABLES
from services.campaigns.shipped import install_shipped
from services.messaging.commands.rehearsal.judge import COPIES as OF_MESSAGING
from services.segments.commands.rehearsal.forecast import COPIES as OF_SEGMENTS
from services.segments.commands.rehearsal.forecast import Ahead
from shared.database.scratch import MANY, SINCE, Busy, Copied, Upkeep, scratch
from tests.conftest import MakeDatabase

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
GIVEN = {"since": NOW - SINCE}
REHEARSED = Ahead(NOW, NOW, (), as_booked=True).copies


def test_each_table_of_campaigns_is_copied_or_only_read() -> None:
    """A new one is copied by itself: a new kind of step may write to it, and is rehearsed all the same."""
    copied = {one.name for one in OF_CAMPAIGNS}
    assert {one.name for one in OWN_TABLES} - copied == ONLY_READ
    assert not copied & ONLY_READ


@pytest.mark.parametrize(
    ("service", "copies"),
    [
        ("segments", OF_SEGMENTS),
        ("segments", REHEARSED),
        ("campaigns", OF_CAMPAIGNS),
        ("messaging", OF_MESSAGING),
    ],
    ids=["segments", "segments with stays", "campaigns", "messaging"],
)
def test_nothing_live_can_be_written_or_locked(
    make_database: MakeDatabase, service: str, copies: tuple[Copied, ...]
) -> None:
    database = make_database(service)
    with scratch(database, copies, GIVEN) as tx:
        for statement in (
            "insert into public.outbox (id) overriding system value values (1)",
            "update inbox set message_id = message_id",
            "select from inbox for update",
            "select nextval('public.outbox_id_seq')",
            "create table elsewhere (id int)",
        ):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), tx.savepoint():
                tx.execute(statement)


@pytest.mark.parametrize(("service", "copies"), [("segments", REHEARSED), ("campaigns", OF_CAMPAIGNS)])
def test_a_copy_has_the_indexes_and_keys_of_its_table(
    make_database: MakeDatabase, service: str, copies: tuple[Copied, ...]
) -> None:
    whole = [one.name for one in copies if not one.only]
    with scratch(make_database(service), copies, GIVEN) as tx:
        found = {}
        for place in ("public", "pg_temp"):
            rows = tx.execute(INDEXES, {"place": place, "tables": whole}).fetchall()
            found[place] = sorted((table, *told, text.split(" USING ")[1]) for table, *told, text in rows)
    assert found["pg_temp"] == found["public"] and len(found["public"]) >= len(whole)


def test_a_narrow_copy_has_the_indexes_that_look_at_no_other_column(make_database: MakeDatabase) -> None:
    narrow = [one for one in REHEARSED if one.only]
    assert [one.name for one in narrow] == ["guest"] and "name_key" not in narrow[0].only
    with scratch(make_database("segments"), REHEARSED, GIVEN) as tx:
        rows = tx.execute(INDEXES, {"place": "pg_temp", "tables": ["guest"]}).fetchall()
    assert {text.split(" USING ")[1] for *_, text in rows} == {
        "btree (id)",
        "btree (merged_into) WHERE (merged_into IS NOT NULL)",
        "btree (id) WHERE (erased_at IS NOT NULL)",
    }
    assert [text for _, _, is_primary, text in rows if is_primary]


INDEXES = """
    select c.relname, i.indisunique, i.indisprimary, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relname = any(%(tables)s)
      and c.relnamespace = case when %(place)s = 'public' then 'public'::regnamespace::oid else pg_my_temp_schema() end
    order by pg_get_indexdef(i.indexrelid)
"""


def test_what_commands_do_in_a_copy_is_gone_with_it(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, NOW)
        before = tx.execute("select (select last_value from outbox_id_seq), (select count(*) from outbox)").fetchone()
    with scratch(database, OF_CAMPAIGNS, GIVEN) as tx:
        launch(tx, "birthday", at=NOW, by="Mia")
        assert tx.execute("select state from journey where key = 'birthday'").fetchone() == ("live",)
        assert tx.execute("select type from outbox").fetchall() == [("journey.launched.v1",)]
    with database.transaction() as tx:
        assert tx.execute("select state from journey where key = 'birthday'").fetchone() == ("draft",)
        after = tx.execute("select (select last_value from outbox_id_seq), (select count(*) from outbox)").fetchone()
    assert before == after


def test_a_queue_is_written_again_without_what_is_obsolete_and_nothing_live_opens(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    with scratch(database, OF_CAMPAIGNS, GIVEN) as tx:
        for _ in range(40):
            tx.execute("update journey set changed_at = changed_at + interval '1 minute'")
        before = tx.execute(SIZE).fetchone(), tx.execute("select * from journey order by key").fetchall()
        kept = tx.execute(INDEXES, {"place": "pg_temp", "tables": ["journey"]}).fetchall()
        Upkeep(tx, queues=["journey"]).grew(MANY)
        after = tx.execute(SIZE).fetchone(), tx.execute("select * from journey order by key").fetchall()
        assert after[1] == before[1] and 0 < after[0][0] < before[0][0]  # type: ignore[index]
        assert tx.execute(INDEXES, {"place": "pg_temp", "tables": ["journey"]}).fetchall() == kept
        for statement in ("update public.journey set state = 'live'", "create temp table elsewhere (id int)"):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), tx.savepoint():
                tx.execute(statement)
    with database.transaction() as tx:
        assert tx.execute("select count(*) from journey where state = 'live'").fetchone() == (0,)


SIZE = "select pg_relation_size('pg_temp.journey')"


def test_one_rehearsal_at_a_time_works_in_a_database(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    with scratch(database, OF_CAMPAIGNS, GIVEN):
        with pytest.raises(Busy), scratch(database, OF_CAMPAIGNS, GIVEN):
            pass
        with database.transaction() as tx:  # others work on
            install_shipped(tx, NOW)
            launch(tx, "birthday", at=NOW, by="Mia")
