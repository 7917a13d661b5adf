"""The house's own senders at work: in the sandbox and live, where one fails, is changed, has a pace or warms up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.messaging.channels import roster
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import Closed, Outcome, Outgoing, Sender
from services.messaging.commands.rehearsal.judge import COPIES, Gate
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender
from services.messaging.rules.serving import Serving
from services.messaging.sender_role import SenderRole
from services.messaging.service import sending
from services.messaging.store.senders import live, rows
from services.messaging.store.senders.health import health_of_all
from shared.crypto.purposes import Sealing
from shared.database.scratch import SINCE, scratch
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, mobile, stay, survey, win_back
from tests.messaging.test_house_senders import sender
from tests.messaging.test_many_connections import Lines

ONE, TWO = sender("one", hotels=["LIS"], from_name="Rio"), sender("two")
NEW = sender("new", warm_from=MONDAY.date(), warm_first=3, warm_percent=100, warm_until=1000)
A_DAY = timedelta(days=1)
BO = make_id("guest", "Bo")


class Account(Lines):
    """Answers as it is told to: it cannot be reached, or breaks off."""

    is_down, breaks_off = False, False

    def __init__(self, row: HouseSender, secret: str) -> None:
        super().__init__()
        self.row, self.secret = row, secret

    @property
    def is_open(self) -> bool:  # type: ignore[override]
        return not self.is_down

    def open(self) -> Closed | None:
        return Closed(Reason.UNREACHABLE, "ConnectionRefusedError") if self.is_down else None

    def one(self, message: Outgoing, coming: Sequence[Outgoing] = ()) -> Outcome:
        outcome = super().one(message, coming)
        return replace(outcome, state=MessageState.UNKNOWN, reason=Reason.CUT_OFF) if self.breaks_off else outcome


class House(Hotel):
    """`accounts`: by name of the sender, one for each version that was made, the newest last."""

    def __init__(self, make_database: MakeDatabase) -> None:
        self.accounts: dict[str, list[Account]] = {}
        super().__init__(make_database("messaging"), config=Config())
        self.sender = self.role()
        self.hears(lisbon())

    def role(self) -> SenderRole:
        sandbox = dict.fromkeys(("email", "sms"), SandboxSender(self.database))
        found = sending(self.database, self.config, sandbox, make=self.make)[0]
        assert isinstance(found, SenderRole)
        return found

    def make(self, row: HouseSender, secret: str) -> Sender:
        self.accounts.setdefault(row.name, []).append(Account(row, secret))
        return self.accounts[row.name][-1]

    def keeps(self, *senders: HouseSender, is_live: bool = True) -> None:
        with self.database.transaction() as tx:
            for one in senders:
                rows.add(tx, one, tx.keyring.seal("open sesame", Sealing.SENDER))
            if is_live:
                live.begin(tx, "Ada", MONDAY)

    def people(self, count: int) -> list[UUID]:
        ids = [make_id("guest", number) for number in range(count)]
        self.hears(*(guest(each, points=[email(self.keyring, f"{each}@mail.example.com")]) for each in ids))
        return ids

    def taken(self, name: str) -> int:
        return sum(len(account.taken) for account in self.accounts.get(name, ()))

    def given_to(self) -> dict[str | None, int]:
        query = "select sender.name, count(*) from delivery left join sender using (sender_id) group by 1"
        with self.database.transaction() as tx:
            return dict(tx.execute(query).fetchall())


@pytest.fixture
def house(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(roster, "LOOKS_AGAIN", 0.0)
    return House(make_database)


def test_nothing_leaves_before_the_house_is_live_and_then_by_its_sender(house: House) -> None:
    house.keeps(ONE, TWO, is_live=False)
    first, second = map(birthday, house.people(2))
    house.hears(first)
    house.runs()
    assert (house.given_to(), house.taken("one")) == ({None: 1}, 0)
    house.keeps()  # live, from now on
    house.hears(second)
    house.runs()
    (account,) = house.accounts["one"]
    assert account.secret == "open sesame" and [one.from_name for one in account.taken] == ["Rio"]
    assert house.given_to() == {None: 1, "one": 1}
    with house.database.transaction() as tx:
        assert health_of_all(tx)[ONE.sender_id].worked_version == 1


def test_what_a_sender_certainly_did_not_take_another_takes_at_once(house: House) -> None:
    house.keeps(ONE, TWO)
    house.sender.step(MONDAY)
    house.accounts["one"][0].is_down = True
    house.hears(*map(birthday, house.people(5)))
    house.runs()
    assert (house.taken("one"), house.taken("two"), house.given_to()) == (0, 5, {"two": 5})
    with house.database.transaction() as tx:
        fares = health_of_all(tx)[ONE.sender_id]
    assert (fares.failures, fares.trouble_reason) == (1, "unreachable")
    assert fares.resting_until == MONDAY + timedelta(minutes=1)


def test_where_no_other_is_awake_a_message_waits_as_every_one_does(house: House) -> None:
    house.keeps(ONE)
    house.sender.step(MONDAY)
    house.accounts["one"][0].is_down = True
    house.hears(birthday(house.people(1)[0]))
    house.runs()
    assert house.one("select next_at from delivery where state = 'queued'") == MONDAY + timedelta(minutes=1)


def test_what_is_unclear_is_given_to_nobody_else(house: House) -> None:
    house.keeps(ONE, TWO)
    house.sender.step(MONDAY)
    house.accounts["one"][0].breaks_off = True
    house.hears(birthday(house.people(1)[0]))
    house.runs(MONDAY)
    house.runs(MONDAY + timedelta(hours=1))
    assert (house.outcomes(), house.taken("two")) == ([("unknown", "cut_off")], 0)


def test_a_sender_that_is_changed_ends_its_connections_and_nothing_goes_twice(house: House) -> None:
    house.keeps(ONE)
    house.hears(*map(birthday, house.people(10)))
    house.sender.step(MONDAY)  # looks
    old = house.accounts["one"][0]
    old.hold()
    while len(old.taken) < 4 and house.sender.step(MONDAY) and not old.taken:
        pass
    with house.database.transaction() as tx:
        assert rows.change(tx, replace(ONE, settings={"host": "other.example.com"}), None)
    house.sender.step(MONDAY)
    old.going_on.set()
    house.runs()
    new = house.accounts["one"][1]
    sent = [message.message_id for message in (*old.taken, *new.taken)]
    assert len(sent) == len(set(sent)) == 10 and house.outcomes() == [("sent", None)] * 10


def test_a_paused_sender_takes_nothing_more(house: House) -> None:
    house.keeps(ONE, TWO)
    with house.database.transaction() as tx:
        rows.change_state(tx, ONE.sender_id, "paused", "Ada", MONDAY)
    house.hears(birthday(house.people(1)[0]))
    house.runs()
    assert (house.taken("one"), house.taken("two")) == (0, 1)


def test_a_sender_that_warms_up_takes_its_day_s_messages_of_all_roles_together(house: House) -> None:
    house.keeps(NEW)
    guests = house.people(6)
    house.hears(*map(birthday, guests[:5]))
    another = house.role()
    house.sender.step(MONDAY)
    another.step(MONDAY)
    house.runs()
    while another.step(MONDAY):
        pass
    assert house.taken("new") == 3
    held = house.one("select array_agg(distinct (reason, held_until)::text) from delivery where state = 'held'")
    assert held == ['(warm_up,"2016-06-07 00:00:00+00")']
    house.hears(stay("R1", guests[5]), survey("R1", guests[5]))  # what serves a stay does not wait, and counts
    house.runs()
    assert house.taken("new") == 4
    house.runs(MONDAY + A_DAY)
    assert house.taken("new") == 6


def test_what_a_warm_up_cannot_take_in_time_goes_by_the_next_channel(house: House) -> None:
    house.keeps(NEW)
    filled = house.people(3)
    number = mobile(house.keyring, "+351912345678")
    house.hears(*map(birthday, filled))
    house.runs()
    both = guest(BO, points=[email(house.keyring, "bo@mail.example.com"), number])
    soon = {"template": "win-back", "useful_until": MONDAY + timedelta(hours=6), "wants": []}
    in_time = {**soon, "useful_until": MONDAY + A_DAY, "occurrence": "lapse:2"}
    house.hears(both, win_back(BO, **soon), win_back(filled[0], **soon), win_back(filled[1], **in_time))
    house.runs()
    query = "select state, channel from delivery where journey = 'win-back' order by state"
    assert house.all(query) == [("expired", None), ("held", "email"), ("sent", "sms")]
    assert house.taken("new") == 3


def test_a_rehearsal_counts_a_warm_up_and_takes_nothing_of_it(house: House) -> None:
    house.keeps(NEW)
    house.sender.step(MONDAY)
    house.hears(*map(birthday, house.people(4)))
    context = GateContext(house.config, house.keyring)
    context.serving = Serving((NEW,))
    with scratch(house.database, COPIES, {"since": MONDAY - SINCE}) as copy:
        Gate(copy, context).judge(MONDAY)
        said = copy.execute("select state, count(*), min(reason) from delivery group by 1 order by 1").fetchall()
    assert said == [("held", 1, "warm_up"), ("sent", 3, None)]
    house.runs()
    assert house.taken("new") == 3


def test_a_pace_of_its_own_keeps_no_other_sender(house: House) -> None:
    """Two messages a second, and its connections take no more than twenty ahead: its others wait, and nobody else's."""
    slow = replace(ONE, rate=2)
    fast = replace(TWO, hotels=["FNC"])
    house.keeps(slow, fast)
    house.hears(lisbon(code="FNC"))
    house.sender.step(MONDAY)
    house.hears(*map(birthday, house.people(60)))
    house.sender.step(MONDAY)
    house.sender.step(MONDAY)
    waiting = house.one("select count(*) from delivery where state = 'queued' and next_at > %s", MONDAY)
    assert 20 <= waiting <= 40 and house.taken("one") <= 10
    point = email(house.keyring, "bo@mail.example.com")
    house.hears(guest(BO, home_property="FNC", points=[point]), birthday(BO, property="FNC"))
    house.sender.step(MONDAY)
    house.accounts["two"][0].await_taken(1)
    house.sender.close()
