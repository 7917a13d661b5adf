"""`python -m guestloop.composition.alerts_document`: writes deploy/prometheus/roles.yaml, a rule for every role, and
every rule once more as a resource of the Prometheus operator.

A rule over series that are there is blind to those that end: a relay that was taken away tells nobody that nothing is
told. So each role is expected by its name. A test asks whether the file holds what this module would write.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from guestloop.composition.services import SERVICES, build_group
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.plain_yaml import read_yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
DOCUMENT = DEPLOY / "prometheus" / "roles.yaml"
RESOURCE = DEPLOY / "kubernetes" / "components" / "prometheus-operator" / "rules.yaml"
HEAD = "# Written by: make docs. Every role that must run is there and told of. Leave out those that you do not run.\n"
RESOURCE_HEAD = "# Written by: make docs, of the files in deploy/prometheus.\n"
RUNBOOK = "docs/operations.md#guestlooproleabsent"
PAGED = ("relay", "consumer", "web", "sender", "timers", "notices", "sweep", "heartbeat")
"""Without which guests notice within minutes; the others are a ticket."""


def text() -> str:
    rules = [_rule(service, role) for service, role in roles()]
    return HEAD + yaml.safe_dump({"groups": [{"name": "guestloop-roles", "rules": rules}]}, sort_keys=False, width=118)


def resource() -> str:
    """Every rule of deploy/prometheus, for the Prometheus operator."""
    files = sorted(DOCUMENT.parent.glob("*.yaml"))
    groups = [group for file in files for group in read_yaml(file.read_text(encoding="utf-8"))["groups"]]
    named = {"name": "guestloop", "labels": {"release": "prometheus"}}
    whole = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": named}
    return RESOURCE_HEAD + yaml.safe_dump(whole | {"spec": {"groups": groups}}, sort_keys=False, width=118)


def roles() -> list[tuple[str, str]]:
    """(service, role) of all that must run."""
    keyring = KeyRing.parse(KeyRing.fresh())
    nowhere = {name: Database("", service=name, keyring=keyring) for name in SERVICES}
    group = build_group(nowhere, SystemClock(), {})
    found = [(name, role) for name in SERVICES for role in ("web", "relay", "consumer")]
    for name, service in group.services.items():
        found += [(name, clock.name.split()[-1]) for clock in service.clocks]
    return sorted(found)


def _rule(service: str, role: str) -> dict[str, Any]:
    return {
        "alert": "GuestloopRoleAbsent",
        "expr": f'absent(guestloop_ready{{service="{service}",role="{role}"}})',
        "for": "3m",
        "labels": {"severity": "page" if role in PAGED else "ticket"},
        "annotations": {
            "summary": f"nothing is told of {service} {role}",
            "action": "Start it, or see why Prometheus does not reach its port 9000; no other rule sees what it lacks.",
            "runbook": RUNBOOK,
            "runbook_url": f"{{{{ $externalLabels.runbooks }}}}{RUNBOOK}",
        },
    }


if __name__ == "__main__":
    DOCUMENT.write_text(text(), "utf-8")
    RESOURCE.write_text(resource(), "utf-8")
