"""Every reason for which a message does not go has its sentence, in both languages."""

from __future__ import annotations

import pytest

from services.messaging.config import Config
from services.messaging.pages import saying
from services.messaging.rules.reasons import Reason
from services.messaging.senders import OutcomeReason
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.web.config import WebConfig
from tests.conftest import MakeDatabase
from tests.web import NOW

STATES = ["queued", "held", "claimed", "sent", "delivered", "failed", "skipped", "expired", "withdrawn", "unknown"]


def test_every_reason_has_a_sentence() -> None:
    assert {str(reason) for reason in (*Reason, *OutcomeReason)} <= set(saying.WORDS)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_each_reads_as_words_in_both_languages(make_database: MakeDatabase, language: str) -> None:
    app = SERVICE.build_web(Config(), make_database("messaging"), VirtualClock(NOW), WebConfig())
    with app.test_request_context(headers={"Accept-Language": language}):
        for reason in saying.WORDS:
            assert "_" not in saying.why(reason) and "%" not in saying.why(reason)
        assert "2" in saying.why("frequency_cap") and "30" in saying.why("frequency_cap")
        for state in STATES:
            assert saying.state(state, "holdout")
        chinese = saying.state("skipped", "frequency_cap") == "未发送：30 天内已发过 2 条信息"
        assert chinese == (language == "zh-Hans")


def test_a_reason_that_a_journey_names_itself_is_shown(make_database: MakeDatabase) -> None:
    app = SERVICE.build_web(Config(), make_database("messaging"), VirtualClock(NOW), WebConfig())
    with app.test_request_context():
        assert saying.state("withdrawn", "goal_reached") == "taken back: the journey ended it (goal reached)"
