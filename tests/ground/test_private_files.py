"""What commands write of guests is closed to everybody else on the machine, from its first moment."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from guestloop.demo.rows import write_rows
from services.segments.imports.refused import write_rejects
from shared.private_files import keep_private, private_folder, write_private
from shared.settings.installation import origin_of
from tests.cast import NOW

ROOT = Path(__file__).parents[2]
NOBODYS = {
    "guestloop/generated/export.py": "an export of people who do not exist, to be looked at",
    "guestloop/composition/settings_document.py": "README and example settings of this repository",
    "guestloop/composition/services_document.py": "a document of this repository",
    "guestloop/composition/processing_document.py": "a document of this repository",
    "guestloop/composition/logs_document.py": "a document of this repository",
    "guestloop/composition/alerts_document.py": "rules of this repository",
    "guestloop/operations/rotate_keys.py": "a key ring, closed before it is written",
    "guestloop/operations/provision.py": "secrets in a folder that is closed",
    "guestloop/backup/recover.py": "what a restored server says, closed before it is written",
    "guestloop/demo/home.py": "a password, closed before it is written",
    "shared/embedded/home.py": "a key ring, closed before it is written",
    "shared/embedded/passwords.py": "passwords, closed before they are written",
    "shared/embedded/server.py": "the server's own notes and its password, closed before they are written",
}
"""Files that write otherwise, and what."""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_closed_also_where_an_open_one_lay(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        private_folder(tmp_path / "a" / "b")
        with write_private(tmp_path / "a" / "new") as file:
            file.write("x")
        (tmp_path / "old").write_text("of a version that left it open, and longer")
        (tmp_path / "old").chmod(0o644)
        with write_private(tmp_path / "old") as file:
            file.write("x")
        keep_private(tmp_path / "report", b"x")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "a" / "b"), mode(tmp_path / "a" / "new"), mode(tmp_path / "old")) == (0o700, 0o600, 0o600)
    assert (tmp_path / "old").read_text() == "x"
    assert (mode(tmp_path / "report"), (tmp_path / "report").read_bytes()) == (0o600, b"x")
    with write_private(Path(os.devnull)) as file:
        file.write("x")
    assert Path(os.devnull).stat().st_mode & 0o666 == 0o666


def test_rows_and_refused_rows_are_closed(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.csv", [(1, "email", "x", "")])
    write_rows(tmp_path / "rows.csv", NOW.date(), guests=3)
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


def test_nobody_writes_a_file_by_another_way() -> None:
    others = {str(path.relative_to(ROOT)) for path in sources() if any(writes(path))}
    assert others - {"shared/private_files.py"} == NOBODYS.keys()


def sources() -> Iterator[Path]:
    for folder in ("guestloop", "services", "shared"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def writes(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        by_mode = name == "open" and any(set(one) & set("wax") and set(one) <= set("rwaxbt+") for one in modes)
        if by_mode or name in ("write_text", "write_bytes"):
            yield node


def test_links_lead_to_the_port_where_it_runs() -> None:
    assert origin_of({}) == "http://127.0.0.1:8080"
    assert origin_of({"GUESTLOOP_PORT": "8099"}) == "http://127.0.0.1:8099"
    assert origin_of({"GUESTLOOP_PORT": "8099", "GUESTLOOP_ORIGIN": "https://loop.example.com"}) == (
        "https://loop.example.com"
    )
