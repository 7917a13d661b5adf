"""A list of opt-outs is read as tolerantly as a hotel's export, whatever the other tool wrote; and looked at first."""

from __future__ import annotations

import gzip
from datetime import UTC, date
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from services.feedback.commands.list_objections import Closed
from services.feedback.commands.read_opt_outs import OptOutList
from services.feedback.config import Config
from services.feedback.rules.files.days import DayOrder, instant, settle
from services.feedback.rules.files.opt_out_file import Objection
from services.feedback.service import SERVICE
from shared.access.people import Person
from shared.table_files.reading import Reading
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from tests.cast import ANA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.feedback.test_pages_optouts import PATH, points
from tests.segments.imports.books import Cell, archive, ods, xlsx
from tests.web import Browser, browser, words

ROWS = "Name;E-mail;Telefone\nJoão;Ana@Example.com;910 000 001\nZoé;;+351 910 000 002\n"
CHINESE = "姓名,邮箱,手机\n张伟,ana@example.com,+351910000001\n王芳,,+351910000002\n"
CELLS: list[list[Cell]] = [
    ["Nome", "E-mail", "Telemóvel"],
    ["João", "ana@example.com", 351910000001.0],
    ["Zoé", None, "+351910000002"],
]


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    return Feedback(make_database("feedback"))


@pytest.fixture
def marta(feedback: Feedback) -> Browser:
    made = browser(SERVICE.build_web, Config(), feedback.database, MARTA)
    made.get(PATH)
    return made


def bring(who: Browser, content: bytes, *, htmx: bool = False, **more: str) -> TestResponse:
    form = {"file": (BytesIO(content), "list"), "scope": "marketing", "country": "PT", **more}
    return who.post(PATH, form, headers={"HX-Request": "true"} if htmx else {})


def read(folder: Path, content: bytes) -> set[str]:
    path = folder / "list"
    path.write_bytes(content)
    return {one.address for chunk in OptOutList(path, Reading(), "PT").chunks() for one in chunk}


def closed(feedback: Feedback) -> set[str]:
    """The contact points closed, of those that the files here name."""
    named = {feedback.point("email", "ana@example.com"): "ana", feedback.point("email", "ben@example.com"): "ben"}
    named |= {feedback.point("sms", f"+35191000000{last}"): str(last) for last in range(1, 5)}
    return {named.get(point, "?") for _, point in points(feedback)}


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode("cp1252"),
        ROWS.encode("mac-roman"),
        ROWS.encode("utf-16"),
        CHINESE.encode("gb18030"),
        CHINESE.encode("big5", "replace"),
        gzip.compress(ROWS.encode()),
        archive(a__csv=ROWS.encode()),
        gzip.compress(archive(a__csv=ROWS.encode("cp1252"))),
        xlsx(List=CELLS),
        ods("List", [[str(cell or "").removesuffix(".0") for cell in row] for row in CELLS]),
        archive(a__xlsx=xlsx(List=CELLS)),
        b"sep=|\n" + ROWS.replace(";", "|").encode(),
        b"\n\nUnsubscribed contacts,,\nPrinted 2026-11-20\n\n" + ROWS.replace(";", ",").encode() + b"Total,2,\n",
        ROWS.replace("E-mail", '"E-mail\naddress"').encode(),
        b"ana@example.com;910000009;Jo\xe3o;+351 910 000 001\n;;Z;+351 910 000 002\n",
        b"e-mail\nana@example.com\n+351910000001\nmobile\n",
    ],
    ids=["cp1252", "mac", "utf-16", "gbk", "big5", "gzip", "zip", "zip-in-gzip", "xlsx", "ods", "xlsx-in-zip", "sep",
         "title", "broken-heading", "no-headings", "one-column"],
)  # fmt: skip
def test_a_list_is_read_whatever_the_other_tool_wrote(tmp_path: Path, content: bytes) -> None:
    is_one_column = content.startswith(b"e-mail\n")
    wanted = {"ana@example.com", *([] if is_one_column else ["+351910000001", "+351910000002"])}
    assert read(tmp_path, content) == wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("mailto:ana@example.com", "ana@example.com"),
        ("'ana@example.com", "ana@example.com"),
        ('=""ana@example.com""', "ana@example.com"),
        ("ana@example.com / ben@example.com", "ana@example.com ben@example.com"),
        ("Ana <ana@example.com>; Ben <ben@example.com>", "ana@example.com ben@example.com"),
        ("351910000001.0", "+351910000001"),
        ("'+351910000001", "+351910000001"),
        ("tel:+351910000001", "+351910000001"),
        ("00351 910 000 001 / 910000002", "+351910000001 +351910000002"),
    ],
)
def test_a_cell_is_cleaned_as_that_of_an_export(tmp_path: Path, cell: str, wanted: str) -> None:
    heading = "email" if "@" in wanted else "mobile"
    assert read(tmp_path, f'name,{heading}\nx,"{cell}"\n'.encode()) == set(wanted.split())


def test_what_closes_nothing_is_counted_by_reason(feedback: Feedback, marta: Browser) -> None:
    lines = ["name,email,phone", "a,,3.51E+11", "b,,3.6E11", "c,no address,", "d,,", 'e,"ana@example.com,']
    page = words(bring(marta, "\n".join([*lines, "f,ben@example.com,"]).encode()))
    assert "2 × not a phone number of this country: was rounded by a spreadsheet" in page
    assert "1 × not an e-mail address: is no e-mail address" in page
    assert "1 × neither an address nor a number" in page
    assert "ben" in closed(feedback)


def test_looking_first_tells_the_same_and_closes_nothing(feedback: Feedback, marta: Browser) -> None:
    feedback.knows(ANA, address="ana@example.com")
    bring(marta, b"email\nben@example.com\n")
    content = b"email,name\nana@example.com,A\nben@example.com,B\nana@example.com,A\nnobody@example.com,N\nx,\n"
    page = words(bring(marta, content, look="1"))
    assert "2 addresses and numbers would be closed; nothing is closed yet." in page
    assert "5 lines read, 4 opt-outs found, 2 of them known before or twice in the file." in page
    assert "2 addresses and numbers of the file are no guest's here." in page and "1 entry could not be read" in page
    assert "Read: «email» (addresses)." in page
    assert closed(feedback) == {"ben"}
    assert "2 addresses and numbers are closed now." in words(bring(marta, content))


def test_htmx_gets_what_was_found_alone_and_a_problem_too(marta: Browser) -> None:
    found = bring(marta, b"email\nana@example.com\n", htmx=True, look="1")
    assert found.text.startswith('<div id="found"') and "would be closed" in found.text
    broken = bring(marta, b"%PDF-1.7", htmx=True, look="1")
    assert broken.status_code == 200 and "This is no table" in broken.text


def test_of_two_tables_nothing_is_closed_until_one_is_named(feedback: Feedback, marta: Browser) -> None:
    book = xlsx(Mail=[["e-mail", "x"], ["ana@example.com", "1"]], Phones=[["mobile", "x"], ["+351910000002", "1"]])
    page = bring(marta, book)
    assert page.status_code == 422 and "say first which table is meant" in words(page)
    assert 'name="sheet" value="Phones" form="list"' in " ".join(page.text.split()) and closed(feedback) == set()
    assert bring(marta, book, sheet="Phones").status_code == 200
    assert closed(feedback) == {"2"}


def test_letters_that_read_in_two_ways_close_no_address_until_somebody_says_which(
    feedback: Feedback, marta: Browser
) -> None:
    content = "name,email\nSzűcs Éva,szűcs@example.com\nX,ana@example.com\n".encode("cp1250")
    page = bring(marta, content)
    assert closed(feedback) == {"ana"} and "letters that can be read in two ways" in words(page)
    assert 'name="encoding" value="cp1250" form="list"' in page.text
    bring(marta, content, encoding="cp1250")
    assert ("email", feedback.point("email", "szűcs@example.com")) in points(feedback)


def test_every_column_whose_heading_says_so_is_read_and_another_is_named(feedback: Feedback, marta: Browser) -> None:
    content = (
        b"email opt-out date,email,email 2,referred by\n2020-02-03,ana@example.com,ben@example.com,b@example.com\n"
    )
    page = words(bring(marta, content))
    assert closed(feedback) == {"ana", "ben"}
    assert "«email» (addresses), «email 2» (addresses), «email opt-out date» (the day of the objection)" in page
    assert "Not read, though addresses or numbers stand there: «referred by»" in page


@pytest.mark.parametrize(
    "written",
    [
        *("2020-02-03", "2020/2/3", "3.2.2020", "2020年2月3日", "2020-02-03 10:00", "2020-02-03T01:00+01:00"),
        *("3 Feb 2020", "Feb 3, 2020", "3. Februar 2020", "3 février 2020", "3 de febrero de 2020", "3 FEV 2020 10:00"),
    ],
)
def test_a_day_that_reads_the_same_everywhere_is_heeded(written: str) -> None:
    found = instant(written)
    assert found is not None and found.astimezone(UTC).date() == date(2020, 2, 3)


@pytest.mark.parametrize(("answer", "day"), [("dmy", "2020-02-03"), ("mdy", "2020-03-02"), ("today", "2026-11-21")])
def test_of_days_that_read_in_two_ways_nothing_is_closed_until_somebody_says_which(
    feedback: Feedback, marta: Browser, answer: str, day: str
) -> None:
    lines = b"email,unsubscribed\nana@example.com,03/02/2020\nben@example.com,2020-01-01\n"
    page = bring(marta, lines)
    assert page.status_code == 422 and "say first how the dates are read" in words(page)
    assert "the day stands first 03/02/2020 = 2020-02-03" in words(page) and closed(feedback) == set()
    assert "count from today on" not in words(bring(marta, lines, look="1")).partition("How are these dates read?")[0]
    looked = bring(marta, lines, dates=answer, look="1")
    assert f'type="hidden" name="dates" value="{answer}" form="list"' in looked.text
    assert bring(marta, lines, dates=answer).status_code == 200
    days = {str(said["requested_at"])[:10] for said in feedback.published("optout.requested.v1")}
    assert days == {"2020-01-01", day}


@pytest.mark.parametrize(
    ("column", "order", "asked"),
    [
        (["3/2/2020", "13/2/2020"], DayOrder.DAY_FIRST, False),
        (["3/2/2020", "2/13/2020", "no date"], DayOrder.MONTH_FIRST, False),
        (["13/2/2020", "2/13/2020"], None, True),
        (["3-2-2020 10:00"], None, True),
        (["3/3/2020"], DayOrder.DAY_FIRST, False),
        (["2020-02-03", "40/40/2020", ""], None, False),
    ],
)
def test_the_whole_column_says_how_its_days_are_written_or_is_asked(
    column: list[str], order: DayOrder | None, asked: bool
) -> None:
    found = settle(column)
    assert (found.order, bool(found.asked)) == (order, asked)


def test_the_audit_trail_tells_each_part_whoever_closes_it(feedback: Feedback) -> None:
    for by in (Person(MARTA.person_id, MARTA.name, MARTA.role, frozenset()), "the command line"):
        with feedback.tx() as tx:
            objections = [Objection(Channel.EMAIL, "nobody@example.com", None, line=2)]
            Closed().close(tx, objections, OptOutScope.MARKETING, "gone.csv", NOW, by)
    said = [one["details"] for one in feedback.published("audit.recorded.v1")]
    assert [(one["new"], one["of"], one["nobodys"]) for one in said] == [(1, 1, 1), (0, 1, 1)]


def test_how_the_days_were_read_is_said(marta: Browser) -> None:
    page = words(bring(marta, b"email,opt-out\nana@example.com,3/2/2020\nben@example.com,13/2/2020\n"))
    assert "Dates such as 3/4/2026: the day stands first." in page


def test_a_number_of_ten_thousand_lines_is_told_with_the_first_of_them(feedback: Feedback, marta: Browser) -> None:
    page = bring(marta, ("email\n" + "x\n" * 9_999 + "ana@example.com\n").encode())
    assert "9,999 ×" in words(page) and page.text.count("<tr>") < 500
    assert closed(feedback) == {"ana"}
