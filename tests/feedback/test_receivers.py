"""What guests write to a number that the house set up itself is believed by what its own account signs with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.feedback.config import Config
from services.feedback.personal_data import PERSONAL_DATA
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.events.dictionary import chunk_of
from shared.events.messaging import ReceiverChanged
from shared.ids import make_id
from shared.personal_data.retention.subjects import subjects_of
from shared.personal_data.retention.terms import Terms
from shared.web.config import WebConfig
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.test_twilio import ORIGIN, told
from tests.web import browser

ACCOUNT, OTHER = "AC" + "0" * 32, "AC" + "1" * 32
A_WEEK = timedelta(days=7)


def changed(feedback: Feedback, token: str, version: int = 1, account: str = ACCOUNT, **more: Any) -> ReceiverChanged:
    said: dict[str, Any] = {
        "sender_id": make_id("sender", account),
        "account": account,
        "ends_at": None,
        "occurred_at": AT,
    } | more
    sealed = feedback.database.keyring.seal(token, Sealing.RECEIVER)
    return ReceiverChanged(version=version, token=sealed, **said)


def taken(feedback: Feedback, token: str, account: str = ACCOUNT, *, after: timedelta = timedelta(0)) -> int:
    """What Twilio is answered, where the environment has no account."""
    site = browser(SERVICE.build_web, Config(), feedback.database, None, at=AT + after, web=WebConfig(ORIGIN, ORIGIN))
    return told(site, "Good day", f"SM{token}{after}", token=token, AccountSid=account).status_code


def test_each_account_is_believed_by_its_own_token_and_by_no_other(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    assert taken(feedback, "first") == 403
    feedback.hear(chunk_of([changed(feedback, "first"), changed(feedback, "second", account=OTHER)]))
    assert [taken(feedback, "first"), taken(feedback, "second", OTHER)] == [200, 200]
    assert [taken(feedback, "second"), taken(feedback, "first", OTHER), taken(feedback, "", ACCOUNT)] == [403] * 3
    assert feedback.one("select count(*) from reply") == 2
    assert "first" not in str(feedback.all("select token_sealed from receiver"))


def test_the_newest_word_counts_said_again_or_out_of_order(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    feedback.hear(chunk_of([changed(feedback, "new", 2), changed(feedback, "new", 2)]))
    feedback.hear(chunk_of([changed(feedback, "old", 1)]))
    assert [taken(feedback, "new"), taken(feedback, "old")] == [200, 403]


def test_a_deleted_senders_account_is_believed_for_a_week_and_then_forgotten(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    feedback.hear(chunk_of([changed(feedback, "token", 3, ends_at=AT + A_WEEK)]))
    feedback.hear(chunk_of([changed(feedback, "token", 2)]))  # from before, late
    a_day = timedelta(days=1)
    assert [taken(feedback, "token", after=after) for after in (a_day, A_WEEK - a_day, A_WEEK + a_day)] == [
        200,
        200,
        403,
    ]
    receivers = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "receiver")
    with feedback.database.transaction() as tx:
        receivers.drop(tx, Terms(), AT + 6 * A_WEEK, "")
    assert feedback.all("select from receiver") == []
