"""All systems there are."""

from __future__ import annotations

from functools import cache
from typing import assert_never

from services.segments.rules.systems import SystemKind
from services.segments.systems.apaleo.asks import Apaleo
from services.segments.systems.cloudbeds.asks import Cloudbeds
from services.segments.systems.mews.asks import Mews
from services.segments.systems.opera.asks import Opera
from services.segments.systems.ota_xml.profile import PROFILE as OTA_XML
from services.segments.systems.system import Profile, System


@cache
def system_of(kind: SystemKind) -> System | None:
    """How it is asked; None for one that sends and is never asked."""
    match kind:
        case SystemKind.APALEO:
            return Apaleo()
        case SystemKind.MEWS:
            return Mews()
        case SystemKind.CLOUDBEDS:
            return Cloudbeds()
        case SystemKind.OPERA:
            return Opera()
        case SystemKind.OTA_XML:
            return None
        case _:
            assert_never(kind)


def profile_of(kind: SystemKind) -> Profile:
    system = system_of(kind)
    return system.profile if system else OTA_XML
