"""Guests as recipients, and what they allow. Rows go in this order: the last ones find the others."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.purpose import ConsentPurpose

ALLOWED = {
    "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
    "purpose": personal(PersonalKind.CONSENT, "Purpose", words=ConsentPurpose),
    "state": personal(PersonalKind.CONSENT, "Consent", words=ConsentState),
    "source": personal(PersonalKind.CONSENT, "Stated by"),
    **colleague("source_ref"),  # a reservation, or «recorded by» with a colleague's name
    "said_at": personal(PersonalKind.CONSENT, "Stated on"),
    "expires_on": personal(PersonalKind.CONSENT, "Until"),
}


def nobody_elses(table: str) -> str:
    """Rows of the points of these guests that no other guest has."""
    return f"""point in (select point from recipient_point where guest_id = any(%(guests)s::uuid[]))
            and not exists (select from recipient_point as other
                            where other.point = {table}.point and other.guest_id <> all(%(guests)s::uuid[]))"""


GUESTS = (
    Table(
        name="suppression",
        what="Objections",
        why="An objection belongs to the address or number, a blind index, for every guest on it.",
        columns={
            **key("point"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            "purpose": personal(PersonalKind.CONSENT, "Objection to", words=ConsentPurpose),
            "source": personal(PersonalKind.CONSENT, "Stated by"),
            "since": personal(PersonalKind.CONSENT, "On"),
        },
        kept=Kept.SUPPRESSION,
        guests=nobody_elses("suppression"),
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="objection_unread",
        what="Replies that may be objections",
        why="Offers and surveys wait until a person has read what the guest wrote.",
        columns={
            **key("reply_id", "point", "guest_id"),
            **plain("version", "unread"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            "since": personal(PersonalKind.CONSENT, "On"),
        },
        kept=Kept.SUPPRESSION,
        guests=f"{OF_GUEST} or {nobody_elses('objection_unread')}",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="point_alias",
        what="Other indexes of addresses",
        why="While a key of the index is being turned, an objection under the one key meets a guest under the other.",
        columns=key("alias", "point"),
        kept=Kept.SUPPRESSION,
        guests=nobody_elses("point_alias"),
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="erased_objection",
        what="Objections of erased guests",
        why="Whoever turns up again with an erased guest's address or number gets no advertising and no survey. It is "
        "a keyed hash: it leads to nobody, and only answers whether an address is the one.",
        columns={
            "hash": personal(PersonalKind.KEY),
            **plain("channel", "purpose", "since"),
        },
        kept=Kept.SUPPRESSION,
    ),
    Table(
        name="consent_ledger",
        what="Statements about consent",
        why="Every statement about consent with its proof, in the order it was written down.",
        columns={
            **plain("id"),
            **key("guest_id"),
            **ALLOWED,
            "recorded_at": personal(PersonalKind.CONSENT, "Written down on"),
            "proof_sealed": personal(PersonalKind.CONSENT, "Proof", sealed=Sealing.PROOF),
        },
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="consent",
        what="Consents",
        why="What a guest allows, by channel and purpose.",
        columns={**plain("version"), **key("guest_id", "from_guest_id"), **ALLOWED},
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="consent_alone",
        what="Consents without those of merged guests",
        why="A merge may be taken back: then each guest allows again what they allowed alone.",
        columns={**key("guest_id"), **ALLOWED},
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="confirmation",
        what="Consents to be confirmed",
        why="A consent that a guest is asked to confirm counts once it is; until then nothing may be sent on it.",
        columns={
            **key("id", "guest_id", "message_id", "second_message_id"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            "purpose": personal(PersonalKind.CONSENT, "For", words=ConsentPurpose),
            "proof_sealed": personal(PersonalKind.CONSENT, "What was said", sealed=Sealing.PROOF),
            "said_at": personal(PersonalKind.CONSENT, "Said on"),
            "asked_at": personal(PersonalKind.CONSENT, "Asked on"),
            "expires_at": personal(PersonalKind.CONSENT, "Until"),
            "confirmed_at": personal(PersonalKind.CONSENT, "Confirmed on"),
        },
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_wish",
        what="Language asked for",
        why="The language a guest chose goes before what a booking says.",
        columns={
            **key("guest_id"),
            "language": personal(PersonalKind.PROFILE, "Language"),
            "said_at": personal(PersonalKind.PROFILE, "On"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="offer_limit",
        what="How often offers are wanted",
        why="A guest may want none for some months, or one a month at most. Of those who are merged the last word "
        "counts.",
        columns={
            **key("guest_id"),
            "paused_until": personal(PersonalKind.CONSENT, "No offers before"),
            "once_a_month": personal(PersonalKind.CONSENT, "Once a month at most"),
            "said_at": personal(PersonalKind.CONSENT, "Said on"),
        },
        kept=Kept.CONSENT_PROOF,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="stay_known",
        what="Stays",
        why="Messages speak of stays, and advertising waits while a guest is in the house.",
        columns={
            **key("stay_id", "guest_id"),
            **plain("version", "property", "zone"),
            **dict.fromkeys(
                (
                    *("reservation", "status", "arrival", "departure", "checked_in_at", "checked_out_at", "muted"),
                    *("room_type", "guests"),
                ),
                personal(PersonalKind.STAY),
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="case_known",
        what="Cases",
        why="Whoever complains gets no advertising until the case is closed.",
        columns={
            **key("case_id", "guest_id"),
            **plain("version", "open", "opened_at"),
            "kind": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="refused_point",
        what="Addresses and numbers that reach nobody",
        why="Where a provider says for good that nobody is reached, nothing is sent again. It belongs to the "
        "address or number, a blind index.",
        columns={
            **key("point"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            "since": personal(PersonalKind.CONTACT, "Refused on"),
            "detail": personal(PersonalKind.CONTACT, "The provider's code"),
            "lifted_at": personal(PersonalKind.CONTACT, "Held to be right again on"),
            **colleague("lifted_by"),
            **plain("version"),
        },
        kept=Kept.GUEST,
        guests=nobody_elses("refused_point"),
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_segment",
        what="Segments that templates ask for",
        why="A template shows some of its blocks to guests of a segment only. Kept of those segments alone.",
        columns={
            **key("guest_id"),
            **plain("version"),
            **dict.fromkeys(("segment", "is_in"), personal(PersonalKind.CONDUCT)),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="window_opened",
        what="When guests last wrote by WhatsApp",
        why="For a day after a guest wrote any words may be written back there; older rows are deleted within a week. "
        "It belongs to the number, a blind index.",
        columns={
            **key("point"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            "wrote_at": personal(PersonalKind.CONTACT, "Wrote on"),
        },
        kept=Kept.GUEST,
        guests=nobody_elses("window_opened"),
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="recipient_point",
        what="Addresses and numbers",
        why="Where messages go, sealed.",
        columns={
            **key("guest_id", "point", "stay_id"),
            **plain("rank", "kind"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            "address_sealed": personal(PersonalKind.CONTACT, "Address or number", sealed=Sealing.CONTACT),
            "forms_sealed": personal(PersonalKind.CONTACT, "Also written", sealed=Sealing.CONTACT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="recipient",
        what="Guests",
        why="Messages greet guests by name. Of an erased guest the number stays, so that nothing older brings the "
        "guest back.",
        columns={
            **key("guest_id", "into_guest_id"),
            **plain("version", "gone"),
            "title": personal(PersonalKind.NAME, blank="null"),
            "given_name": personal(PersonalKind.NAME, blank="''"),
            "family_name": personal(PersonalKind.NAME, blank="''"),
            "birth_date": personal(PersonalKind.BIRTH_DATE, blank="null"),
            "language": personal(PersonalKind.PROFILE, blank="'en'"),
            "country": personal(PersonalKind.PROFILE, blank="null"),
            "home_zone": personal(PersonalKind.PROFILE, blank="'UTC'"),
            "home_property": personal(PersonalKind.PROFILE, blank="null"),
            "tier": personal(PersonalKind.PROFILE, blank="null"),
            "loyalty_points": personal(PersonalKind.PROFILE, blank="null"),
            "own_dates": personal(PersonalKind.PROFILE, blank="null"),
            "do_not_contact": personal(PersonalKind.CONSENT, blank="null"),
            "rights": personal(PersonalKind.CONSENT, blank="'{}'"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="recognised",
        what="Strangers who were recognised",
        why="What was written to a stranger who is known as a guest by now is the guest's.",
        columns={**key("stranger_id", "guest_id"), **plain("version")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="stop",
        what="Stops",
        why="Nothing goes that a stop covers.",
        columns={**plain("stop_id", "kind", "key", "reason", "at", "lifted_at"), **colleague("by", "lifted_by")},
        kept=Kept.INSTALLATION,
    ),
)
