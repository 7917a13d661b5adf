"""Sheets of a workbook (xlsx, xls, xlsb, ods), read by a child process that ends; bombs are refused unread."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shared.errors import InputError, Problem
from shared.table_files.unpacking import MB, check_size
from shared.vocabulary.file_problem import FileProblem

CHILD = Path(__file__).with_name("workbook_child.py")
MOST_MEMORY = 2048 * MB
"""Of the child. A sheet is as large as its farthest cell says, so a small file may ask for any amount."""
MOST_UNPACKED = 1024 * MB
OF_A_WORKBOOK = ("xl/workbook.xml", "xl/workbook.bin", "content.xml", "[Content_Types].xml")
CODES = {"locked": FileProblem.LOCKED, "memory": FileProblem.UNPACKS_ENDLESSLY, "damaged": FileProblem.DAMAGED}


@dataclass(frozen=True)
class Sheet:
    """`rows`: its first ones, each with its number as a spreadsheet shows it."""

    name: str
    hidden: bool
    rows: Sequence[tuple[int, list[str]]]


def is_workbook(names: Sequence[str]) -> bool:
    """Whether an archive of these files is a workbook."""
    return any(name in names for name in OF_A_WORKBOOK)


def check_workbook(archive: zipfile.ZipFile, size: int) -> None:
    """Raises `InputError` where it says of itself that it unpacks to more than a workbook can be."""
    check_size(sum(one.file_size for one in archive.infolist()), size, MOST_UNPACKED)


def look_into(workbook: IO[bytes]) -> list[Sheet]:
    """Its sheets. Raises `InputError` where it is damaged, locked or too large."""
    child = _child(workbook, "look")
    answer, error = child.communicate()
    if child.returncode:
        raise _problem(child.returncode, error)
    return [
        Sheet(one["name"], one["hidden"], [(number, cells) for number, cells in one["rows"]])
        for one in json.loads(answer)
    ]


def rows_of(workbook: IO[bytes], sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet with its number. Raises as above."""
    child = _child(workbook, "rows", sheet)
    assert child.stdout is not None and child.stderr is not None
    try:
        text = io.TextIOWrapper(child.stdout, encoding="utf-8", errors="surrogateescape", newline="")
        for number, *cells in csv.reader(text):
            yield int(number), cells
        error = child.stderr.read()
        if child.wait():
            raise _problem(child.returncode, error)
    finally:
        child.kill()
        child.stdout.close()
        child.stderr.close()
        child.wait()


def _child(workbook: IO[bytes], *arguments: str) -> subprocess.Popen[bytes]:
    with suppress(io.UnsupportedOperation):
        workbook.seek(0)
    with workbook:
        return subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(MOST_MEMORY), *arguments],
            stdin=workbook,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def _problem(status: int, error: bytes) -> InputError:
    code, text = "memory", "the workbook needs more memory than is given to one"
    if status > 0:
        with suppress(ValueError):
            code, text = json.loads(error.splitlines()[-1])
            text = f"the workbook cannot be read: {text}"
    return InputError(None, {"file": Problem(text, CODES.get(code, FileProblem.DAMAGED))})
