"""What Twilio's error codes mean, by what they ask of us. Twilio splits and adds codes: an unknown one is no address's.

`refused`: Twilio's «no» to a request. `came_back`: what a carrier made of a message that Twilio had taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.vocabulary.reason import Reason

OF_TEXT_MESSAGES: Mapping[int, Reason] = {
    21610: Reason.OPTED_OUT,
    **dict.fromkeys((21201, 21211, 21214, 21217, 21614, 21635, 30005, 30006), Reason.BAD_ADDRESS),
    **dict.fromkeys((21617, 21620, 30004, 30007, 30019), Reason.CONTENT),
    **dict.fromkeys((21611, 20429, 30001, 30003, 30008, 30036, 30500), Reason.TEMPORARY),
    **dict.fromkeys(
        (20003, 20404, 21212, 21408, 21603, 21606, 21612, 21659, 21712, 30002, 30034, 63017), Reason.SET_UP
    ),
}
OF_WHATSAPP: Mapping[int, Reason] = {
    63014: Reason.OPTED_OUT,  # the guest blocked us
    63016: Reason.WINDOW_CLOSED,
    **dict.fromkeys((63003, 63024), Reason.BAD_ADDRESS),  # nobody is on WhatsApp there
    **dict.fromkeys((63005, 63021, 63027, 63028, 63030, 63040, 63041, 63042), Reason.CONTENT),  # or its template
    **dict.fromkeys((63009, 63010, 63012, 63018, 63038), Reason.TEMPORARY),
    **dict.fromkeys((63001, 63002, 63007, 63008, 63015, 63020, 63022, 63051), Reason.SET_UP),
    **dict.fromkeys((63013, 63032, 63033, 63049), Reason.POLICY),  # Meta's, of this guest or of what we send
}
REASONS: Mapping[int, Reason] = {**OF_TEXT_MESSAGES, **OF_WHATSAPP}


def refused(status: int, code: int) -> Reason:
    """Why Twilio refused a request, by its HTTP status and code."""
    return REASONS.get(code) or (Reason.SET_UP if status in (401, 403, 404) else Reason.CONTENT)


def came_back(code: int | None) -> Reason:
    """Why a carrier did not deliver."""
    return REASONS.get(code or 0, Reason.RETURNED)
