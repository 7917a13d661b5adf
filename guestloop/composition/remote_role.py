"""A role in a process of its own, driven step by step over its standard input (see `shared.process`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime

from shared.errors import GuestloopError


class RoleDied(GuestloopError):
    """A role's process ended while it was being driven; its messages are on standard error."""


class RemoteRole:
    """`python -m services.<service> <role> --driven`, seen as a step."""

    def __init__(self, service: str, role: str, environment: Mapping[str, str]) -> None:
        self.name = f"{service} {role}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"services.{service}", role, "--driven"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(environment),
            text=True,
        )

    def step(self, now: datetime) -> int:
        return int(self._ask(f"step {now.isoformat()}"))

    def next_due(self) -> datetime | None:
        answer = self._ask("due")
        return None if answer == "-" else datetime.fromisoformat(answer)

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=20)

    def _ask(self, order: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(order + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise RoleDied(f"{self.name} has ended") from error
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise RoleDied(f"{self.name} has ended")
        return answer
