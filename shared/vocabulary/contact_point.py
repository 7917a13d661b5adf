"""What an address or a number is good for, and why nobody is reached there."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class PointClass(Term):
    PERSONAL = "personal", N_("personal")
    MASKED = "masked", N_("a booking site's alias")  # serves its own stay only
    AGENCY = "agency", N_("an agency's")  # a booker's: on too many names, or a role address
    BAD = "bad", N_("reaches nobody"), "bad"


class PointFault(Term):
    """Why a contact point is bad. A label is a clause that stands after the address or number."""

    # as it is written
    NO_ADDRESS = "no_address", N_("is no e-mail address")
    BLANK_INSIDE = "blank_inside", N_("has a blank inside, and no one reading of it is certain")
    DOMAIN = "domain", N_("names a domain that cannot exist")
    PLACEHOLDER = "placeholder", N_("stands for «none»")
    NO_NUMBER = "no_number", N_("is no phone number")
    ROUNDED = "rounded", N_("was rounded by a spreadsheet: its last digits are lost")
    NO_COUNTRY = "no_country", N_("has no country code, and no country tells it")
    WRONG_LENGTH = "wrong_length", N_("has too many or too few digits for its country")

    # a number that can be called, and gets no text message
    LANDLINE = "landline", N_("is a landline, which gets no text messages")
    EXTENSION = "extension", N_("has an extension: behind a switchboard nobody gets text messages")
    SERVICE_NUMBER = "service_number", N_("is a freephone, premium or service number, which gets no text messages")

    # what a provider answered for good
    REFUSED = "refused", N_("reached nobody: the provider says there is no such address or number")


CALLED = frozenset({PointFault.LANDLINE, PointFault.EXTENSION, PointFault.SERVICE_NUMBER})
"""Faults of numbers that are right, and are known people's; only no text message reaches them."""
STILL_KNOWN_BY = CALLED | {PointFault.REFUSED}
"""Faults of points by which a guest is still found, although nothing is sent there."""


class DoNotContact(Term):
    """Why nobody writes to a guest at all."""

    DECEASED = "deceased", N_("deceased")
    ASKED = "asked", N_("asked not to be contacted")
    BLOCKED = "blocked", N_("blocked")
    STAFF = "staff", N_("staff")
    PRIVATE = "private", N_("private")
