"""`update`: the guest is given a tag, or loses it; segments keeps tags, with what gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import Strict, wrong
from services.campaigns.steps.kind import Document, Does, Kind, Reached

LONGEST_TAG = 40
SEPARATORS = ",，、;\n"


class UpdateSchema(Strict):
    tag = marsh.String(required=True, validate=validate.Length(1, LONGEST_TAG))
    given = marsh.Boolean(load_default=True)

    @validates_schema
    def one_tag(self, data: dict[str, Any], **kwargs: Any) -> None:
        tag = data["tag"]
        if any(one in tag for one in SEPARATORS) or tag != " ".join(tag.split()):
            raise wrong("not_one_tag", "one tag, without commas and without spaces around it", "tag")


@dataclass(frozen=True)
class Update(Kind):
    kind = "update"
    stem = "tag"
    fresh: ClassVar[Document] = {"tag": "", "given": True}
    schema = UpdateSchema

    tag: str
    given: bool

    @classmethod
    def of(cls, key: str, content: Document) -> Update:
        return cls(key, content["tag"], content["given"])

    @property
    def content(self) -> Document:
        return {"tag": self.tag, "given": self.given}

    def advance(self, reached: Reached) -> Does:
        return Does(reached.at)
