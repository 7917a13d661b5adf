"""What a key lets a program do; OAuth calls it a scope, a word that here means the hotels somebody sees."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Grant(Term):
    IMPORTS_WRITE = "imports:write", N_("Send files of reservations")
    GUESTS_READ = "guests:read", N_("Read guests, their addresses masked")
    GUESTS_WRITE = "guests:write", N_("Create and change guests")
    CONTACTS_READ = "contacts:read", N_("Read addresses and numbers in full")
    STAYS_READ = "stays:read", N_("Read stays")
    STAYS_WRITE = "stays:write", N_("Create and change stays")
    NOTES_READ = "notes:read", N_("Read notes about guests")
    NOTES_WRITE = "notes:write", N_("Write notes about guests")
    SPEND_READ = "spend:read", N_("Read what guests spent")
    SPEND_WRITE = "spend:write", N_("Send what guests spent")
    LOYALTY_WRITE = "membership:write", N_("Send points and tiers")
    EVENTS_WRITE = "events:write", N_("Send what happened to guests")
    RATES_READ = "rates:read", N_("Read rates of exchange")
    RATES_WRITE = "rates:write", N_("Send rates of exchange")
    CONSENTS_READ = "consents:read", N_("Read consents")
    CONSENTS_WRITE = "consents:write", N_("Record consents and withdrawals")
    OFFERS_REDEEM = "offers:redeem", N_("Check codes of offers and tell that they were used")
    REVIEWS_WRITE = "reviews:write", N_("Send reviews of booking sites")
    MAIL_WRITE = "mail:write", N_("Hand in mail that came back")


def grants_of(values: list[str]) -> frozenset[Grant]:
    """Those of a key that this version knows; a later one's are nothing here."""
    known = set(Grant)
    return frozenset(Grant(one) for one in values if one in known)
