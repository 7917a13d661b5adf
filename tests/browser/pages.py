"""The pages of the console, found as people find them: by the rail and by what stands on its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page

RAIL = {
    "home": "/",
    "today": "/segments/today",
    "guests": "/segments/guests",
    "segments": "/segments/segments",
    "journeys": "/campaigns/journeys",
    "broadcasts": "/campaigns/broadcasts",
    "calendar": "/campaigns/calendar",
    "sent": "/messaging/messages",
    "inbox": "/feedback/inbox",
    "cases": "/feedback/cases",
    "figures": "/figures",
    "dashboards": "/figures/dashboards",
    "cohorts": "/segments/cohorts",
    "churn": "/segments/churn",
    "sources": "/figures/sources",
    "returns": "/campaigns/returns",
    "warnings": "/figures/warnings",
    "reports": "/figures/reports",
    "predictions": "/segments/predictions",
    "rfm": "/segments/rfm",
    "lifecycle": "/segments/lifecycle",
    "answers": "/feedback/answers",
    "tasks": "/feedback/tasks",
    "praise": "/feedback/praise",
    "care": "/feedback/care",
    "templates": "/messaging/templates",
    "pictures": "/messaging/pictures",
    "imports": "/segments/imports",
    "sign-ups": "/segments/sign-ups",
    "money": "/segments/money",
    "companies": "/segments/companies",
    "stop": "/messaging/stops",
    "delivery": "/delivery",
    "team": "/people",
    "hotels": "/properties",
    "audit": "/audit",
}
WRITING = {
    "guest-new": "/segments/guests/new",
    "segment-new": "/segments/segments/new",
    "journey-new": "/campaigns/journeys/new",
    "broadcast-new": "/campaigns/broadcasts/new",
    "template-new": "/messaging/templates/new",
    "task-new": "/feedback/tasks/new",
    "person-new": "/people/new",
    "hotel-new": "/properties/new",
    "sign-up-new": "/segments/sign-ups/new",
}
BESIDE = {
    "figure-settings": "/figures/settings",
    "figure-guests": "/segments/figures/guests?which=stayed&from=2026-01-01&to=2026-12-31",
    "new-guests": "/segments/new-guests?span=year&cut=country",
    "profit": "/figures/profit",
    "channel-costs": "/figures/costs",
    "loyalty": "/segments/loyalty",
    "partners": "/segments/partners?by=channel",
    "lost-guests": "/segments/churn/guests?span=year&first=2026-01-01",
    "cohort-guests": "/segments/cohorts/guests?which=back&span=year&first=2026-01-01",
    "rfm-guests": "/segments/rfm/guests?class=LLL",
    "segment-templates": "/segments/segments/templates",
    "segment-lists": "/segments/segments/lists",
    "segment-tiers": "/segments/segments/tiers",
    "segment-dates": "/segments/segments/dates",
    "broadcast-rules": "/campaigns/broadcast-rules",
    "unclear": "/messaging/unknowns",
    "links": "/messaging/links",
    "prices": "/messaging/prices",
    "cases-closed": "/feedback/cases?view=closed",
    "replies": "/feedback/replies",
    "try-a-text": "/feedback/replies/try",
    "texts": "/feedback/texts",
    "corrections": "/feedback/texts/lessons",
    "reviews": "/feedback/reviews",
    "improvements": "/feedback/improvements",
    "surveys": "/feedback/surveys",
    "survey": "/feedback/surveys/LIS",
    "canned-answers": "/feedback/inbox/canned",
    "alerts": "/feedback/alerts",
    "compensation": "/feedback/compensation",
    "opt-outs": "/feedback/opt-outs",
    "set-aside": "/messaging/dead-letters",
    "account": "/account",
    "sign-up-differences": "/segments/sign-ups/differences",
    "kiosks": "/segments/kiosks",
    "keys": "/keys",
    "senders": "/messaging/senders",
    "sender-new": "/messaging/senders/new/email",
    "domains": "/messaging/domains",
    "going-live": "/messaging/going-live",
    "mail-imports": "/messaging/mail-imports",
    "whatsapp-texts": "/messaging/templates/win-back/whatsapp-texts",
}
ALWAYS: Mapping[str, str] = {**RAIL, **WRITING, **BESIDE}
"""Those that are there however little is."""

ONE_OF = {
    "guest": ("/segments/guests?which=in_house", r"/segments/guests/[0-9a-f-]{36}"),
    "segment": ("/segments/segments", r"/segments/segments/(?!new|templates|lists|tags|tiers|dates)[\w-]+"),
    "journey": ("/campaigns/journeys", r"/campaigns/journeys/(?!new)[\w-]+"),
    "message": ("/messaging/messages?state=sent", r"/messaging/messages/[0-9a-f-]{36}"),
    "case": ("/feedback/cases", r"/feedback/cases/[0-9a-f-]{36}"),
    "template": ("/messaging/templates", r"/messaging/templates/(?!new)[\w-]+"),
    "person": ("/people", r"/people/[0-9a-f-]{36}"),
    "hotel": ("/properties", r"/properties/(?!new)\w+"),
}
FURTHER = {
    "guest-edit": ("guest", "{}/edit"),
    "segment-about": ("segment", "{}/about"),
    "segment-why": ("segment", "{}/why"),
    "journey-edit": ("journey", "{}/edit"),
    "journey-launch": ("journey", "{}/launch"),
    "journey-people": ("journey", "{}/people"),
    "journey-results": ("journey", "{}/results?by=step"),
    "template-edit": ("template", "{}/edit"),
}


def every_page(page: Page) -> dict[str, str]:
    """Name and address of each page that the person who is signed in can open; of a kind of thing, one."""
    found = {name: one for name, (listed, looks) in ONE_OF.items() if (one := _first(page, listed, looks))}
    further = {name: shape.format(found[kind]) for name, (kind, shape) in FURTHER.items() if kind in found}
    if "guest" in found:
        guest = found["guest"].rsplit("/", 1)[1]
        further |= {"consents": f"/messaging/guests/{guest}/consents", "case-new": f"/feedback/cases/new?guest={guest}"}
    return {**ALWAYS, **found, **further}


def _first(page: Page, listed: str, looks: str) -> str | None:
    page.goto(listed)
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next((link for link in links if re.fullmatch(looks, link)), None)
