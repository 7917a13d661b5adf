"""What Twilio's error codes mean, by what they ask of us. Twilio splits and adds codes: an unknown one is no address's.

`refused`: Twilio's «no» to a request. `came_back`: what a carrier made of a message that Twilio had taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.vocabulary.reason import Reason

REASONS: Mapping[int, Reason] = {
    21610: Reason.OPTED_OUT,
    **dict.fromkeys((21201, 21211, 21214, 21217, 21614, 21635, 30005, 30006), Reason.BAD_ADDRESS),
    **dict.fromkeys((21617, 21620, 30004, 30007, 30019), Reason.CONTENT),
    **dict.fromkeys((21611, 20429, 30001, 30003, 30008, 30036, 30500), Reason.TEMPORARY),
    **dict.fromkeys(
        (20003, 20404, 21212, 21408, 21603, 21606, 21612, 21659, 21712, 30002, 30034, 63017), Reason.SET_UP
    ),
}


def refused(status: int, code: int) -> Reason:
    """Why Twilio refused a request, by its HTTP status and code."""
    return REASONS.get(code) or (Reason.SET_UP if status in (401, 403, 404) else Reason.CONTENT)


def came_back(code: int | None) -> Reason:
    """Why a carrier did not deliver."""
    return REASONS.get(code or 0, Reason.RETURNED)
