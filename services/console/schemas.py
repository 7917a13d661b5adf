"""Reads forms into values. A problem names its field, in words that pages translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from shared.contact_points.emails import the_email
from shared.errors import InputError
from shared.vocabulary.grant import Grant
from shared.vocabulary.role import Role
from shared.vocabulary.term import N_
from shared.whole_text import WholeText

NEEDED = N_("This is needed.")
LONG = N_("This is too long.")


def needed(most: int = 200) -> Any:
    return fields.String(
        load_default="", validate=[validate.Length(min=1, error=NEEDED), validate.Length(max=most, error=LONG)]
    )


def optional(most: int) -> Any:
    return fields.String(load_default="", validate=validate.Length(max=most, error=LONG))


class Form(Schema):
    """Strips blanks around values and ignores fields it does not know, such as the CSRF token."""

    class Meta:
        unknown = EXCLUDE

    kept = frozenset({"password", "old"})

    @pre_load
    def strip(self, values: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {
            name: value.strip() if isinstance(value, str) and name not in self.kept else value
            for name, value in values.items()
        }


class KeyForm(Form):
    name = needed()
    properties = fields.List(fields.String(), load_default=list)


class NewKeyForm(KeyForm):
    """`lasts`: days; blank for a key without an end."""

    grants = fields.List(
        fields.Enum(Grant, by_value=True, error_messages={"unknown": N_("Tick what the program may do.")}),
        load_default=list,
    )
    lasts = fields.Integer(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": N_("A number of days is needed.")},
        validate=validate.Range(1, 3660, error=N_("A number of days is needed.")),
    )

    @pre_load
    def no_end(self, values: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name != "lasts" or value}


class MemberForm(KeyForm):
    role = fields.Enum(Role, by_value=True, required=True, error_messages={"unknown": N_("Choose a role.")})
    version = fields.Integer(load_default=0)


class Address(fields.Email):
    """An address as every door cleans it: a pasted one brings invisible characters along, or a name around it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return super()._deserialize(the_email(value) if isinstance(value, str) else value, attr, data, **kwargs)


def email() -> Any:
    return Address(
        load_default="",
        error_messages={"invalid": N_("This is not an e-mail address.")},
        validate=validate.Length(max=254, error=LONG),
    )


class InvitationForm(MemberForm):
    email = email()


class ForgottenForm(Form):
    email = email()


class PasswordForm(Form):
    old = fields.String(load_default="")
    password = fields.String(load_default="")
    again = fields.String(load_default=None, allow_none=True)


class PropertyForm(Form):
    code = fields.String(
        load_default="",
        validate=WholeText(
            r"[A-Za-z0-9_-]{1,20}",
            error=N_("Letters, digits, hyphens and underlines: as your hotel system writes it."),
        ),
    )
    name = needed()
    zone = needed()
    country = needed()
    legal_entity = needed()
    postal_address = needed(500)
    contact = needed()
    told_of_survey = fields.Boolean(load_default=False)
    survey_threshold = fields.Integer(
        load_default=6,
        error_messages={"invalid": N_("A score from 0 to 10 is needed.")},
        validate=validate.Range(0, 10, error=N_("A score from 0 to 10 is needed.")),
    )
    currency = fields.String(load_default="")
    phone = optional(40)
    check_in = optional(5)
    map_url = optional(500)
    booking_url = optional(500)
    rooms = fields.Integer(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": N_("A whole number is needed.")},
        validate=validate.Range(1, 9999, error=N_("A number from 1 to 9,999 is needed.")),
    )
    version = fields.Integer(load_default=0)

    @pre_load
    def not_said(self, values: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name != "rooms" or str(value).strip()}


class TermForm(Form):
    """`amount`: empty, the default again. `country`: empty, for all."""

    amount = fields.Integer(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": N_("A whole number is needed.")},
        validate=validate.Range(1, 5000, error=N_("This is outside what may be set.")),
    )
    unit = fields.String(load_default="months", validate=validate.OneOf(["days", "months"]))
    country = fields.String(load_default="", validate=validate.Length(max=2))

    @pre_load
    def nothing_typed(self, values: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {
            name: value.upper() if name == "country" and isinstance(value, str) else value
            for name, value in values.items()
            if not (name == "amount" and isinstance(value, str) and not value.strip())
        }


class AuditFilter(Form):
    """`before`: the last entry seen, as «instant,id»."""

    actor = fields.String(load_default="")
    action = fields.String(load_default="")
    subject = fields.String(load_default="")
    day = fields.Date(
        load_default=None, allow_none=True, error_messages={"invalid": N_("A day is needed: 2026-11-21.")}
    )
    before = fields.String(load_default="")


def read(form: type[Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """Raises `InputError`."""
    try:
        loaded: dict[str, Any] = form().load(values)
    except ValidationError as error:
        raise InputError(N_("Some of this cannot be used as it is."), _problems(error)) from error
    return loaded


def _problems(error: ValidationError) -> dict[str, str]:
    return {str(name): _first(text) for name, text in dict(error.messages_dict).items()}


def _first(found: Any) -> str:
    while not isinstance(found, str):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    return str(found)


__all__ = [
    "AuditFilter",
    "ForgottenForm",
    "InvitationForm",
    "KeyForm",
    "MemberForm",
    "NewKeyForm",
    "PasswordForm",
    "PropertyForm",
    "read",
]
