"""A dead letter shows what is needed to judge it, and nothing of the guest."""

from __future__ import annotations

import json

import pytest

from shared.bus.consumer import Consumer, Incoming
from shared.bus.dead_letters import reason_of, search, show
from shared.bus.subscriptions import Subscription
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.errors import NotFound
from shared.events.contact import ContactPoint
from shared.events.dictionary import Chunk, chunk_of
from shared.events.segments.guests import GuestChanged
from shared.events.wire import encode
from shared.ids import make_id
from shared.vocabulary.contact_point import PointClass
from tests.bus.conftest import BareDatabase
from tests.bus.toy import NOON


def test_sealed_values_and_names_are_not_shown(bare_database: BareDatabase, keyring: KeyRing) -> None:
    guest = make_id("toy guest", 1)
    point = ContactPoint(
        channel="email",
        point="a" * 64,
        address=keyring.seal("ana@example.com", Sealing.CONTACT),
        kind=PointClass.PERSONAL,
    )
    changed = GuestChanged(
        guest_id=guest, version=3, title="Dr", given_name="Ana", family_name="Sousa", birth_date=NOON.date(),
        language="pt", country="PT", home_zone="Europe/Lisbon", home_property="LIS", tier=None, tags=["golf"],
        points=[point], consents=[], do_not_contact=None, occurred_at=NOON,
    )  # fmt: skip

    def refuses(*_: object) -> None:
        raise ValueError("not today")

    campaigns = bare_database("campaigns")
    message = Incoming("guests", make_id("m"), "guest.changed.v1", encode(chunk_of([changed])))
    handled = Consumer(campaigns, [Subscription("guests", {"guest.changed.v1": refuses})]).handle([message], NOON)
    assert handled.dead == 1
    with campaigns.transaction() as tx:
        (letter,) = search(tx, key=str(guest))
        assert show(tx, letter.id) == letter
    shown = json.dumps(letter.subject, ensure_ascii=False)
    for hidden in ("Ana", "Sousa", "Dr", "sealed:", "ana@", '2016-03-01"'):
        assert hidden not in shown
    assert letter.subject is not None
    assert letter.subject["country"] == "PT"
    assert letter.subject["points"][0]["kind"] == "personal"
    assert letter.reason == "ValueError: not today"


def test_the_reason_does_not_quote_the_row(bare_database: BareDatabase) -> None:
    def breaks_a_rule(tx: object, _chunk: Chunk, _now: object) -> None:
        tx.execute("create temporary table strict (name text check (name <> 'Sousa')) on commit drop")  # type: ignore[attr-defined]
        tx.execute("insert into strict values ('Sousa')")  # type: ignore[attr-defined]

    campaigns = bare_database("campaigns")
    message = Incoming("stays", make_id("m"), "journey.launched.v1", LAUNCHED)
    Consumer(campaigns, [Subscription("stays", {"journey.launched.v1": breaks_a_rule})]).handle([message], NOON)
    with campaigns.transaction() as tx:
        (letter,) = search(tx)
    assert "strict_name_check" in letter.reason
    assert "Sousa" not in letter.reason


LAUNCHED = b'{"journey":["x"],"version":[1],"segments":[[]],"launched_at":["2016-03-01T12:00:00Z"],"by":["me"]}'


def test_a_long_reason_is_cut() -> None:
    assert len(reason_of(ValueError("x" * 5000))) == 300


def test_a_dead_letter_that_is_not_there_is_named(bare_database: BareDatabase) -> None:
    with bare_database("campaigns").transaction() as tx, pytest.raises(NotFound, match="no dead letter 7"):
        show(tx, 7)
