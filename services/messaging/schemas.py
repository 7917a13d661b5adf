"""What pages are handed, checked once: from a form or an address to plain values, or words at the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.messaging.channels.email.looks import CALM, LOOKS
from services.messaging.rules.links.tracking import COUNTRY, HOTEL
from services.messaging.rules.pictures import FILE
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.offer import CODE_LETTERS, OfferKind, WorthKind
from shared.vocabulary.purpose import ConsentPurpose, Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState
from shared.whole_text import WholeText

ASKED_FOR = (Purpose.MARKETING, Purpose.FEEDBACK)  # what a guest may allow or refuse
SENT_GROUPS: Mapping[str, tuple[MessageState, ...]] = {
    "sent": (MessageState.SENT, MessageState.CLAIMED),
    "waits": (MessageState.HELD,),
    "not_sent": (MessageState.SKIPPED, MessageState.EXPIRED, MessageState.FAILED, MessageState.WITHDRAWN),
    "unknown": (MessageState.UNKNOWN,),
}
"""The states of a message as one filters by them."""
CAME_BACK: Mapping[str, tuple[ReceiptState, ...]] = {
    "bounced": (ReceiptState.BOUNCED,),
    "complained": (ReceiptState.COMPLAINED,),
    "either": (ReceiptState.BOUNCED, ReceiptState.COMPLAINED),
}
"""What a receipt says of a message, as one filters by it."""


class Form(Schema):
    class Meta:
        unknown = EXCLUDE


class SentFilter(Form):
    state = fields.String(load_default="", validate=validate.OneOf(["", *SENT_GROUPS]))
    reason = fields.String(load_default="", validate=validate.Length(max=80))
    journey = fields.String(load_default="", validate=validate.Length(max=120))
    channel = fields.String(load_default="", validate=validate.OneOf(["", *Channel]))
    sender = fields.String(load_default="", validate=WholeText(r"^([0-9a-f-]{36})?$"))
    purpose = fields.String(load_default="", validate=validate.OneOf(["", *Purpose]))
    back = fields.String(load_default="", validate=validate.OneOf(["", *CAME_BACK]))
    day = fields.Date(load_default=None, allow_none=True)
    since = fields.Date(load_default=None, allow_none=True)
    after = fields.String(load_default="", validate=validate.Length(max=80))


class ApprovalAsked(Form):
    draft_version = fields.Integer(required=True, strict=False, validate=validate.Range(1, 2**31 - 1))


class TemplateRule(Form):
    needs_approval = fields.Boolean(load_default=False)


class CommentSaid(Form):
    language = fields.String(load_default="", validate=validate.Length(max=12))
    about = fields.String(load_default="", validate=validate.Length(max=200))
    words = fields.String(required=True, validate=validate.Length(1, 2000))


class Objection(Form):
    scope = fields.String(required=True, validate=validate.OneOf([*Channel, "all_marketing", "everything"]))
    how = fields.String(load_default="", validate=validate.Length(max=40))


class Withdrawal(Form):
    channel = fields.String(required=True, validate=validate.OneOf(list(Channel)))
    purpose = fields.String(
        required=True,
        validate=validate.OneOf([*ASKED_FOR, ConsentPurpose.PROFILING]),
    )


class RecordedConsent(Form):
    channel = fields.String(required=True, validate=validate.OneOf(list(Channel)))
    purpose = fields.String(required=True, validate=validate.OneOf(ASKED_FOR))
    said_on = fields.Date(required=True)
    place = fields.String(required=True, validate=validate.Length(2, 200))
    words = fields.String(required=True, validate=validate.Length(5, 2000))
    confirm = fields.String(load_default="")


class StopAsked(Form):
    what = fields.String(required=True, validate=WholeText(r"^(all|property|channel|country):[A-Za-z0-9 _-]{0,40}$"))
    reason = fields.String(required=True, validate=validate.Length(3, 300))


class LinkChoiceAsked(Form):
    kind = fields.String(required=True, validate=validate.OneOf([HOTEL, COUNTRY]))
    key = fields.String(required=True, validate=validate.Length(1, 40))
    what = fields.String(required=True, validate=validate.OneOf(["clicks", "utm"]))
    on = fields.Boolean(required=True)


class Found(Form):
    found = fields.String(required=True, validate=validate.OneOf([Reason.ARRIVED, Reason.NEVER_ARRIVED]))


class UnclearFilter(Form):
    channel = fields.String(load_default="", validate=validate.OneOf(["", *Channel]))
    reason = fields.String(load_default="", validate=validate.Length(max=80))
    since = fields.NaiveDateTime(load_default=None, allow_none=True)
    before = fields.NaiveDateTime(load_default=None, allow_none=True)


class FoundOfAll(UnclearFilter):
    found = fields.String(required=True, validate=validate.OneOf([Reason.ARRIVED, Reason.NEVER_ARRIVED]))
    shown = fields.AwareDateTime(required=True)


class Preferences(Form):
    offers = fields.String(load_default="", validate=validate.OneOf(["", "me", "everyone", "none"]))
    often = fields.String(load_default="", validate=validate.OneOf(["", "any", "monthly"]))
    pause = fields.String(load_default="", validate=validate.OneOf(["", "no", "keep", "1", "3", "6"]))
    surveys = fields.String(load_default="", validate=validate.OneOf(["", "yes", "no"]))
    language = fields.String(load_default="", validate=validate.Length(max=20))


class CountryWanted(Form):
    """`days`: read beside it, since a form names several."""

    opens = fields.Time(required=True, format="%H:%M")
    closes = fields.Time(required=True, format="%H:%M")
    on_holidays = fields.String(load_default="")
    cap_contacts = fields.Integer(required=True, validate=validate.Range(1, 100))
    cap_days = fields.Integer(required=True, validate=validate.Range(1, 366))
    why = fields.String(required=True, validate=validate.Length(3, 300))
    is_sure = fields.String(load_default="")
    seen = fields.Integer(load_default=0, validate=validate.Range(0))


class PriceTyped(Form):
    """`amount`: nothing where it is not known any more. `seen`: the version that was changed."""

    channel = fields.String(required=True, validate=validate.OneOf(list(Channel)))
    country = fields.String(required=True, validate=WholeText(r"^([A-Z]{2}|\*)$"))
    amount = fields.Decimal(load_default=None, allow_nan=False, validate=validate.Range(0, 100_000))
    currency = fields.String(load_default="", validate=WholeText(r"^[A-Z]{3}$"))
    source = fields.String(required=True, validate=validate.Length(3, 200))
    stated_on = fields.Date(required=True)
    seen = fields.Integer(load_default=0, validate=validate.Range(0))


class DayWanted(Form):
    day = fields.Date(required=True)
    is_holiday = fields.String(required=True, validate=validate.OneOf(["yes", "no"]))
    day_why = fields.String(required=True, validate=validate.Length(3, 300))


class TestAsked(Form):
    channel = fields.String(load_default=str(Channel.EMAIL), validate=validate.OneOf(list(Channel)))


class OwnTestAsked(Form):
    channel = fields.String(required=True, validate=validate.OneOf(list(Channel)))
    language = fields.String(required=True, validate=WholeText(r"^(all|[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?)$"))
    guest = fields.String(load_default="", validate=validate.Length(max=40))
    draft = fields.Boolean(load_default=False)


class NewTemplate(Form):
    name = fields.String(required=True, validate=validate.Length(2, 120))
    purpose = fields.String(required=True, validate=validate.OneOf(list(Purpose)))
    language = fields.String(required=True, validate=WholeText(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"))
    begins_as = fields.String(load_default=None, validate=validate.Length(1, 80))
    look = fields.String(load_default=CALM, validate=validate.OneOf(list(LOOKS)))


class MadeTemplate(Form):
    """What a mail that was brought becomes; `into`: a template there is, in whose draft it stands then."""

    kind = fields.String(load_default="blocks", validate=validate.OneOf(("blocks", "source")))
    into = fields.String(load_default=None, validate=validate.Length(1, 80))
    name = fields.String(load_default=None, validate=validate.Length(2, 120))
    purpose = fields.String(required=True, validate=validate.OneOf(list(Purpose)))
    language = fields.String(required=True, validate=WholeText(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"))


def read(schema: type[Form], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form, trimmed; empty ones are as if they were not there. InputError names each field."""
    trimmed = {name: value.strip() for name, value in given.items() if isinstance(value, str) and value.strip()}
    try:
        loaded: dict[str, Any] = schema().load(trimmed)
    except ValidationError as error:
        raise InputError(None, {name: " ".join(map(str, texts)) for name, texts in _flat(error)}) from error
    return loaded


def _flat(error: ValidationError) -> list[tuple[str, list[str]]]:
    messages = error.messages if isinstance(error.messages, dict) else {"form": error.messages}
    return [(name, texts if isinstance(texts, list) else [str(texts)]) for name, texts in messages.items()]


def key_of(text: str) -> tuple[datetime, int] | None:
    """The key of a page's last line, as the pager wrote it; none where it was tampered with."""
    at, _, seq = text.rpartition("_")
    try:
        return datetime.fromisoformat(at), int(seq)
    except ValueError:
        return None


class OfferTyped(Form):
    """What stands in the form of an offer beside its texts, which come by language."""

    kind = fields.String(required=True, validate=validate.OneOf(list(OfferKind)))
    worth = fields.String(required=True, validate=validate.OneOf(list(WorthKind)))
    number = fields.Decimal(
        load_default=None, allow_none=True, validate=validate.Range(0, 1_000_000, min_inclusive=False)
    )
    currency = fields.String(load_default="", validate=WholeText(r"^[A-Z]{3}$"))
    begins_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    brand = fields.String(load_default="", validate=validate.Length(max=120))
    colour = fields.String(load_default="", validate=validate.Length(max=20))
    logo = fields.String(load_default="", validate=WholeText(rf"({FILE.pattern})?"))
    word = fields.String(load_default="", validate=validate.Length(max=CODE_LETTERS))
    uses = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class CodeUsed(Form):
    """A code at the desk. `asked`: names the form, so that one sent twice counts once."""

    asked = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.Length(1, 2 * CODE_LETTERS))
    hotel = fields.String(required=True, validate=validate.Length(1, 40))
    reservation = fields.String(load_default=None, validate=validate.Length(max=80))
    amount = fields.Decimal(load_default=None, validate=validate.Range(0, 100_000_000))
    currency = fields.String(load_default=None, validate=WholeText(r"^[A-Z]{3}$"))
