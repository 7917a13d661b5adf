"""What evaluation writes and says: once a change, never for what was always so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.segments.clock import FullEvaluation
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import (
    install_shipped,
    release_segment,
    retire_segment,
    save_segment,
    segment_sizes,
    use_segment,
)
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database, Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move, said

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
GOLD = {"fact": "tier", "op": "is", "value": "gold"}
SILVER = {"fact": "tier", "op": "is", "value": "silver"}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("segments")


def gold_in_use(tx: Tx) -> None:
    save_segment(tx, "gold", "Gold guests", GOLD, AT)
    use_segment(tx, "gold", AT)


def be(tx: Tx, tier: str | None, at: datetime = AT, name: str = "ana") -> None:
    enter(tx, [Person(name, tier=tier)])
    move(tx, [name], at)


def log(tx: Tx) -> list[tuple[Any, ...]]:
    query = (
        "select segment, version, entered, initial, because from membership_change order by guest_id, segment, version"
    )
    return tx.execute(query).fetchall()


def test_each_change_is_said_once_with_its_version(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        for tier in ("gold", "gold", None, None, "gold"):
            be(tx, tier)
        found = said(tx)
    assert [(one["version"], one["entered"], one["initial"]) for one in found] == [
        (1, True, False),
        (2, False, False),
        (3, True, False),
    ]
    assert {one["guest_id"] for one in found} == {str(make_id("guest", "ana"))}
    assert {(one["segment"], one["zone"]) for one in found} == {("gold", "Europe/Lisbon")}


def test_the_same_guest_named_twice_is_evaluated_once_for_the_last_reason(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        enter(tx, [Person("ana", tier="gold")])
        guest = make_id("guest", "ana")
        evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": what}) for what in ("first", "second")], AT)
        assert [one["because"] for one in said(tx)] == [{"kind": "guest", "what": "second"}]


def test_because_names_birthday_and_last_stay(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        stay = Stayed("ana", "R7", date(2016, 4, 1))
        muted = Stayed("ana", "R9", date(2016, 4, 20), muted=True)
        enter(tx, [Person("ana", tier="gold", birth_date=date(1980, 5, 1))], [stay, muted])
        move(tx, ["ana"], AT)
        (entered,) = said(tx)
    assert entered["because"] == {
        "kind": "stay",
        "what": "stay.changed",
        "birthday": "2016-05-01",
        "last_stay": {
            "stay_id": str(stay.id),
            "reservation": "R7",
            "property": "LIS",
            "checked_out_on": "2016-04-03",
        },
    }


def test_an_import_of_history_is_initial_and_leaves_no_line_until_something_changes(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        enter(tx, [Person("ana", tier="gold")])
        evaluate_moved(tx, [Moved(make_id("guest", "ana"), {"kind": "initial"})], AT)
        assert [(one["version"], one["initial"], one["because"]) for one in said(tx)] == [
            (1, True, {"kind": "initial"})
        ]
        assert log(tx) == []
        be(tx, None)
        assert [(one["version"], one["entered"], one["initial"]) for one in said(tx)] == [
            (1, True, True),
            (2, False, False),
        ]
        assert log(tx) == [(1, 2, False, False, {"kind": "stay", "what": "stay.changed"})]


def test_a_new_segment_is_evaluated_for_everybody_as_initial(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "silver")
        save_segment(tx, "silver", "Silver guests", SILVER, AT)
        use_segment(tx, "silver", AT)
        assert members_of(tx, "silver") == []
    assert FullEvaluation(database).next_due() == AT
    while FullEvaluation(database).next_due():
        assert FullEvaluation(database).step(LATER) == 1
    assert FullEvaluation(database).step(LATER) == 0
    with database.transaction() as tx:
        assert [(one["segment"], one["initial"]) for one in said(tx)] == [("silver", True)]
        be(tx, "silver", name="bea")
        assert [(one["segment"], one["initial"]) for one in said(tx)] == [("silver", True), ("silver", False)]
        assert segment_sizes(tx) == {"gold": 0, "silver": 2}


def test_a_guest_who_moves_before_everybody_was_evaluated_is_initial_too(database: Database) -> None:
    with database.transaction() as tx:
        be(tx, "silver")
        gold_in_use(tx)
        be(tx, "gold")
        assert [(one["version"], one["initial"]) for one in said(tx)] == [(1, True)]
    evaluate_all(database, LATER)
    with database.transaction() as tx:
        assert len(said(tx)) == 1


def test_an_edited_rule_says_initial_for_who_leaves_and_who_enters(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "gold")
        be(tx, "silver", name="bea")
        assert not save_segment(tx, "gold", "Gold, renamed", GOLD, AT).changed
        assert save_segment(tx, "gold", "Gold", SILVER, AT).version == 2
    evaluate_all(database, LATER)
    with database.transaction() as tx:
        _, left, entered = sorted(said(tx), key=lambda one: (one["initial"], one["entered"]))
        assert (left["entered"], left["initial"], left["version"]) == (False, True, 2)
        assert (entered["entered"], entered["initial"], entered["version"]) == (True, True, 1)
        be(tx, "gold")
        be(tx, "silver")
        assert [one["initial"] for one in said(tx)][3:] == [False]


def test_a_walk_over_everybody_again_says_nothing(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "gold")
        before = said(tx)
    assert evaluate_all(database, LATER) == 1
    with database.transaction() as tx:
        assert said(tx) == before


def test_a_walk_begins_again_when_rules_change_meanwhile(database: Database) -> None:
    with database.transaction() as tx:
        be(tx, "gold")
        save_segment(tx, "gold", "Gold", GOLD, AT)
    FullEvaluation(database).step(AT)
    with database.transaction() as tx:
        save_segment(tx, "silver", "Silver", SILVER, AT)
        be(tx, "silver", name="bea")
    while FullEvaluation(database).step(LATER):
        pass
    with database.transaction() as tx:
        assert segment_sizes(tx) == {"gold": 1, "silver": 1}
        assert tx.execute("select count(*) from segment where evaluated_at is null").fetchone() == (0,)


def test_only_segments_in_use_are_said_and_all_are_kept(database: Database) -> None:
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", GOLD, AT)
        be(tx, "gold")
        assert said(tx) == []
        assert members_of(tx, "gold") == [make_id("guest", "ana")]
        use_segment(tx, "gold", LATER)
        use_segment(tx, "gold", LATER)
        assert [(one["initial"], one["version"], one["entered"]) for one in said(tx)] == [(True, 1, True)]
        release_segment(tx, "gold", LATER)
        be(tx, None)
        assert len(said(tx)) == 1
        be(tx, "gold")
        use_segment(tx, "gold", LATER)
        assert [one["version"] for one in said(tx)] == [1, 3]


def test_a_retired_segment_has_no_members_and_its_number_is_not_given_again(database: Database) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "gold")
        with pytest.raises(Conflict):
            retire_segment(tx, "gold", AT)
        release_segment(tx, "gold", AT)
        retire_segment(tx, "gold", AT)
        assert (members_of(tx, "gold"), segment_sizes(tx)) == ([], {})
        with pytest.raises(NotFound):
            use_segment(tx, "gold", AT)
        assert save_segment(tx, "silver", "Silver", SILVER, AT).number == 2


def test_a_bad_rule_or_key_is_refused_and_nothing_is_kept(database: Database) -> None:
    with database.transaction() as tx:
        with pytest.raises(InputError):
            save_segment(tx, "gold", "Gold", {"all": []}, AT)
        with pytest.raises(InputError):
            save_segment(tx, "gold guests", "Gold", GOLD, AT)
        assert segment_sizes(tx) == {}


@pytest.mark.parametrize("end", ["merged_into = (select id from guest where given_name = 'bea')", "erased_at = %(at)s"])
def test_who_is_merged_away_or_erased_leaves_every_audience(database: Database, end: str) -> None:
    with database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "gold", name="bea")
        be(tx, "gold")
        tx.execute(f"update guest set {end} where given_name = 'ana'", {"at": AT})
        move(tx, ["ana"], LATER)
        assert members_of(tx, "gold") == [make_id("guest", "bea")]
        assert [(one["version"], one["entered"]) for one in said(tx)][2:] == [(2, False)]
        assert tx.execute("select count(*) from guest_facts").fetchone() == (1,)


def test_a_withdrawal_in_the_ledger_stands_above_what_a_source_claims(database: Database) -> None:
    with database.transaction() as tx:
        install_shipped(tx, AT)
        enter(tx, [Person("ana", points=(("email", "personal"),), consents=(("email", "express", None),))])
        move(tx, ["ana"], AT)
        assert len(members_of(tx, "reachable-by-email")) == 1
        ledger = "insert into consent_known values (%s, 'email', 'marketing', 1, 'withdrawn', %s)"
        tx.execute(ledger, [make_id("guest", "ana"), AT])
        move(tx, ["ana"], LATER)
        assert members_of(tx, "reachable-by-email") == []


def test_what_a_rolled_back_transaction_saw_is_forgotten(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        gold_in_use(tx)
        be(tx, "gold")
        raise ZeroDivisionError
    with database.transaction() as tx:
        be(tx, "gold")
        assert said(tx) == []
        gold_in_use(tx)
    evaluate_all(database, LATER)
    with database.transaction() as tx:
        assert [one["initial"] for one in said(tx)] == [True]


def test_installing_the_shipped_segments_again_changes_nothing(database: Database) -> None:
    with database.transaction() as tx:
        assert all(one.changed for one in install_shipped(tx, AT))
        digest = tx.execute("select digest from ruleset").fetchone()
        assert not any(one.changed for one in install_shipped(tx, LATER))
        assert tx.execute("select digest from ruleset").fetchone() == digest
