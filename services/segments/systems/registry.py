"""All systems there are."""

from __future__ import annotations

from functools import cache
from typing import assert_never

from services.segments.rules.systems import SystemKind
from services.segments.systems.apaleo.asks import Apaleo
from services.segments.systems.system import Profile, System


@cache
def system_of(kind: SystemKind) -> System:
    match kind:
        case SystemKind.APALEO:
            return Apaleo()
        case _:
            assert_never(kind)


def profile_of(kind: SystemKind) -> Profile:
    return system_of(kind).profile
