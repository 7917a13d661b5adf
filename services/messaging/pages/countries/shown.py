"""A country's rules as its page shows them: shipped, changed and standing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from services.messaging.channels.registry import RULES
from services.messaging.channels.sms.text import frames
from services.messaging.channels.telephones.country_hours import Source, shipped_hours
from services.messaging.commands.country_rules import cap_of, hours_of
from services.messaging.commands.sending.calendar import shipped_holidays
from services.messaging.config import Config
from services.messaging.pages.template_context import country_name
from services.messaging.queries import countries as queries
from services.messaging.rules.channel import Hours
from services.messaging.rules.house import EVERYWHERE_ELSE, Cap
from services.messaging.store.limits import country_rules as store
from services.messaging.store.limits.country_rules import CountryRule
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel, ContactKind
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale
from shared.web.site import here


@dataclass(frozen=True, kw_only=True)
class Country:
    """`code`: * for countries without a row. `has_row`: the shipped hours are its own. `rule`: what the house said
    last, also where all of that is as shipped again."""

    code: str
    shipped: Hours
    source: Source
    has_row: bool
    usual: Cap
    rule: CountryRule | None
    hours: Hours
    cap: Cap

    @property
    def name(self) -> str:
        return gettext("Everywhere else") if self.code == EVERYWHERE_ELSE else country_name(self.code)

    @property
    def place(self) -> str:
        """As its address has it."""
        return "other" if self.code == EVERYWHERE_ELSE else self.code

    @property
    def is_changed(self) -> bool:
        return self.rule is not None and (hours_of(self.rule) or cap_of(self.rule)) is not None


def country_of(code: str, rules: dict[str, CountryRule]) -> Country:
    table, config = shipped_hours(), here().part(Config)
    row, rule, elsewhere = table.row_of(code), rules.get(code), rules.get(EVERYWHERE_ELSE)
    usual = Cap(config.cap_contacts, timedelta(days=config.cap_days))
    if elsewhere is not None and code != EVERYWHERE_ELSE:
        usual = cap_of(elsewhere) or usual
    shipped = table.of(code)
    standing = hours_of(elsewhere) if elsewhere is not None and row == EVERYWHERE_ELSE else None
    return Country(
        code=code,
        shipped=shipped,
        source=table.sources[row],
        has_row=row == code,
        usual=usual,
        rule=rule,
        hours=(hours_of(rule) if rule else None) or standing or shipped,
        cap=(cap_of(rule) if rule else None) or usual,
    )


def weekday_names() -> list[str]:
    """From Monday on."""
    named = locale().days["format"]["wide"]
    return [named[place] for place in range(7)]


def weekdays(days: frozenset[int]) -> str:
    """The weekdays in words: from Monday to Saturday, every day, or one by one."""
    named = weekday_names()
    if len(days) == 7:
        return gettext("every day")
    first, last = min(days), max(days)
    if len(days) > 2 and len(days) == last - first + 1:
        return gettext("%(first)s to %(last)s", first=named[first - 1], last=named[last - 1])
    return gettext(", ").join(named[day - 1] for day in sorted(days))


@dataclass(frozen=True)
class Holiday:
    day: date
    name: str
    is_holiday: bool
    changed: store.HolidayChange | None


def holidays_of(tx: Tx, code: str, today: date) -> list[Holiday]:
    """From today to the end of next year, with the days that the house changed."""
    if code == EVERYWHERE_ELSE:
        return []
    years = (today.year, today.year + 1)
    known = queries.known_holidays(tx, code, years)
    named = {day: name for year in years if year in known for day, name in known[year]}
    named |= {day: name for year in years if year not in known for day, name in shipped_holidays(code, year).items()}
    changed = {one.day: one for one in store.changed_days(tx, today, code)}
    return [
        Holiday(day, named.get(day, ""), changed[day].is_holiday if day in changed else True, changed.get(day))
        for day in sorted({*named, *changed})
        if day >= today
    ]


def consent_needs(code: str) -> Iterator[str]:
    """What offers and surveys need there, by channel, in sentences."""
    config = here().part(Config)
    for channel in Channel:
        rules = RULES[channel]
        allowed = rules.existing_customers
        if allowed is None or code in allowed.never_in:
            yield _by(channel, gettext("offers need the guest's express consent"))
        elif code in allowed.expires_in:
            yield _by(channel, gettext("offers need consent; that of an existing customer ends on its day"))
        else:
            yield _by(channel, gettext("offers need consent, or an existing customer who could object"))
        if code in rules.surveys_need_consent:
            yield _by(channel, gettext("questions about a stay need express consent to offers"))
        asked = config.double_opt_in if channel.contact is ContactKind.ADDRESS else config.double_opt_in_sms
        if code in asked:
            yield _by(channel, gettext("a consent counts once it is confirmed by a link"))


def _by(channel: Channel, what: str) -> str:
    return gettext("By %(channel)s: %(what)s", channel=label(channel), what=what)


def labels_of_texts() -> dict[str, dict[str, Any]]:
    """By language, what stands before and after every text message."""
    return {
        tag: {"opening": one["opening"].replace("{{ sender.brand }}", "…"), "ending": one["ending"]}
        for tag, one in frames().items()
    }
