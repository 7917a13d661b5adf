"""Settings of what the services do: imports, timers, caps and leases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from shared.settings.setting import SetBy, Setting, countries, domains, minutes, path, whole_number

IMPORTS: Setting[Path | None] = Setting(
    "GUESTLOOP_IMPORTS",
    "where files wait for their import, shared by web and clock",
    path,
    None,
    "/var/lib/guestloop/imports",
    "segments",
    default_text="`imports` in the home",
    set_by=SetBy.COMPOSE,
)
WATCHED: Setting[Path | None] = Setting(
    "GUESTLOOP_WATCHED",
    "a folder whose files are imported by themselves",
    path,
    None,
    "/var/lib/guestloop/watched",
    "segments",
    set_by=SetBy.COMPOSE,
)
AGENCY_DOMAINS: Setting[frozenset[str]] = Setting(
    "GUESTLOOP_AGENCY_DOMAINS",
    "mail domains of agencies, by commas, whose addresses are no guest's",
    domains,
    frozenset(),
    "agency.example,bookings.example",
    "segments",
)
DOUBLE_OPT_IN: Setting[frozenset[str]] = Setting(
    "GUESTLOOP_DOUBLE_OPT_IN",
    "countries, by commas, of guest or hotel, where an e-mail consent to offers is confirmed by a link; or `none`",
    countries,
    frozenset({"AT", "DE"}),
    "AT,DE",
    "segments, messaging",
    default_text="`AT,DE`",
)
DOUBLE_OPT_IN_SMS: Setting[frozenset[str]] = Setting(
    "GUESTLOOP_DOUBLE_OPT_IN_SMS",
    "countries, by commas, of guest or hotel, where a consent to offers by SMS is confirmed by a link; or `none`",
    countries,
    frozenset({"AT", "DE", "US"}),
    "AT,DE,US",
    "segments, messaging",
    default_text="`AT,DE,US`",
)
EVALUATORS = Setting(
    "GUESTLOOP_EVALUATORS",
    "how many ranges of guests a role evaluates at once when rules have changed",
    whole_number(1),
    2,
    "2",
    "segments",
)
CAMPAIGNS_TIMERS = Setting(
    "GUESTLOOP_CAMPAIGNS_TIMERS",
    "how many timers a step takes of each lane",
    whole_number(1),
    2000,
    "2000",
    "campaigns",
)
CAP_CONTACTS = Setting(
    "GUESTLOOP_CAP_CONTACTS",
    "marketing contacts at most in `GUESTLOOP_CAP_DAYS`, by guest and by contact point",
    whole_number(1),
    2,
    "2",
    "messaging",
)
CAP_DAYS = Setting(
    "GUESTLOOP_CAP_DAYS", "the days in which `GUESTLOOP_CAP_CONTACTS` counts", whole_number(1), 30, "30", "messaging"
)
LEASE_MINUTES = Setting(
    "GUESTLOOP_LEASE_MINUTES",
    "how long a claimed message may be under way before its outcome counts as unknown",
    minutes,
    timedelta(minutes=10),
    "10",
    "messaging",
    default_text="10",
)
PROVIDER_LAG_MINUTES = Setting(
    "GUESTLOOP_PROVIDER_LAG_MINUTES",
    "by when at the latest a provider's own list shows what it took",
    minutes,
    timedelta(minutes=5),
    "5",
    "messaging",
    default_text="5",
)
CLAIM_BATCH = Setting(
    "GUESTLOOP_CLAIM_BATCH", "messages the sender claims at a time", whole_number(1), 1000, "1000", "messaging"
)
