"""Guests, their contact points and their stays. Rows go in this order: the last ones find the others."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import DoNotContact, PointClass
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.stay import StayStatus

GUESTS = (
    Table(
        name="contact_point",
        what="Addresses and numbers",
        why="Where a guest can be written to, sealed; found by its blind index. One that another guest has too stays.",
        columns={
            **key("point"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            "address_sealed": personal(PersonalKind.CONTACT, "Address or number", sealed=Sealing.CONTACT),
            "kind": personal(PersonalKind.CONTACT, "Whose it is", words=PointClass),
            **plain("guests"),
        },
        kept=Kept.GUEST,
        guests="""point in (select point from guest_point where guest_id = any(%(guests)s::uuid[]))
            and not exists (select from guest_point as other
                            where other.point = contact_point.point and other.guest_id <> all(%(guests)s::uuid[]))""",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_point",
        what="Whose address or number it is",
        why="Ties an address or number to a guest, with the reservation that stated it.",
        columns={
            **key("guest_id", "point", "stay_id"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            "said_at": personal(PersonalKind.CONTACT, "Stated on"),
            "source_ref": personal(PersonalKind.STAY, "Stated by reservation"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_key",
        what="Name and birth date as a blind index",
        why="A guest of whom no address is known is found again by name and birth date.",
        columns=key("key", "guest_id"),
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="consent_claim",
        what="Consents as reservations state them",
        why="What a source claims about advertising; messaging decides by it.",
        columns={
            **key("guest_id"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            "state": personal(PersonalKind.CONSENT, "Consent", words=ClaimedConsent),
            "said_at": personal(PersonalKind.CONSENT, "Stated on"),
            "source_ref": personal(PersonalKind.CONSENT, "Stated by reservation"),
            "expires_on": personal(PersonalKind.CONSENT, "Until"),
        },
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="possible_duplicate",
        what="Guests who may be the same person",
        why="Somebody at the desk decides whether two guests are one.",
        columns={
            **key("guest_id", "other_id", "row_ref"),
            **plain("key", "filed_at", "dismissed_at"),
        },
        kept=Kept.GUEST,
        guests="guest_id = any(%(guests)s::uuid[]) or other_id = any(%(guests)s::uuid[])",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_preference",
        what="Wishes",
        why="What the desk knows of a guest's wishes and no reservation states.",
        columns={
            **key("guest_id"),
            "text_sealed": personal(PersonalKind.PROFILE, "Wishes", sealed=Sealing.NOTE),
            **colleague("noted_by"),
            "noted_at": personal(PersonalKind.PROFILE, "Noted on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_edit",
        what="What was changed by hand",
        why="Who changed what about a guest, for whoever asks.",
        columns={
            **key("guest_id"),
            "at": personal(PersonalKind.PROFILE, "On"),
            "what": personal(PersonalKind.PROFILE, "Change"),
            **colleague("by_whom"),
            "details": personal(PersonalKind.PROFILE),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="stay",
        what="Stays",
        why="Reservations and what became of them. An erased guest's stay stays as a figure of the hotel: without its "
        "reservation number it leads to nobody.",
        columns={
            **key("id", "guest_id"),
            **plain("version", "zone", "lead_days", "changed_at"),
            "source": personal(PersonalKind.STAY, "Stated by"),
            "property": personal(PersonalKind.STAY, "Hotel"),
            "reservation": personal(PersonalKind.STAY, "Reservation", blank="'erased:' || id"),
            "status": personal(PersonalKind.STAY, "Status", words=StayStatus),
            **dict.fromkeys(("booked_at", "checked_out_on", "ended_on"), personal(PersonalKind.STAY)),
            "booked_on": personal(PersonalKind.STAY, "Booked on"),
            "arrival": personal(PersonalKind.STAY, "Arrival"),
            "departure": personal(PersonalKind.STAY, "Departure"),
            "nights": personal(PersonalKind.STAY, "Nights"),
            "checked_in_at": personal(PersonalKind.STAY, "Checked in"),
            "checked_out_at": personal(PersonalKind.STAY, "Checked out"),
            "ended_at": personal(PersonalKind.STAY, "Cancelled or not come"),
            "adults": personal(PersonalKind.STAY, "Adults"),
            "children": personal(PersonalKind.STAY, "Children"),
            "channel": personal(PersonalKind.STAY, "Booked by way of"),
            "market_segment": personal(PersonalKind.STAY, "Market segment"),
            "room_type": personal(PersonalKind.STAY, "Room"),
            "rate_plan": personal(PersonalKind.STAY, "Rate plan"),
            "rate": personal(PersonalKind.STAY, "Rate a night"),
            "revenue": personal(PersonalKind.STAY, "Room revenue"),
            "currency": personal(PersonalKind.STAY, "Currency"),
            "muted": personal(PersonalKind.STAY, "Not to be mentioned"),
            "row_hash": personal(PersonalKind.STAY, blank="'\\x'"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="erased_key",
        what="By what an erased guest is known again",
        why="A row of an erased guest makes a stay without a guest, whichever file brings it. It is a keyed hash: it "
        "leads to nobody, and only answers whether an address or reservation is the one.",
        columns={**key("hash", "guest_id"), **plain("kind", "erased_at")},
        kept=Kept.ERASURE,
        guests=OF_GUEST,
    ),
    Table(
        name="guest",
        what="Guests",
        why="Who a guest is. Of an erased guest the number stays, so that nothing older brings the guest back.",
        columns={
            **key("id", "merged_into"),
            **plain("version", "erased_at", "created_at", "changed_at"),
            "title": personal(PersonalKind.NAME, "Title", blank="null"),
            "given_name": personal(PersonalKind.NAME, "Given name", blank="''"),
            "family_name": personal(PersonalKind.NAME, "Family name", blank="''"),
            "name_key": personal(PersonalKind.NAME),  # PostgreSQL makes it of the two
            "birth_date": personal(PersonalKind.BIRTH_DATE, "Birth date", blank="null"),
            "language": personal(PersonalKind.PROFILE, "Language", blank="null"),
            "country": personal(PersonalKind.PROFILE, "Country", blank="null"),
            "region": personal(PersonalKind.PROFILE, "Region", blank="null"),
            "home_zone": personal(PersonalKind.PROFILE, "Time zone", blank="'UTC'"),
            "home_property": personal(PersonalKind.PROFILE, "Home hotel", blank="null"),
            "tier": personal(PersonalKind.PROFILE, "Tier", blank="null"),
            "tags": personal(PersonalKind.PROFILE, "Tags", blank="'{}'"),
            "do_not_contact": personal(PersonalKind.CONSENT, "Not to be contacted", blank="null", words=DoNotContact),
            "first_said_at": personal(PersonalKind.STAY),
            "first_reservation": personal(PersonalKind.STAY, "First reservation", blank="''"),
            "said": personal(PersonalKind.STAY, blank="'{}'"),
        },
        kept=Kept.GUEST,
        guests="id = any(%(guests)s::uuid[])",
        on_erasure=OnErasure.BLANKED,
    ),
)
