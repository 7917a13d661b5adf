"""`python -m guestloop.composition.services_document`: writes the tables of docs/services.md from the code itself.

One row a service (its manifest: what it owns, subscribes to and may publish) and one a type of event. A test asks
whether the file holds what this module would write.
"""

from __future__ import annotations

import re
from pathlib import Path

from guestloop.composition.services import MANIFESTS
from shared.bus.subscriptions import subscribers
from shared.events.console import EVERY_SERVICE
from shared.events.dictionary import EventType, all_types
from shared.service import Manifest

DOCUMENT = Path(__file__).parents[2] / "docs" / "services.md"
BEGIN, END = "<!-- written by: make docs -->", "<!-- end -->"
BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


def block() -> str:
    """Both tables, between their marks."""
    return "\n".join([BEGIN, *_services(), "", *_events(), END])


def _services() -> list[str]:
    rows = [
        f"| **{one.name}** | {one.owns} | {_listed(_subscribed(one))} | {_listed(_published(one))} |"
        for one in MANIFESTS
    ]
    return ["| service | owns | subscribes to | publishes |", "|---|---|---|---|", *rows]


def _events() -> list[str]:
    who = subscribers({one.name: one.subscriptions for one in MANIFESTS})
    rows = [
        f"| `{kind.name}` | {_publishers(kind)} | {', '.join(f'{service}.{name}' for service, name in who[kind.name])}"
        f" | {kind.lane} | {', '.join(kind.key)} |"
        for kind in all_types()
    ]
    return ["| event | published by | subscriptions | lane | key |", "|---|---|---|---|---|", *rows]


def _subscribed(service: Manifest) -> list[str]:
    return sorted({name for one in service.subscriptions for name in one.handlers})


def _published(service: Manifest) -> list[str]:
    return [kind.name for kind in all_types() if service.name in kind.publishers and kind.publishers != EVERY_SERVICE]


def _publishers(kind: EventType) -> str:
    return "every service" if kind.publishers == EVERY_SERVICE else ", ".join(kind.publishers)


def _listed(names: list[str]) -> str:
    return ", ".join(name.removesuffix(".v1") for name in names)


if __name__ == "__main__":
    DOCUMENT.write_text(BLOCK.sub(lambda _: block(), DOCUMENT.read_text("utf-8")), "utf-8")
