"""What the head of a document of MJML says of all its parts, written at each of them: a fragment has no head."""

from __future__ import annotations

from html import escape

from services.messaging.channels.email.incoming.edits import Edits
from services.messaging.channels.email.source.tree import Node, read_tree


def with_defaults(text: str) -> str:
    """The body of a document, its `mj-attributes` and classes at the parts they are for. A fragment stays as it is."""
    tree = read_tree(text)
    body = next((node for node in tree.root.walk() if node.tag == "mj-body"), None)
    if body is None:
        return text
    edits = Edits(text)
    for node in body.walk():
        if node.tag.startswith("mj-") and node is not body:
            own = {key for key in node.attributes if key != "mj-class"}
            more = {key: value for key, value in _said(tree.root, node).items() if key not in own}
            said = "".join(f' {key}="{escape(value)}"' for key, value in more.items())
            edits.insert(node.begins + 1 + len(node.tag), said)
    edits.insert(body.start, START)
    edits.insert(body.end, STOP)
    changed = edits.applied()
    return changed[changed.index(START) + 1 : changed.index(STOP)]


START, STOP = "\ue004", "\ue005"


def _said(root: Node, node: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    classes = node.attributes.get("mj-class", "").split()
    for block in (one for one in root.walk() if one.tag == "mj-attributes"):
        for rule in block.elements():
            wanted = rule.tag in ("mj-all", node.tag) or (
                rule.tag == "mj-class" and rule.attributes.get("name") in classes
            )
            if wanted:
                found |= {key: value for key, value in rule.attributes.items() if key != "name"}
    return found
