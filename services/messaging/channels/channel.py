"""The parts that every channel has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.messaging.channels.sender import Sender
from services.messaging.channels.text import TextKind
from services.messaging.rules.channel import ChannelRules

Environment = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ChannelParts:
    """`provider`: the sender that the environment names, None for the sandbox; a `SettingError` names the variable."""

    rules: ChannelRules
    text: TextKind
    provider: Callable[[Environment], Sender | None]
