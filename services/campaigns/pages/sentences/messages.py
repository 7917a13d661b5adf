"""What became of a message and why a guest left a journey, in words."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.rules.moving import NOT_IN_VERSION
from services.campaigns.rules.resuming import OVERDUE
from services.campaigns.steps import jump
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason, reason_named
from shared.web.i18n.labels import label

WITH_REASON = (MessageState.SKIPPED, MessageState.FAILED, MessageState.EXPIRED, MessageState.HELD)


OWN_REASONS = {
    jump.WENT_ON: _l("goes on in another journey"),
    jump.NOT_RUNNING: _l("was to go on in another journey, which does not run"),
    jump.ROUND: _l("was to go on in a journey they came from"),
    OVERDUE: _l("their time came while the journey was paused"),
    NOT_IN_VERSION: _l("the version they were moved to has no place for them"),
}


def reason_words(reason: str | None) -> str:
    """A reason that a journey named itself is shown as its author wrote it."""
    if not reason:
        return str(gettext("no reason was given"))
    if reason in OWN_REASONS:
        return str(OWN_REASONS[reason])
    known = reason_named(reason)
    return label(known) if known else reason.replace("_", " ")


def left_words(reason: str | None) -> str:
    return reason_words(reason or Reason.DONE)


def message_words(state: str, reason: str | None) -> str:
    """Of a message as campaigns knows it; `requested` until messaging answers."""
    known = MessageState.QUEUED if state == "requested" else MessageState(state)
    if known in WITH_REASON and reason:
        return str(gettext("%(state)s: %(reason)s", state=label(known), reason=reason_words(reason)))
    return label(known)
