"""A role at rest takes 120 MB at most: each of its processes in full, all of them by their share of what is shared."""

from __future__ import annotations

import time

import pytest

from tests.observability.installation import Installation
from tests.observability.role import Role, until

MOST = 120.0
FATTEST = [("segments", "web"), ("messaging", "web"), ("messaging", "sender"), ("segments", "imports")]

pytestmark = pytest.mark.rabbitmq


def at_rest(installation: Installation, roles: list[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """RSS and PSS in MB by role, five seconds after all are ready and have answered a scrape."""
    started: list[Role] = []
    for service, role in roles:
        started.append(installation.start(service, role))
    for one in started:
        until(lambda one=one: one.is_ready, what=f"{one.service} {one.role} does not get ready")  # type: ignore[misc]
        one.scrape()
        if one.role == "web":
            Role.visit(f"{one.pages}/{one.service}/ready")
    time.sleep(5)
    return {f"{one.service} {one.role}": one.memory() for one in started}


def check(measured: dict[str, dict[str, float]]) -> None:
    for name, memory in sorted(measured.items(), key=lambda item: -item[1]["rss"]):
        print(f"| {name} | {memory['rss']:.0f} | {memory['pss']:.0f} |")
    too_fat = {name: memory for name, memory in measured.items() if max(memory["pss"], memory["largest"]) > MOST}
    assert too_fat == {}


def test_the_fattest_roles_stay_within_120_mb(installation: Installation) -> None:
    check(at_rest(installation, FATTEST))


@pytest.mark.proof
def test_every_role_stays_within_120_mb(installation: Installation) -> None:
    check(at_rest(installation, installation.all_roles()))
