"""The senders as the command line shows them: the house's own, and what serves where none of them fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from guestloop.composition.services import Group
from services.messaging.commands.going_live import standing
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender
from services.messaging.store.senders.health import SenderHealth, health_of_all
from services.messaging.store.senders.rows import senders
from shared.vocabulary.channel import Channel


@dataclass(frozen=True)
class SenderLine:
    """`serves`: hotels, or a brand, or «all», and to which countries. `state`: on, paused or resting."""

    sender_id: str
    channel: str
    name: str
    speaks_as: str
    serves: str
    state: str
    works: bool
    trouble: str


@dataclass(frozen=True)
class SendersKnown:
    """`live_since`: None in the sandbox. `elsewhere`: by channel, what happens where no sender fits."""

    live_since: datetime | None
    senders: tuple[SenderLine, ...]
    elsewhere: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        since = self.live_since.isoformat() if self.live_since else None
        return {"live_since": since, "senders": [asdict(one) for one in self.senders], "elsewhere": self.elsewhere}


def senders_known(group: Group, environment: Mapping[str, str], now: datetime) -> SendersKnown:
    config = Config.read(environment)
    with group.database("messaging").transaction() as tx:
        found, fares, stands = senders(tx), health_of_all(tx), standing(tx, config)
    lines = tuple(_line(one, fares.get(one.sender_id), now) for one in found)
    since = stands.period.since if stands.period else None
    elsewhere = {str(one): "sandbox" if one in config.sandboxed else "the environment's" for one in Channel}
    return SendersKnown(since, lines, elsewhere)


def _line(one: HouseSender, fares: SenderHealth | None, now: datetime) -> SenderLine:
    rests = bool(fares and fares.resting_until and fares.resting_until > now)
    countries = f" to {', '.join(one.countries)}" if one.countries else ""
    return SenderLine(
        sender_id=str(one.sender_id),
        channel=one.channel,
        name=one.name,
        speaks_as=one.from_address or str(one.settings.get("sender", "")),
        serves=(", ".join(one.hotels) or one.legal_entity or "all") + countries,
        state="resting" if rests and one.state == "on" else one.state,
        works=bool(fares and fares.worked_version == one.version),
        trouble=" ".join(filter(None, (fares.trouble_reason, fares.trouble_detail))) if fares else "",
    )
