"""From «End access» to the last page shown, on a running installation, with the bus and without."""

from __future__ import annotations

import http.cookiejar
import re
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engine.test_up import Run
from tests.loopback import free_port

CHOSEN = "seven lemons in the snow"
PAGE = "/segments/segments"
POLLED_EVERY = 0.02
WITH_BUS, WITHOUT_BUS, REOPENS = 1.0, 31.0, 15.0  # seconds


class Colleague:
    """Somebody with a browser."""

    def __init__(self, port: int) -> None:
        self._origin, self._token = f"http://127.0.0.1:{port}", ""
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar), urllib.request.ProxyHandler({})
        )

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, the path it ended at, and the page."""
        data = urllib.parse.urlencode({"csrf_token": self._token, **form}).encode() if form is not None else None
        try:
            answer = self._opener.open(self._origin + path, data, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
                self._token = found[1]
            return answer.status, urllib.parse.urlsplit(answer.url).path, text

    def sign_in(self, email: str, one_time_password: str) -> None:
        self.ask("/sign-in")
        self.ask("/sign-in", {"email": email, "password": one_time_password})
        assert self.ask("/sign-in/password", {"password": CHOSEN})[0] == 200

    def invite(self, email: str) -> tuple[str, str]:
        """The path of their page, and the one-time password."""
        self.ask("/people/new")
        page = self.ask("/people", {"email": email, "name": "Ana Alves", "role": "marketer"})[2]
        _, _, team = self.ask("/people")
        path = re.search(rf'href="(/people/[0-9a-f-]+)">Ana Alves</a><br><small>{re.escape(email)}', team)
        password = re.search(r"<code>([^<]+)</code>", page)
        assert path and password
        return path[1], password[1]

    def sees(self) -> bool:
        status, path, _ = self.ask(PAGE)
        return status == 200 and path == PAGE

    def until_nothing_is_shown(self, seconds: float) -> float:
        """How long pages were shown still."""
        began = time.monotonic()
        while self.sees():
            assert time.monotonic() - began < seconds, "the page is shown still"
            time.sleep(POLLED_EVERY)
        return time.monotonic() - began


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path / "home", free_port())
    try:
        yield made
    finally:
        made.end()


def engine(run: Run) -> psutil.Process:
    return psutil.Process(run.engines()[0])


@pytest.mark.proof
def test_ended_access_is_over_within_a_second_and_within_half_a_minute_without_the_bus(run: Run) -> None:
    found = re.search(r"Sign in as (\S+) with the password (\S+)", run.wait_until_up())
    assert found
    chief, first, second = (Colleague(run.port) for _ in range(3))
    chief.sign_in(*found.groups())
    invited = []
    for number, one in enumerate((first, second)):
        invited.append(chief.invite(f"ana{number}@example.com"))
        one.sign_in(f"ana{number}@example.com", invited[-1][1])
        wait_until_shown(one)
    chief.ask(invited[0][0])
    chief.ask(f"{invited[0][0]}/ending", {})
    with_bus = first.until_nothing_is_shown(WITH_BUS)

    chief.ask(invited[1][0])
    time.sleep(12)  # a heartbeat was heard
    standing = engine(run)
    standing.send_signal(signal.SIGSTOP)
    try:
        chief.ask(f"{invited[1][0]}/ending", {})
        without_bus = second.until_nothing_is_shown(WITHOUT_BUS)
        assert second.ask(PAGE)[0] == chief.ask(PAGE)[0] == 503  # the service cannot tell them apart any more
        assert chief.ask("/people")[0] == 200
    finally:
        standing.send_signal(signal.SIGCONT)
    began = time.monotonic()
    wait_until_shown(chief)
    reopened = time.monotonic() - began
    assert not second.sees()
    print(f"\nlast page after «End access»: {with_bus:.2f} s with the bus, {without_bus:.1f} s without it; ")
    print(f"open again {reopened:.1f} s after the bus went on")


def wait_until_shown(colleague: Colleague) -> None:
    deadline = time.monotonic() + REOPENS
    while not colleague.sees():
        assert time.monotonic() < deadline
        time.sleep(POLLED_EVERY)
