"""Which backups stay, and which segments of the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guestloop.backup.folder import FULL, INCREMENTAL, BackupFolder, Note, name_of
from guestloop.backup.keeping import Keeping, drop_what_is_over
from guestloop.backup.wal import Gap, place_of, segments, stretch
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.terms import KEEPING
from shared.settings.backups import BACKUP_DAYS, BACKUP_WEEKS
from shared.vocabulary.personal_data import Kept

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
A_DAY = timedelta(days=1)


def segment(day: int, timeline: int = 1) -> str:
    """Of the days before now, one a day."""
    place = 10_000 - day
    return f"{timeline:08X}{place // 256:08X}{place % 256:08X}"


def of_day(day: int, kind: str = FULL, parent: int | None = None, *, verified: bool = True) -> Note:
    """A backup so many days ago, which needs the segment of that day."""
    at = NOW - day * A_DAY
    return Note(
        name=name_of(at),
        kind=kind,
        parent=name_of(NOW - parent * A_DAY) if parent is not None else None,
        began=at,
        at=at,
        version=18,
        timeline=1,
        first=segment(day),
        last=segment(day),
        point="p",
        snapshot="1:1:",
        counts={},
        size=1,
        bytes=1,
        key="backup.1",
        verified=at if verified else None,
    )


def days(notes: list[Note]) -> list[int]:
    return [(NOW - one.at).days for one in notes]


def test_every_backup_of_the_days_stays_and_of_the_weeks_the_first_full_one() -> None:
    notes = [of_day(day) for day in range(60, -1, -1)]
    kept = days(Keeping(days=7, weeks=4).kept(notes, NOW))
    assert kept == [28, 21, 14, 7, 6, 5, 4, 3, 2, 1, 0]  # NOW is a Monday
    assert max(kept) <= 4 * 7


def test_a_kept_backup_keeps_what_it_rests_on() -> None:
    notes = [of_day(9), of_day(8, INCREMENTAL, 9), of_day(7, INCREMENTAL, 8), of_day(2)]
    assert days(Keeping(days=7, weeks=0).kept(notes, NOW)) == [9, 8, 7, 2]


def test_the_newest_verified_one_stays_however_old_it_is() -> None:
    notes = [of_day(300), of_day(200), of_day(100, verified=False)]
    assert days(Keeping(days=7, weeks=4).kept(notes, NOW)) == [200]


def test_a_backup_that_could_not_be_verified_is_not_a_weeks_own() -> None:
    notes = [of_day(21, verified=False), of_day(20), of_day(1)]
    assert days(Keeping(days=7, weeks=4).kept(notes, NOW)) == [20, 1]


def test_the_log_goes_only_where_no_kept_backup_needs_it() -> None:
    keeping = Keeping(days=7, weeks=4)
    notes = [of_day(day) for day in (25, 21, 14, 7, 3)]
    kept = keeping.kept(notes, NOW)
    names = [segment(day) for day in range(30, -1, -1)]
    over = keeping.without_use(names, kept, NOW)
    assert set(names) - set(over) == {segment(day) for day in (25, 21, 14, *range(8))}
    assert keeping.without_use(names, [], NOW) == []


def test_an_incremental_one_within_the_days_keeps_the_log_from_its_own_beginning_alone() -> None:
    keeping = Keeping(days=2, weeks=0)
    kept = keeping.kept([of_day(5), of_day(1, INCREMENTAL, 5)], NOW)
    over = keeping.without_use([segment(day) for day in range(9, -1, -1)], kept, NOW)
    assert over == [segment(day) for day in (9, 8, 7, 6, 4, 3, 2)]


@pytest.fixture
def folder(tmp_path: Path) -> BackupFolder:
    made = BackupFolder(tmp_path / "backups").open()
    for day in range(40, -1, -1):
        (made.wal / segment(day)).touch()
    for note in (of_day(35), of_day(34, INCREMENTAL, 35), of_day(3)):
        (made.path / note.name).mkdir()
        (made.path / note.name / "note.json").write_text(note.text())
    return made


def test_what_is_over_goes_from_the_folder(folder: BackupFolder) -> None:
    gone, dropped = drop_what_is_over(folder, Keeping(days=7, weeks=4), NOW)
    assert gone == [of_day(34).name, of_day(35).name]  # none rests on one that is gone
    assert days(folder.notes()) == [3] and dropped == 37
    assert segments(folder) == [segment(day) for day in (3, 2, 1, 0)]
    assert {one.name for one in folder.path.iterdir() if one.is_dir()} == {"wal", "incoming", of_day(3).name}


def test_a_missing_segment_is_named(folder: BackupFolder) -> None:
    (folder.wal / segment(20)).unlink()
    assert stretch(folder, segment(30))[-1] == segment(21)
    assert stretch(folder, segment(19))[-1] == segment(0)
    with pytest.raises(Gap, match=f"{segment(20)} is missing"):
        stretch(folder, segment(30), segment(3))
    with pytest.raises(Gap, match=f"{segment(50)} is missing"):
        stretch(folder, segment(50), segment(49))


def test_a_log_goes_on_in_another_timeline(folder: BackupFolder) -> None:
    (folder.wal / segment(1)).rename(folder.wal / segment(1, timeline=2))
    found = stretch(folder, segment(3), segment(0))
    assert [place_of(one) for one in found] == [place_of(segment(day)) for day in (3, 2, 1, 0)]


def test_a_note_is_read_as_it_was_written() -> None:
    note = replace(of_day(1), counts={"guestloop_segments": {"guest": 7}}, problem="it is damaged", verified=None)
    assert Note.of(note.text()) == note and note.rows == 7


def test_the_term_that_is_told_is_that_of_the_settings() -> None:
    days, weeks = BACKUP_DAYS.default, BACKUP_WEEKS.default
    assert KEEPING[Kept.BACKUP].default == Span(days=max(days, 7 * weeks))
    assert Keeping.from_environment({}) == Keeping(days, weeks)
