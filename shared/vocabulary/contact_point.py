"""What an address or a number is good for."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class PointClass(Term):
    PERSONAL = "personal", N_("personal")
    MASKED = "masked", N_("a booking site's alias")  # serves its own stay only
    AGENCY = "agency", N_("an agency's")  # a booker's: on too many names, or a role address
    BAD = "bad", N_("reaches nobody"), "bad"


class DoNotContact(Term):
    """Why nobody writes to a guest at all."""

    DECEASED = "deceased", N_("deceased")
    ASKED = "asked", N_("asked not to be contacted")
    BLOCKED = "blocked", N_("blocked")
    STAFF = "staff", N_("staff")
    PRIVATE = "private", N_("private")
