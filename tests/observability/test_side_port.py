"""The side port: what starts it, what it refuses, and who need not carry it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from guestloop.composition.services import SERVICES
from shared.errors import SettingError
from shared.settings.installation import SIDE_BIND
from tests.observability.installation import Installation
from tests.observability.role import COMES_ABOUT_WITHIN, Role, until

pytestmark = pytest.mark.rabbitmq


def test_a_malformed_bind_is_one_sentence(installation: Installation) -> None:
    role = broken(installation, "127.0.0.1:http")
    assert role.process.returncode == 1
    (line,) = role.log.read_text().splitlines()
    assert line == "segments sweep: GUESTLOOP_SIDE_BIND must be host:port, such as 0.0.0.0:9100, not «127.0.0.1:http»"


@pytest.mark.parametrize("bind", ["9100", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999"])
def test_what_is_no_host_and_port_is_refused(bind: str) -> None:
    with pytest.raises(SettingError, match="GUESTLOOP_SIDE_BIND must be host:port"):
        SIDE_BIND.read({SIDE_BIND.name: bind})


def test_a_taken_port_is_one_sentence(installation: Installation) -> None:
    first = installation.start("segments", "sweep")
    until(lambda: first.is_ready)
    second = broken(installation, f"127.0.0.1:{first.side}")
    assert second.process.returncode == 1
    assert "cannot listen on" in second.log.read_text() and "Traceback" not in second.log.read_text()


def test_a_malformed_bind_of_pages_is_one_sentence_too(installation: Installation) -> None:
    web = installation.start("console", "web", {"GUESTLOOP_SIDE_BIND": "9100"})
    web.process.wait(COMES_ABOUT_WITHIN)
    assert web.process.returncode == 1
    (line,) = web.log.read_text().splitlines()
    assert line.startswith("console web: GUESTLOOP_SIDE_BIND must be host:port")


def broken(installation: Installation, bind: str) -> Role:
    role = installation.start("segments", "sweep", {"GUESTLOOP_SIDE_BIND": bind})
    role.process.wait(COMES_ABOUT_WITHIN)
    return role


def test_without_the_setting_nobody_listens(installation: Installation) -> None:
    role = installation.start("campaigns", "timers", {"GUESTLOOP_SIDE_BIND": ""})
    until(lambda: "at work" in role.log.read_text())
    assert role.state()[0] == 0


def test_a_standby_relay_tells_nothing_of_what_waits_until_it_takes_over(installation: Installation) -> None:
    first = installation.start("console", "relay")
    until(lambda: first.is_ready and waits_are_told(first))
    second = installation.start("console", "relay")
    until(lambda: second.is_ready)
    assert not waits_are_told(second)
    first.end()
    until(lambda: waits_are_told(second))


def waits_are_told(role: Role) -> bool:
    return "guestloop_outbox_pending" in {one.name for one in role.scrape()}


def test_a_worker_carries_no_web_framework_and_no_exporter() -> None:
    """Not one of them does, and so neither do all in one process."""
    workers = ", ".join(f"services.{service}.__main__" for service in SERVICES)
    program = (
        f"import sys, {workers}, shared.process\n"
        "print([name for name in ('flask', 'werkzeug', 'gunicorn', 'opentelemetry.sdk') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
