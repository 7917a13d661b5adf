"""Never lost, never twice, proven by killing it: the short form of `make chaos`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.audit import Audit
from tests.chaos.run import Given, run
from tests.pooler import SERVER, WHY_NOT
from tests.rabbit import why_not


@pytest.mark.rabbitmq
def test_a_campaign_under_fire_loses_nothing_and_repeats_nothing() -> None:
    """One process a role, which has both partitions: most of what this takes is to start them. Two of each are left to
    `make proof`."""
    under_fire(guests=150, copies=1, partitions=2)


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_a_campaign_of_twice_as_many_by_two_processes_a_role_does_neither() -> None:
    under_fire(guests=300, copies=2, partitions=2)


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_a_campaign_behind_a_pooler_that_is_killed_with_all_the_rest_does_neither() -> None:
    if SERVER is None:
        pytest.skip(WHY_NOT)
    done = under_fire(guests=150, copies=1, pooled=True)
    assert done.figures["killed: pooler"] == 2


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_whoever_saved_something_sees_it_while_the_replica_lags_and_dies() -> None:
    done = under_fire(guests=150, copies=1, replica=True)
    assert done.figures["killed: standby"] == 1
    assert done.figures["standby_held"] == 2
    assert done.figures["days saved by a colleague"] > 5
    assert done.figures["lists read at the replica since it last died"] > 5  # an idle one would show nothing wrong


def under_fire(*, guests: int, copies: int, pooled: bool = False, partitions: int = 1, replica: bool = False) -> Audit:
    if reason := why_not():
        pytest.skip(reason)
    webs = ("feedback", "messaging", *(("campaigns",) if replica else ()))
    given = Given(seed=1, guests=guests, kills=10, copies=copies, pace=1.0, rest_within=300, webs=webs)
    done = run(replace(given, pooled=pooled, partitions=partitions, replica=replica), say=print)
    assert done.is_clean, done.table()
    assert done.figures["kills"] == 10
    assert done.figures["taken by the providers"] > guests
    assert done.figures["text messages reported"] > guests // 10 < done.figures["mails handed over"]
    return done
