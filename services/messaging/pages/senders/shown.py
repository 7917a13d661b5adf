"""A sender as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext

from services.messaging.commands.going_live import Standing
from services.messaging.config import Config
from services.messaging.pages import sentences
from services.messaging.pages.template_context import country_name, heading
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.store.senders.health import SenderHealth
from shared.localtime import local_date, local_instant
from shared.vocabulary.channel import Channel
from shared.web.access_control import my_hotels
from shared.web.site import here

DAYS_SHOWN = 14


@dataclass(frozen=True)
class Shown:
    """`sent`: messages since midnight."""

    row: HouseSender
    fares: SenderHealth | None
    sent: int
    now: datetime

    @property
    def state(self) -> tuple[str, str, str]:
        """In words, the tone and the icon."""
        if self.row.state == SenderState.PAUSED:
            return gettext("paused"), "plain", "stop"
        if self.is_resting:
            return gettext("rests after a failure"), "bad", ""
        if self.works:
            return gettext("works"), "good", ""
        return gettext("not tried yet"), "look", ""

    @property
    def is_resting(self) -> bool:
        return bool(self.fares and self.fares.resting_until and self.fares.resting_until > self.now)

    @property
    def works(self) -> bool:
        """As it is set up now."""
        return bool(self.fares and self.fares.worked_version == self.row.version)

    @property
    def trouble(self) -> str:
        """The last one, in words."""
        if not self.fares or not self.fares.trouble_reason:
            return ""
        detail = f" ({self.fares.trouble_detail})" if self.fares.trouble_detail else ""
        return f"{sentences.why(self.fares.trouble_reason)}{detail}"

    @property
    def serves(self) -> str:
        """Whom, in words."""
        names = {hotel.code: hotel.name for hotel in my_hotels()}
        whose = gettext(", ").join(names.get(code, code) for code in self.row.hotels)
        whose = whose or self.row.legal_entity or gettext("all hotels")
        if not self.row.countries:
            return whose
        countries = gettext(", ").join(map(country_name, self.row.countries))
        return gettext("%(hotels)s, to %(countries)s", hotels=whose, countries=countries)

    @property
    def speaks_as(self) -> str:
        return self.row.from_address or str(self.row.settings.get("sender", ""))

    @property
    def pace(self) -> str:
        """How fast it may go, in words."""
        warm = self.row.warm_up
        allowed = warm.allows(self.now.astimezone(UTC).date()) if warm else None
        parts = []
        if self.row.rate:
            parts.append(gettext("%(count)s a second", count=self.row.rate))
        if allowed is not None:
            parts.append(gettext("warms up: %(count)s today", count=allowed))
        return gettext(", ").join(parts) or gettext("as fast as it is taken")


def of_environment(standing: Standing) -> list[tuple[Channel, str, str, str]]:
    """What serves where no row fits: the channel, its name, what happens there in words, and the tone."""
    config = here().part(Config)
    found = []
    for channel in Channel:
        if channel in standing.open_channels:
            text = gettext("the sandbox: the environment names no sender")
            found.append((channel, heading(channel), text, "plain"))
        elif channel in config.sandboxed:
            text = gettext("the sandbox, for every hotel: the environment says so")
            found.append((channel, heading(channel), text, "look"))
        else:
            found.append((channel, heading(channel), gettext("the sender of the environment"), "good"))
    return found


def days_of(row: HouseSender, now: datetime) -> list[tuple[date, int | None]]:
    """Of a warm-up, the next days and how many messages each has, until there is no limit any more."""
    if row.warm_up is None:
        return []
    today, found = now.astimezone(UTC).date(), list[tuple[date, int | None]]()
    for number in range(DAYS_SHOWN):
        day = today + timedelta(days=number)
        found.append((day, row.warm_up.allows(day)))
        if found[-1][1] is None:
            break
    return found


def zone() -> str:
    return next((hotel.zone for hotel in my_hotels()), "UTC")


def midnight(now: datetime) -> datetime:
    """When today began, at the first hotel."""
    return local_instant(local_date(now, zone()), time(), zone())
