"""What roles are called, and what each may do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from shared.access.people import Role

ROLE_NAMES = {
    Role.MARKETER: _l("Marketer"),
    Role.FRONT_DESK: _l("Front desk"),
    Role.DUTY_MANAGER: _l("Duty manager"),
    Role.ANALYST: _l("Analyst"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.PROGRAM: _l("Program"),
}
ROLE_MEANINGS = {
    Role.MARKETER: _l(
        "Makes segments, journeys and templates, imports guests, can stop all sending. Sees addresses masked."
    ),
    Role.FRONT_DESK: _l("Sees guests with their addresses, opens cases, records a STOP."),
    Role.DUTY_MANAGER: _l("As the front desk; closes cases and can stop all sending."),
    Role.ANALYST: _l("Sees guests and figures, changes nothing. Sees addresses masked."),
    Role.ADMINISTRATOR: _l("Everything, for all hotels: the team, the hotels, keys, delivery and the audit trail."),
}
