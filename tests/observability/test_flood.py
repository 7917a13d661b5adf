"""200 slow clients and 50 large bodies at once, half a minute long: honest requests do not notice, nor does memory."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

import psutil
import pytest

from tests.engine.test_up import command_of, up
from tests.loopback import free_port
from tests.observability.installation import Installation
from tests.observability.role import until

SECONDS = 30.0
MOST_P99 = 0.3
MOST_EMBEDDED, MOST_OF_A_ROLE = 400.0, 384.0  # MB; the second is compose's limit of a web
WEBHOOK, UPLOADS = "/feedback/twilio/incoming", ("/segments/imports", "/api/imports?source=pms", "/feedback/opt-outs")

pytestmark = pytest.mark.proof


@dataclass
class Honest:
    """People who read pages one after the other, each thinking for a twentieth of a second."""

    opener: OpenerDirector
    pages: list[str]
    took: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def read(self, seconds: float) -> None:
        self.took, self.failures = [], []
        end = time.monotonic() + seconds
        people = [threading.Thread(target=self._one, args=(end,)) for _ in range(4)]
        for one in people:
            one.start()
        for one in people:
            one.join()

    def _one(self, end: float) -> None:
        while time.monotonic() < end:
            for page in self.pages:
                began = time.monotonic()
                try:
                    with self.opener.open(page, timeout=30) as answer:
                        answer.read()
                except OSError as error:
                    self.failures.append(f"{time.monotonic() - end:.0f} s: {page}: {error}")
                self.took.append(time.monotonic() - began)
                time.sleep(0.05)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[98]


def nobody() -> OpenerDirector:
    return build_opener(ProxyHandler({}))


def signed_in(origin: str, said: str) -> OpenerDirector:
    """By the sentence that `guestloop up` prints once."""
    found = re.search(r"Sign in as (\S+) with the password (\S+)", said)
    assert found is not None, said
    opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{origin}/sign-in", timeout=30).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": unescape(token[1]), "email": found[1], "password": found[2]}
    opener.open(f"{origin}/sign-in", urlencode(form).encode(), timeout=30).read()
    return opener


def flooded(port: int, honest: Honest, processes: list[psutil.Process], paths: tuple[str, ...]) -> dict[str, float]:
    """The figures, printed: p99 before and under the flood in seconds, the most memory in MB."""
    honest.read(5)
    before = honest.p99
    arguments = ["127.0.0.1", str(port), str(SECONDS + 5), *paths]
    strangers = subprocess.Popen([sys.executable, "-m", "tests.observability.flood", *arguments])
    most = 0.0
    try:
        time.sleep(2)
        reading = threading.Thread(target=honest.read, args=(SECONDS,))
        reading.start()
        while reading.is_alive():
            most = max(most, sum(one.memory_info().rss for one in processes) / 1e6)
            time.sleep(0.2)
    finally:
        strangers.kill()
        strangers.wait()
    figures = {"p99 before": before, "p99": honest.p99, "median": statistics.median(honest.took), "MB": most}
    print({name: round(value, 3) for name, value in figures.items()}, f"{len(honest.took)} requests")
    return figures


def check(figures: dict[str, float], honest: Honest, most: float) -> None:
    assert honest.failures == [], honest.failures
    assert figures["p99"] < max(MOST_P99, 2 * figures["p99 before"])  # a machine may be busy by itself
    assert figures["MB"] <= most


def test_the_embedded_web_answers_and_stays_small(tmp_path: Path) -> None:
    port = free_port()
    with up(tmp_path / "home", port) as run:
        origin = f"http://127.0.0.1:{port}"
        opener = signed_in(origin, run.wait_until_up())
        threading.Thread(
            target=lambda: list(run.process.stderr or ()), daemon=True
        ).start()  # a full pipe would stop it
        honest = Honest(opener, [f"{origin}{page}" for page in ("/", "/segments/segments", "/sign-in", "/health")])
        web = [one for one in run.family() if "guestloop.supervisor.web" in command_of(one)]
        assert len(web) == 2
        check(flooded(port, honest, web, (WEBHOOK, *UPLOADS)), honest, MOST_EMBEDDED)


@pytest.mark.rabbitmq
@pytest.mark.parametrize(("service", "paths"), [("segments", UPLOADS[:2]), ("feedback", (WEBHOOK, UPLOADS[2]))])
def test_a_role_of_its_own_answers_within_what_compose_gives_it(
    installation: Installation, service: str, paths: tuple[str, ...]
) -> None:
    web = installation.start(service, "web", {"GUESTLOOP_TWILIO_TOKEN": "not-a-secret"})
    until(lambda: web.is_ready, what="the web does not get ready")
    pages = [f"{web.pages}/{service}/ready", f"{web.pages}/{service}/health"]
    honest = Honest(nobody(), pages)
    port = int(web.pages.rpartition(":")[2])
    check(flooded(port, honest, web.family(), paths), honest, MOST_OF_A_ROLE)
    assert web.is_ready
