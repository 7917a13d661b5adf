"""`update`: the guest is given a tag, or loses it; or is given a tier. Segments keeps both, with what gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import pre_load, validate, validates_schema

from services.campaigns.steps.fields import Strict, exactly_one, wrong
from services.campaigns.steps.kind import Document, Does, Kind, Reached

LONGEST_TAG = 40
LONGEST_TIER = 40
SEPARATORS = ",，、;\n"


class UpdateSchema(Strict):
    tag = marsh.String(validate=validate.Length(1, LONGEST_TAG))
    given = marsh.Boolean()
    tier = marsh.String(allow_none=True, validate=validate.Length(1, LONGEST_TIER))

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        return {"given": True, **data} if isinstance(data, dict) and "tag" in data else data

    @validates_schema
    def one_change(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("tag", "tier"), "what is changed")
        if "given" in data and "tag" not in data:
            raise wrong("not_one_kind", "only a tag is given or taken away")
        name = "tag" if "tag" in data else "tier"
        text = data[name] or ""
        if any(one in text for one in SEPARATORS) or text != " ".join(text.split()):
            raise wrong(f"not_one_{name}", f"one {name}, without commas and without spaces around it", name)


@dataclass(frozen=True)
class Update(Kind):
    """A `tag` that is `given` or taken away; where that is None, a `tier`, None for the one that reservations state."""

    kind = "update"
    stem = "tag"
    fresh: ClassVar[Document] = {"tag": "", "given": True}
    schema = UpdateSchema
    acts = True

    tag: str | None
    given: bool
    tier: str | None

    @classmethod
    def of(cls, key: str, content: Document) -> Update:
        return cls(key, content.get("tag"), content.get("given", True), content.get("tier"))

    @property
    def content(self) -> Document:
        return {"tier": self.tier} if self.tag is None else {"tag": self.tag, "given": self.given}

    def advance(self, reached: Reached) -> Does:
        return Does(reached.at)
