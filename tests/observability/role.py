"""One role as a process, as an operator starts and watches it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.loopback import free_ports

COMES_ABOUT_WITHIN = 180.0  # seconds; a busy machine is no failure
TICKS = os.sysconf("SC_CLK_TCK")
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
SUFFIXES = {"histogram": ("_bucket", "_count", "_sum")}
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Sample:
    name: str
    labels: Mapping[str, str]
    value: float


class Role:
    """`python -m services.<service> <role>` with a side port; what it logs goes to a file."""

    def __init__(self, service: str, role: str, environment: Mapping[str, str], folder: Path) -> None:
        self.service, self.role = service, role
        self.side, bind = free_ports(2)
        self.pages = f"http://127.0.0.1:{bind}"
        self.log = folder / f"{service}-{role}-{self.side}.log"
        surroundings = {
            "GUESTLOOP_SIDE_BIND": f"127.0.0.1:{self.side}",
            "GUESTLOOP_BIND": f"127.0.0.1:{bind}",
            **environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{service}", role],
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of the side port's answer; status 0 where nobody answers."""
        try:
            with STRAIGHT.open(f"http://127.0.0.1:{self.side}{path}", timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    @staticmethod
    def visit(address: str) -> int:
        """A page, without following where it sends its visitor: the status."""
        target = urlsplit(address)
        connection = HTTPConnection(target.netloc, timeout=15)
        connection.request("GET", target._replace(scheme="", netloc="").geturl())
        status = connection.getresponse().status
        connection.close()
        return status

    def state(self) -> tuple[int, str]:
        """What `/ready` says: status and sentence."""
        status, text = self.ask("/ready")
        return status, json.loads(text)["state"] if text else ""

    @property
    def is_ready(self) -> bool:
        return self.state()[0] == 200

    def scrape(self) -> list[Sample]:
        status, text = self.ask("/metrics")
        assert status == 200
        found = SAMPLE.findall(text)
        return [Sample(name, dict(LABEL.findall(labels or "")), float(value)) for name, labels, value in found]

    def exported(self) -> set[str]:
        """The names under which it exports something, now or once it happens: families with their suffixes."""
        families = re.findall(r"^# TYPE (\S+) (\w+)$", self.ask("/metrics")[1], re.MULTILINE)
        return {f"{name}{suffix}" for name, kind in families for suffix in SUFFIXES.get(kind, ("",))}

    def metric(self, name: str, **labels: str) -> float:
        """The sum of its samples that bear these labels."""
        found = [one for one in self.scrape() if one.name == name and labels.items() <= one.labels.items()]
        return sum(one.value for one in found)

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def family(self) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """What the kernel has counted for it so far."""
        spent = 0
        for one in self.family():
            fields = Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / TICKS

    def memory(self) -> dict[str, float]:
        """In MB, of all its processes together: RSS, and PSS (what is shared counts for each by its share); and the RSS
        of the largest of them."""
        full = [one.memory_full_info() for one in self.family()]
        largest = max(one.rss for one in full) / 1e6
        return {
            "largest": largest,
            "rss": sum(one.rss for one in full) / 1e6,
            "pss": sum(one.pss for one in full) / 1e6,
        }

    def end(self, number: int = signal.SIGTERM, within: float = COMES_ABOUT_WITHIN) -> float:
        """Seconds until it had ended; its exit status is `process.returncode`."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(within)
        return time.monotonic() - began

    def close(self) -> None:
        if self.process.poll() is None:
            for one in self.family():
                one.kill()
            self.process.wait()


def until(
    true: Callable[[], bool], seconds: float = COMES_ABOUT_WITHIN, what: str = "it did not come about in time"
) -> float:
    """Waits; how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.05)
    return time.monotonic() - began
