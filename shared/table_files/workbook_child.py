"""Reads a workbook in a process of its own: what it takes of memory ends with it, and a bomb ends only this.

Run as a script. The workbook comes on standard input, rows leave on standard output as CSV in UTF-8, and what is wrong
as one line on standard error. Arguments: the most bytes of memory, then `look` for the first rows of every sheet as
JSON, or `rows` and a sheet's name.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LOOKED_AT = 60  # rows of each sheet
MOST_SHEETS = 50
MOST_SECONDS = 600


def main(most_memory: int, deed: str, *names: str) -> int:
    bound(most_memory)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            if deed == "look":
                sys.stdout.write(json.dumps(list(looks(workbook))))
            else:
                write_rows(workbook.get_sheet_by_name(names[0]))
    except BrokenPipeError:
        return 0
    except PasswordError:
        return told("locked", "it is protected with a password")
    except MemoryError:
        return told("memory", "it needs more memory than is given to a workbook")
    except CalamineError as error:
        return told("locked" if "password" in str(error).lower() else "damaged", str(error))
    return 0


def told(code: str, text: str) -> int:
    sys.stderr.write(json.dumps([code, text[:200]]))
    return 1


def bound(most_memory: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def looks(workbook: CalamineWorkbook) -> Iterator[dict[str, Any]]:
    for about in workbook.sheets_metadata[:MOST_SHEETS]:
        if "WorkSheet" not in str(about.typ):
            continue
        rows: list[list[Any]] = []
        for number, cells in numbered(workbook.get_sheet_by_name(about.name)):
            if len(rows) == LOOKED_AT:
                break
            rows.append([number, cells])
        yield {"name": about.name, "hidden": not str(about.visible).endswith(".Visible"), "rows": rows}


def write_rows(sheet: CalamineSheet) -> None:
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="surrogatepass", newline="", write_through=False)
    writer = csv.writer(out)
    for number, cells in numbered(sheet):
        writer.writerow([number, *cells])
    out.flush()


def numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as a spreadsheet shows them."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, [text_of(cell) for cell in row]


def text_of(cell: Any) -> str:
    """A typed cell as the one text that is read as just that: 1.234 as 1.2340, which is no thousand."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return number_text(float(cell))


def number_text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.15g}"
    if "e" in text:
        text = f"{number:f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals}0" if len(decimals) == 3 else text


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
