"""Outside data into what the commands take. Past this desk the types are true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.feedback.rules.cases import HIGHEST, LOWEST

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


def read(schema: Schema, form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a form, and by field what is wrong with it."""
    try:
        return dict(schema.load({name: text.strip() for name, text in form.items()})), {}
    except ValidationError as error:
        problems = cast(dict[str, Any], error.messages)
        return {}, {name: str(texts[0] if isinstance(texts, list) else texts) for name, texts in problems.items()}
