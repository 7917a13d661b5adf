"""Texts that only read values: most of what stands in the gaps of a mail. They are filled in without Jinja, which
takes as long for one as to put together the whole mail."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jinja2 import nodes
from markupsafe import escape

from services.messaging.wording import sandbox

UNSAFE = re.compile("[&<>\"']")  # what `escape` changes
Simple = Sequence[str | tuple[str, str]]
"""A text that asks and changes nothing: its words, and between them values by their path of two names."""


def simple(tree: nodes.Template) -> Simple | None:
    """The text as one, where it is."""
    found: list[str | tuple[str, str]] = []
    for output in tree.body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(node, nodes.TemplateData):
                found.append(node.data)
            elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
                found.append((node.node.name, node.attr))
            else:
                return None
    return found


def read(text: Simple, reading: sandbox.Reading) -> str | None:
    """What `fill` makes of it, without Jinja; None where a value is not just words, or missing: that is `fill`'s."""
    values, said = reading.values, []
    for part in text:
        if type(part) is str:
            said.append(part)
            continue
        group = values.get(part[0])
        value = group.get(part[1]) if type(group) is dict else None
        if type(value) is not str:
            return None
        said.append(escaped(value) if reading.escapes else value)
    found = said[0] if len(said) == 1 else "".join(said)
    return found if len(found) <= sandbox.MOST_OUT else None


def escaped(text: str) -> str:
    """As it stands in a page; most values are as they are."""
    return str(escape(text)) if UNSAFE.search(text) else text
