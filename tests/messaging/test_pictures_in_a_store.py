"""Pictures kept in an S3-compatible store: a real one on loopback, signed requests, and what dies or falls silent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from services.messaging.commands.pictures.keeping import add_picture, delete_picture, sweep
from services.messaging.config import Config
from services.messaging.queries.templates.pictures import shelved
from services.messaging.rules.pictures import picture_url
from services.messaging.service import SERVICE
from services.messaging.store.templates import pictures as store
from services.messaging.store.templates.pictures import Place
from shared.access.people import Person
from shared.access.scope import EVERYWHERE
from shared.errors import SettingError
from shared.outgoing.aws_signature import AccessKey, signed
from shared.outgoing.object_store import Bucket, ObjectStore, StoreSilent
from shared.pictures.scaling import Picture
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.test_pictures import file_of, hand_in
from tests.object_stores import KEY, new_bucket, object_store
from tests.web import Browser, browser, words

BY = Person(MARTA.person_id, MARTA.name, MARTA.role, frozenset())
PICTURE = Picture(content=file_of("PNG"), media_type="image/png", width=40, height=20)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with object_store() as found:
        yield found


@pytest.fixture
def bucket(address: str, request: pytest.FixtureRequest) -> Bucket:
    """Its own for each test."""
    return new_bucket(address, f"pictures-{abs(hash(request.node.name))}")


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def objects_in(bucket: Bucket) -> int:
    return ObjectStore(bucket)._ask("GET", "", NOW).body.count(b"<Contents>")


def looking(hotel: Hotel, bucket: Bucket | None) -> Browser:
    return browser(SERVICE.build_web, Config(pictures=bucket), hotel.database, MARTA)


@pytest.mark.parametrize("name", ["a.jpg", "with blank and ümlaut/泳池~1.png"])
def test_a_request_is_signed_as_amazons_own_library_signs_it(name: str) -> None:
    bucket = Bucket("https://s3.example.com:9000", "pictures", KEY)
    asked: dict[str, Any] = {}

    class Client:
        def ask(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Any:
            asked.update(method=method, url=url, headers=headers, body=body)
            return type("Answer", (), {"status": 200, "body": b""})()

    objects = ObjectStore(bucket)
    objects._kept = Client()  # type: ignore[assignment]
    at = datetime(2026, 11, 29, 8, 5, 9, tzinfo=UTC)
    objects.put(name, b"content", "image/png", at)
    assert asked["headers"]["authorization"].endswith(
        _theirs(AWSRequest("PUT", asked["url"], {"Content-Type": "image/png"}, b"content"), asked["headers"])
    )
    with pytest.raises(StoreSilent):  # what this one answers is no listing
        objects.names(name, at)
    assert asked["url"].count("?") == 1 and "/" not in asked["url"].partition("?")[2]
    assert asked["headers"]["authorization"].endswith(_theirs(AWSRequest("GET", asked["url"]), asked["headers"]))


def _theirs(theirs: AWSRequest, headers: dict[str, str]) -> str:
    theirs.headers["X-Amz-Content-SHA256"] = headers["x-amz-content-sha256"]
    theirs.context["timestamp"] = "20261129T080509Z"
    signer = S3SigV4Auth(Credentials(KEY.key_id, KEY.secret), "s3", KEY.region)
    theirs.headers["X-Amz-Date"] = "20261129T080509Z"
    text = signer.string_to_sign(theirs, signer.canonical_request(theirs))
    return f"Signature={signer.signature(text, theirs)}"


def test_the_signature_is_that_of_amazons_example() -> None:
    """«Authenticating requests: using the Authorization header», its first example."""
    key = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    at = datetime(2013, 5, 24, tzinfo=UTC)
    found = signed(key, "GET", "https://examplebucket.s3.amazonaws.com/test.txt", b"", at, {"Range": "bytes=0-9"})
    assert found["authorization"].endswith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


def test_bytes_are_put_read_and_deleted(bucket: Bucket) -> None:
    objects = ObjectStore(bucket)
    assert objects.read("a", NOW) is None and not objects.has("a", NOW)
    objects.put("a", b"\x00bytes", "image/png", NOW)
    assert objects.read("a", NOW) == b"\x00bytes" and objects.has("a", NOW)
    objects.delete("a", NOW)
    objects.delete("a", NOW)
    assert not objects.has("a", NOW)


def test_a_picture_lies_in_the_store_and_is_served_from_it(hotel: Hotel, bucket: Bucket) -> None:
    marta = looking(hotel, bucket)
    assert "The picture is in the library." in words(hand_in(marta, file_of()))
    assert hotel.one("select content is null and object is not null from picture") and objects_in(bucket) == 1
    (one,) = marta.get("/messaging/pictures/choices").get_json()["pictures"]
    answer = marta.client.get(one["url"])
    assert answer.status_code == 200 and answer.data[:2] == b"\xff\xd8"
    hand_in(marta, file_of())
    assert objects_in(bucket) == 1 and hotel.one("select count(*) from object_leftover") == 0
    marta.get(f"/messaging/pictures/{hotel.one('select library_id from library_picture')}")
    marta.post(f"/messaging/pictures/{hotel.one('select library_id from library_picture')}/removal")
    assert objects_in(bucket) == 0 and hotel.one("select count(*) from object_leftover") == 0


def test_what_was_kept_before_a_store_was_set_is_still_served(hotel: Hotel, bucket: Bucket) -> None:
    add_picture(hotel.database, None, PICTURE, Place(), "old", NOW, BY)
    marta = looking(hotel, bucket)
    (one,) = marta.get("/messaging/pictures/choices").get_json()["pictures"]
    assert marta.client.get(one["url"]).data == PICTURE.content
    add_picture(hotel.database, ObjectStore(bucket), PICTURE, Place(hotel="SHA"), "again", NOW, BY)
    assert objects_in(bucket) == 0


def test_a_store_that_is_silent_keeps_nothing_and_loses_nothing(hotel: Hotel, bucket: Bucket) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        silent = replace(bucket, address=f"http://127.0.0.1:{unused.getsockname()[1]}")
        marta = looking(hotel, silent)
        refused = hand_in(marta, file_of())
    assert refused.status_code == 503 and "does not answer" in words(refused)
    assert hotel.one("select count(*) from picture") == 0
    add_picture(hotel.database, ObjectStore(bucket), PICTURE, Place(), "kept", NOW, BY)
    with hotel.database.transaction() as tx:
        file = shelved(tx, EVERYWHERE)[0].file
    for without in (silent, None):
        answer = looking(hotel, without).client.get(picture_url("", file))
        assert answer.status_code == 503 and answer.headers["Cache-Control"] == "no-store"
    delete_picture(hotel.database, ObjectStore(silent), hotel.one("select library_id from library_picture"), NOW, BY)
    assert objects_in(bucket) == 1 and hotel.one("select count(*) from object_leftover") == 2
    sweep(hotel.database, ObjectStore(bucket), NOW + timedelta(hours=2))
    assert objects_in(bucket) == 0 and hotel.one("select count(*) from object_leftover") == 0


def test_what_a_process_that_died_left_in_the_store_is_swept(hotel: Hotel, bucket: Bucket) -> None:
    objects = ObjectStore(bucket)
    with hotel.database.transaction() as tx:
        store.note_leftover(tx, "half-done", NOW)
    objects.put("half-done", b"x", "image/png", NOW)
    add_picture(hotel.database, objects, PICTURE, Place(), "another", NOW + timedelta(minutes=5), BY)
    assert objects_in(bucket) == 2  # whoever puts it may still be at it
    add_picture(hotel.database, objects, PICTURE, Place(), "another", NOW + timedelta(hours=2), BY)
    assert objects_in(bucket) == 1 and not objects.has("half-done", NOW)


def test_a_refusal_of_the_store_is_no_success(bucket: Bucket) -> None:
    nowhere = ObjectStore(replace(bucket, name="no-such-bucket"))
    with pytest.raises(StoreSilent, match="404"):
        nowhere.put("a", b"x", "image/png", NOW)


def test_a_store_is_set_with_all_it_needs() -> None:
    said = {"GUESTLOOP_PICTURES_STORE": "https://s3.example.com"}
    with pytest.raises(SettingError, match="GUESTLOOP_PICTURES_"):
        Config.read(said)
    whole = {
        **said,
        "GUESTLOOP_PICTURES_BUCKET": "b",
        "GUESTLOOP_PICTURES_KEY_ID": "k",
        "GUESTLOOP_PICTURES_SECRET": "hush",
    }
    config = Config.read(whole)
    assert config.pictures is not None and "hush" not in repr(config)
    assert Config.read({}).pictures is None
