"""Files that are sealed as they are written: whole and as they were, or not opened at all."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.streams import BLOCK, LENGTH, TAG, CannotOpenStream, SealingStream, StreamKeys, opened
from shared.errors import SettingError

OLD = StreamKeys.fresh("backup.1")
KEYS = StreamKeys.parse(OLD)
LONG = os.urandom(3 * BLOCK + 5)  # does not become shorter
SEALED_BLOCK = LENGTH + 1 + BLOCK + TAG


def sealed(*pieces: bytes, what: str = "wal/1", keys: StreamKeys = KEYS) -> bytes:
    file = BytesIO()
    stream = SealingStream(file, keys, what)
    for piece in pieces:
        stream.write(piece)
    stream.close()
    return file.getvalue()


def read(content: bytes, what: str = "wal/1", keys: StreamKeys = KEYS) -> bytes:
    return b"".join(opened(BytesIO(content), keys, what))


@given(st.lists(st.binary(max_size=2000), max_size=5))
def test_what_was_written_is_read(pieces: list[bytes]) -> None:
    assert read(sealed(*pieces)) == b"".join(pieces)


def test_a_file_of_many_blocks_comes_block_by_block() -> None:
    content = sealed(LONG)
    assert read(content) == LONG
    assert max(len(piece) for piece in opened(BytesIO(content), KEYS, "wal/1")) <= 2 * BLOCK


@pytest.mark.parametrize("cut", [1, 5, BLOCK, SEALED_BLOCK, 2 * SEALED_BLOCK])
def test_a_file_that_is_cut_short_does_not_open(cut: int) -> None:
    content = sealed(LONG)
    with pytest.raises(CannotOpenStream):
        read(content[:-cut])


def test_a_file_cut_at_the_edge_of_a_block_does_not_open() -> None:
    content = sealed(LONG)
    begins = content.index(b"\n", 20) + 1 + 16
    for blocks in (0, 1, 2, 3):
        with pytest.raises(CannotOpenStream):
            read(content[: begins + blocks * SEALED_BLOCK])


def test_blocks_that_were_swapped_do_not_open() -> None:
    content = sealed(LONG)
    begins = content.index(b"\n", 20) + 1 + 16
    middle, end = begins + SEALED_BLOCK, begins + 2 * SEALED_BLOCK
    with pytest.raises(CannotOpenStream):
        read(content[:begins] + content[middle:end] + content[begins:middle] + content[end:])


def test_what_becomes_shorter_is_shorter_and_what_does_not_is_as_long_as_it_was() -> None:
    assert len(sealed(b"a guest " * BLOCK)) < BLOCK
    assert len(LONG) < len(sealed(LONG)) < len(LONG) + 200
    mixed = b"x" * BLOCK + LONG
    assert read(sealed(mixed)) == mixed


def test_a_length_that_none_has_does_not_open() -> None:
    content = bytearray(sealed(LONG))
    begins = content.index(b"\n", 20) + 1 + 16
    content[begins : begins + LENGTH] = b"\xff" * LENGTH
    with pytest.raises(CannotOpenStream):
        read(bytes(content))


def test_a_file_in_the_place_of_another_does_not_open() -> None:
    with pytest.raises(CannotOpenStream, match="wal/2 is cut short or was altered"):
        read(sealed(b"x"), what="wal/2")


def test_something_else_is_no_sealed_file() -> None:
    with pytest.raises(CannotOpenStream, match="not a sealed file"):
        read(b"plain")


def test_a_second_key_seals_and_the_first_still_opens() -> None:
    before = sealed(b"x")
    both = StreamKeys.parse(f"{StreamKeys.fresh('backup.2')},{OLD}")
    assert both.first == "backup.2" and read(before, keys=both) == b"x"
    after = sealed(b"y", keys=both)
    assert read(after, keys=both) == b"y"
    with pytest.raises(CannotOpenStream, match=r"under the key «backup\.2»"):
        read(after)


@pytest.mark.parametrize("text", ["", "x", "x=###", "x=QUJD"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        StreamKeys.parse(text)
