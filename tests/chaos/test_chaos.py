"""Never lost, never twice, proven by killing it: the short form of `make chaos`."""

from __future__ import annotations

import pytest

from tests.chaos.run import Given, run
from tests.rabbit import why_not


@pytest.mark.rabbitmq
def test_a_campaign_under_fire_loses_nothing_and_repeats_nothing() -> None:
    if reason := why_not():
        pytest.skip(reason)
    done = run(
        Given(seed=1, guests=300, kills=10, pace=1.0, rest_within=300, webs=("feedback", "messaging")), say=print
    )
    assert done.is_clean, done.table()
    assert done.figures["kills"] == 10
    assert done.figures["taken by the providers"] > 300
    assert done.figures["text messages reported"] > 30 and done.figures["mails handed over"] > 30
