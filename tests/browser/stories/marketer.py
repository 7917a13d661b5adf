"""Marta at her work: what every story does at the screen."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from guestloop.demo.play import Act
from tests.browser.conftest import Visitor
from tests.browser.stories.house import HouseOfStories
from tests.browser.test_journey import publish, settled, show
from tests.browser.test_people_with_other_needs import AXE, hurdles

PICTURES = os.environ.get("GUESTLOOP_STORY_PICTURES", "")
"""A folder for pictures of what the stories show; without it none are taken."""
LOOKS: dict[str, dict[str, bool]] = {
    "wide": {},
    "phone": {"phone": True},
    "chinese": {"chinese": True},
    "dark": {"dark": True},
}


@dataclass
class Marketer:
    visitor: Visitor
    house: HouseOfStories
    _page: Page | None = None

    @property
    def page(self) -> Page:
        """Signed in as Marta; a session that days have passed over is begun anew."""
        if self._page is None:
            self._page = self.visitor.signed_in("marta")
        return self._page

    def days_pass(self, days: float, *acts: Act) -> None:
        """`acts` happen meanwhile, each at its instant."""
        self.house.play_days(days, *acts)
        self._page = None

    def segment_of_tag(self, name: str, tag: str) -> None:
        page = self.page
        page.goto("/segments/segments/new")
        page.get_by_label("Name").fill(name)
        page.get_by_label("What is asked about").select_option(label="tags")
        settled(page)
        page.get_by_label("Value").fill(tag)
        page.get_by_label("Value").press("Tab")
        settled(page)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        self.house.settle()

    def use_ready(self, name: str) -> None:
        """A ready journey of the gallery; the house is at its editor then, its templates are brought."""
        page = self.page
        page.goto("/campaigns/journeys")
        ready = page.locator("#gallery li", has=page.get_by_role("heading", name=name, exact=True))
        ready.get_by_role("button", name="Use it").click()
        page.wait_for_url("**/edit")
        self.house.settle()
        page.reload()
        page.locator("#editor.is-canvas").wait_for()

    def new_template(self, name: str, begins_as: str, *, offer: str = "") -> None:
        """From the gallery, published as it is; with this offer where it makes one."""
        page = self.page
        page.goto("/messaging/templates/new")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Begin with").select_option(begins_as)
        page.get_by_role("button", name="Start writing").click()
        page.locator("#f-subject-line").wait_for()
        if offer:
            page.get_by_label("The offer it makes").select_option(label=offer)
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Published as version 1")).to_be_visible()

    def add(self, kind: str, *, below: str = "", into: str = "", way: int = 0) -> None:
        """A step on a line of the drawing: below another one, at the head of a way of a fork, or first of all."""
        line = f"[data-into='{into}'][data-way='{way}']" if into else f"[data-after='{below}'][data-into='']"
        self.page.locator(f"#drawing .flow-plus{line}").click()
        self.page.locator("#canvas-menu").get_by_role("button", name=kind, exact=True).click()
        settled(self.page)

    def new_journey(self, name: str) -> Page:
        page = self.page
        page.goto("/campaigns/journeys/new")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Create").click()
        page.locator("#editor.is-canvas").wait_for()
        return page

    def publish(self) -> None:
        publish(self.page)
        self.house.settle()

    def settings(self, part: str) -> Locator:
        show(self.page, part)
        return self.page.locator(f"#part-{part}")

    def rehearse(self, journey: str, days: int) -> Page:
        """Asked for at the page, played meanwhile, and read there."""
        page = self.page
        page.goto(f"/campaigns/rehearsals?journey={journey}")
        page.locator("#f-days").select_option(str(days))
        page.get_by_role("button", name="Rehearse", exact=True).click()
        expect(page.get_by_text("Part 1 of 3")).to_be_visible()
        self.house.settle_rehearsals(self.house.clock.now())
        page.reload()
        expect(page.locator(".figures").first).to_contain_text("Would be sent")
        return page

    def figure(self, label: str) -> str:
        """What stands under a label above all else on the page."""
        one = self.page.locator(".figure", has=self.page.locator(".figure-label", has_text=re.compile(f"^{label}$")))
        return one.locator(".figure-value").inner_text().strip()

    def launch(self, journey: str) -> None:
        page = self.page
        page.goto(f"/campaigns/journeys/{journey}/launch")
        page.get_by_role("button", name="Launch", exact=True).click()
        expect(page.get_by_text("Just launched.")).to_be_visible()
        self.house.settle()

    def end(self, journey: str) -> None:
        """So that it writes to nobody of the next story."""
        page = self.page
        page.once("dialog", lambda asked: asked.accept())
        page.goto(f"/campaigns/journeys/{journey}")
        page.get_by_role("button", name="End", exact=True).click()
        expect(page.locator(".page-head, header").first).to_be_visible()
        self.house.settle()

    def results(self, journey: str, by: str) -> dict[str, dict[str, str]]:
        """The table of results: by its first column, what stands under each heading."""
        page = self.page
        page.goto(f"/campaigns/journeys/{journey}/results?by={by}")
        table = page.locator("table.results")
        headings = [text.strip() for text in table.locator("thead th").all_inner_texts()]
        found = {}
        for row in table.locator("tbody tr").all():
            cells = [" ".join(text.split()) for text in row.locator("th, td").all_inner_texts()]
            found[cells[0]] = dict(zip(headings[1:], cells[1:], strict=True))
        return found

    def sent(self, journey: str, by: str) -> dict[str, str]:
        """How many messages of each part were sent, as the results tell."""
        return {part: cells["Messages sent"] for part, cells in self.results(journey, by).items()}

    def look(self, name: str, address: str) -> None:
        """Nobody is shut out of this page, at a desk or on a phone; pictures of it where somebody wants to look."""
        for look in LOOKS if PICTURES else ("phone",):
            page = self.visitor.signed_in("marta", **LOOKS[look])
            page.goto(address, wait_until="networkidle")
            if PICTURES:
                folder = Path(PICTURES) / look
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{name}.png", full_page=True)
            assert hurdles(page, AXE.read_text()) == [], f"{name}, {look}"
            page.context.close()
