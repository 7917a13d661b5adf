"""What each role may do, in the reader's words."""

from __future__ import annotations

from typing import assert_never

from flask_babel import gettext

from shared.vocabulary.role import PEOPLE, Role


def role_meanings() -> dict[Role, str]:
    """The roles a person may have, in the order of the form."""
    return {role: _meaning(role) for role in PEOPLE}


def key_terms() -> dict[str, str]:
    """For how many days a key is good, in the order of the form."""
    return {
        "365": gettext("One year"),
        "90": gettext("Three months"),
        "30": gettext("One month"),
        "": gettext("Until it is ended"),
    }


def _meaning(role: Role) -> str:
    match role:
        case Role.MARKETER:
            return gettext(
                "Makes segments, journeys and templates, imports guests, can stop all sending. Sees addresses masked."
            )
        case Role.FRONT_DESK:
            return gettext("Sees guests with their addresses, opens cases, records a STOP.")
        case Role.DUTY_MANAGER:
            return gettext("As the front desk; closes cases and can stop all sending.")
        case Role.ANALYST:
            return gettext("Sees guests and figures, changes nothing. Sees addresses masked.")
        case Role.ADMINISTRATOR:
            return gettext("Everything, for all hotels: the team, the hotels, keys, delivery and the audit trail.")
        case Role.PROGRAM:
            return gettext(
                "Your own programs, such as the hotel system: each does what its key grants and nothing else."
            )
        case _:
            assert_never(role)
