"""What the audit trail's actions are called. One that is not listed is shown as it was recorded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ACTION_NAMES = {
    "signed_in": _l("signed in"),
    "person.invited": _l("invited"),
    "person.changed": _l("changed role or hotels"),
    "person.ended": _l("ended access"),
    "person.password_renewed": _l("gave a one-time password"),
    "person.password_chosen": _l("chose a password"),
    "key.made": _l("made a key"),
    "key.ended": _l("ended a key"),
    "property.changed": _l("changed the hotel"),
    "dead_letters.replayed": _l("replayed what was set aside"),
    "dead_letters.dropped": _l("dropped what was set aside"),
    "guest.viewed": _l("looked at the guest"),
    "guest.changed": _l("changed the guest"),
}
