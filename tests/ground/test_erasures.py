"""The list of erasures: appended by several processes, whole after a crash, each line checkable."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shared.errors import SettingError
from shared.ids import make_id
from shared.personal_data.erasures import ErasureList, Listed

AT = datetime(2026, 5, 5, 12, tzinfo=UTC)


def erasure(number: int) -> Listed:
    guest: UUID = make_id("guest", number)
    return Listed(AT + timedelta(seconds=number), (guest,), (("email", f"erasure.1:{number:064x}"),))


def append_many(path: Path, first: int) -> None:
    for number in range(first, first + 50):
        ErasureList(path).append(erasure(number))


def test_what_is_appended_is_read_again_in_order(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path / "erasures")
    assert listed.read().listed == ()
    for number in range(3):
        listed.append(erasure(number))
    assert listed.read().listed == tuple(map(erasure, range(3)))
    assert listed.path.stat().st_mode & 0o077 == 0


def test_several_processes_append_and_no_line_is_lost_or_mixed(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(append_many, [tmp_path / "erasures"] * 4, range(0, 200, 50)))
    found = ErasureList(tmp_path / "erasures").read()
    assert found.damaged == 0
    assert sorted(found.listed, key=lambda one: one.at) == list(map(erasure, range(200)))


@pytest.mark.parametrize("left", [1, 30, 70])
def test_a_last_line_that_a_crash_cut_short_is_passed_over_and_the_next_begins_anew(tmp_path: Path, left: int) -> None:
    listed = ErasureList(tmp_path / "erasures")
    listed.append(erasure(1))
    whole = listed.path.stat().st_size
    listed.append(erasure(2))
    os.truncate(listed.path, whole + left)
    assert listed.read().listed == (erasure(1),) and listed.read().damaged == 0
    listed.append(erasure(3))
    assert listed.read().listed == (erasure(1), erasure(3))


def test_a_damaged_line_in_the_middle_is_counted_and_the_others_hold(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path / "erasures")
    for number in range(3):
        listed.append(erasure(number))
    lines = listed.path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"2026", b"2027")
    listed.path.write_bytes(b"\n".join(lines))
    found = listed.read()
    assert found.listed == (erasure(0), erasure(2)) and found.damaged == 1


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="GUESTLOOP_ERASURES"):
        ErasureList(tmp_path / "missing" / "erasures").append(erasure(1))
