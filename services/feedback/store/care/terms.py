"""What hotels set for their cases. A hotel without rows works with what is shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import timedelta

from services.feedback.rules.care import AS_SHIPPED, Care, CareOption, CareTerms
from shared.database.pool import Tx

MINUTE = timedelta(minutes=1)


def care_of(tx: Tx, hotel: str | None) -> Care:
    """What one hotel works with; as shipped where nobody knows at which it is."""
    return cares_of(tx, [hotel])[hotel] if hotel else AS_SHIPPED


def cares_of(tx: Tx, places: Collection[str | None]) -> Mapping[str | None, Care]:
    """By hotel, those of None as shipped."""
    codes = [code for code in set(places) if code]
    terms = {code: _terms(hours, minutes, level) for code, hours, minutes, level in tx.execute(TERMS, [codes])}
    own: defaultdict[str, dict[str, dict[str, CareOption]]] = defaultdict(lambda: {"department": {}, "matter": {}})
    for hotel, which, code, name, name_zh, department, active in tx.execute(OPTIONS, [codes]):
        own[hotel][which][code] = CareOption(
            code=code, name=name, name_zh=name_zh, department=department, active=active
        )
    return {None: AS_SHIPPED, **{code: Care(terms=terms.get(code, CareTerms()), own=own[code]) for code in codes}}


def keep_terms(tx: Tx, hotel: str, terms: CareTerms) -> None:
    values = [hotel, list(terms.hours), terms.answer_within // MINUTE, terms.alert_level]
    tx.execute(KEEP_TERMS, values)


def keep_option(tx: Tx, hotel: str, which: str, option: CareOption) -> None:
    tx.execute(KEEP_OPTION, {"property": hotel, "list": which, **asdict(option)})


def _terms(hours: list[int], minutes: int, level: int) -> CareTerms:
    first, second, third = hours
    return CareTerms(hours=(first, second, third), answer_within=minutes * MINUTE, alert_level=level)


TERMS = "select property, hours, answer_within, alert_level from care_terms where property = any(%s::text[])"
OPTIONS = """
    select property, list, code, name, name_zh, department, active from care_option
    where property = any(%s::text[]) order by name, code
"""
KEEP_TERMS = """
    insert into care_terms (property, hours, answer_within, alert_level) values (%s, %s, %s, %s)
    on conflict (property) do update
    set hours = excluded.hours, answer_within = excluded.answer_within, alert_level = excluded.alert_level
"""
KEEP_OPTION = """
    insert into care_option (property, list, code, name, name_zh, department, active)
    values (%(property)s, %(list)s, %(code)s, %(name)s, %(name_zh)s, %(department)s, %(active)s)
    on conflict (property, list, code) do update
    set name = excluded.name, name_zh = excluded.name_zh, department = excluded.department, active = excluded.active
"""
