"""A house is restored to an instant: what went after it is unclear there, and nothing goes a second time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from guestloop.backup.folder import BackupFolder
from guestloop.backup.house import House
from guestloop.backup.keeping import Keeping
from guestloop.backup.recover import Recovering
from guestloop.backup.restore import chosen, restore
from guestloop.backup.role import BackupRole
from services.messaging.commands.sending.results import note_restored
from services.messaging.service import SERVICE
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.backup.conftest import KEYS
from tests.cast import ANA, BEN, CARLA
from tests.conftest import KEYS as RING
from tests.databases import MIGRATED_AT
from tests.loopback import until
from tests.messaging.hotel import MONDAY, Hotel, birthday, stay, survey
from tests.messaging.test_restored import AN_HOUR, guests, taken

MESSAGING = "guestloop_messaging"
ARRIVED = "select flush_lsn >= pg_current_wal_lsn() from pg_stat_replication"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path / "house", durable=False, archived=True) as server:
        server.create_databases([MESSAGING])
        migrate(server.dsn(MESSAGING), [SHARED_MIGRATIONS, SERVICE.migrations], MIGRATED_AT)
        yield server


def database_of(server: EmbeddedPostgres) -> Database:
    return Database(server.dsn(MESSAGING), service="messaging", keyring=KeyRing.parse(RING))


def asked(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def test_what_went_after_the_instant_is_unclear_and_does_not_go_again(server: EmbeddedPostgres, tmp_path: Path) -> None:
    folder, house = BackupFolder(tmp_path / "backups"), House(server.admin_dsn())
    role = BackupRole(house, folder, KEYS, SystemClock(), Keeping(), hour=2)
    old, late = birthday(ANA), birthday(BEN, due_at=MONDAY + 2 * AN_HOUR)
    new = survey(guest_id=CARLA, due_at=MONDAY + timedelta(minutes=5))
    before = Hotel(database_of(server))
    with closing(role), closing(before.database):
        guests(before)
        before.hears(old, late)
        assert role.step(datetime.now(UTC))
        instant = asked(server, "select clock_timestamp()")
        assert isinstance(instant, datetime)
        before.hears(stay("LIS-000001", CARLA), new)
        before.runs(MONDAY + timedelta(minutes=5))
        assert taken(before) == {old.message_id, new.message_id}
        before.sender.close()
        until(lambda: asked(server, ARRIVED) is True)

    place = tmp_path / "restored" / "data"
    place.parent.mkdir()
    restore(Recovering(House.nowhere({}), folder, KEYS), chosen(folder, instant), place, instant)
    shutil.copy(server.folder / "passwords.json", place.parent)
    with EmbeddedPostgres(place.parent, durable=False) as restored, closing(database_of(restored)) as kept:
        after = Hotel(kept, before.provider)
        with kept.transaction() as tx:
            assert tx.execute("select count(*) from delivery where state = 'sent'").fetchone() == (0,)
            assert note_restored(tx, MONDAY + AN_HOUR) == 1
        after.hears(stay("LIS-000001", CARLA), new)  # campaigns says again what it knows no end of
        after.runs(MONDAY + 3 * AN_HOUR)
        assert [after.state_of(one) for one in (old, new, late)] == ["unknown", "unknown", "sent"]
        assert len(after.provider.taken) == len(taken(after)) == 3  # type: ignore[attr-defined]
        after.sender.close()
