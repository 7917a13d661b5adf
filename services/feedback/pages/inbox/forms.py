"""What people send from the inbox's pages."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from services.feedback.rules.inbox import LONGEST, LONGEST_ALT, Snooze, unfilled
from services.feedback.schemas import VersionForm
from shared.vocabulary.channel import Channel

LONGEST_NAME = 60


class _Form(Schema):
    class Meta:
        unknown = EXCLUDE


class ReadingForm(VersionForm):
    unread = fields.Boolean(required=True)


class ThreadOwnerForm(VersionForm):
    """None: nobody's."""

    owner = fields.UUID(load_default=None, allow_none=True)


class RecognitionForm(VersionForm):
    guest = fields.UUID(required=True)


class SnoozeForm(VersionForm):
    """None: back at once."""

    until = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([str(one) for one in Snooze]))


class AnswerForm(_Form):
    """`answer`: the number the form was given; `seen`: what the guest wrote until then was on the page; `done`: nothing
    is left to do once it is sent; `canned_picture`: the canned answer whose picture goes along; `alt`: what the
    picture shows. Errors are keys: empty, too_long, unfilled.
    """

    answer = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf([str(one) for one in Channel]))
    words = fields.String(load_default="")
    seen = fields.AwareDateTime(load_default=None, allow_none=True)
    done = fields.Boolean(load_default=False)
    canned_picture = fields.UUID(load_default=None, allow_none=True)
    alt = fields.String(load_default="", validate=validate.Length(max=LONGEST_ALT, error="too_long"))

    @validates_schema
    def fits(self, data: dict[str, Any], **_more: Any) -> None:
        words = data["words"]
        if not words:
            raise ValidationError("empty", "words")
        if len(words) > LONGEST[Channel(data["channel"])]:
            raise ValidationError("too_long", "words")
        if unfilled(words):
            raise ValidationError("unfilled", "words")


class CannedForm(_Form):
    """`version`: 0 of a new one; `hotel`: None, of every one; `bare`: without its picture from now on. Its texts are
    `text_<language>`. Errors are keys: empty, too_long.
    """

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    hotel = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    name = fields.String(
        required=True,
        validate=[validate.Length(min=1, error="empty"), validate.Length(max=LONGEST_NAME, error="too_long")],
    )
    bare = fields.Boolean(load_default=False)
