"""Messaging's database is restored from a backup: what went in the time that is lost does not go a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from services.messaging.commands.sending.results import note_restored
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.databases import on_server
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, stay, survey

AN_HOUR = timedelta(hours=1)


def guests(hotel: Hotel) -> None:
    people = {ANA: "ana@example.com", BEN: "ben@example.com", CARLA: "carla@example.com"}
    hotel.hears(lisbon(), *(guest(each, points=[email(hotel.keyring, to)]) for each, to in people.items()))


def test_what_went_after_the_backup_does_not_go_again(make_database: MakeDatabase, cluster: EmbeddedPostgres) -> None:
    hotel = Hotel(make_database("messaging"))
    guests(hotel)
    old, late = birthday(ANA), birthday(BEN, due_at=MONDAY + 2 * AN_HOUR)
    new = survey(guest_id=CARLA, due_at=MONDAY + timedelta(minutes=5))
    hotel.hears(old, late)
    with backup(hotel.database, cluster) as (lost, kept):
        before = Hotel(lost, hotel.provider)
        before.hears(stay("LIS-000001", CARLA), new)
        before.runs(MONDAY + timedelta(minutes=5))
        assert taken(before) == {old.message_id, new.message_id}
        before.sender.close()

        after = Hotel(kept, hotel.provider)
        with kept.transaction() as tx:
            assert note_restored(tx, MONDAY + AN_HOUR) == 1
        after.hears(stay("LIS-000001", CARLA), new)  # campaigns says again what it knows no end of
        after.runs(MONDAY + 3 * AN_HOUR)
        assert [after.state_of(message) for message in (old, new, late)] == ["unknown", "unknown", "sent"]
        assert len(after.provider.taken) == len(taken(after)) == 3  # type: ignore[attr-defined]
        told = [columns["message_id"] for name, _, columns in after.said() if name == "message.unknown.v1"]
        assert {UUID(str(message)) for one in told for message in one} == {old.message_id, new.message_id}
        after.sender.close()


@contextmanager
def backup(database: Database, cluster: EmbeddedPostgres) -> Iterator[tuple[Database, Database]]:
    """The database as it goes on, and as it was now."""
    database.close()
    name = conninfo_to_dict(database.dsn)["dbname"]
    copy = sql.Identifier(f"{name}_backup")
    alone = sql.SQL("select pg_terminate_backend(pid) from pg_stat_activity where datname = {}")
    on_server(cluster, alone.format(sql.Literal(name)))
    on_server(cluster, sql.SQL("create database {} template {}").format(copy, sql.Identifier(str(name))))
    places = (database.dsn, cluster.admin_dsn(f"{name}_backup"))
    both = [Database(place, service="messaging", keyring=database.keyring) for place in places]
    yield both[0], both[1]
    for one in both:
        one.close()
    on_server(cluster, sql.SQL("drop database {} with (force)").format(copy))


def test_without_a_restore_nothing_is_doubted(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    guests(hotel)
    hotel.hears(birthday(ANA))
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]


def taken(hotel: Hotel) -> set[UUID]:
    assert isinstance(hotel.provider, Provider)
    return {message.message_id for message in hotel.provider.taken}
