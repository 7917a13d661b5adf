"""Where things are: the rail of the console, and the address of a thing that another service's pages link to."""

from __future__ import annotations

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Group:
    """Places of one concern. `is_folded`: shown once it is opened, or while one of them is looked at."""

    key: str
    name: str
    places: tuple[Place, ...]
    is_folded: bool = False

    def of(self, person: Person) -> Group:
        """Those that the person may use: what is closed to somebody is not shown to them."""
        return replace(self, places=tuple(place for place in self.places if place.is_open_to(person)))


HOME = Place("home", _l("Home"), "/", "home", May.SEE_FIGURES)
GUESTS = (
    Place("today", _l("Today"), "/segments/today", "bed", May.SEE_GUESTS),
    Place("guests", _l("Guests"), "/segments/guests", "person", May.SEE_GUESTS),
    Place("segments", _l("Segments"), "/segments/segments", "circles", May.CONFIGURE),
    Place("imports", _l("Imports"), "/segments/imports", "arrow-down", May.IMPORT_DATA),
    Place("companies", _l("Companies"), "/segments/companies", "people", May.SEE_GUESTS),
    Place("sign_ups", _l("Sign-up forms"), "/segments/sign-ups", "pencil", May.CONFIGURE),
)
MESSAGES = (
    Place("journeys", _l("Journeys"), "/campaigns/journeys", "path", May.CONFIGURE),
    Place("broadcasts", _l("Broadcasts"), "/campaigns/broadcasts", "send", May.CONFIGURE),
    Place("templates", _l("Templates"), "/messaging/templates", "page", May.CONFIGURE),
    Place("pictures", _l("Pictures"), "/messaging/pictures", "picture", May.CONFIGURE),
    Place("offers", _l("Offers"), "/messaging/offers", "ticket", May.SEE_FIGURES),
    Place("messages", _l("Sent"), "/messaging/messages", "mail", May.SEE_GUESTS),
    Place("calendar", _l("Calendar"), "/campaigns/calendar", "clock", May.CONFIGURE),
)
ANSWERS = (
    Place("inbox", _l("Inbox"), "/feedback/inbox", "speech", May.SEE_GUESTS),
    Place("cases", _l("Cases"), "/feedback/cases", "flag", May.SEE_GUESTS),
    Place("tasks", _l("Tasks"), "/feedback/tasks", "tick", May.SEE_GUESTS),
    Place("surveys", _l("Surveys"), "/feedback/surveys", "list", May.SEE_FIGURES),
    Place("praise", _l("Praise"), "/feedback/praise", "star", May.SEE_GUESTS),
)
NUMBERS = (
    Place("figures", _l("Key figures"), "/figures", "chart", May.SEE_FIGURES),
    Place("dashboards", _l("Dashboards"), "/figures/dashboards", "chart", May.SEE_FIGURES),
    Place("cohorts", _l("Cohorts"), "/segments/cohorts", "people", May.SEE_FIGURES),
    Place("churn", _l("Churn and loyalty"), "/segments/churn", "circles", May.SEE_FIGURES),
    Place("rfm", _l("RFM classes"), "/segments/rfm", "circles", May.SEE_FIGURES),
    Place("lifecycle", _l("Lifecycle"), "/segments/lifecycle", "path", May.SEE_FIGURES),
    Place("sources", _l("Sources and profit"), "/figures/sources", "coins", May.SEE_FIGURES),
    Place("returns", _l("What messages brought"), "/campaigns/returns", "mail", May.SEE_FIGURES),
    Place("warnings", _l("Warnings"), "/figures/warnings", "flag", May.SEE_FIGURES),
    Place("reports", _l("Reports"), "/figures/reports", "mail", May.SEE_FIGURES),
    Place("predictions", _l("Prediction"), "/segments/predictions", "pulse", May.SEE_FIGURES),
    Place("answers", _l("Answers"), "/feedback/answers", "star", May.SEE_FIGURES),
)
HOUSE = (
    Place("properties", _l("Hotels"), "/properties", "house", May.ADMINISTER),
    Place("people", _l("Team"), "/people", "people", May.ADMINISTER),
    Place("care", _l("Cases and duty"), "/feedback/care", "clock", May.CLOSE_CASES),
    Place("senders", _l("Senders"), "/messaging/senders", "mail", May.ADMINISTER),
    Place("countries", _l("Rules by country"), "/messaging/countries", "clock", May.CONFIGURE),
    Place("prices", _l("Prices of messages"), "/messaging/prices", "coins", May.CONFIGURE),
    Place("money", _l("Currencies and rates"), "/segments/money", "coins", May.CONFIGURE),
    Place("systems", _l("Systems"), "/segments/systems", "plug", May.ADMINISTER),
    Place("stop", _l("Stop sending"), "/messaging/stops", "stop", May.STOP_SENDING),
    Place("delivery", _l("Delivery"), "/delivery", "pulse", May.OPERATE),
    Place("audit", _l("Audit trail"), "/audit", "list", May.ADMINISTER),
    Place("privacy", _l("Privacy"), "/privacy", "person", May.ADMINISTER),
)
GROUPS = (
    Group("of-guests", _l("Guests"), GUESTS),
    Group("of-messages", _l("Messages"), MESSAGES),
    Group("of-answers", _l("Answers"), ANSWERS),
    Group("of-numbers", _l("Numbers"), NUMBERS),
    Group("of-house", _l("House"), HOUSE, is_folded=True),
)
ON_A_PHONE = ("home", "guests", "journeys", "inbox", "cases")
"""The first four that somebody may use stand in the bar of a phone, with «More» as the fifth."""


@dataclass(frozen=True)
class Rail:
    """What one person finds where."""

    home: Place | None
    groups: list[Group]
    bar: list[Place]


def rail_of(person: Person) -> Rail:
    groups = [found for group in GROUPS if (found := group.of(person)).places]
    home = HOME if HOME.is_open_to(person) else None
    there = {place.key: place for group in groups for place in group.places} | ({"home": home} if home else {})
    return Rail(home, groups, [there[key] for key in ON_A_PHONE if key in there][:4])


_ADDRESSES = {
    "guest": "/segments/guests/{}",
    "company": "/segments/companies/{}",
    "segment": "/segments/segments/{}",
    "journey": "/campaigns/journeys/{}",
    "broadcast": "/campaigns/broadcasts/{}",
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
