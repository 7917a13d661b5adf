"""Two years after the month of an erasure its five certificates become one line, which answers for them for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guestloop.operations.erase import certificate
from services.console.consumer import SUBSCRIPTIONS
from services.console.personal_data import PERSONAL_DATA
from services.console.queries.erasures import forgotten
from services.console.queries.rights import erasures, files_made
from services.console.store.counts import erased_among
from shared.database.pool import Database
from shared.events.console import EVERY_SERVICE, GuestForgotten
from shared.events.dictionary import chunk_of
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.personal_data.retention import subjects
from shared.personal_data.retention.subjects import subjects_of
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import ServiceHarness
from tests.messaging.keeping import drop_all

ERASED = datetime(2024, 3, 2, 23, 30, tzinfo=UTC)
OVER = datetime(2026, 4, 1, tzinfo=UTC)
CERTIFICATES = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "guest_forgotten")


class Console(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def hears(self, *subjects: Any, at: datetime = ERASED) -> None:
        self.hear_at(at, chunk_of(list(subjects)))

    def drops(self, now: datetime = OVER) -> int:
        with self.database.transaction() as tx:
            return drop_all(CERTIFICATES, tx, now)

    def kept(self) -> list[list[tuple[Any, ...]]]:
        return [self.all(f"select * from {table} order by 1, 2") for table in ("guest_forgotten", "guest_erased")]


def said_by(guest: UUID, services: Sequence[str] = EVERY_SERVICE, at: datetime = ERASED) -> list[GuestForgotten]:
    """Each an hour after the one before."""
    return [
        GuestForgotten(
            guest_id=guest, service=name, version=2, forgotten_at=at + timedelta(hours=n), rows={"a": 2, "b": 1}
        )
        for n, name in enumerate(services)
    ]


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("console")


@pytest.fixture
def console(database: Database) -> Console:
    """Ana was erased everywhere, Ben two years later."""
    console = Console(database)
    console.hears(*said_by(ANA))
    console.hears(*said_by(BEN, at=OVER - timedelta(days=3)))
    return console


def test_five_become_one_with_the_trail_of_their_month(console: Console) -> None:
    assert console.drops(OVER - timedelta(minutes=1)) == 0
    assert console.drops() == 5
    assert console.all("select * from guest_erased") == [(ANA, date(2024, 3, 2))]
    assert console.all("select distinct guest_id from guest_forgotten") == [(BEN,)]
    assert console.drops() == 0


def test_an_erasure_that_a_service_has_not_finished_keeps_its_certificates(database: Database) -> None:
    console = Console(database)
    console.hears(*said_by(ANA, EVERY_SERVICE[:-1]))
    assert console.drops() == 0 and len(console.kept()[0]) == 4


def test_the_line_answers_for_all_five(console: Console) -> None:
    with console.database.transaction() as tx:
        before = erased_among(tx, [str(ANA), str(BEN), str(make_id("guest", "else"))]), files_made(tx)["erased"]
        latest = [line.guest_id for line in erasures(tx)]
    console.drops()
    with console.database.transaction() as tx:
        after = erased_among(tx, [str(ANA), str(BEN), str(make_id("guest", "else"))]), files_made(tx)["erased"]
        found = forgotten(tx, [ANA])
        shown = [line.guest_id for line in erasures(tx)]
    assert before == after == ({ANA, BEN}, 2)
    assert latest == [BEN, ANA] and shown == [BEN]
    done = certificate([ANA], ERASED, found).done
    assert done == dict.fromkeys(EVERY_SERVICE, datetime(2024, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("again", ["certificates", "certificates of a newer version", "the erasure"])
def test_what_comes_again_years_later_changes_nothing(console: Console, again: str) -> None:
    console.drops()
    before = console.kept()
    if again == "the erasure":
        console.hears(GuestErased(guest_id=ANA, version=2, occurred_at=ERASED), at=OVER)
    else:
        console.hears(*said_by(ANA, at=OVER if "newer" in again else ERASED), at=OVER)
    assert console.kept() == before


def test_a_set_is_of_whole_guests_and_a_run_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "AT_ONCE", 2)
    console = Console(database)
    for number in range(5):
        console.hears(*said_by(make_id("guest", number)))
    assert console.drops() == 25
    found, (kept,) = console.kept(), console.all("select count(distinct erased_on) from guest_erased")
    assert found[0] == [] and len(found[1]) == 5 and kept == (1,)
