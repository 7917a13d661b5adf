"""What a file is by its first bytes: a text, a workbook, or an archive that holds one of these.

Gzip and zip are unpacked while they are read. A workbook inside an archive rests in a file without a name.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from shared.errors import InputError, Problem
from shared.table_files.unpacking import Member, Unpacked, damaged
from shared.table_files.workbooks import check_workbook, is_workbook
from shared.vocabulary.file_problem import FileProblem

GZIP, ZIP, OLE = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
NO_TABLES = {
    b"%PDF": "a PDF",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
    b"<": "a web page or XML",
}
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz")
DEEPEST = 3
LONGEST_SHOWN = 120
SPACE = b" \t\r\n\xef\xbb\xbf"
EndsEarly = Callable[[int], None]


@dataclass(frozen=True)
class Content:
    """What is to be read of a file. `opened`: its bytes, from the beginning. `members`: the tables of an archive of
    several, of which `member` is read."""

    opened: Callable[[EndsEarly], BinaryIO]
    is_workbook: bool
    members: Sequence[str] = ()
    member: str | None = None


def content_of(path: Path, member: str | None) -> Content:
    """Raises `InputError` where the file is missing, damaged, locked or of a kind that holds no table."""

    def opened(_: EndsEarly) -> BinaryIO:
        try:
            return cast(BinaryIO, path.open("rb"))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from error

    return _within(Content(opened, False), member, DEEPEST)


def first_lines(path: Path, members: Sequence[str]) -> dict[str, str]:
    """How each of an archive's tables begins."""
    found = {}
    for member in members:
        with content_of(path, member).opened(_ignored) as file:
            found[member] = file.readline(LONGEST_SHOWN).decode(errors="replace").strip()
    return found


def _within(content: Content, wanted: str | None, depth: int) -> Content:
    with content.opened(_ignored) as file:
        head = file.read(512).lstrip(SPACE)
    if head.startswith(GZIP) and depth:
        return _within(_unzipped(content), wanted, depth - 1)
    if head.startswith(ZIP) and depth:
        return _in_archive(content, wanted, depth - 1)
    if head.startswith(OLE):
        return Content(_seekable(content), True, content.members, content.member)
    for start, kind in NO_TABLES.items():
        if head.startswith(start):
            raise InputError(None, {"file": Problem(f"this is {kind}, not a table", FileProblem.NO_TABLE)})
    return content


def _unzipped(packed: Content) -> Content:
    def opened(ends_early: EndsEarly) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(Unpacked(_seekable(packed)(ends_early), ends_early)))

    return Content(opened, False, packed.members, packed.member)


def _in_archive(packed: Content, wanted: str | None, depth: int) -> Content:
    seekable = _seekable(packed)
    with _archive(seekable) as archive:
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
        if is_workbook(names):
            with seekable(_ignored) as file:
                check_workbook(archive, file.seek(0, io.SEEK_END))
            return Content(seekable, True, packed.members, packed.member)
    plain = [name for name in names if not name.startswith("__MACOSX/") and not Path(name).name.startswith(".")]
    tables = [name for name in plain if name.lower().endswith(ENDINGS)] or plain
    if not tables:
        raise InputError(None, {"file": Problem("the archive holds no file", FileProblem.EMPTY)})
    chosen = wanted if wanted in tables else tables[0]

    def opened(_: EndsEarly) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(Member(_archive(seekable), chosen)))

    several = len(tables) > 1
    return _within(Content(opened, False, tables if several else (), chosen if several else None), wanted, depth)


def _archive(seekable: Callable[[EndsEarly], BinaryIO]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(seekable(_ignored))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise damaged("the archive is damaged: its list of files, at the end, is missing") from error


def _seekable(content: Content) -> Callable[[EndsEarly], BinaryIO]:
    """The same bytes in a file of the system's."""

    def opened(ends_early: EndsEarly) -> BinaryIO:
        file = content.opened(ends_early)
        if not isinstance(getattr(file, "raw", None), Unpacked | Member):
            return file
        with file:
            unnamed = TemporaryFile()  # noqa: SIM115
            shutil.copyfileobj(file, unnamed, 1 << 20)
        unnamed.seek(0)
        return cast(BinaryIO, unnamed)

    return opened


def _ignored(byte: int) -> None:
    """Where it ends early is told when it is read as a table."""
