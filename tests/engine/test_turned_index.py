"""A key of the blind index is turned in all services at once, by real events: nobody who objected can be written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guestloop.composition.services import SERVICES, Group, build_group, world_of
from guestloop.operations.index_again import found_by, index_again
from guestloop.operations.rotate_keys import add_keys, refusal_to_retire, retire_key, ring_of, use_newest_keys
from services.console.commands.accounts import Member, ensure_person
from services.console.commands.signing_in.attempts import Asking, begin_attempt
from services.feedback.commands.list_objections import list_objections
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.rules.files.opt_out_file import Objection
from services.segments.commands.guests import contacts
from services.segments.commands.reservations.book import book
from shared.clock import VirtualClock
from shared.crypto.purposes import Indexing, Sealing
from shared.crypto.signing import LinkSigner
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.role import Role
from tests.conftest import KEYS, MakeDatabase
from tests.segments.rows import MORNING, add_properties, row

RITA, NUMBER, BRUNO, LATER, NEVER = (
    "rita@mail.example.com",
    "+351930000451",
    "bruno@mail.example.com",
    "later@mail.example.com",
    "never@mail.example.com",
)
OLD_KEY = "index"
MESSAGE = make_id("message", 1)


class Installation:
    """Five services on their databases; restarted, they read the ring as it is by then."""

    def __init__(self, folder: Path, make_database: MakeDatabase) -> None:
        self.folder = folder
        ring, erasure = KEYS.rsplit(",", 1)
        (folder / "keys").write_text(ring)
        (folder / "erasure_keys").write_text(erasure)
        self._dsns = {service: make_database(service).dsn for service in SERVICES}
        with self.running() as group:
            add_properties(group.database("segments"))

    @contextmanager
    def running(self) -> Iterator[Group]:
        ring = ring_of(self.folder)
        databases = {one: Database(dsn, service=one, keyring=ring) for one, dsn in self._dsns.items()}
        with closing(build_group(databases, VirtualClock(MORNING), {})) as group:
            yield group
            settle(group)


def settle(group: Group) -> None:
    world = world_of(group, VirtualClock(MORNING))
    for service in SERVICES:
        world.mark_changed(service)
    world.settle(MORNING)


def act(group: Group, service: str, command: Callable[..., Any], *arguments: Any) -> Any:
    with group.database(service).transaction() as tx:
        return command(tx, *arguments)


def books(group: Group, number: int, **guest: Any) -> None:
    act(group, "segments", book, [row(number, **guest)], MORNING)


def objects_by_file(group: Group, *addresses: str) -> int:
    objections = [Objection(Channel.EMAIL, address, MORNING) for address in addresses]
    found: int = act(group, "feedback", list_objections, objections, OptOutScope.CHANNEL, "old tool", MORNING)
    return found


def stops_by_sms(group: Group, number: str) -> None:
    database = group.database("feedback")
    point, *others = database.keyring.indexes("sms", number)
    reply = Reply(ref=f"stop {number}", channel=Channel.SMS, point=point, others=tuple(others), text="STOP")
    act(group, "feedback", receive_reply, reply, MORNING)


def may_be_written_to(group: Group) -> set[str]:
    """The addresses of guests under which nothing is suppressed, as a sender would open them."""
    keyring = group.database("messaging").keyring
    query = """
        select address_sealed from recipient_point as mine
        where not exists (select from suppression where (channel, point) = (mine.channel, mine.point))
    """
    rows = act(group, "messaging", lambda tx: tx.execute(query).fetchall())
    return {keyring.open(sealed, Sealing.CONTACT) for (sealed,) in rows}


@pytest.fixture
def installation(tmp_path: Path, make_database: MakeDatabase) -> Installation:
    return Installation(tmp_path, make_database)


def test_no_objection_is_lost_from_the_first_key_to_the_last(installation: Installation) -> None:
    folder = installation.folder
    with installation.running() as group:
        books(group, 1, email=RITA, phone=NUMBER)
        books(group, 2, name="Bruno Dias", email=BRUNO)
        assert objects_by_file(group, RITA, LATER, NEVER) == 3
        link = LinkSigner.of(group.database("messaging").keyring).sign("unsubscribe", MESSAGE)
    with installation.running() as group:
        assert may_be_written_to(group) == {BRUNO, NUMBER}

    add_keys(folder, Indexing)
    with installation.running() as group:  # every role knows the new key, none uses it
        books(group, 3, name="Later Guest", email=LATER)
    with installation.running() as group:
        assert may_be_written_to(group) == {BRUNO, NUMBER}

    use_newest_keys(folder, Indexing)
    with installation.running() as group:
        stops_by_sms(group, NUMBER)
        books(group, 4, name="Rita Cantu", email=RITA)  # found again: one guest, not two
        books(group, 5, name="Never Before", email=NEVER)
        assert objects_by_file(group, RITA, LATER, NEVER) == 0  # the same file again
        settle(group)
        assert may_be_written_to(group) == {BRUNO}
        assert act(group, "segments", lambda tx: tx.execute("select count(*) from guest").fetchone()) == (4,)

        assert index_again(group, MORNING) == {"contact points": 4, "names": 0, "guests to be found": 0, "accounts": 0}
        assert index_again(group, MORNING) == {"contact points": 0, "names": 0, "guests to be found": 0, "accounts": 0}
        settle(group)
        assert may_be_written_to(group) == {BRUNO}
        assert found_by(group, OLD_KEY) == {}
        assert (
            refusal_to_retire(ring_of(folder), OLD_KEY)
            == "«index» is in use for «links»: add and use another key first"
        )

    add_keys(folder)
    use_newest_keys(folder)
    retire_key(folder, OLD_KEY)
    with installation.running() as group:
        assert ",index=" not in "," + (folder / "keys").read_text()
        assert may_be_written_to(group) == {BRUNO}
        books(group, 6, name="Rita Cantu", email=RITA, phone=NUMBER)
        stops_by_sms(group, "+351930000999")
        assert LinkSigner.of(group.database("messaging").keyring).read("unsubscribe", link) == MESSAGE
    with installation.running() as group:
        assert may_be_written_to(group) == {BRUNO}


def test_an_address_that_was_taken_from_a_guest_stays_away_past_the_turn(installation: Installation) -> None:
    """It is moved to the new key, and the old one is not retired before."""
    folder, nobodys = installation.folder, frozenset[str]()

    def changes(group: Group, command: Callable[..., None], *arguments: Any) -> None:
        ((guest, version),) = act(group, "segments", lambda tx: tx.execute("select id, version from guest").fetchall())
        act(group, "segments", command, guest, version, *arguments, "Ada", MORNING, nobodys)

    def standing(group: Group) -> int:
        return int(act(group, "segments", lambda tx: tx.execute("select count(*) from guest_point").fetchone())[0])

    with installation.running() as group:
        books(group, 1, email=RITA, phone=NUMBER)
        changes(group, contacts.remove_point, group.database("segments").keyring.index("email", RITA))
        changes(group, contacts.add_point, contacts.point_typed("email", BRUNO, ["PT"], nobodys))
        assert standing(group) == 2
    add_keys(folder, Indexing)
    use_newest_keys(folder, Indexing)
    with installation.running() as group:
        assert found_by(group, OLD_KEY)["segments.removed_point"] == 1
        index_again(group, MORNING)
        settle(group)
        assert found_by(group, OLD_KEY) == {}
    add_keys(folder)
    use_newest_keys(folder)
    retire_key(folder, OLD_KEY)
    with installation.running() as group:
        books(group, 2, email=RITA, phone=NUMBER)
        assert standing(group) == 2
        by_hand = "select count(*) from guest_point where by_hand"
        assert act(group, "segments", lambda tx: tx.execute(by_hand).fetchone()) == (1,)  # it goes on standing first


def test_an_address_typed_by_hand_is_one_with_what_stands_under_an_older_key(installation: Installation) -> None:
    folder, nobodys = installation.folder, frozenset[str]()
    with installation.running() as group:
        books(group, 1, email=RITA, phone=NUMBER)
    add_keys(folder, Indexing)
    use_newest_keys(folder, Indexing)
    with installation.running() as group:
        with group.database("segments").transaction() as tx:
            ((guest, version),) = tx.execute("select id, version from guest").fetchall()
            typed = contacts.point_typed("email", RITA, ["PT"], nobodys)
            contacts.add_point(tx, guest, version, typed, "Ada", MORNING, nobodys)
            points = tx.execute("select count(*) from guest_point where channel = 'email'").fetchone()
        assert points == (1,)


def test_an_objection_of_an_address_that_no_guest_has_keeps_its_key(installation: Installation) -> None:
    folder = installation.folder
    with installation.running() as group:
        objects_by_file(group, NEVER)
    add_keys(folder, Indexing)
    use_newest_keys(folder, Indexing)
    with installation.running() as group:
        index_again(group, MORNING)
        settle(group)
        assert found_by(group, OLD_KEY) == {"messaging.suppression": 1, "feedback.optout_listed": 1}


def test_a_colleague_signs_in_before_during_and_after_the_turn(installation: Installation) -> None:
    folder, mail = installation.folder, "marta@example.com"
    member = Member(name="Marta", role=Role.MARKETER)

    def account_of(group: Group) -> Any:
        return act(group, "console", begin_attempt, mail, Asking("127.0.0.1"), MORNING).account.person_id

    def ensured(group: Group) -> Any:
        with group.database("console").transaction() as tx:
            return ensure_person(tx, email=mail, wanted=member, password="grey herons nest here", at=MORNING)

    with installation.running() as group:
        person = ensured(group)
        assert account_of(group) == person
    for step in (add_keys, use_newest_keys):
        step(folder, Indexing)
        with installation.running() as group:
            assert account_of(group) == person
            assert ensured(group) == person
    with installation.running() as group:
        assert index_again(group, MORNING)["accounts"] == 1
        assert account_of(group) == person


def test_a_guest_is_found_by_name_and_birth_date_across_the_turn(installation: Installation) -> None:
    folder, born = installation.folder, date(1980, 5, 4)
    with installation.running() as group:
        books(group, 1, birth_date=born)
    add_keys(folder, Indexing)
    use_newest_keys(folder, Indexing)
    with installation.running() as group:
        books(group, 2, birth_date=born)
        assert index_again(group, MORNING)["names"] == 1
        books(group, 3, birth_date=born)
        assert act(group, "segments", lambda tx: tx.execute("select count(*) from guest").fetchone()) == (1,)
        assert found_by(group, OLD_KEY) == {}
