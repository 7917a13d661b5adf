"""Delivery: does it run?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, render_template

from services.console.consumer import SUBSCRIPTIONS
from services.console.pages.other_services import ask
from services.console.store.backups import newest_backup
from shared.access.people import May
from shared.events.console import EVERY_SERVICE
from shared.web.access_control import needs
from shared.web.i18n.languages import locale
from shared.web.pages.delivery import figures_of
from shared.web.site import here

DELIVERY = Blueprint("console_delivery", __name__)
SLOW, STUCK = 60, 600
OTHERS = tuple(name for name in EVERY_SERVICE if name != "console")


@DELIVERY.get("/delivery")
@needs(May.OPERATE)
def show() -> str:
    with here().transaction() as tx:
        own = figures_of(tx, [subscription.name for subscription in SUBSCRIPTIONS])
        backup = newest_backup(tx)
    answers: dict[str, Mapping[str, Any] | None] = {**ask(OTHERS, "delivery"), "console": own}
    sending = ask(["messaging"], "home")["messaging"] or {}
    lines = [row_of(service, answers[service]) for service in EVERY_SERVICE]
    worst = max((line["tone"] for line in lines), key=["plain", "look", "bad"].index)
    return render_template(
        "delivery.html",
        lines=lines,
        worst=worst,
        wanted=sending.get("needs", []),
        span=span,
        backup=backup,
        is_backup_old=backup is not None and backup.is_too_old(here().now()),
    )


def row_of(service: str, figures: Mapping[str, Any] | None) -> dict[str, Any]:
    """A service's row: what waits, for how long, and the tone of that."""
    if figures is None:
        return {"service": service, "silent": True, "tone": "bad"}
    waiting = [one for one in figures["mailbox"] if one["waiting"]]
    age = max((one["age"] or 0 for one in waiting), default=None)
    oldest = max(figures["outbox"]["age"] or 0, age or 0)
    tone = "bad" if oldest >= STUCK else "look" if oldest >= SLOW or figures["dead_letters"] else "plain"
    return {
        **figures,
        "service": service,
        "silent": False,
        "tone": tone,
        "waiting": sum(one["waiting"] for one in waiting),
        "waiting_age": age,
        "heard_at": datetime.fromisoformat(figures["heard_at"]) if figures["heard_at"] else None,
    }


def span(seconds: int) -> str:
    return str(format_timedelta(timedelta(seconds=seconds), threshold=1.5, locale=locale()))
