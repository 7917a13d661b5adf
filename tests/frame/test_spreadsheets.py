"""No cell of a file that people open in a spreadsheet is calculated."""

from __future__ import annotations

import csv
import re

from hypothesis import given
from hypothesis import strategies as st

from shared.spreadsheets import plain_text, row_text

CALCULATED = re.compile("^[\\s\u200b\ufeff]*[=+\\-@]")
TEXTS = st.text(st.sampled_from("=+-@;,\t\r\n '\"ab1\u200b\ufeff\u00a0"))


@given(cells=st.lists(TEXTS, min_size=1, max_size=4))
def test_no_cell_begins_as_a_formula_wherever_it_is_cut(cells: list[str]) -> None:
    (read,) = csv.reader([row_text(cells)]) if not any(c in "".join(cells) for c in "\r\n") else [[]]
    for cell in read:
        assert not any(CALCULATED.match(piece) for piece in re.split("[;\t]", cell))


def test_what_is_no_formula_stays_as_it_is() -> None:
    for cell in ("", "a-b", "2016-03-10", "Rita = Cantu", "x; y"):
        assert plain_text(cell) == cell
    assert row_text([1, None, "=1+1", "+351 930 000 451"]) == "1,,'=1+1,'+351 930 000 451\r\n"
