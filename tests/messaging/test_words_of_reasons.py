"""Every reason for which a message does not go has its sentence, in both languages."""

from __future__ import annotations

import pytest

from services.messaging.config import Config
from services.messaging.pages import sentences
from services.messaging.schemas import SENT_GROUPS
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.conftest import MakeDatabase


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_each_reads_as_words_in_both_languages(make_database: MakeDatabase, language: str) -> None:
    app = SERVICE.build_web(Config(), make_database("messaging"), VirtualClock(NOW), WebConfig())
    with app.test_request_context(headers={"Accept-Language": language}):
        for reason in Reason:
            assert "_" not in sentences.why(reason) and "%" not in sentences.why(reason)
        assert "2" in sentences.why("frequency_cap") and "30" in sentences.why("frequency_cap")
        for state in MessageState:
            assert sentences.state(state, "holdout")
        chinese = (
            sentences.state("skipped", "frequency_cap")
            == "未发送：宾客收到的消息已达频次上限（30 天内 2 条，或按该国家/地区的上限）"
        )
        assert chinese == (language == "zh-Hans")


def test_a_reason_that_a_journey_names_itself_is_shown(make_database: MakeDatabase) -> None:
    app = SERVICE.build_web(Config(), make_database("messaging"), VirtualClock(NOW), WebConfig())
    with app.test_request_context():
        assert sentences.state("withdrawn", "season_over") == "taken back: the journey ended it (season over)"


def test_every_state_that_was_decided_is_in_one_group_of_the_filter() -> None:
    grouped = [state for states in SENT_GROUPS.values() for state in states]
    assert sorted(grouped) == sorted(set(MessageState) - {MessageState.QUEUED})
    assert list(SENT_GROUPS) == list(sentences.GROUPS)
