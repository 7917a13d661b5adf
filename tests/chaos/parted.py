"""The three nodes in networks of their own: one is cut off from the others, and joined again.

Its clients still reach it. Once it misses the others it is the minority, refuses everybody and waits
(`pause_minority`).
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.cluster import NODES, Cluster, ClusterNode
from tests.chaos.networks import Networks

REFUSES_WITHIN, CUT_OFF_FOR = 90.0, 5.0  # seconds, the latter once it refuses


class FarNode(ClusterNode):
    def __init__(self, number: int, networks: Networks, folder: Path, epmd_port: int) -> None:
        super().__init__(folder / str(number), folder, epmd_port)
        self.number, self._within = number, networks.within(number)
        self.host, self.among_nodes = networks.client_address(number), networks.switched_address(number)

    @property
    def name(self) -> str:
        return f"guestloop@{self.among_nodes}"

    def share(self, other: ClusterNode) -> None:
        """Each network has an epmd of its own."""

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        return super()._spawn(*self._within, *command)

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "RABBITMQ_USE_LONGNAME": "true"}

    def _write_configuration(self) -> None:
        super()._write_configuration()
        with (self.folder / "rabbitmq.conf").open("a") as file:
            file.write("loopback_users = none\n")


class PartedCluster(Cluster):
    """`refused`: how many of those that were cut off refused their clients, as they must."""

    def __init__(self, folder: Path) -> None:
        self._networks = Networks(NODES)
        self.refused = 0
        super().__init__(folder)

    def _make_node(self, number: int, folder: Path, epmd_port: int) -> ClusterNode:
        return FarNode(number, self._networks, folder, epmd_port)

    @contextmanager
    def parted(self) -> Iterator[None]:
        """The next node is cut off; within the block it refuses whoever comes."""
        node = next(self._victims)
        assert isinstance(node, FarNode)
        self._networks.unplug(node.number)
        try:
            deadline = time.monotonic() + REFUSES_WITHIN
            while node.answers() and time.monotonic() < deadline:
                time.sleep(0.5)
            self.refused += not node.answers()
            yield
            time.sleep(CUT_OFF_FOR)
        finally:
            self._networks.plug_in(node.number)
        self._await(node)

    def stop(self) -> None:
        super().stop()
        self._networks.close()
