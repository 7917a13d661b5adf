"""The hotel sets how long a kind of data is kept, for all guests or for those of one country."""

from __future__ import annotations

from datetime import datetime

from services.console.commands.record_audit import record_audit
from services.console.store import retention as store
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import RetentionChanged
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.store import keep_terms
from shared.personal_data.retention.terms import BY_COUNTRY, KEEPING
from shared.vocabulary.personal_data import Kept
from shared.vocabulary.term import N_

NOT_CHANGED = N_("The term was not changed.")


def change_term(tx: Tx, kept: Kept, country: str, span: Span | None, by: Person, at: datetime) -> None:
    """`country`: empty, for all. `span`: None, the default again. Done twice, the second changes nothing.

    Raises `InputError` outside the bounds, and for what has no term to set.
    """
    _check(kept, country, span)
    days, months = (span.days or None, span.months or None) if span else (None, None)
    version = store.put(tx, kept, country, days, months, by.name, at)
    if version is None:
        return
    changed = chunk_of(
        [RetentionChanged(kept=kept, country=country, version=version, days=days, months=months, occurred_at=at)]
    )
    keep_terms(tx, changed, at)
    publish(tx, changed, at=at)
    details = {"country": country, "days": days, "months": months}
    record_audit(tx, by, "retention.changed", f"term {kept}", details, at)


def _check(kept: Kept, country: str, span: Span | None) -> None:
    keeping = KEEPING[kept]
    problems = {}
    if not keeping.is_settable:
        problems["amount"] = N_("This term is not set: the product relies on it.")
    elif span is not None and not keeping.allows(span):
        problems["amount"] = N_("This is outside what may be set.")
    if country and kept not in BY_COUNTRY:
        problems["country"] = N_("Only guests and members have a term by country.")
    elif country and not (len(country) == 2 and country.isascii() and country.isupper()):
        problems["country"] = N_("Two capital letters such as PT are needed.")
    if problems:
        raise InputError(NOT_CHANGED, problems)
