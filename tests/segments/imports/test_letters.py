"""In which encoding a file is written: found by how plausible its words are, asked where two are."""

from __future__ import annotations

import codecs
from io import BytesIO
from pathlib import Path

import pytest

from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from shared.table_files.letters import judging
from shared.table_files.letters.judging import Judgement, judge
from shared.table_files.reading import Encoding, Reading
from shared.vocabulary.file_problem import FileProblem
from tests.segments.imports.books import row, table

WESTERN = "José Müller,Zoë Sørensen,João Conceição,Inês Gonçalves,Hélène Lefèvre,Muñoz,Åsa Björk,Guðrún Þórsdóttir"
CENTRAL = "Dvořák,Jiří Novák,Łukasz Wójcik,Wałęsa,Růžička,Kovačić,Erdős,Szabó,Brăila,Świątek,Žižka,Kamiński"
CYRILLIC = "Иван Петров,Анна,Сергей,Ольга,ИВАНОВ,Ковальчук,Їжакевич"
TURKISH = "Şahin Yılmaz,Özdoğan Işık,Çağlar,Yıldız,Küçük"
GREEK = "Γιώργος Παπαδόπουλος,Μαρία Νικολάου,Ελένη,ΔΗΜΗΤΡΙΟΥ,Κώστας"
CHINESE = "张伟,李娜,王芳,刘洋,陈静,欧阳娜娜,预订确认,上海"
TAIWAN = "陳大文,張偉,王小明,林志玲,黃美麗,歐陽"
JAPANESE = "田中太郎,山田花子,タナカ,さとう,佐藤"
KOREAN = "김철수,이영희,최민수,박지성,홍길동"
TEXTS = [
    ("cp1252", WESTERN), ("latin-1", WESTERN), ("cp1250", CENTRAL), ("cp1251", CYRILLIC), ("cp1254", TURKISH),
    ("cp1253", GREEK), ("iso8859-7", GREEK),
    ("gbk", CHINESE), ("gb18030", CHINESE), ("big5", TAIWAN), ("shift_jis", JAPANESE), ("cp949", KOREAN),
    ("utf-8", WESTERN + CHINESE), ("utf-8-sig", CENTRAL), ("utf-16", CHINESE), ("utf-16-le", WESTERN),
    ("utf-16-be", CYRILLIC),
]  # fmt: skip


def judged(content: bytes) -> Judgement:
    return judge(lambda: BytesIO(content))


@pytest.mark.parametrize(("encoding", "names"), TEXTS, ids=[name for name, _ in TEXTS])
def test_a_file_is_read_whatever_its_encoding(tmp_path: Path, encoding: str, names: str) -> None:
    path = tmp_path / "a.csv"
    words = names.split(",")
    rows = [row(number, last_name=word) for number, word in enumerate(words)]
    path.write_bytes(table(*rows).encode(encoding))
    opened = Table(path)
    assert [record.cells[8] for record in opened.records()] == words
    assert opened.ambiguities == []


@pytest.mark.parametrize(("encoding", "names"), TEXTS, ids=[name for name, _ in TEXTS])
def test_one_word_is_read_rightly_or_asked(encoding: str, names: str) -> None:
    for word in names.split(","):
        found = judged(f"name;city\r\n{word};x\r\n".encode(encoding))
        readings = found.readings or {found.encoding: ""}
        assert word in [word.encode(encoding).decode(one, "replace").lstrip("\ufeff") for one in readings]


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850", "cp437"])
def test_letters_of_old_machines_are_read_rightly_or_asked(encoding: str) -> None:
    for words in ("José Müller,Conceição,Muñoz,Åsa Björk", "José", "Müller", "Zoë,Hélène"):
        content = f"name;city\r\n{words};x\r\n".encode(encoding, "ignore")
        found = judged(content)
        right = content.decode(encoding)
        assert right in [content.decode(one, "replace") for one in (found.encoding, *found.readings)]


def test_letters_that_no_encoding_makes_plausible_are_asked() -> None:
    assert judged("name;city\r\nสมชาย ใจดี;ธนพล\r\n".encode("cp874")).readings


def test_letters_that_two_encodings_make_plausible_are_asked_and_the_mapping_settles_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(row(1, last_name="Szűcs Éva")).encode("cp1250"))
    (asked,) = Table(path).ambiguities
    assert (asked.kind, asked.subject) == (FileProblem.ENCODING, "encoding")
    assert asked.readings == {"cp1252": "Szûcs Éva", "cp1250": "Szűcs Éva"}
    told = ImportMapping().questions(Table(path).header, [asked])
    assert "cp1250 («Szűcs Éva»)" in told["encoding"]
    said = Table(path, Reading(encoding=Encoding.CENTRAL))
    assert said.ambiguities == []
    assert next(said.records()).cells[8] == "Szűcs Éva"


def test_the_last_row_of_a_long_file_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    plain = table(*[row(number) for number in range(40_000)]).encode()
    path.write_bytes(plain + ",".join(row(0, last_name="Müller")).encode("cp1252") + b"\r\n")
    assert len(plain) > 2 * judging.BLOCK
    opened = Table(path)
    assert opened.encoding is Encoding.WESTERN
    assert [record.cells[8] for record in opened.records()][-1] == "Müller"


def test_a_few_broken_bytes_do_not_make_utf8_another_encoding() -> None:
    rows = [f"{number};José;Müller;陈静".encode() for number in range(20)]
    assert judged(b"\n".join([*rows, b"21;Jos\xe9;x"])) == Judgement(Encoding.UTF8)


def test_letters_of_two_chinese_characters_that_look_like_utf8_are_chinese() -> None:
    content = "伟,张,CHECKED_OUT\n芳,王,CHECKED_OUT\n娜,李,CHECKED_OUT\n".encode("gbk")
    assert judged(content) == Judgement(Encoding.CHINESE)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_is_believed(mark: bytes) -> None:
    assert not judged(mark + b"a\x00;\x00").readings


def test_words_are_kept_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_WORDS", 50)
    content = "\n".join(f"Müller{'abc'[n % 3]}{'xyz'[n % 7 % 3]}{n}" for n in range(1000)).encode("cp1252")
    with BytesIO(content) as file:
        assert len(judging._words(file)) == 50
