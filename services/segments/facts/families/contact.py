"""Whether a guest may be written to, and how."""

from __future__ import annotations

from services.segments.facts.clauses import TextClause, TruthClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.families.profile import from_profile
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql, stored
from services.segments.facts.where import CHANNEL, Where
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.contact_point import DoNotContact
from shared.vocabulary.term import N_

USABLE = {
    Channel.EMAIL: (ConsentState.EXPRESS, ConsentState.EXISTING_CUSTOMER),
    Channel.SMS: (ConsentState.EXPRESS,),
    Channel.WHATSAPP: (ConsentState.EXPRESS,),
}
UNTIL: dict[str, Index] = {channel: Index(f"{channel}_until") for channel in Channel}


def state_sql(channel: Channel) -> str:
    return f"case when p.{channel}_until < p.today then null else p.{channel}_consent end"


def reachable_sql(channel: Channel) -> str:
    usable = ", ".join(f"'{state}'" for state in USABLE[channel])
    own = f"p.do_not_contact is null and p.{channel}_personal"
    return f"({own} and coalesce({state_sql(channel)} in ({usable}), false))"


def state(guest: GuestView, where: Where, today: Today) -> str | None:
    found, until = guest.consents.get(where.channel[0], (None, None))
    return None if until is not None and until < today.day else found


def reachable(guest: GuestView, where: Where, today: Today) -> bool:
    channel = Channel(where.channel[0])
    usable = state(guest, where, today) in USABLE[channel]
    return channel.kept_as in guest.own and usable and guest.profile["do_not_contact"] is None


FACTS = (
    Fact(
        "reachable",
        Kind.TRUTH,
        Subject.CONTACT,
        N_("can be reached"),
        TruthClause(N_("who can be reached by %(channel)s"), N_("who cannot be reached by %(channel)s")),
        sql=Sql(by_channel={channel: reachable_sql(channel) for channel in Channel}),
        python=reachable,
        sample=True,
        always_known=True,
        where=CHANNEL,
        needs=CHANNEL,
        moved=N_("A consent ran out on that day."),
        turn=Turn.EXPIRY,
        channel_index=UNTIL,
    ),
    Fact(
        "consent",
        Kind.TEXT,
        Subject.CONTACT,
        N_("consent to marketing"),
        TextClause(
            N_("whose consent to marketing by %(channel)s is: %(value)s"),
            N_("whose consent to marketing by %(channel)s is not: %(value)s"),
            N_("whose consent to marketing by %(channel)s is recorded"),
            N_("whose consent to marketing by %(channel)s is not recorded"),
        ),
        sql=Sql(by_channel={channel: f"({state_sql(channel)})" for channel in Channel}),
        python=state,
        sample=str(ConsentState.EXPRESS),
        values=Values.TERMS,
        terms=ConsentState,
        where=CHANNEL,
        needs=CHANNEL,
        moved=N_("A consent ran out on that day."),
        turn=Turn.EXPIRY,
        channel_index=UNTIL,
    ),
    Fact(
        "do_not_contact",
        Kind.TEXT,
        Subject.CONTACT,
        N_("do not contact"),
        TextClause(
            N_("who are on the do-not-contact list: %(value)s"),
            N_("who are on the do-not-contact list, but not: %(value)s"),
            N_("who are on the do-not-contact list"),
            N_("who are not on the do-not-contact list"),
            plain=True,
        ),
        sql=stored("do_not_contact"),
        python=from_profile("do_not_contact"),
        sample=str(DoNotContact.STAFF),
        values=Values.TERMS,
        terms=DoNotContact,
    ),
)
