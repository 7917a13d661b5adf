"""On the pages: blocks kept for other mails, a mail brought from elsewhere, and source in the plain list."""

from __future__ import annotations

import io
import json
import re
from ipaddress import ip_network
from typing import Any

from PIL import Image

from services.messaging.config import Config
from services.messaging.service import SERVICE
from services.messaging.store.templates.drafts import draft
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.messaging.pages_cast import house, looking
from tests.outgoing.peers import peer
from tests.web import browser, words

EDIT = "/messaging/templates/birthday/edit"
BODY = [{"heading": {"text": "Hello", "level": 2, "align": "left"}}, {"divider": {}}]
MAIL = '<title>Spring</title><p>Dear *|FNAME|*</p><p><a href="https://a.example/unsubscribe">Unsubscribe</a></p>'


def test_blocks_are_kept_put_into_another_mail_renamed_and_deleted(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    marta = looking(hotel, MARTA)
    marta.get(f"{EDIT}?language=en")
    marta.post(EDIT, {"language": "en", "name": "Birthday", "subject": "Soon", "blocks": json.dumps(BODY),
                      "draft_version": "1", "base": "1"})  # fmt: skip
    kept = {"name": "Ending", "language": "en", "blocks": json.dumps(BODY), "first": "0", "count": "2"}
    page = words(marta.post("/messaging/saved-blocks?key=birthday", kept))
    assert "Kept as «Ending»" in page
    assert "Another one is called so" in words(marta.post("/messaging/saved-blocks?key=birthday", kept))
    faulty = {**kept, "name": "Wrong", "blocks": json.dumps([{"button": {}}])}
    assert "without a fault" in words(marta.post("/messaging/saved-blocks?key=birthday", faulty))
    told: Any = marta.get("/messaging/saved-blocks/choices?language=de").get_json()
    assert [(one["name"], one["blocks"]) for one in told["saved"]] == [("Ending", BODY)]
    listed = marta.get("/messaging/saved-blocks").get_data(as_text=True)
    block_id = (re.search(r"saved-blocks/([0-9a-f-]{36})", listed) or [""])[1]
    shape = json.dumps([{"spacer": {"height": 8}}])
    typed = {"language": "en", "name": "Win-back", "subject": "x", "shape": shape, "do": f"saved /0 {block_id}"}
    marta.post("/messaging/templates/win-back/edit", {**typed, "draft_version": "1", "base": "1"})
    with hotel.database.glance() as tx:
        found = draft(tx, "win-back")
    assert found and found.document["locales"]["en"]["email"]["body"] == [{"spacer": {"height": 8}}, *BODY]
    renamed = marta.post(f"/messaging/saved-blocks/{block_id}", {"name": "The end", "version": "1"})
    assert "The end" in words(renamed)
    stale = marta.post(f"/messaging/saved-blocks/{block_id}", {"name": "Other", "version": "1"})
    assert "somebody changed it meanwhile" in words(stale)
    assert "Nothing is kept yet" in words(marta.post(f"/messaging/saved-blocks/{block_id}/removal", {}))


def test_a_mail_is_brought_decided_on_and_becomes_a_draft(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    marta = looking(hotel, MARTA)
    marta.get(f"{EDIT}?language=en")
    assert "no HTML and no MJML" in words(marta.post("/messaging/mail-imports", {"text": "nothing"}))
    page = marta.post("/messaging/mail-imports", {"text": MAIL})
    assert "our own footer has the way out" in words(page) and "*|FNAME|*" in words(page)
    path = (re.search(r"/messaging/mail-imports/[0-9a-f-]{36}", page.get_data(as_text=True)) or [""])[0]
    marta.post(path, {"tag": "*|FNAME|*", "value": "guest.name"})
    shown = marta.get(f"{path}/preview?as=source")
    assert "Dear Anna Müller" in words(shown) and "sandbox" in shown.headers["Content-Security-Policy"]
    made = {"kind": "blocks", "name": "Spring news", "purpose": "marketing", "language": "de"}
    assert "A name of letters" in words(marta.post(f"{path}/template", {**made, "name": ""}))
    marta.post(f"{path}/template", made)
    with hotel.database.glance() as tx:
        found = draft(tx, "spring-news")
    assert found and found.document["locales"]["de"]["email"] == {
        "subject": "Spring", "preview": "", "body": [{"text": {"text": "Dear {{ guest.name }}", "align": "left"}}],
    }  # fmt: skip
    assert marta.get(path).status_code == 404


def test_pictures_of_a_mail_from_elsewhere_are_fetched_once_and_what_is_none_is_named(
    make_database: MakeDatabase,
) -> None:
    hotel = house(make_database("messaging"))
    drawn = io.BytesIO()
    Image.new("RGB", (640, 360), (20, 120, 160)).save(drawn, "JPEG")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    missing, text = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"no picture"
    with (
        peer(head % len(drawn.getvalue()) + drawn.getvalue()) as there,
        peer(missing) as gone,
        peer(head % 10 + text) as no,
    ):
        marta = browser(SERVICE.build_web, Config(networks=(ip_network("127.0.0.0/8"),)), hotel.database, MARTA)
        shown = "".join(f'<p><img src="{one.url()}" alt="The pool"></p>' for one in (there, gone, no))
        marta.get("/messaging/mail-imports")
        page = marta.post("/messaging/mail-imports", {"text": f"<title>Spring</title><p>Hello.</p>{shown}"})
        assert "3 pictures lie elsewhere" in words(page)
        path = (re.search(r"/messaging/mail-imports/[0-9a-f-]{36}", page.get_data(as_text=True)) or [""])[0]
        told = words(marta.post(f"{path}/pictures"))
        again = words(marta.post(f"{path}/pictures"))
    assert f"These could not be fetched; hand them in by yourself: {gone.url()}, {no.url()}" in told
    assert "2 pictures lie elsewhere" in again and len(there.heard) == 1
    assert b"marta" not in there.heard[0].lower() and b"cookie" not in there.heard[0].lower()
    marta.post(f"{path}/template", {"kind": "blocks", "name": "Spring", "purpose": "marketing", "language": "en"})
    with hotel.database.glance() as tx:
        found, kept = draft(tx, "spring"), tx.execute("select name from library_picture").fetchall()
    assert found and [name for (name,) in kept] == ["hook"]
    pictures = [one["picture"] for one in found.document["locales"]["en"]["email"]["body"] if "picture" in one]
    assert next((bool(one.get("file")), one["alt"]) for one in pictures) == (True, "The pool")


def test_a_block_and_a_whole_mail_go_on_as_source(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    marta = looking(hotel, MARTA)
    marta.get(f"{EDIT}?language=en")
    typed = {"language": "en", "name": "Birthday", "subject": "Soon", "base": "1"}
    marta.post(EDIT, {**typed, "shape": json.dumps(BODY), "draft_version": "1", "do": "source /0"})
    with hotel.database.glance() as tx:
        first = draft(tx, "birthday")
    assert first and first.document["locales"]["en"]["email"]["body"][0]["source"]["text"].startswith("<mj-text")
    marta.post(EDIT, {**typed, "blocks": json.dumps(BODY), "draft_version": "2", "do": "all-source"})
    with hotel.database.glance() as tx:
        whole = draft(tx, "birthday")
    assert whole and [list(block) for block in whole.document["locales"]["en"]["email"]["body"]] == [["source"]]
    assert "<h2" in whole.document["locales"]["en"]["email"]["body"][0]["source"]["text"]
