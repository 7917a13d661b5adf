"""What a cell means: addresses and numbers out of the dirt that real files put around them."""

from __future__ import annotations

import pytest

from shared.contact_points import emails, phones
from shared.contact_points.emails import ascii_email, read_emails
from shared.contact_points.phones import read_phones
from shared.vocabulary.contact_point import CALLED, STILL_KNOWN_BY, PointFault

RITA = "rita@example.com"
EMAILS = [
    "Rita@Example.COM",
    " rita@example.com\u200b",
    "\ufeffrita@example.com",
    "\u202arita@example.com\u202c",
    "rita@exam\u00adple.com",
    "\u00a0rita@example.com\u00a0",
    "'rita@example.com",
    "’rita@example.com",
    '"rita@example.com"',
    '="rita@example.com"',
    "MAILTO:rita@example.com",
    "mailto:rita@example.com?subject=Hello",
    "mailto:rita%40example.com",
    "Rita Cantu <rita@example.com>",
    '"Cantu, Rita" <rita@example.com>',
    "<rita@example.com>",
    "rita@example.com.",
    "rita@example.com,",
    "rita@example.com;",
    "(rita@example.com)",
    "rita@example.com (private)",
    "E-mail: rita@example.com",
    "rita＠example.com",
    "ｒｉｔａ@example．com",
    "rita @example.com",
]
SEVERAL = [
    ("rita@example.com; leo@example.com", [RITA, "leo@example.com"]),
    ("rita@example.com,leo@example.com", [RITA, "leo@example.com"]),
    ("rita@example.com / leo@example.com", [RITA, "leo@example.com"]),
    ("rita@example.com leo@example.com", [RITA, "leo@example.com"]),
    ("rita@example.com und leo@example.com", [RITA, "leo@example.com"]),
    ("rita@example.com\nleo@example.com", [RITA, "leo@example.com"]),
    ("rita@; leo@example.com", ["leo@example.com", "rita@"]),
    ("rita@example.com; RITA@example.com", [RITA]),
    ("Rita <rita@example.com>, Leo <leo@example.com>", [RITA, "leo@example.com"]),
]
BAD_EMAILS = [
    ("rita example.com", PointFault.NO_ADDRESS),
    ("rita(at)example.com", PointFault.NO_ADDRESS),
    ("rita@@example.com", PointFault.NO_ADDRESS),
    ("@example.com", PointFault.NO_ADDRESS),
    ("rita..c@example.com", PointFault.NO_ADDRESS),
    ("mary jane@example.com", PointFault.BLANK_INSIDE),  # mary.jane@? jane@?
    ("rita@localhost", PointFault.DOMAIN),
    ("rita@ex\u2028ample", PointFault.BLANK_INSIDE),
]
NUMBERS = [
    ("+351 912 345 678", (), "+351912345678"),
    ("00351912345678", (), "+351912345678"),
    ("'+351 912 345 678", (), "+351912345678"),
    ("\u202a+351 912 345 678\u202c", (), "+351912345678"),
    ("+351\u00a0912\u00a0345\u00a0678", (), "+351912345678"),
    ("＋３５１９１２３４５６７８", (), "+351912345678"),
    ("tel:+351-912-345-678", (), "+351912345678"),
    ("351912345678.0", ("PT",), "+351912345678"),
    ("351912345678.0", (None, "CN"), "+351912345678"),
    ("912345678.0", ("PT",), "+351912345678"),
    ("+44 (0)7911 123456", (), "+447911123456"),
    ("0044 (0) 7911 123456", ("PT",), "+447911123456"),
    ("+351 (0)912345678", (), "+351912345678"),
    ("13800138000", (None, "CN"), "+8613800138000"),
    ("138-0013-8000", ("CN", "CN"), "+8613800138000"),
    ("13800138000", ("DE", "CN"), "+8613800138000"),
    ("07911 123456", ("GB", "PT"), "+447911123456"),
    ("07700 900357", ("GB", "CN"), "+447700900357"),  # in no use, and at home all the same
    ("(415) 555-0134", ("US", "PT"), "+14155550134"),  # a region that tells no landline from a mobile
    ("+351 912 345 678.", (), "+351912345678"),
]
BAD_NUMBERS = [
    ("8.6E12", ("CN",), PointFault.ROUNDED),
    ("8.613800138E+12", ("CN",), PointFault.ROUNDED),
    ("8,6E+12", ("PT",), PointFault.ROUNDED),
    ("12", ("GB",), PointFault.WRONG_LENGTH),
    ("call the office", ("PT",), PointFault.NO_NUMBER),
    ("912345678", (), PointFault.NO_COUNTRY),
    ("000000000", ("PT",), PointFault.PLACEHOLDER),
    ("+351 999999999999999", (), PointFault.WRONG_LENGTH),
]
NO_TEXT = [
    ("+351 21 123 4567", "+351211234567", PointFault.LANDLINE),
    ("+86 21 6123 4567", "+862161234567", PointFault.LANDLINE),
    ("+44 20 7946 0958", "+442079460958", PointFault.LANDLINE),
    ("+351 800 200 100", "+351800200100", PointFault.SERVICE_NUMBER),
    ("+1 888 555 0152", "+18885550152", PointFault.SERVICE_NUMBER),
    ("+1 415 555 0134 ext. 12", "+14155550134", PointFault.EXTENSION),
]


@pytest.mark.parametrize("written", EMAILS, ids=ascii)
def test_an_address_is_read_out_of_the_dirt_around_it(written: str) -> None:
    assert [(one.address, one.fault) for one in read_emails(written)] == [(RITA, None)]


@pytest.mark.parametrize(("written", "addresses"), SEVERAL, ids=ascii)
def test_several_addresses_in_a_cell_are_all_kept_usable_ones_first(written: str, addresses: list[str]) -> None:
    assert [one.address for one in read_emails(written)] == addresses


@pytest.mark.parametrize(("written", "fault"), BAD_EMAILS, ids=ascii)
def test_an_address_that_nobody_can_read_for_certain_says_why(written: str, fault: PointFault) -> None:
    (read,) = read_emails(written)
    assert read.fault is fault
    assert read.address == emails.as_once_read(written), "as it was written, so that people can correct it"


def test_an_international_domain_is_shown_in_its_letters_and_sent_in_punycode() -> None:
    (read,) = read_emails("rita@EXÄMPLE.com")
    assert (read.address, read.fault) == ("rita@exämple.com", None)
    assert read_emails("rita@xn--exmple-cua.com")[0].address == "rita@exämple.com"
    assert ascii_email("rita@exämple.com") == "rita@xn--exmple-cua.com"
    assert ascii_email("rita@例え.jp") == "rita@xn--r8jz45g.jp"
    assert ascii_email(RITA) == RITA


@pytest.mark.parametrize(("written", "countries", "number"), NUMBERS, ids=ascii)
def test_a_number_is_read_as_it_is_dialled(written: str, countries: tuple[str | None, ...], number: str) -> None:
    assert [(one.address, one.fault) for one in read_phones(written, *countries)] == [(number, None)]


@pytest.mark.parametrize(("written", "countries", "fault"), BAD_NUMBERS, ids=ascii)
def test_a_number_that_cannot_be_dialled_says_why(written: str, countries: tuple[str, ...], fault: PointFault) -> None:
    (read,) = read_phones(written, *countries)
    assert read.fault is fault
    assert read.address == phones.as_once_read(written)


@pytest.mark.parametrize(("written", "number", "fault"), NO_TEXT, ids=ascii)
def test_a_number_that_gets_no_text_is_kept_and_says_so(written: str, number: str, fault: PointFault) -> None:
    (read,) = read_phones(written)
    assert (read.address, read.fault) == (number, fault)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("+351 21 123 4567 / +351 912 345 678", ["+351912345678", "+351211234567"]),
        ("912345678; 932345678", ["+351912345678", "+351932345678"]),
        ("912345678 ou 932345678", ["+351912345678", "+351932345678"]),
        ("n/a / 912345678", ["+351912345678"]),
    ],
)
def test_several_numbers_in_a_cell_are_all_kept_one_that_gets_texts_first(written: str, numbers: list[str]) -> None:
    assert [one.address for one in read_phones(written, "PT")] == numbers


@pytest.mark.parametrize("written", ["", "  ", "NULL", "n/a", "-", "nan", "\u200b", "无"], ids=ascii)
def test_a_cell_that_says_nothing_holds_no_point(written: str) -> None:
    assert read_emails(written) == () == read_phones(written, "PT")


@pytest.mark.parametrize("clean", [RITA, "rita+hotel@example.com", "josé@exämple.com", "o'brien@example.com"])
def test_an_address_that_was_clean_is_the_same_to_the_letter(clean: str) -> None:
    (read,) = read_emails(clean)
    assert (read.address, read.form) == (clean, None)


@pytest.mark.parametrize("clean", ["+351912345678", "+351 912 345 678", "00351912345678", "(912) 345-678"])
def test_a_number_that_was_read_before_has_no_second_spelling(clean: str) -> None:
    (read,) = read_phones(clean, "PT", "CN")
    assert (read.address, read.form) == ("+351912345678", None)


@pytest.mark.parametrize("written", [one for one in EMAILS if emails.as_once_read(one) != RITA], ids=ascii)
def test_a_mended_address_tells_what_it_was_indexed_by_before(written: str) -> None:
    assert read_emails(written)[0].form == emails.as_once_read(written)


def test_every_fault_has_words_and_only_those_of_real_numbers_still_name_a_guest() -> None:
    assert all(fault.label for fault in PointFault)
    assert CALLED < STILL_KNOWN_BY < frozenset(PointFault)
