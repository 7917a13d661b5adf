"""What a hotel sets for its cases, and who is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.feedback.rules.care import CareOption, CareTerms, code_of
from services.feedback.store.care import duty as duty_lists
from services.feedback.store.care import terms as store
from services.feedback.store.care.duty import OnDuty
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound


class NoOption(NotFound):
    """This hotel has no such department or matter."""


class NotOnDuty(NotFound):
    """Nobody of that number is on this duty list any more."""


def set_terms(tx: Tx, hotel: str, values: Mapping[str, Any]) -> CareTerms:
    """`values`: of `TermsForm`. They hold for deadlines that are set from now on."""
    terms = CareTerms(
        hours=(values["hours1"], values["hours2"], values["hours3"]),
        answer_within=timedelta(minutes=values["answer_within"]),
        alert_level=values["alert_level"],
    )
    store.keep_terms(tx, hotel, terms)
    return terms


def set_option(tx: Tx, hotel: str, which: str, values: Mapping[str, Any]) -> CareOption:
    """`values`: of `CareOptionForm`; without a code the one of that name is meant, which is made where there is none.
    Raises `NoOption`."""
    every = store.care_of(tx, hotel).every(which)
    if values["code"] and values["code"] not in every:
        raise NoOption()
    same = next((code for code, one in every.items() if one.name and one.name == values["name"]), "")
    before = every.get(values["code"] or same) or CareOption(code=code_of(values["name"], every))
    after = replace(
        before,
        name=values["name"],
        name_zh=values["name_zh"],
        department=values["department"] if which == "matter" else None,
        active=values["active"],
    )
    store.keep_option(tx, hotel, which, after)
    return after


def add_to_list(tx: Tx, hotel: str, values: Mapping[str, Any], name: str) -> bool:
    """At the end of the hotel's duty list, once for each form; whether it is new. `values`: of `DutyForm`, clean."""
    seal = tx.keyring.seal
    member = OnDuty(
        member_id=values["id"],
        property=hotel,
        place=0,
        person_id=values["person"],
        name=name,
        number=seal(values["number"], Sealing.NOTICE) if values["number"] else None,
        email=seal(values["email"], Sealing.NOTICE) if values["email"] else None,
        quiet_from=values["quiet_from"],
        quiet_until=values["quiet_until"],
        wakes=values["wakes"],
    )
    return duty_lists.add(tx, member)


def take_off_list(tx: Tx, hotel: str, member_id: UUID) -> str:
    """The name of whom it was. Raises `NotOnDuty`."""
    name = duty_lists.remove(tx, hotel, member_id)
    if name is None:
        raise NotOnDuty()
    return name
