"""Which lines of a table are its rows: cells fitted to the header, and what is no row at all left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from shared.table_files.headings import normalised
from shared.table_files.reading import LeftOut

TOTAL_WORDS = """
    total totals grand_total sub_total subtotal sum summe gesamt gesamtsumme zwischensumme insgesamt somme
    total_general total_geral totale totale_generale suma totais totales sous_total
    合计 总计 小计 共计 总合计 本页合计 合計 總計 小計 共計
"""
TOTALS = frozenset(TOTAL_WORDS.split())
FOOTER = re.compile(
    r"(printed|print date|page \d|end of (report|list)|\d+ (records|rows|reservations)|report (run|generated)|generated"
    r"|gedruckt|seite \d|ende des berichts|erstellt|imprime|page \d|fin du rapport|impreso|impresso|pagina \d|fim do"
    r"|stampato|fine |\*{3,}|-{3,}|={3,}|打印|制表|列印|製表|第 ?\d+ ?页|第 ?\d+ ?頁|共 ?\d+|报表|報表).*",
    re.IGNORECASE,
)
MOST_OF_A_TOTAL = 0.5  # of the columns
MOST_OF_A_FOOTER = 2  # cells


class Fitting:
    """Fits cells to the header. `left_out`: what was no row, by kind, as far as the file has been read."""

    def __init__(self, header: Sequence[str], *, cuts: bool = False) -> None:
        self._header, self._cuts = [cell.strip() for cell in header], cuts
        self.width = len(header)
        self.first_heading = header[0] if header else ""
        self.left_out: Counter[LeftOut] = Counter()

    def is_none(self, cells: Sequence[str]) -> bool:
        """Whether it is no row but a blank line, a total, the header again or the foot of a page; that is counted."""
        kind = self._kind(cells)
        if kind is not None:
            self.left_out[kind] += 1
        return kind is not None

    def fitted(self, cells: list[str]) -> list[str] | None:
        """As many cells as the header has: empty ones at the end mean nothing. None where one too many is filled and
        none may be cut off."""
        if len(cells) < self.width:
            return cells + [""] * (self.width - len(cells))
        return None if not self._cuts and any(map(str.strip, cells[self.width :])) else cells[: self.width]

    def problem(self, cells: Sequence[str]) -> str:
        return f"{len(cells)} cells under a header of {self.width}"

    def _kind(self, cells: Sequence[str]) -> LeftOut | None:
        filled = [text for cell in cells if (text := cell.strip())]
        if not filled:
            return LeftOut.BLANK
        if len(filled) <= MOST_OF_A_TOTAL * self.width and normalised(filled[0].rstrip(":： ")) in TOTALS:
            return LeftOut.TOTAL
        if len(filled) <= MOST_OF_A_FOOTER < self.width and FOOTER.fullmatch(" ".join(filled)):
            return LeftOut.FOOTER
        if filled[0] in self._header and [cell.strip() for cell in cells[: self.width]] == self._header:
            return LeftOut.HEADER
        return None
