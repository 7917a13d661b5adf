"""How a process ends that nobody meant to: cut off at its deadline, or by an error nobody foresaw."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

from tests.loopback import PATIENCE

STUCK = """
import time
from shared.telemetry.health import RoleHealth
from shared.telemetry.logs import logs_to_stderr
logs_to_stderr("segments", "sweep")
RoleHealth("segments", "sweep").stop_on_signals(within=0.3)
print("at work", flush=True)
while True:
    time.sleep(60)
"""
STOPPED = """
import os
import signal
from shared.telemetry.health import RoleHealth
from shared.telemetry.logs import logs_to_stderr

class Late:
    def __del__(self, kill=os.kill, number=signal.SIGTERM.value, own=os.getpid()):
        kill(own, number)  # modules are torn down after Python has put away its handlers of signals

late = Late()
logs_to_stderr("segments", "sweep")
health = RoleHealth("segments", "sweep")
health.stop_on_signals()
os.kill(os.getpid(), signal.SIGTERM)
assert health.stop.wait(60)
health.has_stopped()
"""
FAULTY = """
import threading
from shared.telemetry.logs import logs_to_stderr
logs_to_stderr("segments", "sweep")

def read(row):
    raise ValueError(f"cannot read {row}")

def work():
    try:
        read("Ana Silva <ana@example.com>")
    except ValueError as error:
        raise RuntimeError("Ana Silva again") from error

thread = threading.Thread(target=work)
thread.start()
thread.join()
import logging
logging.getLogger("somebody.else").warning("sent to %s", "ana@example.com")
work()
"""


def told(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_what_does_not_end_is_cut_off_at_its_deadline() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    (line,) = told(said)
    assert (line["event"], line["role"]) == ("cut off at its deadline", "sweep")


def test_a_signal_said_again_at_the_very_end_is_no_crash() -> None:
    ended = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended.stderr
    assert [line["event"] for line in told(ended.stderr)] == ["stopped"]


def test_an_unforeseen_error_is_told_by_its_place_and_never_by_its_words() -> None:
    done = subprocess.run([sys.executable, "-c", FAULTY], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "ana" not in done.stderr.lower()
    thread, library, end = told(done.stderr)
    for line in (thread, end):
        assert line["event"] == "ended by an error nobody foresaw"
        assert [each["error"] for each in line["errors"]] == ["RuntimeError", "ValueError"]
        assert line["errors"][1]["at"][-1].endswith(" read")
    assert (library["logger"], library["words"]) == ("somebody.else", "sent to %s")
