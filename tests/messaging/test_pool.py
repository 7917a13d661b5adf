"""Many connections to one provider: what is sent at once, in which order, and what a broken one costs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.messaging.channels import pool as pool_module
from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.channels.pool import Pool
from services.messaging.channels.sender import NOT_OURS, Closed, ManyLines, Outcome, Outgoing
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.loopback import PATIENCE
from tests.messaging.mail_server import GROUPS, Script, Scripted, at, inbox, scripted
from tests.messaging.outgoing import mail

MAIL = MailSettings("stay@alfama.example", "mail.alfama.example")
SENT, FAILED, UNKNOWN = MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN


class Provider:
    """Its lines do what they are told with each message, in their own threads."""

    def __init__(
        self, connections: int, deed: Callable[[Outgoing], object] = lambda _: None, *, ahead: int = 0
    ) -> None:
        self.connections, self.ahead, self.deed = connections, ahead, deed
        self.lines = 0
        self.taken: list[Outgoing] = []

    def line(self) -> Provider:
        self.lines += 1
        return self

    is_open = True

    def open(self) -> Closed | None:
        return None

    def one(self, message: Outgoing, _coming: Sequence[Outgoing] = ()) -> Outcome:
        self.taken.append(message)
        self.deed(message)
        return Outcome(message_id=message.message_id, state=SENT)

    def rest(self) -> None:
        """Nothing is held open."""


def through(provider: ManyLines, messages: Sequence[Outgoing]) -> list[Outcome]:
    """All of them, put in at once, in the order in which they were answered."""
    done = threading.Event()
    pool = Pool(provider, done.set)
    pool.call_at(-1)
    pool.put(messages)
    assert done.wait(PATIENCE)
    assert pool.close() == []
    assert (pool.under_way, pool.waiting) == (0, 0)
    return [outcome for _, outcome, _ in pool.answers()]


def account(port: int, connections: int) -> SmtpSender:
    return SmtpSender(SmtpSettings("127.0.0.1", port, MAIL, security="none", timeout=PATIENCE, connections=connections))


def over_smtp(script: Script, batch: Sequence[Outgoing], connections: int = 3) -> tuple[list[Outcome], Scripted]:
    """Outcomes in the order of the batch."""
    with scripted(script) as server:
        outcomes = {one.message_id: one for one in through(account(server.port, connections), batch)}
        return [outcomes[message.message_id] for message in batch], server


def handed(server: Scripted, message: Outgoing) -> int:
    """How often the server was handed the whole of this mail."""
    return sum(message.reference.encode() in text for text, _ in server.texts)


def test_as_many_are_under_way_at_once_as_there_are_connections() -> None:
    together = threading.Barrier(10)
    provider = Provider(10, lambda _: together.wait(PATIENCE))
    assert len(through(provider, [mail(number) for number in range(30)])) == 30
    assert provider.lines == 10


def test_no_more_connections_are_made_than_there_are_messages() -> None:
    together = threading.Barrier(2)
    provider = Provider(10, lambda _: together.wait(PATIENCE))
    through(provider, [mail(1), mail(2)])
    assert provider.lines == 2


def test_what_goes_to_one_contact_point_goes_in_turn_and_never_two_at_once() -> None:
    under_way: set[str] = set()

    def alone(message: Outgoing) -> None:
        assert message.to not in under_way
        under_way.add(message.to)
        time.sleep(0.002)
        under_way.remove(message.to)

    messages = [mail(number, to=f"guest{number % 3}@mail.example.com") for number in range(60)]
    provider = Provider(8, alone, ahead=1)
    assert {outcome.state for outcome in through(provider, messages)} == {SENT}
    for to in {message.to for message in messages}:
        wanted = [message for message in messages if message.to == to]
        assert [message for message in provider.taken if message.to == to] == wanted


def test_a_message_at_a_slow_connection_keeps_no_other_waiting() -> None:
    released = threading.Event()
    provider = Provider(2, lambda message: message.to == mail(0).to and released.wait(PATIENCE))
    done = threading.Event()
    pool = Pool(provider, done.set)
    pool.call_at(-1)
    pool.put([mail(number) for number in range(20)])
    give_up = time.monotonic() + PATIENCE
    while pool.under_way > 1 and time.monotonic() < give_up:
        time.sleep(0.01)
    assert pool.under_way == 1
    released.set()
    assert done.wait(PATIENCE)
    pool.close()


def test_where_messages_take_a_moment_only_a_few_connections_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "QUICK", float("inf"))
    under_way, most = set[str](), 0

    def work(message: Outgoing) -> None:
        nonlocal most
        under_way.add(message.to)
        most = max(most, len(under_way))
        time.sleep(0.001)
        under_way.remove(message.to)

    through(Provider(10, work), [mail(number) for number in range(100)])
    assert most == pool_module.A_FEW


def test_what_is_no_longer_ours_is_taken_by_no_line() -> None:
    provider = Provider(2)
    outcomes = through(provider, [mail(1, is_ours=lambda: False), mail(2)])
    assert sorted(outcome.kind for outcome in outcomes) == ["given_back", "sent"]
    assert provider.taken == [mail(2)]


def test_what_is_withdrawn_is_handed_to_nobody_and_what_a_line_is_at_is_answered() -> None:
    begun, released = threading.Event(), threading.Event()

    def wait(_: Outgoing) -> None:
        begun.set()
        released.wait(PATIENCE)

    provider = Provider(1, wait)
    pool = Pool(provider, lambda: None)
    pool.put([mail(number, to="ana@mail.example.com") for number in range(3)])
    assert begun.wait(PATIENCE)
    assert len(pool.withdraw()) == 2
    released.set()
    assert pool.close() == []
    assert [outcome.message_id for _, outcome, _ in pool.answers()] == [mail(0).message_id]


def test_a_line_that_breaks_off_costs_one_message() -> None:
    def fail(message: Outgoing) -> None:
        if message.to == mail(3).to:
            raise ZeroDivisionError

    outcomes = through(Provider(2, fail), [mail(number) for number in range(6)])
    assert [outcome.detail for outcome in outcomes if outcome.state is UNKNOWN] == ["ZeroDivisionError"]
    assert len(outcomes) == 6


def test_messages_are_taken_at_the_instants_that_were_given_and_at_no_other() -> None:
    taken: list[float] = []
    provider = Provider(4, lambda _: taken.append(time.monotonic()))
    done = threading.Event()
    pool = Pool(provider, done.set)
    now = time.monotonic()
    instants = [now - 60, *(now + number / 20 for number in range(6))]  # the first has passed unused
    pool.pace(instants[:4])
    pool.put([mail(number) for number in range(6)])
    pool.pace(instants[4:])
    assert done.wait(PATIENCE)
    pool.close()
    assert len(taken) == 6
    assert all(when >= instant for when, instant in zip(sorted(taken), instants[1:], strict=True))


def test_mails_go_over_several_connections_and_each_arrives_once() -> None:
    batch = [mail(number) for number in range(200)]
    with inbox(in_groups=True) as server:
        outcomes = through(account(server.port, 5), batch)
    assert {outcome.state for outcome in outcomes} == {SENT}
    assert 1 < server.connections <= 5
    assert sorted(server.recipients) == sorted([message.to] for message in batch)


def test_a_server_that_takes_fewer_connections_has_those_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it sends the others away, no mail is put off."""
    monkeypatch.setattr(pool_module, "PAUSE", 0.05)
    faults: dict[tuple[str, int], str | None] = {("CONNECT", time): "421 too many" for time in range(2, 200)}
    batch = [mail(number) for number in range(100)]
    outcomes, server = over_smtp(at(faults), batch, connections=6)
    assert {outcome.state for outcome in outcomes} == {SENT}
    assert len(server.texts) == 100


def test_where_no_connection_is_to_be_had_nothing_was_offered() -> None:
    batch = [mail(number) for number in range(50)]
    outcomes, server = over_smtp(lambda verb, _: "421 closed" if verb == "CONNECT" else "250 OK", batch)
    assert {(one.kind, one.reason) for one in outcomes} == {("again", Reason.UNREACHABLE)}
    assert server.texts == []


def test_a_cut_after_the_dot_leaves_that_mail_unknown_and_the_one_behind_it_goes_elsewhere() -> None:
    batch = [mail(number) for number in range(30)]
    outcomes, server = over_smtp(at({(".", 4): None, (".", 9): None}), batch)
    assert [outcome.state for outcome in outcomes].count(UNKNOWN) == 2
    assert {outcome.state for outcome in outcomes} == {SENT, UNKNOWN}
    assert [handed(server, message) for message in batch] == [1] * 30


def test_at_its_end_what_waits_is_given_back_at_once() -> None:
    running = threading.Event()
    running.set()
    batch = [mail(number, is_ours=running.is_set) for number in range(200)]
    with inbox(in_groups=True) as server:
        pool = Pool(account(server.port, 2), lambda: None)
        pool.put(batch)
        running.clear()
        left = pool.close()
        answered = [outcome for _, outcome, _ in pool.answers()]
        assert len(left) + len(answered) == 200
        assert {one.state for one in answered if one.detail != NOT_OURS} <= {SENT}
        assert len(server.recipients) == sum(one.state is SENT for one in answered)


ANSWERS = ("250 OK", "354 go on", "421 enough", "451 4.3.0 later", "503 5.5.1 not now", "550 5.1.1 nobody", None)
FAULTS = st.dictionaries(
    st.tuples(st.sampled_from(("CONNECT", "MAIL", "RCPT", "DATA", ".", "RSET")), st.integers(0, 8)),
    st.sampled_from(ANSWERS),
    max_size=6,
)


@given(faults=FAULTS, announces=st.sampled_from((GROUPS, {})))
@settings(max_examples=60, deadline=None)
def test_whatever_a_server_answers_each_mail_is_answered_once_and_none_is_handed_over_twice(
    faults: dict[tuple[str, int], str | None], announces: dict[str, str | None]
) -> None:
    batch = [mail(number) for number in range(8)]
    outcomes, server = over_smtp(at(faults, announces), batch)
    for message, outcome in zip(batch, outcomes, strict=True):
        answers = [answer for text, answer in server.texts if message.reference.encode() in text]
        refused = [answer for answer in answers if answer and answer[0] in "45"]
        assert len(answers) - len(refused) <= 1  # never handed over again but where it was refused
        if outcome.state is SENT:
            assert answers[-1] == "250 OK"
        elif outcome.state is UNKNOWN:
            assert answers[-1] not in refused and answers[-1] != "250 OK"
        else:
            assert answers == refused
