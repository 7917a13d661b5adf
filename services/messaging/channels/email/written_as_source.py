"""Our own blocks as MJML, for whoever goes on in source. A card of a stay or an offer has its words by language and
stays a block; so does whatever is not whole yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from marshmallow import ValidationError

from services.messaging.channels.email.blocks.block import LINE, Block
from services.messaging.channels.email.blocks.columns import Columns
from services.messaging.channels.email.blocks.pictures import WIDEST, Picture
from services.messaging.channels.email.blocks.registry import BLOCKS, Shown, read_block
from services.messaging.channels.email.blocks.social import BETWEEN, Social
from services.messaging.channels.email.blocks.source import SourceBlock
from services.messaging.channels.email.blocks.space import Divider, Spacer
from services.messaging.channels.email.blocks.words import SIZES, Button, Heading, Paragraph
from services.messaging.channels.email.source.reading import CODE, Unreadable, read_source
from services.messaging.wording.rich import COLOURED, plain_as_rich, read_rich
from services.messaging.wording.sandbox import NotOfTheLanguage

Document = dict[str, Any]


def as_source(block: str | Document) -> str | None:
    """Of a block as a document holds it, without its conditions."""
    bare = {key: part for key, part in block.items() if key != "when"} if isinstance(block, dict) else block
    try:
        found = _written(read_block(bare, BLOCKS))
        if found:
            read_source(found)
    except (ValidationError, NotOfTheLanguage, Unreadable):
        return None
    return found


def whole_as_source(body: Sequence[str | Document]) -> list[str | Document]:
    """Blocks that follow each other, and are always shown, as one source; the others as they are."""
    made: list[str | Document] = []
    rows: list[str] = []
    sections: list[str] = []

    def end_rows() -> None:
        if rows:
            inner = "\n".join(f"    {row}" for row in rows)
            sections.append(f"<mj-section>\n  <mj-column>\n{inner}\n  </mj-column>\n</mj-section>")
            rows.clear()

    def end() -> None:
        end_rows()
        if sections:
            made.append({"source": {"text": "\n".join(sections)}})
            sections.clear()

    for block in body:
        text = as_source(block) if isinstance(block, str) or "when" not in block else None
        if text is None or (isinstance(block, dict) and "source" in block):
            end()
            made.append(block)
        elif text.startswith("<mj-section"):
            end_rows()
            sections.append(text)
        else:
            rows.append(text)
    end()
    return made


def _written(block: Block | Shown) -> str | None:
    match block:
        case Heading():
            look = f"margin:0;font-size:{SIZES[block.level]}px;line-height:1.3;font-weight:600;"
            words = f'<h{block.level} style="{look}">{escape(block.text, quote=False)}</h{block.level}>'
            return f'<mj-text align="{block.align}">{words}</mj-text>'
        case Paragraph():
            rich = read_rich(block.text, _linked) if block.has_marks else plain_as_rich(block.text, _linked)
            return None if CODE.search(rich.page.replace(COLOURED, "")) else _paragraph(block, rich.page)
        case Button():
            label = escape(block.label, quote=False)
            return f'<mj-button align="{block.align}" href="{_href(block.link)}">{label}</mj-button>'
        case Picture():
            led = f' href="{_href(block.link)}"' if block.link else ""
            width = WIDEST * block.width // 100
            look = f'align="{block.align}" width="{width}px" border-radius="4px"'
            return f'<mj-image {look} src="{block.file}" alt="{escape(block.alt)}"{led}/>'
        case Divider():
            return f'<mj-divider border-width="1px" border-color="{LINE}"/>'
        case Spacer():
            return f'<mj-spacer height="{block.height}px"/>'
        case Social():
            links = (f'<a href="{_href(one.link)}">{escape(one.name, quote=False)}</a>' for one in block.places)
            return f'<mj-text align="{block.align}" font-size="14px">{BETWEEN.join(links)}</mj-text>'
        case Columns():
            return _columns(block)
        case SourceBlock():
            return block.text
        case _:
            return None


def _paragraph(block: Paragraph, page: str) -> str:
    words = page.replace(f' class="link" {COLOURED}', "")
    return f'<mj-text align="{block.align}">{words}</mj-text>'


def _columns(block: Columns) -> str | None:
    written = [list(_all(column)) for column in block.columns]
    if any(row is None for column in written for row in column):
        return None
    columns = "".join(
        f"\n  <mj-column>\n    {chr(10).join(filter(None, column))}\n  </mj-column>" for column in written
    )
    return f"<mj-section>{columns}\n</mj-section>"


def _all(blocks: Sequence[Block]) -> Iterator[str | None]:
    yield from map(_written, blocks)


def _linked(target: str) -> str:
    return target


def _href(target: str) -> str:
    return escape("{{ " + target + " }}" if target.startswith("links.") else target)
