"""Words of the pages on privacy."""

from __future__ import annotations

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from shared.personal_data.retention.spans import Span
from shared.vocabulary.personal_data import Kept

WHY = {
    Kept.GUEST: _l("after the last stay or click, whichever is later; then they become nobody"),
    Kept.MEMBER: _l("after the last stay or click: a membership lasts"),
    Kept.MESSAGE_TEXT: _l(
        "so that a year's messages can be compared and explained; it counts from the end of their month"
    ),
    Kept.DECISION: _l("why a message went or did not go can be shown; it counts from the end of their month"),
    Kept.INBOUND: _l("until what a reply asked for is done"),
    Kept.CONSENT_PROOF: _l("as long as the consent is used: it goes with the guest"),
    Kept.SUPPRESSION: _l("as long as the objection holds"),
    Kept.ERASURE: _l("for good: a backup or an import would bring the guest back"),
    Kept.GUEST_FILE: _l("the guest has it by then"),
    Kept.BACKUP: _l("so that a loss can be mended; a restored one is held to the list of erasures"),
    Kept.IMPORT_FILE: _l("until a dispute about an import is settled"),
    Kept.PUBLISHED: _l("a source to publish again from"),
    Kept.RECEIVED: _l("longer than anything can be published again"),
    Kept.DEAD_LETTER: _l("somebody looks at them meanwhile"),
    Kept.AUDIT: _l("who saw and changed what can be shown; it counts from the end of their month"),
    Kept.ACCOUNT: _l("as long as the colleague has access"),
    Kept.SESSION: _l("guessing of passwords is seen within a month"),
    Kept.INSTALLATION: _l("as long as the installation: it holds no guest"),
}
ON_ERASURE = {
    "deleted": _l("deleted"),
    "blanked": _l("blanked: a figure remains"),
    "stays": _l("stays: it names nobody"),
    "own_command": _l("cut out of the events"),
}
SERVICES = {
    "segments": _l("Guests and segments"),
    "campaigns": _l("Journeys"),
    "messaging": _l("Messages and consents"),
    "feedback": _l("Answers, replies and cases"),
    "console": _l("Console"),
}


def span_words(span: Span | None) -> str:
    if span is None:
        return str(gettext("no term of its own"))
    if span.months:
        return str(ngettext("%(num)s month", "%(num)s months", span.months))
    return str(ngettext("%(num)s day", "%(num)s days", span.days))
