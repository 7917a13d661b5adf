"""What may be a million lines is read from a real standby: the export of a segment, and the list of all consents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta

import psycopg
import pytest

from services.messaging.commands.consents.by_staff import agree_for
from services.messaging.service import SERVICE as MESSAGING
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.segments.lifecycle import save_segment
from services.segments.service import SERVICE as SEGMENTS
from shared.access.people import Person as Colleague
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.database.replica import REPLICA
from shared.embedded.server import EmbeddedPostgres
from shared.ids import make_id
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import ADA, FILIPA, NOW, employ
from tests.databases import MIGRATED_AT
from tests.loopback import until
from tests.segments.audience_people import Person, Stayed, enter
from tests.standby import Standby
from tests.web import Browser

MANIFESTS = {one.name: one for one in (SEGMENTS, MESSAGING)}
STAYED = {"fact": "stays", "op": "at_least", "value": 1}
RITA = make_id("guest", "Rita")


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("primary") / "postgres", durable=False, archived=True) as server:
        server.create_databases(list(MANIFESTS))
        for name, manifest in MANIFESTS.items():
            migrate(server.dsn(name), [SHARED_MIGRATIONS, manifest.migrations], MIGRATED_AT)
        yield server


@pytest.fixture(scope="module")
def standby(primary: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standby]:
    with Standby(tmp_path_factory.mktemp("standby") / "postgres", primary) as server:
        yield server


@contextmanager
def read_there(
    service: str, primary: EmbeddedPostgres, standby: Standby, keyring: KeyRing
) -> Iterator[tuple[Database, Browser]]:
    """A database, and an administrator whose browser is answered by a process that knows its standby."""
    told = {"service": service, "keyring": keyring, "most_behind": timedelta(hours=1)}
    with closing(Database(primary.dsn(service), replica=standby.dsn(service), **told)) as database:  # type: ignore[arg-type]
        employ(database)
        manifest = MANIFESTS[service]
        app = manifest.build_web(manifest.read_config({}), database, VirtualClock(NOW), WebConfig())
        yield database, Browser(app, ADA)


def scans(server: EmbeddedPostgres, database: str, table: str) -> int:
    """How often a table was read there."""
    asked = "select seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = %s"
    with psycopg.connect(server.dsn(database)) as connection:
        ((found,),) = connection.execute(asked, [table]).fetchall()
    return int(found)


def reads(database: Database) -> Counter[str]:
    assert database.replica is not None
    return database.replica.figures.reads.copy()


def test_an_export_of_a_segment_is_written_from_the_standby(
    primary: EmbeddedPostgres, standby: Standby, keyring: KeyRing
) -> None:
    with read_there("segments", primary, standby, keyring) as (database, desk):
        with database.transaction() as tx:
            enter(tx, [Person("Rita", home_property="LIS")], [Stayed("Rita", "R-1", date(2026, 3, 1))])
            save_segment(tx, "stayed", "Guests who stayed", STAYED, NOW)
            evaluate_moved(tx, [Moved(RITA, {"kind": "initial"})], NOW)
            tx.execute("update segment set evaluated_at = %s", [NOW])
        desk.get("/segments/segments/lists")
        assert desk.post("/segments/segments/stayed/exports", follow=False).status_code == 303
        with database.transaction() as tx:
            ((export,),) = tx.execute("select id from segment_export").fetchall()
        standby.catches_up()
        before, there = scans(standby, "segments", "membership"), reads(database)
        assert "Rita" in desk.get(f"/segments/segments/exports/{export}").text
        assert set(reads(database) - there) == {REPLICA}
        until(lambda: scans(standby, "segments", "membership") > before)


def test_the_list_of_all_consents_is_written_from_the_standby(
    primary: EmbeddedPostgres, standby: Standby, keyring: KeyRing
) -> None:
    by = Colleague(FILIPA.person_id, FILIPA.name, Role.FRONT_DESK, frozenset({"LIS"}))
    with read_there("messaging", primary, standby, keyring) as (database, desk):
        with database.transaction() as tx:
            told = {"said_at": NOW, "place": "desk", "words": "Yes, please", "by": by, "at": NOW}
            agree_for(tx, RITA, "sms", "marketing", **told)  # type: ignore[arg-type]
        desk.get("/messaging/privacy")
        standby.catches_up()
        before, there = scans(standby, "messaging", "consent_ledger"), reads(database)
        assert "Yes, please" in desk.post("/messaging/privacy/consents.csv").get_data(as_text=True)
        assert set(reads(database) - there) == {REPLICA}
        until(lambda: scans(standby, "messaging", "consent_ledger") > before)
