"""`make bench`: every benchmark in turn, each a process of its own, and `docs/benchmarks.md` written of what they say.

`python -m tests.bench bus timers` runs these alone and writes nothing.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from shared.clock import SystemClock
from tests.bench.ground import ROOT, databases
from tests.rabbit import SERVER, why_not

PAGE = ROOT / "docs" / "benchmarks.md"
ALL = (
    "engine",
    "million",
    "audiences",
    "bus",
    "timers",
    "sending",
    "bytes",
    "latency",
    "inbound",
    "memory",
    "duplicates",
    "search",
    "offers",
    "rehearsal",
    "results",
    "figures",
    "every_page",
)
HEAD = """# Benchmarks

Written by `make bench`: what each benchmark does, in its own words, and what it printed. Read the ratios: each stands
beside its limit or a rival in the same run, while single figures swing by half on a machine that others use too. What
was tried for speed and what was dropped stands in [decisions](decisions.md).

"""


def main(wanted: Sequence[str]) -> int:
    if unknown := set(wanted) - set(ALL):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}", file=sys.stderr)
        return 1
    sections = []
    for name in wanted or ALL:
        print(f"== {name}", flush=True)
        said, status = run(name)
        if status:
            return status
        sections.append(section(name, said))
    if not wanted:
        PAGE.write_text(HEAD + surroundings() + "".join(sections))
    return 0


def run(name: str) -> tuple[str, int]:
    """What it printed, told on as it comes, and its exit status."""
    command = [sys.executable, "-m", f"tests.bench.{name}"]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines), process.returncode


def section(name: str, said: str) -> str:
    method = ast.get_docstring(ast.parse((Path(__file__).parent / f"{name}.py").read_text())) or ""
    return f"\n## {name.capitalize()}\n\n{method}\n\n```\n{said}```\n"


def surroundings() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[2]
    lines = [
        f"- {SystemClock().now():%Y-%m-%d}; {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release().partition('-')[0]}; load of the last quarter of an hour at the end {load:.1f}",
        f"- CPython {platform.python_version()} ({platform.python_compiler()}), PostgreSQL {postgres_version()}, "
        f"RabbitMQ {rabbit_version()}",
    ]
    return "\n".join(lines) + "\n"


def postgres_version() -> str:
    with databases() as make, make("console").transaction() as tx:
        row = tx.execute("show server_version").fetchone()
    return str(row[0]) if row else "unknown"


def rabbit_version() -> str:
    found = sorted(
        path.name.partition("-")[2] for path in SERVER.parents[1].glob("lib/rabbitmq_server-*/plugins/rabbit-*")
    )
    return "not installed" if why_not() else (found[0].removesuffix(".ez") if found else "of the system")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
