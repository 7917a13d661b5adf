"""What Outlook (for Windows, which draws mails with Word) and Gmail make of what our mails are made of.

Ours, of what is publicly known of both; a property that one of them does not know has a fall-back, by which the mail
stays readable there. What is not in these tables does not stand in a mail: `test_gallery_shown.py` holds that.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Drawn(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Support(NamedTuple):
    """`instead`: what a reader sees where it is not, or not wholly, drawn."""

    outlook: Drawn
    gmail: Drawn
    instead: str = ""


BOTH = Support(Drawn.YES, Drawn.YES)


def not_in_word(instead: str) -> Support:
    return Support(Drawn.NO, Drawn.YES, instead)


def partly_in_word(instead: str) -> Support:
    return Support(Drawn.PARTLY, Drawn.YES, instead)


FOR_WORD = Support(Drawn.YES, Drawn.NO, "only Word needs it")
PROPERTIES = {
    **dict.fromkeys(
        (
            *(
                "background-color",
                "border-collapse",
                "border-spacing",
                "color",
                "direction",
                "font-family",
                "font-size",
            ),
            *("font-style", "font-weight", "letter-spacing", "line-height", "text-align", "text-decoration"),
            *(
                "text-transform",
                "vertical-align",
                "border",
                "border-bottom",
                "border-top",
                "border-left",
                "border-right",
            ),
            *("list-style", "font", "word-spacing"),
        ),
        BOTH,
    ),
    "background": partly_in_word("of a colour alone it is drawn; the same stands in bgcolor"),
    "border-radius": not_in_word("square corners"),
    "border-style": BOTH,
    "cursor": Support(Drawn.NO, Drawn.NO, "the pointer of links"),
    "display": partly_in_word("columns stand in a table that only Word reads"),
    "height": partly_in_word("on cells and pictures it is drawn; pictures have it as an attribute too"),
    "margin": partly_in_word("tables are centred by align"),
    "max-height": not_in_word("what is hidden by it is hidden by mso-hide too"),
    "max-width": not_in_word("a table of the sheet's width that only Word reads"),
    "min-width": not_in_word("its content is wide enough"),
    "opacity": not_in_word("what is hidden by it is hidden by display too"),
    "outline": not_in_word("no line"),
    "overflow": not_in_word("nothing reaches over its corner"),
    "padding": partly_in_word("on cells it is drawn; buttons have mso-padding-alt"),
    **dict.fromkeys(
        ("padding-bottom", "padding-left", "padding-right", "padding-top"), partly_in_word("as of padding")
    ),
    "table-layout": BOTH,
    "white-space": partly_in_word("a label may break"),
    "width": partly_in_word("on cells and tables it is drawn; pictures have it as an attribute too"),
    "word-break": not_in_word("long words reach over"),
    "word-wrap": BOTH,
    **dict.fromkeys(("-ms-interpolation-mode", "mso-table-lspace", "mso-table-rspace"), FOR_WORD),
    **dict.fromkeys(("mso-line-height-rule", "mso-padding-alt", "mso-hide"), FOR_WORD),
    **dict.fromkeys(
        ("-webkit-text-size-adjust", "-ms-text-size-adjust"), Support(Drawn.NO, Drawn.NO, "iPhones need it")
    ),
}
"""By name, of what stands in a `style`, of an element or of the head."""
AT_RULES = {
    "@media only screen and (min-width:480px)": not_in_word("columns stand in a table that only Word reads"),
    "@media only screen and (max-width:480px)": not_in_word("pictures keep their width"),
    "@media only screen and (max-width:479px)": not_in_word("pictures keep their width"),
    "@media (prefers-color-scheme: dark)": Support(
        Drawn.NO, Drawn.NO, "they turn colours by themselves, or not at all"
    ),
    "@media print": Support(Drawn.NO, Drawn.NO, "print is as the screen"),
}
ELEMENTS = frozenset(
    [
        "html",
        "head",
        "title",
        "meta",
        "style",
        "body",
        "div",
        "table",
        "tbody",
        "tr",
        "td",
        "p",
        "a",
        "img",
        "h1",
        "h2",
        "h3",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "br",
        "span",
        "b",
        "i",
        "small",
    ]
)
"""Both draw these."""
ATTRIBUTES = frozenset(
    [
        "align",
        "alt",
        "aria-label",
        "aria-roledescription",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "charset",
        "class",
        "content",
        "dir",
        "height",
        "href",
        "http-equiv",
        "lang",
        "media",
        "name",
        "role",
        "src",
        "style",
        "target",
        "title",
        "type",
        "valign",
        "vertical-align",
        "width",
        "xmlns",
        "xmlns:o",
        "xmlns:v",
        "aria-hidden",
    ]
)
NOT_IN_THE_STANDARD = (
    "Attribute “xmlns:v” not allowed here.",
    "Attribute “xmlns:o” not allowed here.",
    "Property “mso-table-lspace” doesn't exist.",
    "Property “mso-table-rspace” doesn't exist.",
    "Property “mso-padding-alt” doesn't exist.",
    "Bad value “auto” for attribute “height” on element “img”",
    "Attribute “vertical-align” not allowed on element “td”",
)
"""What the checker of the W3C finds and Word needs, or MJML writes: all of it does no harm anywhere."""
