"""`wait_for`: until something happens to the guest, they enter or leave a segment, open a link of this journey's own
message or answer its own survey; with a time-out and its own way.

What happened before the step was reached does not count, but for a guest who is in the segment already, or has opened
or answered the journey's own message: that counts at once. In a journey entered by a stay, what happens to another stay
does not count, a new booking excepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import pre_load, validates_schema

from services.campaigns.steps.events import EventName, crossing
from services.campaigns.steps.fields import Name, OneOf, Strict, Whole, exactly_one, wrong
from services.campaigns.steps.kind import Awaits, Document, GoOn, Kind, Reached
from services.campaigns.steps.own_messages import ANSWERED, ANY_MESSAGE, CLICKED, OF_OWN, first_of_own, own
from shared.vocabulary.stay import StayTurn

LONGEST = timedelta(days=365)
ENTERED, LEFT = "entered", "left"


class WithinSchema(Strict):
    days = Whole(0, 365, load_default=0)
    hours = Whole(0, 8760, load_default=0)
    minutes = Whole(0, 1440, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not timedelta(0) < timedelta(**data) <= LONGEST:
            raise wrong("time_out", "the time-out is from 1 minute to 365 days")


class WaitForSchema(Strict):
    event = EventName()
    audience = Name()
    when = OneOf((ENTERED, LEFT))
    clicked = Name()
    answered = Name()
    within = marsh.Nested(WithinSchema, required=True)
    then = Name(load_default=None, allow_none=True)
    otherwise = Name(load_default=None, allow_none=True, data_key="else", attribute="else")

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        return {"when": ENTERED, **data} if isinstance(data, dict) and "audience" in data else data

    @validates_schema
    def one_happening(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("event", "audience", *OF_OWN), "what is waited for")
        if "when" in data and "audience" not in data:
            raise wrong("not_one_kind", "only a segment is entered or left")


@dataclass(frozen=True)
class WaitFor(Kind):
    """For `event`, for the guest to enter (or leave) the segment `audience`, or for what they do (`does`) with the
    journey's own message of the step `message`, or any; the others are None."""

    kind = "wait_for"
    stem = "wait-for"
    fresh: ClassVar[Document] = {"event": "survey.answered", "within": {"days": 7, "hours": 0, "minutes": 0}} | {
        "then": None,
        "else": None,
    }
    schema = WaitForSchema
    leads = ("then", "else")
    takes_time = True

    event: str | None
    audience: str | None
    when: str | None
    does: str | None
    message: str
    within: timedelta
    then: str | None
    otherwise: str | None

    @classmethod
    def of(cls, key: str, content: Document) -> WaitFor:
        does = next((one for one in OF_OWN if one in content), None)
        return cls(
            key,
            event=content.get("event"),
            audience=content.get("audience"),
            when=content.get("when"),
            does=does,
            message=content[does] if does else ANY_MESSAGE,
            within=timedelta(**content["within"]),
            then=content["then"],
            otherwise=content["else"],
        )

    @property
    def content(self) -> Document:
        minutes = self.within // timedelta(minutes=1)
        within = {"days": minutes // 1440, "hours": minutes % 1440 // 60, "minutes": minutes % 60}
        waited_for = {"event": self.event} if self.event else {"audience": self.audience, "when": self.when}
        waited_for = {self.does: self.message} if self.does else waited_for
        return {**waited_for, "within": within, "then": self.then, "else": self.otherwise}

    @property
    def what(self) -> str:
        """The happening that wakes it."""
        if self.does:
            return own(self.does, self.message)
        return self.event or crossing(str(self.audience), entered=self.when == ENTERED)

    @property
    def awaited(self) -> tuple[str, ...]:
        """Leavings too, where an entrance is waited for: who left after the step was reached was inside then. Of the
        journey's own messages any of them, by which those who wait for one are looked for."""
        if self.does:
            return tuple(dict.fromkeys((self.what, own(self.does))))
        if self.when == ENTERED:
            return (self.what, crossing(str(self.audience), entered=False))
        return (self.what,)

    @property
    def asks_clicks(self) -> bool:
        return self.does == CLICKED

    @property
    def asks_answers(self) -> bool:
        return self.does == ANSWERED

    @property
    def audiences(self) -> tuple[str, ...]:
        return (self.audience,) if self.audience else ()

    @staticmethod
    def segments_in(content: Document, /) -> tuple[str, ...]:
        audience = content.get("audience")
        return (audience,) if audience else ()

    @classmethod
    def led_elsewhere(cls, content: Document, key: str, to: str | None) -> Document:
        """Where a message is renamed or removed, the new one is waited for, or any."""
        renamed = {does: to or ANY_MESSAGE for does in OF_OWN if content.get(does) == key}
        return {**super().led_elsewhere(content, key, to), **renamed}

    def advance(self, reached: Reached) -> GoOn | Awaits:
        since = reached.since or reached.at
        until = since + self.within
        happened = self._happened(reached, since)
        if happened is not None and happened <= until:
            return GoOn(happened, self.then)
        if reached.now >= until:
            return GoOn(until, self.otherwise)
        return Awaits(self.what, since, until)

    def _happened(self, reached: Reached, since: datetime) -> datetime | None:
        """When it happened first after `since`; `since` itself where the guest was in the segment already."""
        if self.does:
            first = first_of_own(reached, self.does, self.message)
            return max(first, since) if first else None
        if self.when == ENTERED and self._was_inside(reached, since):
            return since
        moments = reached.facts.moments.get((reached.guest_id, self.what), ())
        anywhere = reached.stay_id is None or self.event == f"stay.{StayTurn.BOOKED}"
        return next(
            (one.at for one in moments if one.at > since and (anywhere or one.stay_id in (None, reached.stay_id))), None
        )

    def _was_inside(self, reached: Reached, since: datetime) -> bool:
        """By the crossings that are known; where there are none, by what is known as the step is reached."""
        crossed = {
            one.at: entered
            for entered in (True, False)
            for one in reached.facts.moments.get(
                (reached.guest_id, crossing(str(self.audience), entered=entered)),
                (),
            )
        }
        before, after = [at for at in crossed if at <= since], [at for at in crossed if at > since]
        if before:
            return crossed[max(before)]
        if after:
            return not crossed[min(after)]
        return reached.since is None and (reached.guest_id, str(self.audience)) in reached.facts.inside
