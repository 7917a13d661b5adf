"""What happens to guests and stays, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

STAYS = {
    "booked": _l("a stay is booked"),
    "checked_in": _l("a guest checks in"),
    "checked_out": _l("a guest checks out"),
    "cancelled": _l("a stay is cancelled"),
    "no_show": _l("a guest does not show up"),
}
EVENTS = {
    "stay.booked": _l("the guest books a stay"),
    "stay.changed": _l("a stay of the guest changes"),
    "stay.cancelled": _l("the guest cancels a stay"),
    "stay.checked_in": _l("the guest checks in"),
    "stay.checked_out": _l("the guest checks out"),
    "stay.no_show": _l("the guest does not show up"),
    "stay.reinstated": _l("a cancelled stay stands again"),
    "survey.answered": _l("the guest answers a survey"),
    "message.delivered": _l("a message reaches the guest"),
    "message.bounced": _l("a message to the guest comes back"),
    "message.complained": _l("the guest reports a message as spam"),
    "message.clicked": _l("the guest opens a link of a message"),
    "offer.redeemed": _l("the guest uses an offer"),
    "offer.referred": _l("a friend of the guest uses an offer"),
    "case.opened": _l("a follow-up or complaint is opened"),
    "case.closed": _l("a follow-up or complaint is closed"),
    "task.closed": _l("the staff closes a task of a journey"),
}
ONE_OFFER = {
    "offer.redeemed": _l("the guest uses the offer «%(offer)s»"),
    "offer.referred": _l("a friend of the guest uses the offer «%(offer)s»"),
}
CAUSES = {
    "time": _l("time passed"),
    "stay.booked": _l("a booking"),
    "stay.checked_out": _l("a check-out"),
    "stay.cancelled": _l("a cancelled stay"),
    "stay.no_show": _l("a stay the guest did not show up for"),
    "guest.changed": _l("a change in the guest's details"),
    "guest.signed_up": _l("a sign-up"),
    "guest.event": _l("what a hotel's system told"),
    "calendar": _l("a day of the calendar"),
    "warning.raised": _l("a warning of a hotel"),
    "offer.given": _l("an offer to the guest"),
    "offer.redeemed": _l("an offer that the guest used"),
    "offer.referred": _l("an offer that a friend of the guest used"),
    "initial": _l("having been inside before the launch"),
    "message.sent": _l("a message to the guest"),
    "journey.entered": _l("having entered a journey"),
    "survey.answered": _l("an answer to a survey"),
    "message.clicked": _l("a link that the guest opened"),
    "case.opened": _l("a follow-up or complaint"),
    "case.closed": _l("the end of a follow-up or complaint"),
}


def event_words(event: str) -> str:
    """One of an offer names it."""
    kind, _, offer = event.partition(":")
    return str(ONE_OFFER[kind]) % {"offer": offer} if offer and kind in ONE_OFFER else str(EVENTS.get(event, event))


def event_choices(editor: Any) -> list[tuple[str, str]]:
    """What an editor offers: every event, and those of each offer that is known."""
    named = [
        (f"{kind}:{key}", str(words) % {"offer": name})
        for key, name in editor.offers
        for kind, words in ONE_OFFER.items()
    ]
    return [*((event, str(words)) for event, words in EVENTS.items()), *named]
