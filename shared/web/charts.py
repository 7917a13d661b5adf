"""Charts drawn on the server by pygal, as SVG inside the page that takes its colours from `static/css/chart.css`.

pygal writes a style, a script and what a tooltip needs for every point; all of that goes here, for the page has a style
of its own, allows no script inside it and keeps a table beside each chart. A tenth is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, tostring

import pygal
from markupsafe import Markup

PLAIN: dict[str, Any] = {
    "css": [],
    "js": [],
    "no_prefix": True,
    "show_legend": False,
    "no_data_text": "",
    "margin": 1,
}
"""What every chart handed to `draw` is made with: `pygal.Bar(**PLAIN, width=…, height=…)`."""

SPARE_TAGS = {"defs", "title", "desc"}
SPARE_CLASSES = {"titles", "plot overlay", "plot text-overlay", "plot tooltip-overlay", "background"}


def draw(chart: Any, label: str) -> Markup:
    """The SVG of a pygal chart. `label` describes it in words; the figures stand in a table beside it."""
    root: Element = chart.render_tree()
    _prune(root)
    del root.attrib["id"]
    root.attrib.update({"role": "img", "aria-label": label})
    return Markup(tostring(root, encoding="unicode"))


def spark(values: Sequence[int], label: str) -> Markup:
    """A line of a few counts as small as a word, from zero up, or down where some are below it."""
    chart = pygal.Line(
        **PLAIN,
        width=112,
        height=26,
        spacing=0,
        show_dots=False,
        show_x_labels=False,
        show_y_labels=False,
        range=(min([*values, 0]), max([*values, 1])),
    )
    chart.add("", list(values))
    return Markup('<span class="spark">{}</span>').format(draw(chart, label))


def _prune(element: Element) -> None:
    for child in list(element):
        if _is_spare(child):
            element.remove(child)
        else:
            _prune(child)


def _is_spare(element: Element) -> bool:
    if not isinstance(element.tag, str):  # a comment
        return True
    empty = element.tag == "rect" and float(element.get("height", "0")) == 0
    return empty or element.tag in SPARE_TAGS or element.get("class") in SPARE_CLASSES
