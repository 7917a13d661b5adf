"""Names of what comes with Guestloop are shown in the reader's language, as long as nobody changed them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from shared.web.i18n.shipped_names import JOURNEYS, SEGMENTS, TEMPLATES

SERVICES = Path(__file__).parent.parent.parent / "services"


def names_in(service: str) -> list[Any]:
    files = sorted((SERVICES / service / "shipped").glob("*.yaml"))
    return [yaml.safe_load(path.read_text())["name"] for path in files]


def test_every_shipped_journey_and_template_can_be_translated() -> None:
    assert sorted(JOURNEYS) == sorted(names_in("campaigns"))
    assert sorted(TEMPLATES) == sorted(names_in("messaging"))


def test_every_shipped_segment_can_be_translated() -> None:
    folder = SERVICES / "segments" / "shipped"
    plain = [one["name"] for one in yaml.safe_load((folder / "segments.yaml").read_text())]
    classes = yaml.safe_load((folder / "rfm.yaml").read_text())["names"].values()
    stages = [one["name"] for one in yaml.safe_load((folder / "lifecycle.yaml").read_text())]
    assert sorted(SEGMENTS) == sorted([*plain, *classes, *stages])
