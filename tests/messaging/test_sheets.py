"""What is equal in many mails is printed, encoded and kept once, and each mail is what it would be alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.messaging.channels.email.mime import MailSettings, as_bytes
from services.messaging.channels.email.printing import LaidOut, Part, PrintedPart
from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sender import Outgoing
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.messages import as_sent
from services.messaging.store.sending.sent_words import LostSheet, SentWords
from services.messaging.wording.sheets import Copy, Filled, Gapped, Sheet
from shared.personal_data.retention.subjects import subjects_of
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import Hotel, Provider, birthday, lisbon
from tests.messaging.keeping import drop_all
from tests.messaging.outgoing import mail
from tests.messaging.test_mime_round_trip import HTML, LONG_LINE, TEXT, body, parsed

NAMES = (
    "Anna",
    "=3D equals = here",
    "张伟",
    " room at both ends ",
    "tab\t",
    "…",
    ".",
    "...and a dot",
    ".\n..\n.\n",
    "a" * 300,
    "From here",
    "é\né",
    "",
)


def printed(text: str, page: str) -> Sheet:
    return Sheet(Gapped.of(text), Gapped.of(page))


def copy_of(sheet: Sheet, *words: str) -> Copy:
    return Copy(sheet, {place: Filled(word, f"<b>{word}</b>") for place, word in enumerate(words)})


def mailed(copy: Copy, **changes: Any) -> Outgoing:
    return mail(1, text=copy.text, html=copy.page, copy=copy, **changes)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("@@0@@", "@@0@@"),
        (f"Dear @@0@@,\n\n{LONG_LINE}\n.\n..\nend @@0@@ = \n", f"<p>@@0@@</p>{LONG_LINE}\n.\n<a href='?a=1&b=2'>@@0@@"),
        (TEXT + "@@0@@\n@@0@@ ", HTML + "@@0@@"),
        ("亲爱的张先生：您好，欢迎您再次光临。" * 8 + "@@0@@", "亲爱的张先生：您好，欢迎您再次光临。" * 8 + "@@0@@"),
    ],
    ids=["bare", "long", "mixed", "chinese"],
)
def test_a_copy_says_to_the_standard_parser_what_its_words_are(name: str, text: str, page: str) -> None:
    message = mailed(copy_of(printed(text, page), name))
    found = parsed(message)
    assert body(found, "plain").replace("\r\n", "\n") == message.text == text.replace("@@0@@", name)
    assert body(found, "html").replace("\r\n", "\n") == message.html
    raw = as_bytes(message, MailSettings("hotel@hotel.example", "hotel.example"))
    lines = raw.split(b"\r\n")
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    assert not [line for line in lines if line.startswith(b".")], "SMTP would take it for the end, or want it doubled"


def test_text_in_latin_letters_goes_quoted_and_chinese_in_base64() -> None:
    latin = mailed(copy_of(printed("Dear @@0@@", "<p>Dear @@0@@</p>"), "Anna"))
    chinese = mailed(copy_of(printed("亲爱的@@0@@", "<p>Dear @@0@@</p>"), "Anna"))
    assert [part["Content-Transfer-Encoding"] for part in parsed(latin).iter_parts()] == ["quoted-printable"] * 2
    assert [part["Content-Transfer-Encoding"] for part in parsed(chinese).iter_parts()] == [
        "base64",
        "quoted-printable",
    ]


def part(text: str, when: tuple[Any, ...] = ()) -> PrintedPart:
    return PrintedPart(Part("", text, frozenset(), when), Gapped.of(f"<p>{text}</p>"), Gapped.of(text), ())


@pytest.mark.parametrize("word", ["Anna", "", "\n", "\nAnna", "Anna\n\n", "An\nna"])
def test_parts_stand_apart_by_one_empty_line_whatever_stands_in_them(word: str) -> None:
    texts = ["Above", "@@0@@", "", "\nDear @@0@@\n", "\n", "@@0@@ and @@0@@", "Below"]
    text, page, copy = LaidOut([part(one) for one in texts]).filled({0: Filled(word, word)})
    said = (one.replace("@@0@@", word).strip("\n") for one in texts)
    assert text == "\n\n".join(filter(None, said)) + "\n"
    assert page == "".join(f"<p>{one.replace('@@0@@', word)}</p>" for one in texts)
    assert copy is None or (copy.text, copy.page) == (text, page)
    assert (copy is None) == (word.strip("\n") != word or not word)


def test_a_page_with_a_bare_return_is_no_copy() -> None:
    assert LaidOut([part("one\r\ntwo @@0@@")]).filled({0: Filled("Anna", "Anna")})[2] is None


def test_a_thousand_mails_keep_one_sheet_and_each_is_read_as_it_was_sent(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    sheet = printed("Dear @@0@@, see @@1@@", "<p>@@0@@</p><a href='@@1@@'>")
    again = printed("Dear @@0@@, see @@1@@", "<p>@@0@@</p><a href='@@1@@'>")
    mails = [
        replace(mailed(copy_of(sheet if number % 2 else again, f"Guest {number}", f"https://x.example/{number}")),
                message_id=mail(number).message_id)
        for number in range(1000)
    ]  # fmt: skip
    KeepingSender(database, Provider()).send(mails)
    hotel = Hotel(database)
    assert hotel.one("select count(*) from sent_sheet") == 1
    for message in (mails[0], mails[999]):
        sealed, packed = hotel.all(
            "select text_sealed, packed from text_of_message join sent_sheet on number = sheet where message_id = %s",
            message.message_id,
        )[0]
        assert SentWords.opened(database.keyring, sealed, packed) == message.words
        with pytest.raises(LostSheet):
            SentWords.opened(database.keyring, sealed)


def test_a_sheet_stays_for_as_long_as_the_last_text_that_is_a_copy_of_it(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    sender, sheet = KeepingSender(database, Provider()), printed("Dear @@0@@", "<p>@@0@@</p>")
    first = mailed(copy_of(sheet, "Anna"))
    for days in (0, 1, 30):
        sender.send([replace(first, message_id=mail(days + 2).message_id, at=first.at + timedelta(days=days))])
    kept = {one.name: one for one in subjects_of(PERSONAL_DATA)}
    left = []
    for month in (6, 7, 8):  # the last was sent in June
        with database.transaction() as tx:
            for name in ("sent_text", "sent_sheet"):
                drop_all(kept[name], tx, datetime(first.at.year + 1, month, 28, tzinfo=UTC))
        left.append(Hotel(database).one("select (select count(*) from sent_text) || ' ' || count(*) from sent_sheet"))
    assert left == ["3 1", "1 1", "0 0"]


def test_no_sheet_goes_before_a_text_that_could_not(make_database: MakeDatabase) -> None:
    """As while a backup reads the table."""
    database = make_database("messaging")
    first = mailed(copy_of(printed("Dear @@0@@", "<p>Dear @@0@@</p>"), "Anna"))
    KeepingSender(database, Provider()).send([first])
    sheets = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "sent_sheet")
    with database.transaction() as tx:
        assert drop_all(sheets, tx, first.at + timedelta(days=1000)) == 0
        tx.execute("delete from sent_text")
        assert drop_all(sheets, tx, first.at + timedelta(days=1000)) == 1


def test_what_a_real_template_sent_is_read_as_it_was_and_holds_the_guests_words_sealed(
    make_database: MakeDatabase,
) -> None:
    database, provider = make_database("messaging"), Provider()
    hotel = Hotel(database, KeepingSender(database, provider))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    (sent,) = provider.taken
    assert sent.copy is not None and sent.text == sent.copy.text and sent.html == sent.copy.page
    sheet = hotel.one("select packed from sent_sheet")
    assert b"Ana" not in Sheet.unpacked(sheet)._plain
    with database.transaction() as tx:
        read = as_sent(tx, sent.message_id)
    assert read is not None and (read.text, read.page) == (sent.text, sent.html)
