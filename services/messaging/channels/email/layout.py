"""How a mail is drawn: its blocks and what stands around them as MJML, made into HTML that mail programmes hold.

MJML sees marks of places (`blocks/slots.py`) and looks of our own: no word of a marketer or a guest passes through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import mrml

from services.messaging.channels.email import frame
from services.messaging.channels.email.blocks.block import INK, QUIET
from services.messaging.channels.email.blocks.registry import Shown
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.email.looks import SANS
from services.messaging.channels.email.printing import CUT, Part
from services.messaging.wording.rich import Rich

LOGO = (
    "{% if sender.logo is defined %}"
    '<img src="{{ sender.logo }}" alt="{{ sender.brand }}" height="40" style="height:40px;width:auto;">'
    "{% else %}{{ sender.brand }}{% endif %}"
)
SHEET = "#ffffff"
WIDTH, MARGIN = 560, 28  # pixels
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
DARK = """
@media (prefers-color-scheme: dark) {
  .page, .page > div, .sheet, .sheet table { background: #16181b !important; }
  .ink, .ink div, .ink p, .ink td { color: #f1efe9 !important; }
  .link { color: #9ec8bb !important; }
  .small, .small div, .small a { color: #b9b4a9 !important; }
  .button td, .button a { background: #f1efe9 !important; color: #16181b !important; }
}
"""
HEAD = f"""<mj-attributes>
<mj-section background-color="{SHEET}" css-class="sheet" padding="0" text-align="left"/>
<mj-column padding="0 {MARGIN}px"/>
<mj-text font-size="17px" line-height="1.6" color="{INK}" padding="0 0 20px"/>
<mj-table font-size="16px" line-height="1.4" color="{INK}" padding="0 0 20px"/>
<mj-button font-size="17px" color="#ffffff" inner-padding="12px 22px" padding="0 0 20px"/>
<mj-image padding="0 0 20px"/>
<mj-divider padding="4px 0 24px"/>
</mj-attributes>"""
BETWEEN = f"<mj-raw>{CUT}</mj-raw>"
SCHEME = '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'


@dataclass(frozen=True)
class Around:
    """The marks of what stands around the blocks of every mail."""

    subject: str
    preview: str
    brand: str
    reason: str
    way_out: str
    unsubscribe: str
    imprint: str


def mail_around(slots: Slots, subject: str, preview: str, why: str) -> Around:
    """`why` it comes: its purpose, or that it is an answer."""
    own = frame.mail_frame(slots.language, why)
    return Around(
        subject=slots.line(subject),
        preview=slots.line(preview) if preview else "",
        brand=slots.marked(Rich(LOGO, "", ())),
        reason=slots.words(own.reason),
        way_out=slots.words(own.way_out) if own.way_out else "",
        unsubscribe=slots.line("{{ " + frame.WAY_OUT + " }}") if own.way_out else "",
        imprint=slots.line(frame.IMPRINT),
    )


def lay_out(slots: Slots, around: Around, body: Sequence[Shown]) -> tuple[Part, ...]:
    """The mail in parts, with marks of places: each block is a part, and so is what stands around and between them.

    Blocks that follow each other are rows of one section, which keeps a mail small; columns are one of their own."""
    pieces = [Part("", "", frozenset())]  # by turns what always stands, and a block
    sections = ""
    for are_sections, some in groupby((_part(slots, shown) for shown in body), lambda drawn: drawn[1]):
        parts = [part for part, _ in some]
        rows = "".join(f"{BETWEEN}{part.page}{BETWEEN}" for part in parts)
        sections += rows if are_sections else f"<mj-section><mj-column>{rows}</mj-column></mj-section>"
        for part in parts:
            pieces += [part, Part("", "", frozenset())]
    look = slots.look
    preview = f"<mj-preview>{around.preview}</mj-preview>" if around.preview else ""
    direction = "rtl" if slots.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"
    style = f"<mj-style>.link {{ color: {slots.colour}; }}{DARK}</mj-style>"
    face = f'<mj-attributes><mj-all font-family="{look.face}"/></mj-attributes>'
    face += f'<mj-attributes><mj-button border-radius="{look.button}px"/></mj-attributes>'
    head = f"<mj-head><mj-title>{slots.label}{around.subject}</mj-title>{preview}{face}{HEAD}{style}</mj-head>"
    page_look = f'width="{WIDTH}px" background-color="{look.paper}" css-class="page"'
    page = mrml.to_html(
        f'<mjml lang="{slots.language}" dir="{direction}">{head}'
        f"<mj-body {page_look}>{_brand(slots, around)}{sections}{_below(slots, around)}</mj-body></mjml>"
    ).content
    html = slots.with_raw(page).replace("<head>", f"<head>{SCHEME}", 1).split(CUT)
    drawn = [replace(part, page=own) for part, own in zip(pieces, html, strict=True)]
    return *drawn[:-1], replace(drawn[-1], plain=_plain_below(around))


def _part(slots: Slots, shown: Shown) -> tuple[Part, bool]:
    """The block in MJML with the places that are its, and whether it is whole sections."""
    first = len(slots.all)
    drawn = shown.block.drawn(slots)
    part = Part(drawn.mjml, drawn.plain, frozenset(range(first, len(slots.all))), shown.when)
    return part, drawn.is_sections


def _brand(slots: Slots, around: Around) -> str:
    own = slots.look
    look = f'color="{own.brand}" font-size="15px" letter-spacing="0.04em" padding="0 0 24px" css-class="ink"'
    name = f"<mj-column><mj-text {look}>{around.brand}</mj-text></mj-column>"
    room = '<mj-column><mj-spacer height="24px"/></mj-column>'
    above = f'<mj-section background-color="transparent" css-class="">{room}</mj-section>'
    round_ = f'border-radius="{own.corner}px {own.corner}px 0 0"'
    if not own.band:
        return f'{above}<mj-section padding="32px 0 0" {round_}>{name}</mj-section>'
    band = f'<mj-column><mj-spacer height="{own.band}px"/></mj-column>'
    coloured = f'<mj-section background-color="{slots.colour}" css-class="" {round_}>{band}</mj-section>'
    return f'{above}{coloured}<mj-section padding="24px 0 0">{name}</mj-section>'


def _below(slots: Slots, around: Around) -> str:
    round_ = f'border-radius="0 0 {slots.look.corner}px {slots.look.corner}px"'
    end = f'<mj-section {round_}><mj-column><mj-spacer height="12px"/></mj-column></mj-section>'
    look = (
        f'css-class="small" font-family="{SANS}" font-size="13px" line-height="1.5" color="{QUIET}" padding="0 0 8px"'
    )
    lines = [around.reason, around.imprint]
    if around.way_out:
        lines.insert(1, f'<a href="{around.unsubscribe}" style="color:{QUIET};">{around.way_out}</a>')
    texts = "".join(f"<mj-text {look}>{line}</mj-text>" for line in lines)
    plain = 'background-color="transparent" css-class="" padding="20px 0"'
    return f"{end}<mj-section {plain}><mj-column>{texts}</mj-column></mj-section>"


def _plain_below(around: Around) -> str:
    lines = [around.reason, f"{around.way_out}\n{around.unsubscribe}" if around.way_out else "", around.imprint]
    return "\n\n".join(["--", *filter(None, lines)]) + "\n"
