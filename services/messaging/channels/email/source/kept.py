"""What of HTML and of style sheets a mail keeps: what mail programs hold, and what can do no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.messaging.channels.email.source.tree import words

WIDEST = 560  # pixels of the sheet of a mail
TAGS = words(
    """
    a abbr b big blockquote br center code del div em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small
    span strike strong sub sup table tbody td tfoot th thead tr u ul
    """
)
FRAME = frozenset(("html", "head", "body", "title", "meta", "!doctype"))  # of a whole page: ours stands in their place
GONE_WHOLE = words(
    """
    script style iframe object embed applet form svg math video audio canvas noscript template textarea select
    button xml
    """
)
"""Tags that go with all that is in them."""
EVERYWHERE = frozenset(("style", "class", "align", "dir", "lang", "title", "role", "aria-hidden", "aria-label"))
ATTRIBUTES = {
    "a": frozenset(("href",)),
    "img": frozenset(("src", "alt", "width", "height", "border", "hspace", "vspace")),
    "table": frozenset(("width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "summary")),
    "td": frozenset(("width", "height", "valign", "bgcolor", "colspan", "rowspan", "nowrap")),
    "th": frozenset(("width", "height", "valign", "bgcolor", "colspan", "rowspan", "nowrap", "scope")),
    "tr": frozenset(("valign", "bgcolor", "height")),
    "font": frozenset(("color", "face", "size")),
    "hr": frozenset(("width", "size", "noshade", "color")),
    "ol": frozenset(("start", "type")),
    "ul": frozenset(("type",)),
}
PROPERTIES = words(
    """
    background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width
    border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius
    border-right border-right-color border-right-style border-right-width border-spacing border-style border-top
    border-top-color border-top-style border-top-width border-width box-sizing clear color direction display
    float font font-family font-size font-style font-variant font-weight height letter-spacing line-height
    list-style list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top
    max-height max-width min-height min-width overflow overflow-wrap padding padding-bottom padding-left
    padding-right padding-top table-layout text-align text-decoration text-indent text-transform vertical-align
    white-space width word-break word-spacing word-wrap -webkit-text-size-adjust -ms-text-size-adjust
    mso-line-height-rule mso-table-lspace mso-table-rspace mso-padding-alt mso-hide
    """
)
HARMFUL = re.compile(r"url\s*\(|expression|javascript|import|behavior|binding|[\\<>{}@]|/\*", re.IGNORECASE)
DECLARATION = re.compile(r"""((?:[^;"']|"[^"]*"|'[^']*')+)""")
PIXELS = re.compile(r"([0-9.]+)\s*(?:px)?", re.IGNORECASE)


def attributes_of(tag: str) -> frozenset[str]:
    return EVERYWHERE | ATTRIBUTES.get(tag, frozenset())


def declarations(style: str) -> Iterator[tuple[str, str]]:
    """Property and value, as a `style` names them."""
    for found in DECLARATION.findall(style):
        name, colon, value = found.partition(":")
        if colon and name.strip():
            yield name.strip().lower(), value.strip()


def is_kept(name: str, value: str) -> bool:
    return name in PROPERTIES and not HARMFUL.search(value)


def kept_style(style: str) -> str:
    kept = ((name, _narrowed(name, value)) for name, value in declarations(style) if is_kept(name, value))
    return ";".join(f"{name}:{value}" for name, value in kept if value)


def narrowed_width(value: str) -> str:
    """A width in pixels that passes the sheet is all of it."""
    found = PIXELS.fullmatch(value.strip())
    return "100%" if found and float(found[1]) > WIDEST else value


def _narrowed(name: str, value: str) -> str:
    if name in ("width", "max-width"):
        return narrowed_width(value)
    return "" if name == "min-width" and narrowed_width(value) == "100%" else value
