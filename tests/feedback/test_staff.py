"""Tasks that staff give one another, and praise for those who earned it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.events import Chunk, chunk_of
from shared.events.campaigns import TaskRequested
from shared.ids import make_id
from tests.cast import ANA, ANTON, BEN, DINA, FILIPA, MARTA, NOW, WEI, employ
from tests.conftest import MakeDatabase
from tests.feedback.duty import Duty
from tests.harness import off_the_wire
from tests.web import Browser, words

HOUR = timedelta(hours=1)


@pytest.fixture
def duty(make_database: MakeDatabase) -> Duty:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.knows(ANA)
    duty.list_of(DINA, FILIPA)
    return duty


def task(**more: str) -> dict[str, str]:
    values = {"id": str(uuid4()), "hotel": "LIS", "title": "Cot to room 412", "due": "2026-11-21T14:00"}
    return {**values, "department": "housekeeping", "owner": "", **more}


def make(who: Browser, **more: str) -> str:
    who.get("/feedback/tasks/new")
    form = task(**more)
    page = who.post("/feedback/tasks", form)
    assert page.status_code == 200, words(page)
    return form["id"]


def test_a_task_stands_on_the_list_by_its_hour_until_it_is_ticked(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    make(filipa, title="Flowers", due="2026-11-21T18:00")
    first = make(filipa, owner=str(DINA.person_id))
    page = words(filipa.get("/feedback/tasks"))
    assert page.index("Cot to room 412") < page.index("Flowers") and "Housekeeping" in page and "Dina Duarte" in page
    assert "Cot to room 412" in words(duty.as_(DINA).get("/feedback/tasks?view=mine"))
    assert "Done." in words(filipa.post(f"/feedback/tasks/{first}/done"))
    filipa.post(f"/feedback/tasks/{first}/done")
    assert "Cot to room 412" not in words(filipa.get("/feedback/tasks"))
    assert "done by Filipa Faria" in words(filipa.get("/feedback/tasks?view=done"))
    assert duty.one("select version from staff_task where done_at is not null") == 2
    filipa.post(f"/feedback/tasks/{first}/undone")
    assert "Cot to room 412" in words(filipa.get("/feedback/tasks"))


def test_the_hour_is_the_hotels(duty: Duty) -> None:
    wei = duty.as_(WEI)
    make(wei, hotel="SHA", due="2026-11-21T22:00")
    assert duty.one("select due_at from staff_task") == datetime.fromisoformat("2026-11-21T14:00:00+00:00")


def test_the_same_form_makes_one_task(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    number = make(filipa)
    make(filipa, id=number)
    assert duty.one("select count(*) from staff_task") == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"title": " "}, "Write what is to be done."),
        ({"title": "x" * 201}, "shorter than 200"),
        ({"due": "soon"}, "Choose a day and an hour."),
        ({"department": ""}, "Choose a department or a colleague"),
        ({"department": "casino"}, "Choose a department or a colleague"),
        ({"owner": str(WEI.person_id)}, "Choose a department or a colleague"),
    ],
)
def test_a_task_that_is_nobodys_or_of_no_hour_is_told(duty: Duty, more: dict[str, str], told: str) -> None:
    filipa = duty.as_(FILIPA)
    filipa.get("/feedback/tasks/new")
    page = filipa.post("/feedback/tasks", task(**more))
    assert page.status_code == 422 and told in words(page)
    assert duty.one("select count(*) from staff_task") == 0


def test_a_late_task_is_told_at_home_and_called_out_once(duty: Duty) -> None:
    number = make(duty.as_(FILIPA))
    duty.tick(NOW + HOUR)
    assert duty.called() == []
    for minutes in (120, 121):
        duty.tick(NOW + timedelta(minutes=minutes))
    assert duty.called() == [("Dina", "sms"), ("Dina", "email")]
    (first, _) = duty.published("notice.requested.v1")
    assert (first["details"]["what"], first["page"]) == ("task_late", "/feedback/tasks")
    late = duty.as_(DINA, NOW + 3 * HOUR)
    needs = late.get("/feedback/home").json["needs"]  # type: ignore[index]
    assert ("1 task is late", "bad") in [(need["text"], need["tone"]) for need in needs]
    late.get("/feedback/tasks")
    late.post(f"/feedback/tasks/{number}/done")
    duty.tick(NOW + 5 * HOUR)
    assert len(duty.called()) == 2


def test_a_task_about_a_case_is_ticked_there(duty: Duty) -> None:
    case_id, dina = duty.complaint(), duty.as_(DINA)
    dina.get(f"/feedback/tasks/new?case={case_id}&of=LIS")
    form = task(case=str(case_id), guest=str(ANA), title="New pillows")
    page = words(dina.post("/feedback/tasks", form))
    assert "New pillows" in page and "The task is on the list." in page
    assert "done by Dina Duarte" in words(dina.post(f"/feedback/tasks/{form['id']}/done", {"back": "case"}))


def test_a_task_about_a_case_is_about_its_guest_whatever_the_form_says(duty: Duty) -> None:
    case_id, dina = duty.complaint(), duty.as_(DINA)
    dina.get(f"/feedback/tasks/new?case={case_id}&of=LIS")
    dina.post("/feedback/tasks", task(case=str(case_id), guest=str(BEN)))
    assert duty.all("select guest_id from staff_task") == [(ANA,)]


def test_another_hotels_tasks_are_neither_seen_nor_ticked_nor_made(duty: Duty) -> None:
    number, wei = make(duty.as_(FILIPA)), duty.as_(WEI)
    assert "Cot to room" not in words(wei.get("/feedback/tasks"))
    assert wei.post(f"/feedback/tasks/{number}/done").status_code == 404
    assert wei.post("/feedback/tasks", task()).status_code == 404
    assert wei.get(f"/feedback/tasks/new?guest={ANA}").status_code == 404
    assert duty.as_(ANTON).post("/feedback/tasks", task()).status_code == 403


def test_the_words_of_a_task_rest_sealed_and_go_with_the_guest(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    make(filipa, guest=str(ANA), title="Call +351 910 000 001 about the cot")
    assert str(duty.one("select title_sealed from staff_task")).startswith("sealed:")
    assert "910 000 001" in words(filipa.get("/feedback/tasks"))
    assert "910 000 001" not in words(duty.as_(MARTA).get("/feedback/tasks"))
    duty.erased(ANA, 9)
    assert duty.all("select title_sealed, guest_id from staff_task") == [(None, None)]
    assert "The guest was erased." in words(filipa.get("/feedback/tasks"))


def praise(**more: str) -> dict[str, str]:
    return {"id": str(uuid4()), "hotel": "LIS", "words": "Breakfast like at home.", "department": "food", **more}


def test_praise_is_for_a_department_or_a_colleague_and_is_counted(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    filipa.get("/feedback/praise")
    form = praise(guest=str(ANA))
    for one in (
        form,
        form,
        praise(),
        praise(department="", colleague=str(DINA.person_id), words="Dina found my ring."),
    ):
        page = words(filipa.post("/feedback/praise", one))
    assert "Breakfast like at home." in page and "Ana Silva" in page and "Dina found my ring." in page
    assert "Restaurant and bar 2" in page and "Dina Duarte 1" in page
    assert "Breakfast" not in words(duty.as_(WEI).get("/feedback/praise"))


@pytest.mark.parametrize("more", [{"department": ""}, {"department": "casino"}, {"colleague": str(WEI.person_id)}])
def test_praise_of_nobody_is_told(duty: Duty, more: dict[str, str]) -> None:
    filipa = duty.as_(FILIPA)
    filipa.get("/feedback/praise")
    page = filipa.post("/feedback/praise", praise(**more))
    assert page.status_code == 422 and "Choose a department or a colleague of this hotel." in words(page)
    assert "Breakfast like at home." in words(page)


def test_praise_of_a_guest_whom_one_may_not_see_is_not_entered(duty: Duty) -> None:
    filipa = duty.as_(FILIPA)
    filipa.get("/feedback/praise")
    assert filipa.post("/feedback/praise", praise(guest=str(BEN))).status_code == 404
    assert filipa.post("/feedback/praise", praise(hotel="SHA")).status_code == 404


def test_praise_entered_by_mistake_is_removed_by_who_may_close_cases(duty: Duty) -> None:
    filipa, dina = duty.as_(FILIPA), duty.as_(DINA)
    filipa.get("/feedback/praise")
    filipa.post("/feedback/praise", praise())
    number: UUID = duty.one("select praise_id from praise")
    assert filipa.post(f"/feedback/praise/{number}/removal").status_code == 403
    dina.get("/feedback/praise")
    dina.post(f"/feedback/praise/{number}/removal")
    assert duty.one("select count(*) from praise") == 0


def asked_for(*, title: str = "Call the guest", step: str = "call") -> Chunk:
    event = TaskRequested(
        task_id=make_id("task", step),
        version=1,
        guest_id=ANA,
        stay_id=None,
        property="LIS",
        journey="care",
        journey_name="After the stay",
        step=step,
        title=title,
        department="front_desk",
        due_at=NOW + timedelta(hours=3),
        requested_at=NOW,
    )
    return off_the_wire(chunk_of([event]))


def test_what_a_journey_asks_for_is_a_task_once_and_its_end_is_told(duty: Duty) -> None:
    for chunk in (asked_for(), asked_for(), asked_for(step="flowers", title="Flowers to the room")):
        duty.hear_at(NOW, chunk)
    filipa = duty.as_(FILIPA)
    page = words(filipa.get("/feedback/tasks"))
    assert page.count("Call the guest") == 1 and "asked for by «After the stay»" in page and "Flowers" in page
    number = make_id("task", "call")
    filipa.post(f"/feedback/tasks/{number}/done", {"outcome": "not_reached"})
    filipa.post(f"/feedback/tasks/{number}/done", {"outcome": "done"})  # it is closed already
    assert "The guest was not reached" in words(filipa.get("/feedback/tasks?view=done"))
    (told,) = duty.published("task.closed.v1")
    assert (told["version"], told["open"], told["outcome"], told["step"]) == (2, False, "not_reached", "call")
    filipa.post(f"/feedback/tasks/{number}/undone")
    again = duty.published("task.closed.v1")[-1]
    assert (again["version"], again["open"], again["outcome"]) == (3, True, None)
    assert filipa.post(f"/feedback/tasks/{number}/done", {"outcome": "lost"}).status_code == 422
    story = filipa.get(f"/feedback/guests/{ANA}/story").get_data(as_text=True)
    assert "asked the staff for something" in story and "Call the guest" in story
