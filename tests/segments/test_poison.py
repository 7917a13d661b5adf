"""One rule, zone or row that cannot be worked on waits for a person, or is refused; those before and after it go on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.segments.clock import FullEvaluation, Sweep
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.reservations import enter as entering
from services.segments.commands.reservations.prepared import prepare_row
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.imports.run import import_reservations
from services.segments.schemas.readers import RowReader
from services.segments.store.evaluation import rulesets
from services.segments.store.evaluation.statement import statement
from shared.bus.consumer import Consumer, Incoming
from shared.bus.set_aside import SetAside, try_again, waiting
from shared.database.pool import Database
from shared.events.dictionary import chunk_of
from shared.events.feedback import SurveyAnswered
from shared.events.wire import encode
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, enter, move, said
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_import import AT, SIMULATED, line, write

NOON = datetime(2016, 6, 1, 12, tzinfo=UTC)
PORTUGUESE = {"fact": "country", "op": "is", "value": "PT"}
ENGLISH = {"fact": "language", "op": "is", "value": "en"}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    """Three segments in use, evaluated for everybody."""
    database = make_database("segments")
    with database.transaction() as tx:
        enter(tx, [Person("ana")], [])
        for key, rule in (("first", PORTUGUESE), ("poisoned", PORTUGUESE), ("last", ENGLISH)):
            save_segment(tx, key, key.title(), rule, NOON)
            use_segment(tx, key, NOON)
        move(tx, ["ana"], NOON)
    evaluate_all(database, NOON)
    return database


def aside(database: Database) -> list[SetAside]:
    with database.transaction() as tx:
        return waiting(tx, 10)


def members(database: Database) -> dict[str, set[str]]:
    with database.transaction() as tx:
        keys = dict(tx.execute("select key, number from segment").fetchall())
        rows = tx.execute("select guest_id, segments from membership").fetchall()
    return {key: {str(guest) for guest, inside in rows if number in inside} for key, number in keys.items()}


def unreadable(database: Database, _: pytest.MonkeyPatch) -> None:
    """As a newer version wrote it, which knows more facts."""
    with database.transaction() as tx:
        tx.execute(
            'update segment set rule = \'{"fact": "shoe_size", "op": "at_least", "value": 42}\' '
            "where key = 'poisoned'"
        )
        rulesets.renew_digest(tx)


def failing(_: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its SQL raises for some guest, whatever the rule's author wrote."""
    compiled = statement

    def broken(rules: Any, *more: Any, **named: Any) -> str:
        text = compiled(rules, *more, **named)
        return text.replace(" then 2 end", " and 1 / (p.stays * 0) = 1 then 2 end") if 2 in rules else text

    monkeypatch.setattr(rulesets, "statement", broken)
    monkeypatch.setattr(rulesets, "_compiled", OrderedDict())


@pytest.mark.parametrize("poison", [unreadable, failing])
def test_a_rule_that_cannot_be_evaluated_waits_and_the_others_are(
    database: Database, monkeypatch: pytest.MonkeyPatch, poison: Callable[[Database, pytest.MonkeyPatch], None]
) -> None:
    before = members(database)["poisoned"]
    assert len(before) == 1
    poison(database, monkeypatch)
    with database.transaction() as tx:
        enter(tx, [Person("ben")], [])
        move(tx, ["ben", "ana"], NOON)
    found = members(database)
    assert len(found["first"]) == len(found["last"]) == 2
    assert found["poisoned"] == before, "who was in stays in, and nobody enters"
    (one,) = aside(database)
    assert (one.role, one.item, one.attempts) == ("segments", "poisoned", 1)
    with database.transaction() as tx:
        move(tx, ["ben", "ana"], NOON)
        assert {change["segment"] for change in said(tx)} == {"first", "poisoned", "last"}
    assert aside(database)[0].attempts == 1, "it is tried again only where somebody asks for it"


def test_a_mended_rule_is_evaluated_for_everybody_once_it_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable(database, monkeypatch)
    with database.transaction() as tx:
        enter(tx, [Person("ben")], [])
        move(tx, ["ben"], NOON)
        tx.execute(
            'update segment set rule = \'{"fact": "country", "op": "is", "value": "PT"}\' where key = \'poisoned\''
        )
    walk = FullEvaluation(database)
    while walk.step(NOON):
        pass
    with database.transaction() as tx:
        assert try_again(tx, [one.id for one in waiting(tx, 10)], NOON) == 1
    assert walk.next_due() == NOON
    while walk.step(NOON):
        pass
    assert walk.next_due() is None
    assert not aside(database)
    assert len(members(database)["poisoned"]) == 2
    with database.transaction() as tx:
        late = [one for one in said(tx) if one["segment"] == "poisoned" and one["guest_id"] == str(Person("ben").id)]
    assert [one["initial"] for one in late] == [True], "having been true is not becoming true"


def test_a_zone_that_cannot_be_swept_waits_and_the_others_turn(database: Database) -> None:
    with database.transaction() as tx:
        enter(tx, [Person("eva", zone="Asia/Shanghai", birth_date=date(1980, 6, 8))], [])
        move(tx, ["eva"], NOON)
        tx.execute("insert into zone_sweep values ('Atlantis/Capital', '2016-05-31', '2016-06-01 00:00')")
    sweep = Sweep(database)
    for _ in range(3):
        sweep.step(datetime(2016, 6, 3, tzinfo=UTC))
    (one,) = aside(database)
    assert (one.role, one.item) == ("sweep", "Atlantis/Capital")
    due = sweep.next_due()
    assert due is not None and due > datetime(2016, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize("poisoned", [0, 1, 2])
def test_a_row_that_cannot_be_entered_is_refused_and_its_neighbours_are_entered(
    make_database: MakeDatabase, tmp_path: Path, poisoned: int
) -> None:
    """Its end is the calendar's: the day its consent would end is after the last one there is."""
    database = make_database("segments")
    add_properties(database)
    lines = [line(n, email=f"guest{n}@example.com") for n in range(3)]
    lines[poisoned] |= {
        "arrival": "9999-12-20",
        "departure": "9999-12-30",
        "status": "booked",
        "status_date": "3/1/2016",
    }
    path = write(tmp_path / "a.csv", lines)
    mapping = replace(SIMULATED, yes=ClaimedConsent.EXISTING_CUSTOMER)
    done = import_reservations(database, path, mapping, AT)
    assert (done.rows, done.rejected, done.stays_made) == (3, 1, 2)
    stays = {name for (name,) in rows_of(database, "select reservation from stay")}
    assert stays == {f"LIS-{n}" for n in range(3) if n != poisoned}
    assert rows_of(database, "select line, field, reason from import_reject") == [
        (poisoned + 2, "row", "could not be entered")
    ]
    again = import_reservations(database, path, mapping, AT)
    assert (again.rejected, again.unchanged, again.stays_made) == (1, 2, 0)


def test_a_row_that_nothing_can_be_made_of_is_refused_alone(
    make_database: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = make_database("segments")
    add_properties(database)
    prepare, read = prepare_row, RowReader.read

    def prepared(tx: Any, waiting: Any, *more: Any) -> Any:
        if waiting.row.reservation == "LIS-1":
            raise OverflowError("date value out of range")
        return prepare(tx, waiting, *more)

    def reading(self: RowReader, cells: Any) -> Any:
        row = read(self, cells)
        if row.reservation == "LIS-2":
            raise IndexError("string index out of range")
        return row

    monkeypatch.setattr(entering, "prepare_row", prepared)
    monkeypatch.setattr(RowReader, "read", reading)
    path = write(tmp_path / "a.csv", [line(n, email=f"guest{n}@example.com") for n in range(4)])
    done = import_reservations(database, path, SIMULATED, AT, rejects=tmp_path / "refused.csv")
    assert (done.rejected, done.stays_made) == (2, 2)
    refused = (tmp_path / "refused.csv").read_text().splitlines()
    assert sorted(refused[1:]) == ["3,row,could not be entered,", "4,row,could not be entered,"]


@pytest.mark.parametrize("poisoned", [0, 1, 2])
def test_an_answer_that_cannot_be_kept_becomes_a_dead_letter_and_its_neighbours_are_kept(
    database: Database, poisoned: int
) -> None:
    """Sound for the dictionary, and no number that the column can hold."""
    answers = [
        SurveyAnswered(
            answer_id=make_id("answer", number),
            version=1,
            guest_id=Person("ana").id,
            stay_id=None,
            property="LIS",
            score=2**40 if number == poisoned else 9,
            comment=None,
            channel=Channel.EMAIL,
            answered_at=NOON,
        )
        for number in range(3)
    ]
    body = encode(chunk_of(answers))
    for subscription in SUBSCRIPTIONS:
        if "survey.answered.v1" in subscription.handlers:
            incoming = Incoming(subscription.name, make_id("message"), "survey.answered.v1", body)
            handled = Consumer(database, [subscription]).handle([incoming], NOON)
            assert (handled.fresh, handled.dead) == (1, 1)
    assert rows_of(database, "select count(*) from answer_known") == [(2,)]
    assert rows_of(database, "select place, type from dead_letter") == [(poisoned, "survey.answered.v1")]
