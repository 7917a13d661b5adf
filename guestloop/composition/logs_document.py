"""`python -m guestloop.composition.logs_document`: writes the table of log lines in docs/operations.md from the code.

One row an event: its level, the module that logs it, and the fields it carries beside `event`, `level`, `timestamp`,
`service`, `role` and `trace_id`. A test asks whether the file holds what this module would write.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "operations.md"
FOLDERS = ("guestloop", "services", "shared")
BEGIN, END = "<!-- log lines, written by: make docs -->", "<!-- end of log lines -->"
BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error", "exception": "error"}
WRITTEN_AS = {"exc_info": "errors"}


def block() -> str:
    rows = sorted(f"| {event} | {level} | {fields} | `{place}` |" for event, level, fields, place in lines())
    return "\n".join([BEGIN, "| event | level | fields | logged by |", "|---|---|---|---|", *rows, END])


def lines() -> Iterator[tuple[str, str, str, str]]:
    """Event, level, fields and module of every line that the code can log."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and (level := _level(node.func)):
                    yield _event(node), level, _fields(node), path.relative_to(ROOT).as_posix()


def _level(called: ast.expr) -> str | None:
    if not isinstance(called, ast.Attribute) or called.attr not in LEVELS:
        return None
    owner = called.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return LEVELS[called.attr] if name == "log" else None


def _event(call: ast.Call) -> str:
    first = call.args[0]
    assert isinstance(first, ast.Constant), f"an event is a fixed text, line {call.lineno}"
    return str(first.value)


def _fields(call: ast.Call) -> str:
    names = [WRITTEN_AS.get(one.arg, one.arg) for one in call.keywords if one.arg]
    return ", ".join(f"`{name}`" for name in names) or "–"


if __name__ == "__main__":
    DOCUMENT.write_text(BLOCK.sub(lambda _: block(), DOCUMENT.read_text("utf-8")), "utf-8")
