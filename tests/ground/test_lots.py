"""A lot is drawn for good: another one would move guests into control groups and out of them."""

from __future__ import annotations

from hashlib import sha256

from shared.ids import draw


def test_the_same_parts_draw_the_same_lot_for_ever() -> None:
    assert draw("birthday", "x") == 13744334530350247496
    assert draw("house", "x") == 7257542594713124528


def test_it_is_the_hash_that_control_groups_have_always_been_drawn_by() -> None:
    assert draw("birthday", 7) == int.from_bytes(sha256(b"birthday\x1f7").digest()[:8], "big")
