"""Checks what people send in and turns it into the arguments of commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.feedback.rules.cases import HIGHEST, LOWEST, Outcome
from shared.errors import InputError
from shared.vocabulary.case import BY_A_PERSON, CaseKind

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


class OpeningForm(_Form):
    """`ref`: the number the form was given, so that the same form opens one case."""

    ref = fields.UUID(required=True)
    guest = fields.UUID(required=True)
    stay = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in CaseKind]))
    how = fields.String(required=True, validate=validate.OneOf([str(reason) for reason in BY_A_PERSON]))
    words = _some_words(load_default="")


class VerdictForm(_Form):
    """Whether what may be an objection is one."""

    verdict = fields.String(required=True, validate=validate.OneOf(["objection", "ordinary"]))


class ScoreForm(_Form):
    """None: it is no score."""

    score = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(LOWEST, HIGHEST, error="choose"))


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
    outcome = fields.String(required=True, validate=validate.OneOf([str(outcome) for outcome in Outcome]))
    words = _some_words(load_default="")


class VersionForm(_Form):
    version = fields.Integer(required=True)


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
