"""Names of what comes with Guestloop: one that nobody changed is shown in the reader's language."""

from __future__ import annotations

from flask_babel import gettext


def _l(name: str) -> str:
    """Marks a name for the catalogues."""
    return name


JOURNEYS = (
    _l("Before the arrival"),
    _l("Birthday, a week before"),
    _l("How was your stay?"),
    _l("We have not seen you for three months"),
    _l("Welcome after signing up"),
    _l("On the first morning"),
    _l("On the day of departure"),
    _l("Something more for the stay"),
    _l("Survey, then review or call"),
    _l("Birthday, by tier"),
    _l("Win back in two steps"),
    _l("After a cancelled booking"),
    _l("Close to the next tier"),
    _l("Member day, every month"),
    _l("Fill the house"),
    _l("Festival greeting"),
)
TEMPLATES = (
    _l("A week before the birthday"),
    _l("How was the stay"),
    _l("Please confirm"),
    _l("Three months after the last stay"),
    _l("Welcome"),
)
SEGMENTS = (
    _l("Guests reachable by e-mail"),
    _l("Guests reachable by SMS"),
    _l("Guests reachable by WhatsApp"),
    _l("Guests whose birthday is within 7 days"),
    _l("Guests whose birthday is in 7 days"),
    _l("Guests who have not stayed for 3 months and have no booking"),
    _l("Guests of two stays or more who have not stayed for 3 months and have no booking"),
    _l("Guests of two stays or more"),
    _l("Guests of the last two years who have no booking"),
    _l("Members with a tier"),
    _l("Members of two stays or more in a year"),
    _l("Best guests"),
    _l("Frequent guests who spend less"),
    _l("Recent guests who spend well"),
    _l("Recent guests"),
    _l("Best guests we are losing"),
    _l("Frequent guests we are losing"),
    _l("Guests who spent well, long ago"),
    _l("Lapsed guests"),
    _l("Stage: lost"),
    _l("Stage: lapsing"),
    _l("Stage: referring"),
    _l("Stage: loyal"),
    _l("Stage: retained"),
    _l("Stage: converted"),
    _l("Stage: acquired"),
)
FORMER = (_l("Guests of long ago"),)
"""As 0.1.0 stored them."""
NAMES = frozenset((*JOURNEYS, *TEMPLATES, *SEGMENTS, *FORMER))


def shown_name(name: str) -> str:
    """A name as its reader sees it."""
    return str(gettext(name)) if name in NAMES else name


def kept_name(typed: str, before: str) -> str:
    """What a form leaves as it was shown is left as it was kept."""
    return before if typed == shown_name(before) else typed
