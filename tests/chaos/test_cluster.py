"""The same under a cluster of three nodes: leaders are killed, nodes sleep until the others take them for gone, and are
cut off from the others."""

from __future__ import annotations

import pytest

from tests.chaos import networks
from tests.chaos.run import Given, run
from tests.rabbit import why_not


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_a_cluster_that_loses_its_leaders_and_forgets_its_nodes_loses_no_message() -> None:
    if reason := why_not():
        pytest.skip(reason)
    done = run(Given(seed=2, guests=1000, kills=15, cluster=True), say=print)
    assert done.is_clean, done.table()
    assert done.figures["killed: broker"] >= 3
    assert done.figures["node_asleep"] >= 2
    assert done.figures.get("partition", 0) >= (0 if networks.why_not() else 2)
