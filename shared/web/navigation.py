"""Where things are: the rail of the console, and the address of a thing that another service's pages link to."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shared.access.people import May, Person


@dataclass(frozen=True)
class Place:
    key: str
    name: str
    address: str
    icon: str
    needs: May

    def is_open_to(self, person: Person) -> bool:
        return person.may(self.needs)


RAIL = (
    Place("home", _l("Home"), "/", "home", May.SEE_FIGURES),
    Place("today", _l("Today"), "/segments/today", "bed", May.SEE_GUESTS),
    Place("guests", _l("Guests"), "/segments/guests", "person", May.SEE_GUESTS),
    Place("segments", _l("Segments"), "/segments/segments", "circles", May.CONFIGURE),
    Place("journeys", _l("Journeys"), "/campaigns/journeys", "path", May.CONFIGURE),
    Place("messages", _l("Sent"), "/messaging/messages", "mail", May.SEE_GUESTS),
    Place("inbox", _l("Inbox"), "/feedback/inbox", "speech", May.SEE_GUESTS),
    Place("cases", _l("Cases"), "/feedback/cases", "flag", May.SEE_GUESTS),
    Place("answers", _l("Answers"), "/feedback/answers", "star", May.SEE_FIGURES),
)
"""Seven words on a desk for most: who may not use a place does not see it."""

MORE = (
    Place("calendar", _l("Calendar"), "/campaigns/calendar", "clock", May.CONFIGURE),
    Place("tasks", _l("Tasks"), "/feedback/tasks", "tick", May.SEE_GUESTS),
    Place("praise", _l("Praise"), "/feedback/praise", "star", May.SEE_GUESTS),
    Place("care", _l("Cases and duty"), "/feedback/care", "clock", May.CLOSE_CASES),
    Place("surveys", _l("Surveys"), "/feedback/surveys", "list", May.SEE_FIGURES),
    Place("templates", _l("Templates"), "/messaging/templates", "page", May.CONFIGURE),
    Place("offers", _l("Offers"), "/messaging/offers", "ticket", May.SEE_FIGURES),
    Place("pictures", _l("Pictures"), "/messaging/pictures", "picture", May.CONFIGURE),
    Place("companies", _l("Companies"), "/segments/companies", "people", May.SEE_GUESTS),
    Place("imports", _l("Imports"), "/segments/imports", "arrow-down", May.IMPORT_DATA),
    Place("systems", _l("Systems"), "/segments/systems", "plug", May.ADMINISTER),
    Place("sign_ups", _l("Sign-up forms"), "/segments/sign-ups", "pencil", May.CONFIGURE),
    Place("money", _l("Currencies and rates"), "/segments/money", "coins", May.CONFIGURE),
    Place("countries", _l("Rules by country"), "/messaging/countries", "clock", May.CONFIGURE),
    Place("senders", _l("Senders"), "/messaging/senders", "mail", May.ADMINISTER),
    Place("stop", _l("Stop sending"), "/messaging/stops", "stop", May.STOP_SENDING),
    Place("delivery", _l("Delivery"), "/delivery", "pulse", May.OPERATE),
    Place("people", _l("Team"), "/people", "people", May.ADMINISTER),
    Place("properties", _l("Hotels"), "/properties", "house", May.ADMINISTER),
    Place("audit", _l("Audit trail"), "/audit", "list", May.ADMINISTER),
    Place("privacy", _l("Privacy"), "/privacy", "person", May.ADMINISTER),
)
BOTTOM_BAR = ("home", "inbox", "guests", "cases")
"""On a phone, with «More» as the fifth."""

_ADDRESSES = {
    "guest": "/segments/guests/{}",
    "company": "/segments/companies/{}",
    "segment": "/segments/segments/{}",
    "journey": "/campaigns/journeys/{}",
    "template": "/messaging/templates/{}",
    "offer": "/messaging/offers/{}",
    "picture": "/messaging/pictures/{}",
    "message": "/messaging/messages/{}",
    "case": "/feedback/cases/{}",
    "thread": "/feedback/inbox/{}",
    "import": "/segments/imports/{}",
}
KINDS = tuple(_ADDRESSES)


def address(kind: str, key: object) -> str:
    """The page of a guest, segment, journey, template, picture, offer, message, case, thread or import."""
    return _ADDRESSES[kind].format(key)
