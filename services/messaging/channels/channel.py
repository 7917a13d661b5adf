"""The parts that every channel has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.messaging.channels.sender import Sender
from services.messaging.channels.text import TextKind
from services.messaging.rules.channel import ChannelRules
from services.messaging.rules.senders import HouseSender

Environment = Mapping[str, str]
MakeSender = Callable[[HouseSender, str], Sender]  # and what it is asked with, in clear


@dataclass(frozen=True, kw_only=True)
class ChannelParts:
    """`provider`: the sender that the environment names, None for the sandbox; a `SettingError` names the variable.
    `of_house`: the sender of a row, with its secret and what it shares with the environment's; it raises what a row can
    raise that is not what it must be."""

    rules: ChannelRules
    text: TextKind
    provider: Callable[[Environment], Sender | None]
    of_house: Callable[[HouseSender, str, Environment], Sender]
