"""What addresses and numbers are worth."""

from __future__ import annotations

import pytest

from services.segments.rules.people.contact_points import email_point, phone_point

EMAILS = [
    ("rita@example.com", "rita@example.com", "personal"),
    (" Rita.Cantu@Example.COM ", "rita.cantu@example.com", "personal"),
    ("rita+hotel@example.com", "rita+hotel@example.com", "personal"),
    ("josé@exämple.com", "josé@exämple.com", "personal"),
    ("1e0b92@guest.booking.com", "1e0b92@guest.booking.com", "masked"),
    ("x1@guest.airbnb.com", "x1@guest.airbnb.com", "masked"),
    ("x1@m.expediapartnercentral.com", "x1@m.expediapartnercentral.com", "masked"),
    ("reservations28@agency.example.com", "reservations28@agency.example.com", "agency"),
    ("reservationsNULL@agency.example.com", "reservationsnull@agency.example.com", "agency"),
    ("info@example.com", "info@example.com", "agency"),
    ("groups-2@example.com", "groups-2@example.com", "agency"),
    ("anyone@tours.example.org", "anyone@tours.example.org", "agency"),
    ("guest12.3@example.net", "guest12.3@example.net", "personal"),
    ("noreply@example.com", "noreply@example.com", "bad"),
    ("rita@", "rita@", "bad"),
    ("rita example.com", "rita example.com", "bad"),
    ("rita..c@example.com", "rita..c@example.com", "bad"),
]
PHONES = [
    ("+351 930 000 451", "PT", "+351930000451", "personal"),
    ("00351 930 000 451", None, "+351930000451", "personal"),
    ("07700 900357", "GB", "+447700900357", "personal"),
    ("(415) 555-0134", "US", "+14155550134", "personal"),
    ("07700 900357", None, "07700 900357", "bad"),
    ("12", "GB", "12", "bad"),
    ("+351 999999999999999", "PT", "+351 999999999999999", "bad"),
    ("000000000", "PT", "+0000000", "bad"),
    ("call the office", "PT", "call the office", "bad"),
]


@pytest.mark.parametrize(("raw", "address", "kind"), EMAILS)
def test_an_email_is_normalised_and_classed(raw: str, address: str, kind: str) -> None:
    point = email_point(raw, frozenset({"tours.example.org"}))
    assert point is not None
    assert (point.channel, point.address, point.kind) == ("email", address, kind)


@pytest.mark.parametrize(("raw", "region", "address", "kind"), PHONES)
def test_a_phone_is_read_as_dialled_at_home(raw: str, region: str | None, address: str, kind: str) -> None:
    point = phone_point(raw, region)
    assert point is not None
    assert (point.channel, point.address, point.kind) == ("sms", address, kind)


@pytest.mark.parametrize("raw", ["", "  ", "NULL", "n/a", "-"])
def test_a_cell_that_says_nothing_is_no_point(raw: str) -> None:
    assert email_point(raw) is None
    assert phone_point(raw, "PT") is None
