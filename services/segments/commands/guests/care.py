"""What the front desk does for one guest: mute a stay, note what they like, forbid all contact.

Each publishes the new state of the guest or the stay, evaluates their segments again, and is kept for the guest's story
and the audit trail. Done twice, the second does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.segments.commands.duplicates.search_duplicates import keep_apart
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.corrections import apply_language
from services.segments.commands.guests.noting import name_of, note, publish_and_evaluate
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.commands.guests.spelling import spelled
from services.segments.commands.publish_states import publish_stays
from services.segments.store.guests import care as store
from services.segments.store.guests.guests import lock_guests
from services.segments.store.guests.stays import load_stays
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.vocabulary.contact_point import DoNotContact


@dataclass(frozen=True)
class Profile:
    """What a person may change of a guest. `preference`: what the front desk should know, in words."""

    language: str | None
    tags: Sequence[str]
    preference: str | None


def mute_stay(tx: Tx, stay_id: UUID, by: Person | str, at: datetime) -> None:
    """Nobody writes about this stay any more, and it counts in no segment."""
    _mute(tx, stay_id, True, by, at)


def unmute_stay(tx: Tx, stay_id: UUID, by: Person | str, at: datetime) -> None:
    _mute(tx, stay_id, False, by, at)


def _mute(tx: Tx, stay_id: UUID, muted: bool, by: Person | str, at: datetime) -> None:
    old = load_stays(tx, [stay_id]).get(stay_id)
    if old is None:
        raise NotFound("There is no such stay.")
    if old.muted == muted:
        return
    lock_guests(tx, [old.guest_id])
    store.set_muted(tx, stay_id, muted, at)
    publish_stays(tx, [(old, replace(old, muted=muted, version=old.version + 1, changed_at=at))], at)
    because = {"kind": "stay", "what": "stay.changed", "stay_id": str(stay_id)}
    evaluate_moved(tx, [Moved(old.guest_id, because)], at)
    what = "stay.muted" if muted else "stay.unmuted"
    note(tx, old.guest_id, what, by, {"stay": str(stay_id), "reservation": old.reservation}, at)


def forbid_contact(tx: Tx, guest_id: UUID, reason: str, by: Person | str, at: datetime) -> None:
    """Nobody writes to the guest any more, for that reason; it survives merges and imports."""
    if reason not in tuple(DoNotContact):
        raise InputError(problems={"reason": f"one of {', '.join(DoNotContact)} expected"})
    if _noted(tx, guest_id).do_not_contact != reason:
        store.set_do_not_contact(tx, guest_id, reason, at)
        publish_and_evaluate(tx, [guest_id], at)
        note(tx, guest_id, "guest.contact_forbidden", by, {"reason": reason}, at)


def allow_contact(tx: Tx, guest_id: UUID, by: Person | str, at: datetime) -> None:
    """The reason was a mistake or no longer holds; consents are unchanged."""
    before = _noted(tx, guest_id).do_not_contact
    if before is not None:
        store.set_do_not_contact(tx, guest_id, None, at)
        publish_and_evaluate(tx, [guest_id], at)
        note(tx, guest_id, "guest.contact_allowed", by, {"reason": before}, at)


def change_profile(tx: Tx, guest_id: UUID, version: int, new: Profile, by: Person | str, at: datetime) -> None:
    """`version`: of the guest as the person saw it. Raises `Conflict` where the guest was changed since."""
    before = _noted(tx, guest_id)
    refuse_restricted(tx, guest_id)
    sealed = store.preference_of(tx, guest_id)
    preference = tx.keyring.open(sealed, Sealing.NOTE) if sealed else None
    tags = sorted({*spelled(tx, set(new.tags) - set(before.tags)), *(tag for tag in new.tags if tag in before.tags)})
    profile_changed = (new.language, tags) != (before.language, sorted(before.tags))
    changed = [
        name
        for name, differs in (
            ("language", new.language != before.language),
            ("tags", tags != sorted(before.tags)),
            ("preference", new.preference != preference),
        )
        if differs
    ]
    if not changed:
        return
    if before.version != version:
        raise Conflict()
    if new.preference != preference:
        store.save_preference(
            tx, guest_id, tx.keyring.seal(new.preference, Sealing.NOTE) if new.preference else None, name_of(by), at
        )
    if new.language != before.language:
        apply_language(tx, guest_id, new.language, by, at)
    if profile_changed:
        if tags != sorted(before.tags):
            store.set_tags(tx, guest_id, tags, at)
        publish_and_evaluate(tx, [guest_id], at)
    note(tx, guest_id, "guest.edited", by, {"fields": changed}, at)


def tell_apart(tx: Tx, guest_id: UUID, other_id: UUID, by: Person | str, at: datetime) -> None:
    """They are two guests: this pair is not proposed again, unless something new speaks for it."""
    if keep_apart(tx, guest_id, other_id, at):
        note(tx, guest_id, "guest.told_apart", by, {"other": str(other_id)}, at)


def _noted(tx: Tx, guest_id: UUID) -> store.Noted:
    found = store.lock_noted(tx, guest_id)
    if found is None:
        raise NotFound("There is no such guest.")
    return found
