"""What a form says that somebody saw is a number, or nothing: never an error of ours."""

from __future__ import annotations

import pytest

from shared.web.pages.versions import number_in


@pytest.mark.parametrize(
    ("text", "count"),
    [("7", 7), (" 7 ", 7), ("0", 0), ("", None), ("-1", None), ("1.5", None), ("²", None), ("٧", None), ("x", None),
     ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)],
)  # fmt: skip
def test_a_version_is_read_or_there_is_none(text: str, count: int | None) -> None:
    assert number_in({"version": text}) == count
    assert number_in({"before": text}, "before") == count
    assert number_in({}) is None
