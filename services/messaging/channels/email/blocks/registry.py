"""All kinds of block there are, and the fields of a body that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError, fields

from services.messaging.channels.email.blocks.block import Block, BlockKind
from services.messaging.channels.email.blocks.columns import ColumnsKind
from services.messaging.channels.email.blocks.offer import OfferKind
from services.messaging.channels.email.blocks.pictures import PictureKind
from services.messaging.channels.email.blocks.social import SocialKind
from services.messaging.channels.email.blocks.source import SourceKind
from services.messaging.channels.email.blocks.space import DividerKind, SpacerKind
from services.messaging.channels.email.blocks.stay import StayKind
from services.messaging.channels.email.blocks.words import ButtonKind, HeadingKind, Paragraph, ParagraphKind
from services.messaging.channels.text import Link, Source
from services.messaging.wording.conditions import Condition, ConditionSchema, read_condition

MOST_CONDITIONS = 5
IN_COLUMNS: Mapping[str, BlockKind] = {
    "heading": HeadingKind(),
    "text": ParagraphKind(),
    "picture": PictureKind(),
    "button": ButtonKind(),
    "stay": StayKind(),
    "offer": OfferKind(),
    "divider": DividerKind(),
    "spacer": SpacerKind(),
    "social": SocialKind(),
}


@dataclass(frozen=True)
class Shown:
    """A block of a body, and when it is shown; always where there is no condition."""

    block: Block
    when: tuple[Condition, ...] = ()

    def sources(self) -> Iterator[Source]:
        for source in self.block.sources():
            yield replace(source, is_conditional=bool(self.when))

    def links(self) -> Iterator[Link]:
        yield from self.block.links()


class InnerBlock(fields.Field[Block]):
    """A block within a column: a paragraph, or one of `IN_COLUMNS`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Block:
        return read_block(value, IN_COLUMNS)


BLOCKS: Mapping[str, BlockKind] = {**IN_COLUMNS, "columns": ColumnsKind(InnerBlock()), "source": SourceKind()}


class BodyBlock(fields.Field[Shown]):
    """A block of a body, with its conditions."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Shown:
        if not isinstance(value, dict):
            return Shown(read_block(value, BLOCKS))
        when = value.get("when", [])
        if not isinstance(when, list) or len(when) > MOST_CONDITIONS:
            raise ValidationError({"when": [f"is not a list of at most {MOST_CONDITIONS} conditions"]})
        try:
            conditions = tuple(map(read_condition, ConditionSchema(many=True).load(when)))
        except ValidationError as error:
            raise ValidationError({"when": error.messages}) from error
        return Shown(read_block({key: part for key, part in value.items() if key != "when"}, BLOCKS), conditions)


def read_block(value: Any, kinds: Mapping[str, BlockKind]) -> Block:
    """ValidationError names the place within the block."""
    if isinstance(value, str) and value.strip():
        return Paragraph(value.strip(), has_marks=False)
    if not isinstance(value, dict) or len(value) != 1 or not isinstance(next(iter(value.values())), dict):
        raise ValidationError(f"is neither a paragraph nor one block; there are {', '.join(kinds)}")
    ((kind, part),) = value.items()
    if kind not in kinds:
        raise ValidationError(f"there is no block «{kind}» here; there are {', '.join(kinds)}")
    try:
        return kinds[kind].read(kinds[kind].schema().load(part))
    except ValidationError as error:
        raise ValidationError({kind: error.messages}) from error
