"""Networks of the tests' own, each in a namespace of the kernel, joined by a switch whose ports can be unplugged.

Each network has two addresses: one for clients on this machine, and one among the networks, by the switch. A port that
is unplugged takes what was on its way with it and tells nobody, as a cable that is pulled. All of it is gone when the
processes are that hold the namespaces, however they ended.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from functools import cache
from itertools import count
from pathlib import Path

from shared.embedded.programs import dies_with_parent

CLIENTS, SWITCHED = "198.18", "198.19.0"  # set aside for measuring networks: nobody is there
PROGRAMS = ("ip", "nsenter", "unshare")
PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
BEGINS_WITHIN = 20.0  # seconds
NUMBERS = count(os.getpid())  # several campaigns may run on one machine


@cache
def why_not() -> str | None:
    """Why no networks can be made here; None where they can."""
    if missing := [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]:
        return f"networks cannot be made without {', '.join(missing)} (Debian: iproute2, util-linux)"
    try:
        Networks(1).close()
    except (subprocess.CalledProcessError, ChildProcessError):
        return "this user may not make networks (root may)"
    return None


class Networks:
    """So many, numbered from 1."""

    def __init__(self, number: int) -> None:
        self._switch, *self._held = self._holders = [_namespace() for _ in range(number + 1)]
        self._name = f"gl{next(NUMBERS) % 1_000_000}"
        self._third = next(NUMBERS) % 256
        try:
            self._await()
            self._ip(self._switch, "link add switch type bridge")
            self._ip(self._switch, "link set switch up")
            for one in range(1, number + 1):
                self._join(one)
        except BaseException:
            self.close()
            raise

    def client_address(self, number: int) -> str:
        return f"{CLIENTS}.{self._third}.{4 * number + 2}"

    def switched_address(self, number: int) -> str:
        return f"{SWITCHED}.{number}"

    def within(self, number: int) -> list[str]:
        """What a command begins with that runs there."""
        return ["nsenter", f"--net=/proc/{self._held[number - 1].pid}/ns/net"]

    def unplug(self, number: int) -> None:
        self._ip(self._switch, f"link set port{number} down")

    def plug_in(self, number: int) -> None:
        self._ip(self._switch, f"link set port{number} up")

    def close(self) -> None:
        for holder in self._holders:
            holder.kill()
            holder.wait()

    def _join(self, number: int) -> None:
        own, near = self._held[number - 1], f"{self._name}n{number}"
        self._ip(own, "link set lo up")
        self._ip(self._switch, f"link add port{number} type veth peer name switched netns {own.pid}")
        self._ip(self._switch, f"link set port{number} master switch up")
        self._ip(own, f"address add {self.switched_address(number)}/24 dev switched")
        self._ip(own, "link set switched up")
        self._ip(None, f"link add {near} type veth peer name clients netns {own.pid}")
        self._ip(None, f"address add {CLIENTS}.{self._third}.{4 * number + 1}/30 dev {near}")
        self._ip(None, f"link set {near} up")
        self._ip(own, f"address add {self.client_address(number)}/30 dev clients")
        self._ip(own, "link set clients up")

    def _ip(self, holder: subprocess.Popen[bytes] | None, words: str) -> None:
        within = ["nsenter", f"--net=/proc/{holder.pid}/ns/net"] if holder else []
        subprocess.run([*within, "ip", *words.split()], check=True, capture_output=True, env={"PATH": PATH})

    def _await(self) -> None:
        """Until each holder has its namespace. Raises `ChildProcessError` where one may not have any."""
        deadline, ours = time.monotonic() + BEGINS_WITHIN, _network_of("self")
        for holder in self._holders:
            while _network_of(str(holder.pid)) in (ours, None):
                if holder.poll() is not None or time.monotonic() > deadline:
                    raise ChildProcessError("no namespace came about")
                time.sleep(0.01)


def _namespace() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["unshare", "--net", "sleep", "infinity"],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": PATH},
        preexec_fn=dies_with_parent(signal.SIGKILL),
    )


def _network_of(process: str) -> Path | None:
    try:
        return Path("/proc", process, "ns", "net").readlink()
    except OSError:
        return None
