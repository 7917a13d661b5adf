"""The inbox: which replies need a person, how long an answer may be, until when one is put off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from services.feedback.rules.replies import FOR_A_PERSON, TakenAs
from shared.localtime import local_date, local_instant
from shared.vocabulary.channel import Channel
from shared.vocabulary.term import N_, Term

USEFUL_FOR = timedelta(days=3)
"""An answer that could not be sent by then is no answer any more."""
PRESENT_FOR = timedelta(minutes=2)
MEDIAN_DAYS = 28
LONGEST: Mapping[Channel, int] = {Channel.SMS: 1600, Channel.WHATSAPP: 1600, Channel.EMAIL: 10_000}
ROOM_FOR_A_PICTURE = 200
"""Characters that the link to a picture takes, and no words may."""
LARGEST_PICTURE = 160 * 1024
"""Bytes: sealed, and with the longest words, it fits into one event."""
LONGEST_ALT = 300
LONGEST_SUBJECT, LONGEST_MESSAGE_ID = 200, 250
MORNING = time(8)
ANSWERS_ALREADY = re.compile(r"(?:re|aw|sv|antw|res|rif|odp|回复|答复|回覆)\s*[:：]", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
VALUE = re.compile(r"\{\{\s*([a-z._]*)\s*\}\}")


class View(Term):
    """Which threads a list shows."""

    OPEN = "open", N_("Open")
    UNREAD = "unread", N_("Unread")
    MINE = "mine", N_("Mine")
    UNASSIGNED = "unassigned", N_("Unassigned")
    SNOOZED = "snoozed", N_("Snoozed")
    DONE = "done", N_("Done")
    ALL = "all", N_("All")


class Snooze(Term):
    """Until when a thread is put off."""

    HOUR = "hour", N_("for an hour")
    THREE_HOURS = "three_hours", N_("for three hours")
    TOMORROW = "tomorrow", N_("until tomorrow morning")
    MONDAY = "monday", N_("until Monday morning")

    def until(self, now: datetime, zone: str) -> datetime:
        """Mornings are those of the hotel."""
        if self in (Snooze.HOUR, Snooze.THREE_HOURS):
            return now + timedelta(hours=1 if self is Snooze.HOUR else 3)
        today = local_date(now, zone)
        days = 1 if self is Snooze.TOMORROW else 7 - today.weekday()
        return local_instant(today + timedelta(days=days), MORNING, zone)


class CannedValue(Term):
    """What a canned answer may take from whom it goes to."""

    GUEST_NAME = "guest.name", N_("The guest’s name")
    HOTEL_NAME = "hotel.name", N_("The hotel’s name")
    MY_NAME = "my.name", N_("Your own name")


def longest_words(channel: Channel, *, is_pictured: bool) -> int:
    """In a mail a picture takes no room of the words."""
    taken = ROOM_FOR_A_PICTURE if is_pictured and channel is not Channel.EMAIL else 0
    return LONGEST[channel] - taken


def needs_a_person(taken_as: TakenAs, *, comment: str | None, urgent: bool) -> bool:
    """A stop is honoured and a score counted by themselves; what stands beside a score is for a person."""
    return urgent or taken_as in FOR_A_PERSON or (taken_as is TakenAs.SCORE and bool(comment))


def subject_of_answer(subject: str) -> str | None:
    """None where there was none: messaging has one of its own."""
    plain = " ".join(subject.split())
    if not plain:
        return None
    return (plain if ANSWERS_ALREADY.match(plain) else f"Re: {plain}")[:LONGEST_SUBJECT]


def message_id_in(header: str) -> str | None:
    found = MESSAGE_ID.search(header)
    return found[0] if found and len(found[0]) <= LONGEST_MESSAGE_ID else None


def filled(text: str, values: Mapping[str, str]) -> str:
    """What is not known stays as it stands, for whoever sends it to see."""
    return VALUE.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> bool:
    """Whether something in it has not been filled in."""
    return any(found in list(CannedValue) for found in VALUE.findall(text))


def unknown_values(text: str) -> list[str]:
    return [found for found in VALUE.findall(text) if found not in list(CannedValue)]
