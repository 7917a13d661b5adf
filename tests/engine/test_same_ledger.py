"""The ledger is the same whoever carries the messages: mailboxes, a hostile publisher, RabbitMQ between processes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guestloop.composition.services import Wrap
from guestloop.generated.export import write_export
from guestloop.simulation.simulate import Period, simulate
from shared.bus.hostile import HostilePublisher
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.publisher import Publisher
from shared.errors import InputError
from tests.rabbit import RabbitNode

FORTNIGHT = Period(date(2016, 2, 1), date(2016, 2, 14))


def ledger_of(export: Path, folder: Path, period: Period, *, seed: int = 3, **more: Any) -> bytes:
    """What the decisions and the guests of a run are written as."""
    ledger, guests = folder / "ledger.jsonl", folder / "guests.jsonl"
    simulate(export, period, ledger_path=ledger, guests_path=guests, seed=seed, **more)
    return ledger.read_bytes() + guests.read_bytes()


def hostile(seed: int) -> Wrap:
    def wrap(inner: MailboxPublisher) -> Publisher:
        return HostilePublisher(inner, seed)

    return wrap


@pytest.fixture(scope="module")
def small_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "reservations.csv"
    write_export(path, rows=900, from_year=2016, to_year=2016)  # the year up to there is played as well
    return path


@pytest.fixture(scope="module")
def small_ledger(small_export: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    found = ledger_of(small_export, tmp_path_factory.mktemp("plain"), FORTNIGHT)
    assert found.count(b'"sent"') > 10
    return found


def test_duplicates_and_disorder_change_nothing(small_export: Path, small_ledger: bytes, tmp_path: Path) -> None:
    assert ledger_of(small_export, tmp_path, FORTNIGHT, wrap=hostile(1)) == small_ledger


@pytest.mark.proof  # the oracle judges what such a run decides: tests/oracle
def test_segments_a_process_ahead_of_the_others_changes_nothing(
    small_export: Path, small_ledger: bytes, tmp_path: Path
) -> None:
    """It may run ahead where nobody answers; and what guests answer changes no decision of these days."""
    assert ledger_of(small_export, tmp_path, FORTNIGHT, answers=False) == small_ledger


def test_an_export_that_segments_cannot_read_is_refused_by_the_others(tmp_path: Path) -> None:
    export = tmp_path / "empty.csv"
    export.write_text("")
    with pytest.raises(InputError, match="is empty"):
        simulate(export, FORTNIGHT, answers=False)


@pytest.mark.proof  # under fire they do the same in every run: tests/chaos
@pytest.mark.rabbitmq
def test_a_process_a_role_over_rabbitmq_changes_nothing(
    small_export: Path, small_ledger: bytes, tmp_path: Path, rabbitmq: RabbitNode
) -> None:
    assert ledger_of(small_export, tmp_path, FORTNIGHT, broker=rabbitmq.url) == small_ledger


@pytest.fixture(scope="module")
def large_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "reservations.csv"
    write_export(path, rows=5000, from_year=2016, to_year=2016)
    return path


SEASON = Period(date(2016, 3, 1), date(2016, 9, 30))


@pytest.fixture(scope="module")
def large_ledger(large_export: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return ledger_of(large_export, tmp_path_factory.mktemp("plain"), SEASON)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_5000_rows_survive_hostility(large_export: Path, large_ledger: bytes, tmp_path: Path, seed: int) -> None:
    assert ledger_of(large_export, tmp_path, SEASON, wrap=hostile(seed)) == large_ledger


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_5000_rows_are_the_same_over_rabbitmq(
    large_export: Path, large_ledger: bytes, tmp_path: Path, rabbitmq: RabbitNode
) -> None:
    assert ledger_of(large_export, tmp_path, SEASON, broker=rabbitmq.url) == large_ledger
