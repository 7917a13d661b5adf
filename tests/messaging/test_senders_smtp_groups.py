"""E-mail to servers that take commands in groups (RFC 2920): a round trip a mail, no answer taken for another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.channels.sender import Outcome, Outgoing
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.loopback import PATIENCE
from tests.messaging.mail_server import GROUPS, Script, Scripted, at, inbox, otherwise, scripted
from tests.messaging.outgoing import mail

MAIL = MailSettings("stay@alfama.example", "mail.alfama.example")
SENT, FAILED, UNKNOWN = MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN
NOBODY = "550 5.1.1 no such user"


def send(script: Script, batch: Sequence[Outgoing], timeout: float = PATIENCE) -> tuple[list[Outcome], Scripted]:
    with scripted(script) as server:
        account = SmtpSettings("127.0.0.1", server.port, MAIL, security="none", timeout=timeout)
        sender = SmtpSender(account)
        outcomes = sender.send(batch)
        sender.rest()
        return outcomes, server


def mails(count: int) -> list[Outgoing]:
    return [mail(number) for number in range(count)]


def states(outcomes: Sequence[Outcome]) -> list[MessageState]:
    return [outcome.state for outcome in outcomes]


def handed(server: Scripted, message: Outgoing) -> int:
    """How often the server was handed the whole of this mail."""
    return sum(message.reference.encode() in text for text, _ in server.texts)


def test_a_mail_costs_one_round_trip() -> None:
    outcomes, server = send(otherwise(GROUPS), mails(5))
    assert states(outcomes) == [SENT] * 5
    assert server.waited_for == ["CONNECT", "EHLO", *["DATA"] * 5, ".", "QUIT"]


def test_a_server_that_announces_no_groups_is_asked_one_thing_at_a_time() -> None:
    outcomes, server = send(otherwise({}), mails(5))
    assert states(outcomes) == [SENT] * 5
    assert server.waited_for == server.heard == ["CONNECT", "EHLO", *["MAIL", "RCPT", "DATA", "."] * 5, "QUIT"]


def test_mails_in_groups_arrive_whole_and_each_at_its_own_recipient() -> None:
    batch = [mail(number, text=f"{number}\n.\n..{number}\n", html=None) for number in range(20)]
    with inbox(in_groups=True) as server:
        outcomes = SmtpSender(SmtpSettings("127.0.0.1", server.port, MAIL, security="none")).send(batch)
    assert states(outcomes) == [SENT] * 20
    assert server.connections == 1
    assert server.recipients == [[message.to] for message in batch]
    assert [received["Message-ID"] for received in server.mails] == [outcome.provider_ref for outcome in outcomes]
    texts = [received.get_content().replace("\r\n", "\n") for received in server.mails]
    assert texts == [message.text for message in batch]


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({("RCPT", 1): NOBODY, ("DATA", 1): "503 5.5.1 nobody to send it to"}, Reason.BAD_ADDRESS),
        ({("RCPT", 1): NOBODY}, Reason.BAD_ADDRESS),
        ({("RCPT", 1): NOBODY, (".", 1): "554 no recipients"}, Reason.BAD_ADDRESS),
        ({("MAIL", 1): "553 5.1.8 not you", ("RCPT", 1): "503", ("DATA", 1): "503"}, Reason.SET_UP),
        ({("DATA", 1): "554 no"}, Reason.CONTENT),
        ({(".", 1): "554 5.6.0 looks like spam"}, Reason.CONTENT),
    ],
)
def test_a_refusal_in_a_group_concerns_one_mail_and_no_connection(
    faults: dict[tuple[str, int], str | None], reason: Reason
) -> None:
    batch = mails(3)
    outcomes, server = send(at(faults), batch)
    assert states(outcomes) == [SENT, FAILED, SENT]
    assert (outcomes[1].reason, outcomes[1].again) == (reason, False)
    assert server.heard.count("CONNECT") == 1
    assert handed(server, batch[0]) == handed(server, batch[2]) == 1


def test_a_server_that_waits_for_the_text_of_a_mail_to_nobody_is_given_a_lone_dot() -> None:
    batch = mails(3)
    outcomes, server = send(at({("RCPT", 1): NOBODY}), batch)
    assert [answer for _, answer in server.texts] == ["250 OK"] * 3
    assert [len(text) > 0 for text, _ in server.texts] == [True, False, True]
    assert (outcomes[1].state, outcomes[1].reason) == (FAILED, Reason.BAD_ADDRESS)


def test_a_server_that_takes_the_recipient_but_not_us_is_given_no_empty_mail() -> None:
    outcomes, server = send(at({("MAIL", 1): "451 4.3.0 later"}), mails(3))
    assert states(outcomes) == [SENT, SENT, SENT]  # the second over a new connection
    assert server.heard.count("CONNECT") == 2
    assert all(text for text, _ in server.texts)


@pytest.mark.parametrize(
    ("verb", "answer"), [*product(("MAIL", "RCPT", "DATA"), ("421 enough", None)), ("RSET", None), (".", "421 enough")]
)
def test_a_server_that_tires_of_us_in_a_group_is_called_again(verb: str, answer: str | None) -> None:
    faults = {(verb, 0 if verb == "RSET" else 1): answer} | ({("RCPT", 1): NOBODY} if verb == "RSET" else {})
    batch = mails(3)
    outcomes, server = send(at(faults), batch)
    assert states(outcomes) == [SENT, FAILED if verb == "RSET" else SENT, SENT]
    assert server.heard.count("CONNECT") == 2
    assert [answer for _, answer in server.texts].count("250 OK") == 3


@pytest.mark.parametrize("last_word", [None, "good bye", "354 go on", "251 somewhere else"])
def test_a_cut_after_the_dot_leaves_that_mail_unknown_and_the_one_whose_envelope_went_along_goes(
    last_word: str | None,
) -> None:
    batch = mails(3)
    outcomes, server = send(at({(".", 0): last_word}), batch)
    assert states(outcomes) == [UNKNOWN, SENT, SENT]
    assert [handed(server, message) for message in batch] == [1, 1, 1]
    assert server.heard.count("CONNECT") == 2


def test_a_server_that_falls_silent_after_the_dot_leaves_one_mail_unknown() -> None:
    quiet = "250-"  # an answer that does not end
    outcomes, _ = send(at({(".", 0): quiet, ("MAIL", 1): quiet, ("RCPT", 1): quiet}), mails(2), timeout=2.0)
    assert states(outcomes) == [UNKNOWN, SENT]


def test_where_a_new_connection_fails_too_the_rest_was_never_offered() -> None:
    outcomes, server = send(at({("MAIL", 1): None, ("CONNECT", 1): None}), mails(4))
    assert [outcome.kind for outcome in outcomes] == ["sent", "again", "again", "again"]
    assert len(server.texts) == 1


def lasting(questions: int) -> Callable[[], bool]:
    """Ours for so many questions, and no longer."""
    left = iter([True] * questions)
    return lambda: next(left, False)


@pytest.mark.parametrize("questions", [0, 1])
def test_a_mail_that_is_no_longer_ours_is_not_handed_over_though_its_envelope_went_along(questions: int) -> None:
    batch = [mail(0), mail(1, is_ours=lasting(questions)), mail(2)]
    outcomes, server = send(otherwise(GROUPS), batch)
    assert [outcome.kind for outcome in outcomes] == ["sent", "given_back", "sent"]
    assert [handed(server, message) for message in batch] == [1, 0, 1]
    assert server.heard.count("MAIL") == 2 + questions  # asked before its envelope, and again before its text
    assert server.heard.count("CONNECT") == 1 + questions


def test_a_mail_that_cannot_be_written_has_no_envelope() -> None:
    batch = [mail(0), mail(1, subject="a\r\nBcc: all@mail.example.com"), mail(2, to="nobody"), mail(3)]
    outcomes, server = send(otherwise(GROUPS), batch)
    assert states(outcomes) == [SENT, FAILED, FAILED, SENT]
    assert (server.heard.count("MAIL"), server.heard.count("CONNECT")) == (2, 1)


ANSWERS = ("250 OK", "354 go on", "421 enough", "451 4.3.0 later", "503 5.5.1 not now", NOBODY, "what?", None)
FAULTS = st.dictionaries(
    st.tuples(st.sampled_from(("MAIL", "RCPT", "DATA", ".", "RSET")), st.integers(0, 4)),
    st.sampled_from(ANSWERS),
    max_size=5,
)


@given(faults=FAULTS, announces=st.sampled_from((GROUPS, {})))
@settings(max_examples=500, deadline=None)
def test_whatever_a_server_answers_only_what_it_took_is_sent_and_only_what_it_left_open_is_unknown(
    faults: dict[tuple[str, int], str | None], announces: dict[str, str | None]
) -> None:
    batch = mails(4)
    outcomes, server = send(at(faults, announces), batch)
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in batch]
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
    empty = [place for place, (text, _) in enumerate(server.texts) if not text]
    assert not empty or any(verb == "RCPT" and answer != "250 OK" for (verb, _), answer in faults.items())
