"""Three RabbitMQ nodes on loopback that are one broker: any may be killed, or sleep until the others forget it."""

from __future__ import annotations

import os
import signal
import time
from itertools import cycle
from pathlib import Path

from tests.loopback import free_ports
from tests.rabbit import RabbitNode

NODES = 3
TICKS = 8  # seconds of silence after which a node counts as gone (net_ticktime)
ASLEEP_FOR, NOTICES_WITHIN, BACK_WITHIN = 15.0, 5.0, 90.0


class ClusterNode(RabbitNode):
    """One of the nodes; they share a cookie and epmd."""

    def __init__(self, folder: Path, home: Path, epmd_port: int) -> None:
        folder.mkdir(parents=True)
        super().__init__(folder)
        self._home, self._epmd_port = home, epmd_port
        self.peers: list[str] = []

    @property
    def lives(self) -> bool:
        return self._node is not None

    def answers(self) -> bool:
        return self._answers()

    def share(self, other: ClusterNode) -> None:
        self._epmd = other._epmd

    def signal(self, number: signal.Signals) -> None:
        if self._node is not None:
            os.killpg(self._node.pid, number)

    def _environment(self) -> dict[str, str]:
        own = super()._environment()
        erlang = own["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
        return {**own, "HOME": str(self._home), "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{erlang} {self._ticks()}"}

    def _ticks(self) -> str:
        return f"-kernel net_ticktime {TICKS}"

    def _write_configuration(self) -> None:
        super()._write_configuration()
        peers = [f"cluster_formation.classic_config.nodes.{at} = {name}" for at, name in enumerate(self.peers, 1)]
        lines = ["cluster_formation.peer_discovery_backend = classic_config", *peers]
        with (self.folder / "rabbitmq.conf").open("a") as file:
            file.write("\n".join([*lines, "cluster_partition_handling = pause_minority", ""]))


class Cluster:
    """The same to a fleet as one node is."""

    def __init__(self, folder: Path) -> None:
        (epmd_port,) = free_ports(1)
        self.nodes = [self._make_node(number, folder, epmd_port) for number in range(1, NODES + 1)]
        for node in self.nodes:
            node.peers = [each.name for each in self.nodes]
        self._victims = cycle(self.nodes)  # the first led every queue when they were declared

    def _make_node(self, number: int, folder: Path, epmd_port: int) -> ClusterNode:
        return ClusterNode(folder / str(number), folder, epmd_port)

    @property
    def places(self) -> list[tuple[str, int]]:
        return [node.place for node in self.nodes]

    @property
    def url(self) -> str:
        return next(node for node in self.nodes if node.lives).url

    def start(self) -> None:
        """Start who does not live."""
        for node in self.nodes:
            if not node.lives:
                node.share(self.nodes[0])
                node.start()

    def kill(self) -> None:
        next(self._victims).kill()

    def sleep(self) -> None:
        """The next node sleeps until the others take it for gone, and wakes up among them."""
        node = next(self._victims)
        node.signal(signal.SIGSTOP)
        time.sleep(ASLEEP_FOR)
        node.signal(signal.SIGCONT)
        time.sleep(NOTICES_WITHIN)
        self._await(node)

    def _await(self, node: ClusterNode) -> None:
        """One that does not find its way back is started again, as its supervisor would do."""
        deadline = time.monotonic() + BACK_WITHIN
        while not node.answers():
            if time.monotonic() > deadline:
                node.kill()
                node.start()
            time.sleep(0.5)

    def stop(self) -> None:
        for node in reversed(self.nodes):
            node.stop()
