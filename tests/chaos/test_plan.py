"""What a run is made of: its blows, the sum of several runs, and networks whose cable can be pulled."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

import pytest

from shared.errors import GuestloopError
from tests.chaos.audit import Audit
from tests.chaos.blows import Ground, plan
from tests.chaos.networks import Networks, why_not
from tests.chaos.series import run_series
from tests.loopback import free_port

KILLS = ("role", "broker", "database", "pooler", "standby", "stop_and_database", "partition")
GROUNDS = (
    Ground(),
    Ground(pooled=True),
    Ground(replica=True),
    Ground(cluster=True),
    Ground(cluster=True, parted=True, pooled=True, replica=True),
)


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda one: ", ".join(key for key, has in asdict(one).items() if has))
def test_a_plan_kills_as_often_as_it_was_asked_to_and_hits_all_there_is(ground: Ground) -> None:
    blows = plan(7, 50, ground)
    assert 1 + sum(blows.count(blow) for blow in KILLS) == 50  # the broker dies once before
    assert plan(7, 50, ground) == blows != plan(8, 50, ground)
    assert ("pooler" in blows) == ground.pooled
    assert ("standby" in blows) == ("standby_held" in blows) == ground.replica
    assert ("node_asleep" in blows) == ground.cluster
    assert ("partition" in blows) == ground.parted


def test_seeds_are_summed_up_and_one_that_goes_wrong_ends_nothing() -> None:
    said: list[str] = []

    def run(seed: int) -> Audit:
        if seed == 3:
            raise GuestloopError("the database did not start")
        figures = {"kills": 10, "killed: relay": seed, "cut": 2, "guests": 1000}
        return Audit(figures, {"lost": 0, "sent twice": int(seed == 2)})

    series = run_series([1, 2, 3, 4], run, said.append)
    assert not series.is_clean
    assert series.seeds == [1, 2, 4]
    assert series.broken == [3]
    assert said[0].startswith("seed 1: 1,000 guests, 0 messages taken, 10 kills, 2 other blows")
    assert "sent twice" in said[2]  # the whole table of who was not clean
    assert said[-5].startswith("3 seeds: 3,000 guests") and "30 kills, 6 other blows" in said[-5]
    assert said[-4:] == [
        "killed: 7 relay",
        "blows that kill nobody: 6 cut",
        "must be 0 and is not: 1 sent twice",
        "seeds without a reckoning: 3",
    ]
    assert run_series([1, 4], run, said.append).is_clean


@pytest.fixture
def networks() -> Iterator[Networks]:
    if reason := why_not():
        pytest.skip(reason)
    with closing(Networks(2)) as networks:
        yield networks


def test_who_is_unplugged_is_out_of_reach_for_the_others_and_not_for_its_clients(networks: Networks) -> None:
    port = free_port()
    listening = f"import socket, sys; found = socket.create_server(('', {port})); print(flush=True); sys.stdin.read()"
    command = [*networks.within(2), sys.executable, "-c", listening]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as listener:
        assert listener.stdout
        assert listener.stdout.readline()
        assert from_the_other(networks, port)
        networks.unplug(2)
        assert not from_the_other(networks, port)
        socket.create_connection((networks.client_address(2), port), timeout=30).close()
        networks.plug_in(2)
        assert from_the_other(networks, port)
        listener.communicate()


def from_the_other(networks: Networks, port: int) -> bool:
    """Whether the second can be reached from the first within some seconds."""
    tries = f"import socket; socket.create_connection(('{networks.switched_address(2)}', {port}), timeout=5)"
    asked = subprocess.run([*networks.within(1), sys.executable, "-c", tries], capture_output=True, check=False)
    return asked.returncode == 0
