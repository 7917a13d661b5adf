"""`task`: something is to be done by the hotel's staff, by a department and by an hour; the journey goes on
meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import Strict, Whole, wrong
from services.campaigns.steps.kind import Document, Does, Kind, Reached

LONGEST_TITLE = 200
LONGEST = timedelta(days=90)


class DueSchema(Strict):
    days = Whole(0, 90, load_default=0)
    hours = Whole(0, 240, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not timedelta(0) < timedelta(**data) <= LONGEST:
            raise wrong("no_time", "say by when: within some hours or days, 90 days at most")


class TaskSchema(Strict):
    title = marsh.String(required=True, validate=validate.Length(1, LONGEST_TITLE))
    department = marsh.String(required=True, validate=validate.Length(1, 40))
    within = marsh.Nested(DueSchema, required=True)


@dataclass(frozen=True)
class Task(Kind):
    """`department`: a code of the lists of cases; each hotel names its own."""

    kind = "task"
    stem = "task"
    fresh: ClassVar[Document] = {"title": "", "department": "front_desk", "within": {"days": 1, "hours": 0}}
    schema = TaskSchema
    acts = True

    title: str
    department: str
    within: timedelta

    @classmethod
    def of(cls, key: str, content: Document) -> Task:
        return cls(key, content["title"], content["department"], timedelta(**content["within"]))

    @property
    def content(self) -> Document:
        hours = self.within // timedelta(hours=1)
        within = {"days": hours // 24, "hours": hours % 24}
        return {"title": self.title, "department": self.department, "within": within}

    def advance(self, reached: Reached) -> Does:
        return Does(reached.at)
