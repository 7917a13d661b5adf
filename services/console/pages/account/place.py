"""Where passkeys are good for: the public address of this installation."""

from __future__ import annotations

from services.console.commands.second_factor.passkeys import Place
from shared.web.config import WebConfig
from shared.web.site import here


def passkeys_here() -> Place:
    return Place(here().part(WebConfig).origin)
