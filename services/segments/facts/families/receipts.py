"""What became of the messages to a guest, by channel, as providers, mail servers and mails that came back say."""

from __future__ import annotations

from collections.abc import Mapping

from services.segments.facts.clauses import AmountClause, TruthClause
from services.segments.facts.fact import Evaluate, Fact, Index, Kind, Subject, Turn
from services.segments.facts.guest_view import GuestView, ReceiptView, Today
from services.segments.facts.sql import Sql
from services.segments.facts.units import DAYS
from services.segments.facts.where import CHANNEL, Where
from shared.vocabulary.channel import Channel
from shared.vocabulary.term import N_

NONE = ReceiptView()


def days_since(kind: str) -> Evaluate:
    def days(guest: GuestView, where: Where, today: Today) -> int | None:
        day = getattr(guest.receipts.get(where.channel[0], NONE), kind)
        return (today.day - day).days if day else None

    return days


def days_sql(kind: str) -> Sql:
    return Sql(by_channel={channel: f"(p.today - p.{channel}_{kind}_on)" for channel in Channel})


def found_by(kind: str) -> Mapping[str, Index]:
    return {channel: Index(f"{channel}_{kind}") for channel in Channel}


def works(guest: GuestView, where: Where, _today: Today) -> bool:
    channel = where.channel[0]
    return Channel(channel).kept_as in guest.own and guest.receipts.get(channel, NONE).arrives


FACTS = (
    Fact(
        "last_written",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last message sent, days ago"),
        AmountClause(
            N_("to whom the last message by %(channel)s was sent %(amount)s ago"),
            N_("to whom no message by %(channel)s was sent"),
            known=N_("to whom a message by %(channel)s was sent"),
        ),
        sql=days_sql("written"),
        python=days_since("written"),
        sample=14,
        unit=DAYS,
        moved=N_("So much time has passed since a message was sent."),
        where=CHANNEL,
        needs=CHANNEL,
        turn=Turn.SINCE,
        channel_index=found_by("written"),
    ),
    Fact(
        "last_clicked",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last link opened, days ago"),
        AmountClause(
            N_("who last opened a link of a message by %(channel)s %(amount)s ago"),
            N_("who never opened a link of a message by %(channel)s"),
            known=N_("who have opened a link of a message by %(channel)s"),
        ),
        sql=days_sql("clicked"),
        python=days_since("clicked"),
        sample=30,
        unit=DAYS,
        moved=N_("So much time has passed since a link was opened."),
        where=CHANNEL,
        needs=CHANNEL,
        turn=Turn.SINCE,
        channel_index=found_by("clicked"),
    ),
    Fact(
        "last_delivered",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last message that arrived, days ago"),
        AmountClause(
            N_("to whom the last message by %(channel)s came %(amount)s ago"),
            N_("to whom no message by %(channel)s is known to have come"),
            known=N_("to whom a message by %(channel)s is known to have come"),
        ),
        sql=days_sql("delivered"),
        python=days_since("delivered"),
        sample=30,
        unit=DAYS,
        hint=N_("What came back did not arrive, even where a mail server had taken it."),
        moved=N_("So much time has passed since a message arrived."),
        where=CHANNEL,
        needs=CHANNEL,
        turn=Turn.SINCE,
        channel_index=found_by("delivered"),
    ),
    Fact(
        "last_bounced",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last message that came back, days ago"),
        AmountClause(
            N_("whose last message by %(channel)s to come back did so %(amount)s ago"),
            N_("of whose messages by %(channel)s none came back"),
            known=N_("of whose messages by %(channel)s one came back"),
        ),
        sql=days_sql("bounced"),
        python=days_since("bounced"),
        sample=90,
        unit=DAYS,
        moved=N_("So much time has passed since a message came back."),
        where=CHANNEL,
        needs=CHANNEL,
        turn=Turn.SINCE,
        channel_index=found_by("bounced"),
    ),
    Fact(
        "last_complained",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last report of a message as spam, days ago"),
        AmountClause(
            N_("who last reported a message by %(channel)s as spam %(amount)s ago"),
            N_("who never reported a message by %(channel)s as spam"),
            known=N_("who once reported a message by %(channel)s as spam"),
        ),
        sql=days_sql("complained"),
        python=days_since("complained"),
        sample=365,
        unit=DAYS,
        moved=N_("So much time has passed since the report as spam."),
        where=CHANNEL,
        needs=CHANNEL,
        turn=Turn.SINCE,
        channel_index=found_by("complained"),
    ),
    Fact(
        "receives",
        Kind.TRUTH,
        Subject.CONTACT,
        N_("receives messages, as receipts say"),
        TruthClause(
            N_("who can receive messages by %(channel)s, as receipts say"),
            N_("of whom no receipt says that they can receive messages by %(channel)s"),
        ),
        sql=Sql(by_channel={channel: f"(p.{channel}_personal and p.{channel}_arrives)" for channel in Channel}),
        python=works,
        sample=True,
        hint=N_("An address or number of their own, and the last that is known of messages there is that one arrived."),
        always_known=True,
        where=CHANNEL,
        needs=CHANNEL,
    ),
)
