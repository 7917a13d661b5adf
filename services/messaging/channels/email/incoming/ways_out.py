"""What a mail from elsewhere has of its own footer: its way out, its page in a browser; and what counts who opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.messaging.channels.email.source.kept import declarations
from services.messaging.channels.email.source.tree import Node

WAY_OUT = re.compile(
    r"unsubscribe|opt[- ]?out|manage (?:your )?(?:e?mail )?preferences|update (?:your )?(?:e?mail )?preferences|"
    r"abmelden|abbestellen|austragen|désabonner|désinscri|darse de baja|cancelar (?:la |su )?suscripción|"
    r"cancelar (?:a )?(?:sua )?(?:subscrição|inscrição)|remover|退订|取消订阅",
    re.IGNORECASE,
)
IN_BROWSER = re.compile(
    r"view (?:it |this )?(?:e?mail )?(?:online|in (?:your |a )?browser)|im browser|dans (?:votre |le )?navigateur|"
    r"en (?:el |su )?navegador|no (?:seu )?navegador|在浏览器",
    re.IGNORECASE,
)
ADDRESS_OUT = re.compile(r"unsub|opt-?out|abmeld|list-manage\.com/(?:unsub|profile)|preferences", re.IGNORECASE)
COUNTS = re.compile(r"/open[./?]|/track|pixel|beacon|/o\.gif|open\.aspx|wf/open|spacer", re.IGNORECASE)
BLOCKS = ("p", "td", "li", "div", "center", "span", "mj-text")
LONGEST = 300  # characters of a paragraph that goes with its way out


def footers(root: Node) -> Iterator[Node]:
    """The smallest part with a way out or a page in the browser; our own footer stands below every mail."""
    yield from _footers(root, [])


def _footers(node: Node, above: list[Node]) -> Iterator[Node]:
    for child in node.elements():
        if child.tag == "a" and is_way_out(child):
            yield _around(child, above)
        else:
            yield from _footers(child, [*above, child])


def is_way_out(link: Node) -> bool:
    target, words = link.attributes.get("href", ""), link.words()
    if "links.unsubscribe" in target or ADDRESS_OUT.search(target):
        return True
    return len(words) < 80 and bool(WAY_OUT.search(words) or IN_BROWSER.search(words))


def _around(link: Node, above: list[Node]) -> Node:
    for node in reversed(above):
        if node.tag in BLOCKS:
            return node if len(node.words().strip()) <= LONGEST and not _has_other(node, link) else link
    return link


def _has_other(node: Node, link: Node) -> bool:
    """Beside that link a picture, or another link that leads somewhere."""
    others = (one for one in node.walk() if one is not link)
    return any(one.tag in ("img", "table") or (one.tag == "a" and not is_way_out(one)) for one in others)


def pixels(root: Node) -> Iterator[Node]:
    """Pictures that nobody sees: they count who opens a mail."""
    return (node for node in root.walk() if node.tag == "img" and _is_pixel(node))


def _is_pixel(picture: Node) -> bool:
    style = dict(declarations(picture.attributes.get("style", "")))
    sizes = [picture.attributes.get(side) or style.get(side, "") for side in ("width", "height")]
    tiny = [bool(re.fullmatch(r"\s*[0-3](?:\.\d+)?\s*(?:px)?\s*", size)) for size in sizes]
    hidden = style.get("display") == "none" or style.get("visibility") == "hidden" or style.get("opacity") == "0"
    if all(tiny) or hidden:
        return True
    return any(tiny) and bool(COUNTS.search(picture.attributes.get("src", "")))
