"""Every custom property that a style sheet uses is defined in one."""

from __future__ import annotations

import re
from pathlib import Path

SHEETS = Path(__file__).parents[2] / "shared/web/static/css"


def test_every_custom_property_is_defined() -> None:
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS.glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used and used <= set(re.findall(r"(--[\w-]+)\s*:", text))
