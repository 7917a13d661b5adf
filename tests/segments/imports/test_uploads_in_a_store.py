"""Files that wait in an object store: a real one on loopback, two machines that share nothing else, and what dies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.imports.uploads import store as uploads_store
from services.segments.imports.uploads.kept import Uploads, received, uploads_of
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.errors import InputError, SettingError
from shared.outgoing.object_store import Bucket, ObjectStore
from shared.personal_data.erasures import ErasureList, Listed
from tests.cast import ADA, MARTA, NOW
from tests.object_stores import new_bucket, object_store
from tests.segments.rows import rows_of
from tests.segments.test_import import line, write
from tests.segments.test_pages_guests import RITA, bring, guest_id, page_of
from tests.web import Browser, browser, words

SILENT = "http://127.0.0.1:9"  # nobody listens there


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with object_store() as found:
        yield found


@pytest.fixture
def bucket(address: str, request: pytest.FixtureRequest) -> Bucket:
    return new_bucket(address, f"files-{abs(hash(request.node.name))}")


@pytest.fixture
def web(bucket: Bucket, tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "web", files=bucket, erasures=tmp_path / "nowhere" / "erasures")


@pytest.fixture
def elsewhere(web: Config, tmp_path: Path) -> Config:
    """Of the role that imports, on another machine."""
    return replace(web, imports=tmp_path / "role")


@pytest.fixture
def marta(database: Database, web: Config) -> Browser:
    return browser(SERVICE.build_web, web, database, MARTA)


def uploads(config: Config, database: Database, at: VirtualClock | None = None) -> Uploads:
    return uploads_of(config, database.keyring, at or VirtualClock(NOW))


def objects(bucket: Bucket, beginning: str = "") -> list[str]:
    return ObjectStore(bucket).names(beginning, NOW)


def export(tmp_path: Path, *lines: dict[str, str]) -> bytes:
    return write(tmp_path / "export.csv", lines).read_bytes()


def hand_in(marta: Browser, content: bytes) -> str:
    marta.get("/segments/imports")
    page = marta.post("/segments/imports", {"file": (BytesIO(content), "export.csv"), "source": "pms"})
    assert "Nothing is imported yet." in words(page)
    return page.request.path


def in_it(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def test_a_file_goes_from_one_machine_to_another_by_the_store_and_nothing_of_it_stays(
    marta: Browser, database: Database, web: Config, elsewhere: Config, bucket: Bucket, tmp_path: Path
) -> None:
    content = export(tmp_path, line(1), line(2, status="maybe"))
    page = hand_in(marta, content)
    assert len(objects(bucket, "imports/")) == 1
    held = ObjectStore(bucket).read(objects(bucket)[0], NOW) or b""
    assert b"rita" not in held.lower() and held.startswith(b"sealed:")
    marta.post(f"{page}/start", {"source": "pms", "yes": "unknown", "no": "refused"})
    assert in_it(web.imports) == []
    assert Imports(database, elsewhere, VirtualClock(NOW)).step(NOW) == 1
    assert "Guests 1 new" in words(marta.get(page))
    assert rows_of(database, "select count(*) from guest") == [(1,)]
    assert not objects(bucket) and not in_it(web.imports) and not in_it(elsewhere.imports)


def test_a_file_of_many_parts_is_whole_again(
    database: Database, web: Config, elsewhere: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_store, "PART", 1000)
    content = bytes(range(256)) * 40
    with received(uploads(web, database), BytesIO(content)) as stored:
        place = uploads(web, database).keep(stored)
    assert place.endswith(":11")
    with uploads(elsewhere, database).at_hand(place) as path:
        assert path.read_bytes() == content
    assert not path.exists()


def test_a_listing_of_several_pages_is_read_to_its_end(bucket: Bucket) -> None:
    there = ObjectStore(bucket)
    for number in range(3):
        there.put(f"imports/a b+ü/{number}", b"x", "text/plain", NOW)
    there.put("erasures/1", b"x", "text/plain", NOW)

    class Stingy(ObjectStore):
        def _ask(self, *args: object, **kwargs: dict[str, str]) -> object:  # type: ignore[override]
            return super()._ask(*args, **{**kwargs, "query": {**kwargs["query"], "max-keys": "2"}})  # type: ignore[arg-type]

    assert Stingy(bucket).names("imports/", NOW) == [f"imports/a b+ü/{number}" for number in range(3)]


def test_parts_that_were_changed_places_are_not_read(
    database: Database, web: Config, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_store, "PART", 4)
    kept = uploads(web, database)
    with received(kept, BytesIO(b"12345678")) as stored:
        place = kept.keep(stored)
    first, second = objects(bucket)
    there = ObjectStore(bucket)
    there.put(first, there.read(second, NOW) or b"", "text/plain", NOW)
    with pytest.raises(OSError, match="another file"), kept.at_hand(place):
        pass
    assert in_it(web.imports) == []


def test_what_is_refused_or_discarded_leaves_nothing(
    marta: Browser, bucket: Bucket, web: Config, tmp_path: Path
) -> None:
    marta.get("/segments/imports")
    refused = marta.post("/segments/imports", {"file": (BytesIO(b"\x00\x01nothing"), "a.csv"), "source": "pms"})
    assert refused.status_code == 422
    marta.post(f"{hand_in(marta, export(tmp_path, line(1)))}/discard", {})
    assert not objects(bucket) and not in_it(web.imports)


def test_parts_whose_process_died_are_swept_and_those_that_wait_are_not(
    marta: Browser, database: Database, web: Config, elsewhere: Config, bucket: Bucket, tmp_path: Path
) -> None:
    hand_in(marta, export(tmp_path, line(1)))
    (waiting,) = objects(bucket)
    with received(uploads(web, database), BytesIO(b"left")) as stored:
        uploads(web, database).keep(stored)
    assert len(objects(bucket)) == 2
    later = NOW + timedelta(minutes=30)
    Imports(database, elsewhere, VirtualClock(later)).step(later)
    assert len(objects(bucket)) == 2  # it may still be on its way
    later = NOW + timedelta(hours=2)
    Imports(database, elsewhere, VirtualClock(later)).step(later)
    assert objects(bucket) == [waiting]


def test_while_the_store_is_silent_a_file_waits_and_the_page_says_what_is_wrong(
    marta: Browser, database: Database, elsewhere: Config, bucket: Bucket, tmp_path: Path
) -> None:
    page = hand_in(marta, export(tmp_path, line(1)))
    marta.post(f"{page}/start", {"source": "pms", "yes": "unknown", "no": "refused"})
    silent = replace(elsewhere, files=replace(bucket, address=SILENT))
    for _ in range(7):  # more often than a file may be begun
        assert Imports(database, silent, VirtualClock(NOW)).step(NOW) == 0
    assert rows_of(database, "select state, starts from import_file") == [("queued", 0)]
    other = browser(SERVICE.build_web, silent, database, MARTA)
    other.get("/segments/imports")
    answer = other.post("/segments/imports", {"file": (BytesIO(export(tmp_path, line(2))), "b.csv"), "source": "pms"})
    assert answer.status_code == 503 and "The store of files gives no answer." in words(answer)
    assert Imports(database, elsewhere, VirtualClock(NOW)).step(NOW) == 1
    assert rows_of(database, "select state from import_file") == [("done",)]


def test_an_empty_stream_is_no_file(database: Database, web: Config) -> None:
    with pytest.raises(InputError), received(uploads(web, database), BytesIO(b"")):
        pass
    assert in_it(web.imports) == []


def test_an_erasure_is_listed_in_the_store_before_anybody_is_erased(
    database: Database, web: Config, bucket: Bucket
) -> None:
    bring(database, [RITA])
    silent = browser(SERVICE.build_web, replace(web, files=replace(bucket, address=SILENT)), database, ADA)
    silent.get(page_of(RITA))
    assert silent.post(f"{page_of(RITA)}/erasure", {"name": "Rita Cantu"}).status_code == 503
    assert rows_of(database, "select count(*) from guest where erased_at is not null") == [(0,)]
    ada = browser(SERVICE.build_web, web, database, ADA)
    ada.get(page_of(RITA))
    assert "Erased on" in words(ada.post(f"{page_of(RITA)}/erasure", {"name": "Rita Cantu"}))
    (listed,) = ErasureList(web.erasures, bucket).read().listed
    assert listed.guests == (guest_id(RITA),) and len(listed.keys) > 1


def test_the_list_holds_what_the_file_held_before_the_store_was_set(bucket: Bucket, tmp_path: Path) -> None:
    path = tmp_path / "erasures"
    first, second = Listed(NOW, (guest_id(RITA),)), Listed(NOW + timedelta(days=1), (guest_id(RITA),))
    ErasureList(path).append(first)
    ErasureList(path, bucket).append(second)
    ObjectStore(bucket).put("erasures/20260101000000-damaged", b"0000 {", "text/plain", NOW)
    found = ErasureList(path, bucket).read()
    assert set(found.listed) == {first, second} and found.damaged == 1
    assert ErasureList(path).read().listed == (first,)


def test_the_store_is_set_with_all_it_needs() -> None:
    with pytest.raises(SettingError, match="GUESTLOOP_FILES_"):
        Config.read({"GUESTLOOP_FILES_STORE": "https://s3.example.com"})
    assert Config.read({}).files is None
