"""Cases in a hotel's own terms: where, about what, by when; what was given, pictures, merged cases, how they end."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from shared.database.pool import Tx
from shared.vocabulary.case import CaseKind
from tests.cast import ADA, ANA, ANTON, DINA, FILIPA, MARTA, NOW, WEI, employ
from tests.conftest import MakeDatabase
from tests.feedback.duty import Duty
from tests.web import Browser, words

HOUR = timedelta(hours=1)


@pytest.fixture
def duty(make_database: MakeDatabase) -> Duty:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.knows(ANA)
    return duty


@pytest.fixture
def dina(duty: Duty) -> Browser:
    return duty.as_(DINA)


def post(who: Browser, case_id: UUID, verb: str, **values: str) -> TestResponse:
    path = f"/feedback/cases/{case_id}"
    page = who.get(path).get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    return who.post(f"{path}/{verb}", {"version": version[1] if version else "0", **values})


def picture(colour: str = "red") -> tuple[io.BytesIO, str]:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Quartz Camera"
    Image.new("RGB", (30, 20), colour).save(made, "JPEG", exif=exif)
    return io.BytesIO(made.getvalue()), "shower.jpg"


def given(**more: str) -> dict[str, str]:
    values = {"id": str(uuid4()), "kind": "refund", "amount": "25.50", "currency": "EUR"}
    return {**values, "approver": str(DINA.person_id), **more}


def test_room_matter_department_and_level_are_set_with_who_and_when(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint()
    page = words(post(dina, case_id, "place", room="412", matter="noise", department="engineering", level="3"))
    for told in ("Room 412", "Noise", "Engineering", "level 3 of 3", "16 hours left"):
        assert told in page
    for told in ("noted the room: 412.", "noted what it is about: Noise.", "gave it to: Engineering.", "level 3."):
        assert f"Dina Duarte {told}" in page or f"Dina Duarte made it {told}" in page
    again = words(post(dina, case_id, "place", room="412", matter="noise", department="engineering", level="3"))
    assert again.count("noted the room") == 1


def test_a_stale_page_moves_nothing(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint()
    post(dina, case_id, "place", room="412", matter="", department="", level="2")
    stale = {"version": "1", "room": "413", "matter": "", "department": "", "level": "2"}
    assert dina.post(f"/feedback/cases/{case_id}/place", stale).status_code == 409
    assert duty.one("select room from care_case") == "412"


def test_the_matter_says_who_looks_after_it_unless_somebody_does(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    filipa.get(f"/feedback/cases/new?guest={ANA}")
    form = {"guest": str(ANA), "ref": str(uuid4()), "how": "desk", "kind": "complaint", "words": "Drip, drip."}
    page = words(filipa.post("/feedback/cases", {**form, "matter": "broken", "room": "412"}))
    assert "Engineering" in page and "Room 412" in page and "Something broken" in page


def test_a_case_closes_with_all_that_a_recovery_needs(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint(matter="food_and_drink")
    post(dina, case_id, "compensation", **given(kind="meal"))
    post(dina, case_id, "closure", outcome="compensated", content="yes", words="Dinner on us.")
    (closed,) = duty.published("case.closed.v1")
    told = {name: closed[name] for name in ("kind", "level", "department", "matter", "outcome", "content")}
    assert told == {
        "kind": "complaint",
        "level": 2,
        "department": "food",
        "matter": "food_and_drink",
        "outcome": "compensated",
        "content": "yes",
    }
    assert closed["compensations"] == ["meal"] and closed["merged_into"] is None
    page = words(dina.get(f"/feedback/cases/{case_id}"))
    assert "Closed: Compensated" in page and "The guest is content" in page and "Dinner on us." in page


def test_a_reopened_case_has_the_deadline_of_its_hotel(duty: Duty, dina: Browser) -> None:
    dina.get("/feedback/care/LIS")
    terms = {"hours1": "10", "hours2": "5", "hours3": "2", "answer_within": "30", "alert_level": "4"}
    assert "Saved." in words(dina.post("/feedback/care/LIS/terms", terms))
    case_id = duty.complaint(at=NOW - 30 * HOUR)
    post(dina, case_id, "closure", outcome="explained")
    assert "5 hours left" in words(post(dina, case_id, "reopening"))


def test_what_is_given_is_recorded_once_with_who_approved_it(duty: Duty) -> None:
    case_id, ada = duty.complaint(), duty.as_(ADA)
    form = given()
    post(ada, case_id, "compensation", **form)
    page = words(post(ada, case_id, "compensation", **form))
    assert page.count("Refund, €25.50") == 2  # in the list, and in the history
    assert "approved by Dina Duarte" in page and "Ada Azevedo recorded what was given: Refund, €25.50." in page


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"amount": "-5"}, "Write an amount"),
        ({"amount": "much"}, "Write an amount"),
        ({"amount": "5", "currency": ""}, "Choose the currency."),
        ({"amount": "5", "currency": "QQQ"}, "Choose the currency."),
        ({"amount": "5.555", "currency": "EUR"}, "fewer decimals"),
        ({"amount": "5.5", "currency": "JPY"}, "fewer decimals"),
        ({"approver": str(FILIPA.person_id)}, "Choose who approved it."),
        ({"approver": str(WEI.person_id)}, "Choose who approved it."),
    ],
)
def test_what_cannot_be_given_is_told_and_the_form_keeps_what_was_typed(
    duty: Duty, dina: Browser, more: dict[str, str], told: str
) -> None:
    page = post(dina, duty.complaint(), "compensation", **given(**more))
    assert page.status_code == 422 and told in words(page)
    assert duty.all("select * from case_compensation") == []


def test_sums_are_by_month_and_currency_and_what_was_taken_back_does_not_count(duty: Duty, dina: Browser) -> None:
    first, second = duty.complaint("1"), duty.complaint("2")
    for case_id, more in (
        (first, {}),
        (second, {"amount": "4.50"}),
        (second, {"currency": "CNY", "amount": "100"}),
        (first, {"kind": "gift", "amount": "", "currency": ""}),
    ):
        post(dina, case_id, "compensation", **given(**more))
    mistake = given(amount="1000")
    post(dina, first, "compensation", **mistake)
    page = words(post(dina, first, f"compensation/{mistake['id']}/withdrawal"))
    assert "Dina Duarte withdrew what was given: Refund." in page and "withdrawn by Dina Duarte" in page
    sums = words(dina.get("/feedback/compensation"))
    assert "Nov 2026 Casa do Tejo Lisboa Refund 2 €30.00" in sums
    assert "Refund 1 CN¥100.00" in sums and "Gift 1 –" in sums and "1,0" not in sums
    assert "€" not in words(duty.as_(WEI).get("/feedback/compensation"))


def test_a_picture_is_kept_small_behind_the_sign_in_without_what_was_hidden_in_it(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint()
    page = post(dina, case_id, "pictures", picture=picture()).get_data(as_text=True)  # type: ignore[arg-type]
    post(dina, case_id, "pictures", picture=picture())  # type: ignore[arg-type]
    address = re.search(rf'src="(/feedback/cases/{case_id}/pictures/[0-9a-f-]+)"', page)
    assert address and "Dina Duarte added a picture." in page
    assert duty.one("select count(*) from case_picture") == 1
    assert [one["action"] for one in duty.published("audit.recorded.v1")].count("case.picture_added") == 1
    shown = dina.client.get(address[1])
    assert shown.content_type == "image/jpeg" and b"Quartz" not in shown.data
    assert shown.headers["Cache-Control"] == "private, no-store"
    for stranger, status in ((WEI, 404), (MARTA, 403), (ANTON, 403)):
        assert duty.as_(stranger).client.get(address[1]).status_code == status
    assert dina.app.test_client().get(address[1]).status_code == 302
    assert "which your account does not see" in words(duty.as_(MARTA).get(f"/feedback/cases/{case_id}"))


def test_no_picture_is_told_by_its_reason(duty: Duty, dina: Browser) -> None:
    file = (io.BytesIO(b"<svg onload='alert(1)'/>"), "x.png")
    page = post(dina, duty.complaint(), "pictures", picture=file)  # type: ignore[arg-type]
    assert page.status_code == 422 and "This is no picture that can be shown." in words(page)


def test_a_picture_goes_with_a_tap_and_with_the_guest(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint()
    for colour in ("red", "blue"):
        post(dina, case_id, "pictures", picture=picture(colour))  # type: ignore[arg-type]
    ((one,), _) = duty.all("select picture_id from case_picture order by picture_id")
    assert "Dina Duarte removed a picture." in words(post(dina, case_id, f"pictures/{one}/removal"))
    assert duty.one("select count(*) from case_picture") == 1
    duty.erased(ANA, 9)
    assert duty.one("select count(*) from case_picture") == 0


def test_merged_cases_are_one_and_what_was_merged_is_told(duty: Duty, dina: Browser) -> None:
    kept, double = duty.complaint("1"), duty.complaint("2", kind=CaseKind.FOLLOW_UP, words="The tap drips again.")
    post(dina, double, "notes", note=str(uuid4()), words="She called twice.")
    page = words(post(dina, double, "merging", into=str(kept)))
    for told in ("The case goes on here.", "Merged into this case", "The tap drips again.", "She called twice."):
        assert told in page
    assert "Dina Duarte merged another case into this one." in page
    (closed,) = duty.published("case.closed.v1")
    assert (closed["case_id"], closed["outcome"], closed["merged_into"]) == (str(double), "merged", str(kept))
    assert "This case was merged into another one." in words(dina.get(f"/feedback/cases/{double}"))
    assert dina.post(f"/feedback/cases/{double}/merging", {"version": "1", "into": str(kept)}).status_code == 409


def test_a_case_into_which_many_were_merged_asks_no_more_of_the_database(
    duty: Duty, dina: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, asked = duty.complaint("kept"), list[str]()

    def counting(real: Any) -> Any:
        def counted(tx: Tx, *told: Any) -> Any:
            asked.append(real.__name__)
            return real(tx, *told)

        return counted

    for name in ("rows", "execute"):
        monkeypatch.setattr(Tx, name, counting(getattr(Tx, name)))
    counted = []
    for number in (1, 2):
        for each in range(number):
            double = duty.complaint(f"{number} {each}")
            post(dina, double, "merging", into=str(kept))
        asked.clear()
        dina.get(f"/feedback/cases/{kept}")
        counted.append(len(asked))
    assert counted[0] == counted[1] > 0


def test_cases_of_two_guests_or_two_hotels_are_not_merged(duty: Duty, dina: Browser) -> None:
    mine, hers = duty.complaint("1"), duty.complaint("2", property="SHA")
    other = duty.complaint("3", guest_id=uuid4())
    assert post(dina, mine, "merging", into=str(hers)).status_code == 404
    assert post(dina, mine, "merging", into=str(other)).status_code == 422
    assert post(dina, mine, "merging", into=str(mine)).status_code == 422
    assert duty.published("case.closed.v1") == []


def test_a_complaint_is_not_lost_in_a_follow_up_and_its_pause_with_it(duty: Duty, dina: Browser) -> None:
    complaint, other = duty.complaint("1"), duty.complaint("2", kind=CaseKind.FOLLOW_UP)
    assert "A complaint takes the other case in" in words(post(dina, complaint, "merging", into=str(other)))
    assert duty.published("case.closed.v1") == []


def test_what_was_merged_from_another_hotel_is_seen_by_those_of_that_hotel_alone(duty: Duty, dina: Browser) -> None:
    here, there = duty.complaint("1"), duty.complaint("2", property="SHA", words="The gym in Shanghai stank.")
    ada = duty.as_(ADA)
    due = {"id": str(uuid4()), "title": "Ask about the gym", "due": "2016-07-01T10:00", "hotel": "SHA"}
    ada.get("/feedback/tasks/new")
    ada.post("/feedback/tasks", {**due, "department": "spa", "case": str(here)})
    page = words(post(ada, there, "merging", into=str(here)))
    assert "The gym in Shanghai stank." in page and "Ask about the gym" in page
    page = words(dina.get(f"/feedback/cases/{here}"))
    assert "The gym in Shanghai stank." not in page and "Ask about the gym" not in page


def test_the_case_of_a_colleague_who_is_gone_is_nobodys(duty: Duty, dina: Browser) -> None:
    case_id = duty.complaint(words="The tap drips.")
    post(dina, case_id, "owner", owner=str(FILIPA.person_id))
    assert "The tap drips." not in words(dina.get("/feedback/cases?view=nobodys"))
    with duty.tx() as tx:
        tx.execute("update person_known set role = null where person_id = %s", [FILIPA.person_id])
    assert "The tap drips." in words(dina.get("/feedback/cases?view=nobodys"))


def test_closing_asks_for_words_before_it_offers_the_ends(duty: Duty, dina: Browser) -> None:
    page = dina.get(f"/feedback/cases/{duty.complaint()}").get_data(as_text=True)
    assert page.index("What was done") < page.index("Is the guest content?") < page.index('value="put_right"')


def test_lists_are_sorted_by_department(duty: Duty, dina: Browser) -> None:
    duty.complaint("1", matter="broken", words="The tap drips.")
    duty.complaint("2", matter="bill", words="Too much.")
    page = words(dina.get("/feedback/cases?department=engineering"))
    assert "The tap drips." in page and "Too much." not in page


def test_a_hotels_own_words_stand_in_both_languages_and_nowhere_else(duty: Duty, dina: Browser) -> None:
    dina.get("/feedback/care/LIS")
    own = {"name": "Rooftop pool", "name_zh": "屋顶泳池", "active": "1"}
    for _ in range(2):  # pressed twice
        dina.post("/feedback/care/LIS/options/department", own)
    assert duty.one("select count(*) from care_option") == 1
    dina.post("/feedback/care/LIS/options/department", {"code": "spa", "name": "", "name_zh": ""})
    case_id = duty.complaint(department="rooftop_pool")
    assert "Rooftop pool" in words(dina.get(f"/feedback/cases/{case_id}"))
    chinese = {"Accept-Language": "zh-Hans"}
    assert "屋顶泳池" in words(dina.get(f"/feedback/cases/{case_id}", headers=chinese))
    form = dina.get(f"/feedback/cases/{case_id}").get_data(as_text=True)
    assert "Spa and leisure" not in form  # not in use any more
    theirs = duty.complaint("2", property="SHA")
    shanghai = duty.as_(WEI).get(f"/feedback/cases/{theirs}").get_data(as_text=True)
    assert "Rooftop pool" not in shanghai and "Spa and leisure" in shanghai


@pytest.mark.parametrize("stranger", [FILIPA, MARTA, ANTON])
def test_terms_are_for_who_runs_the_care_of_the_hotel(duty: Duty, stranger: object) -> None:
    assert duty.as_(stranger).get("/feedback/care/LIS").status_code == 403  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"number": "", "email": ""}, "Write a number or an address."),
        ({"number": "12"}, "This is no number that can be called."),
        ({"email": "nobody"}, "This is no address that mail can be sent to."),
        ({"name": ""}, "Choose a colleague, or write what the telephone is called."),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "Write two different hours, or none."),
        ({"quiet_from": "22:00"}, "Write two different hours, or none."),
        ({"person": str(WEI.person_id)}, "Choose a colleague"),
    ],
)
def test_nobody_is_put_on_the_list_who_could_not_be_reached(
    duty: Duty, dina: Browser, more: dict[str, str], told: str
) -> None:
    dina.get("/feedback/care/LIS")
    form = {"id": str(uuid4()), "name": "Night desk", "number": "910 000 103", "email": "", "wakes": "1", **more}
    page = dina.post("/feedback/care/LIS/duty", form)
    assert page.status_code == 422 and told in words(page)
    assert duty.all("select * from duty_member") == []


def test_a_duty_list_is_made_reordered_and_rests_sealed(duty: Duty, dina: Browser) -> None:
    dina.get("/feedback/care/LIS")
    base = {"email": "", "wakes": "1", "name": ""}
    for person, name, number in ((str(DINA.person_id), "", "910 000 101"), ("", "Night desk", "+351 910 000 103")):
        form = {**base, "id": str(uuid4()), "person": person, "name": name, "number": number}
        page = words(dina.post("/feedback/care/LIS/duty", form))
    assert "+351910000101" in page and page.index("Dina Duarte +351") < page.index("Night desk +351")
    assert all(sealed.startswith("sealed:") for (sealed,) in duty.all("select number_sealed from duty_member"))
    night = duty.one("select member_id from duty_member where person_id is null")
    page = words(dina.post(f"/feedback/care/LIS/duty/{night}/earlier"))
    assert page.index("Night desk +351") < page.index("Dina Duarte +351")
    assert "Night desk is off the duty list." in words(dina.post(f"/feedback/care/LIS/duty/{night}/removal"))
    assert dina.post(f"/feedback/care/LIS/duty/{night}/removal").status_code == 404
