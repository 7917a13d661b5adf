"""Make, reword, publish and withdraw sign-up forms.

A changed wording is a new version; the old ones stay, because consents cite them.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.rules.sign_ups import Wording
from services.segments.store import sign_ups as store
from services.segments.store.sign_ups import Form
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.vocabulary.sign_up import FormState


def make_form(tx: Tx, code: str, name: str, hotel: str | None, wording: Wording, by: Person, at: datetime) -> None:
    """Raises `InputError` where another form has the code."""
    if not store.add_form(tx, Form(code, name, hotel, 1, FormState.DRAFT, wording), by.name, at):
        raise InputError(problems={"code": "taken"})
    record(tx, by, "sign_up_form.made", f"sign-up form {code}", {"version": 1}, at)


def reword_form(tx: Tx, code: str, version: int, name: str, wording: Wording, by: Person, at: datetime) -> None:
    """`version`: as the person saw it. The same words again are no new version. Raises `Conflict` where it was reworded
    since.
    """
    form = _locked(tx, code)
    if form.name != name:
        store.rename(tx, code, name, at)
    if form.wording.document() == wording.document():
        return
    if form.version != version:
        raise Conflict()
    store.add_wording(tx, code, version + 1, wording, by.name, at)
    record(tx, by, "sign_up_form.reworded", f"sign-up form {code}", {"version": version + 1}, at)


def publish_form(tx: Tx, code: str, by: Person, at: datetime) -> None:
    _move(tx, code, FormState.PUBLISHED, "sign_up_form.published", by, at)


def withdraw_form(tx: Tx, code: str, by: Person, at: datetime) -> None:
    """Its page takes nobody any more; what was signed stands."""
    _move(tx, code, FormState.WITHDRAWN, "sign_up_form.withdrawn", by, at)


def _move(tx: Tx, code: str, state: FormState, action: str, by: Person, at: datetime) -> None:
    form = _locked(tx, code)
    if store.move_form(tx, code, state, at):
        record(tx, by, action, f"sign-up form {code}", {"version": form.version}, at)


def _locked(tx: Tx, code: str) -> Form:
    form = store.form_of(tx, code, lock=True)
    if form is None:
        raise NotFound("There is no such form.")
    return form
