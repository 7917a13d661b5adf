"""Checks what people send in and turns it into the arguments of commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from services.feedback.rules.care import LEVELS_THERE_ARE, LONGEST_NAME, LONGEST_ROOM
from services.feedback.rules.cases import BY_CHOICE, HIGHEST, LOWEST
from shared.errors import InputError
from shared.vocabulary.case import BY_A_PERSON, CaseKind, Compensation, Contentment
from shared.vocabulary.currency import decimals_of, known_codes
from shared.vocabulary.topic import TopicLabel

LONGEST_WORDS = 4000


class _Form(Schema):
    class Meta:
        unknown = EXCLUDE


class SurveyForm(_Form):
    """Errors are keys of the guest's words: choose, too_long."""

    score = fields.Integer(
        required=True,
        validate=validate.Range(LOWEST, HIGHEST, error="choose"),
        error_messages={"required": "choose", "invalid": "choose", "null": "choose"},
    )
    comment = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS, error="too_long"))


def _some_words(**more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=LONGEST_WORDS, error="too_long"), **more)


def _code() -> fields.String:
    """Of a department or a matter; whether the hotel has it the route sees."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))


def _room() -> fields.String:
    return fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_ROOM, error="too_long")
    )


class OpeningForm(_Form):
    """`ref`: the number the form was given, so that the same form opens one case."""

    ref = fields.UUID(required=True)
    guest = fields.UUID(required=True)
    stay = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in CaseKind]))
    how = fields.String(required=True, validate=validate.OneOf([str(reason) for reason in BY_A_PERSON]))
    words = _some_words(load_default="")
    matter = _code()
    room = _room()


class VerdictForm(_Form):
    """Whether what may be an objection is one."""

    verdict = fields.String(required=True, validate=validate.OneOf(["objection", "ordinary"]))


class ScoreForm(_Form):
    """None: it is no score."""

    score = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(LOWEST, HIGHEST, error="choose"))


class HandAnswerForm(_Form):
    """`day`: when the guest said it. Errors are keys: choose, too_long, day, stay."""

    stay = fields.UUID(required=True, error_messages=dict.fromkeys(("required", "invalid_uuid", "null"), "stay"))
    score = fields.Integer(
        required=True,
        validate=validate.Range(LOWEST, HIGHEST, error="choose"),
        error_messages=dict.fromkeys(("required", "invalid", "null"), "choose"),
    )
    day = fields.Date(required=True, error_messages=dict.fromkeys(("required", "invalid", "null"), "day"))
    comment = _some_words(load_default="")


class ImprovementForm(_Form):
    """`id`: the number the form was given. Errors are keys: empty, too_long, topic, day, done, hotel."""

    id = fields.UUID(required=True)
    title = fields.String(
        required=True, validate=[validate.Length(min=1, error="empty"), validate.Length(max=200, error="too_long")]
    )
    topic = fields.String(required=True, validate=validate.OneOf([str(one) for one in TopicLabel], error="topic"))
    hotel = fields.String(required=True, error_messages={"required": "hotel"})
    department = _code()
    owner = fields.UUID(load_default=None, allow_none=True)
    started = fields.Date(required=True, error_messages=dict.fromkeys(("required", "invalid"), "day"))


class ImprovementDoneForm(_Form):
    """`done`: empty opens it again."""

    version = fields.Integer(required=True)
    done = fields.Date(load_default=None, allow_none=True, error_messages={"invalid": "day"})


class NoteForm(_Form):
    """Errors are keys: empty, too_long."""

    note = fields.UUID(required=True)
    words = fields.String(
        required=True,
        validate=[validate.Length(min=1, error="empty"), validate.Length(max=LONGEST_WORDS, error="too_long")],
    )


class OwnerForm(_Form):
    version = fields.Integer(required=True)
    owner = fields.UUID(required=True)


class ClosureForm(_Form):
    version = fields.Integer(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([str(outcome) for outcome in BY_CHOICE]))
    content = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf([str(one) for one in Contentment])
    )
    words = _some_words(load_default="")


class VersionForm(_Form):
    version = fields.Integer(required=True)


class PlaceForm(VersionForm):
    department = _code()
    matter = _code()
    room = _room()
    level = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf(LEVELS_THERE_ARE))


class MergingForm(VersionForm):
    into = fields.UUID(required=True)


class CompensationForm(_Form):
    """`id`: the number the form was given. Errors are keys: amount, currency, both, approver."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([str(one) for one in Compensation]))
    amount = fields.Decimal(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, min_inclusive=False, max=10_000_000, error="amount"),
        error_messages={"invalid": "amount", "special": "amount"},
    )
    currency = fields.String(load_default=None, allow_none=True)
    approver = fields.UUID(required=True, error_messages={"required": "approver", "invalid": "approver"})

    @validates_schema
    def is_money(self, data: Mapping[str, Any], **_more: Any) -> None:
        amount, currency = data.get("amount"), data.get("currency")
        if amount is None:
            return
        if not currency or currency not in known_codes():
            raise ValidationError("currency", "currency")
        if -amount.as_tuple().exponent > decimals_of(currency):
            raise ValidationError("finer", "amount")


class TaskForm(_Form):
    """`due`: a local hour at the hotel. Errors are keys: empty, too_long, due, whose, hotel."""

    id = fields.UUID(required=True)
    title = fields.String(
        required=True, validate=[validate.Length(min=1, error="empty"), validate.Length(max=200, error="too_long")]
    )
    due = fields.NaiveDateTime(required=True, error_messages=dict.fromkeys(("required", "invalid"), "due"))
    hotel = fields.String(required=True, error_messages={"required": "hotel"})
    department = _code()
    owner = fields.UUID(load_default=None, allow_none=True)
    guest = fields.UUID(load_default=None, allow_none=True)
    case = fields.UUID(load_default=None, allow_none=True)


class PraiseForm(_Form):
    """Errors are keys: whom, too_long, hotel."""

    id = fields.UUID(required=True)
    hotel = fields.String(required=True, error_messages={"required": "hotel"})
    department = _code()
    colleague = fields.UUID(load_default=None, allow_none=True)
    guest = fields.UUID(load_default=None, allow_none=True)
    words = _some_words(load_default="")


class TermsForm(_Form):
    """Errors are keys: hours, minutes."""

    hours1 = fields.Integer(required=True, validate=validate.Range(1, 720))
    hours2 = fields.Integer(required=True, validate=validate.Range(1, 720))
    hours3 = fields.Integer(required=True, validate=validate.Range(1, 720))
    answer_within = fields.Integer(required=True, validate=validate.Range(1, 240))
    alert_level = fields.Integer(required=True, validate=validate.Range(1, 4))


class CareOptionForm(_Form):
    """`code`: of one there is; without it a new one."""

    code = _code()
    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME, error="too_long"))
    name_zh = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME, error="too_long"))
    department = _code()
    active = fields.Boolean(load_default=False)


class DutyForm(_Form):
    """`person`: None, a telephone that several carry, by its `name`. Errors: reach, name, number, email, quiet."""

    id = fields.UUID(required=True)
    person = fields.UUID(load_default=None, allow_none=True)
    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME, error="too_long"))
    number = fields.String(load_default="", validate=validate.Length(max=40, error="number"))
    email = fields.String(load_default="", validate=validate.Length(max=254, error="email"))
    quiet_from = fields.Time(load_default=None, allow_none=True, error_messages={"invalid": "quiet"})
    quiet_until = fields.Time(load_default=None, allow_none=True, error_messages={"invalid": "quiet"})
    wakes = fields.Boolean(load_default=False)

    @validates_schema
    def is_reached(self, data: Mapping[str, Any], **_more: Any) -> None:
        if not data.get("number") and not data.get("email"):
            raise ValidationError("reach", "number")
        if data.get("person") is None and not data.get("name"):
            raise ValidationError("name", "name")
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            raise ValidationError("quiet", "quiet_from")
        if data.get("quiet_from") is not None and data["quiet_from"] == data["quiet_until"]:
            raise ValidationError("quiet", "quiet_from")


def read(schema: Schema, form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a form, and by field what is wrong with it. An empty field that may be missing is missing."""
    given = {name: text.strip() for name, text in form.items()}
    optional = {name for name, field in schema.fields.items() if field.allow_none}
    try:
        return dict(schema.load({name: text for name, text in given.items() if text or name not in optional})), {}
    except ValidationError as error:
        problems = cast(dict[str, Any], error.messages)
        return {}, {name: str(texts[0] if isinstance(texts, list) else texts) for name, texts in problems.items()}


def need(schema: Schema, form: Mapping[str, str]) -> dict[str, Any]:
    """The values of a form that has only buttons and choices: only a forged one is wrong. Raises `InputError`."""
    values, problems = read(schema, form)
    if problems:
        raise InputError(problems=problems)
    return values
