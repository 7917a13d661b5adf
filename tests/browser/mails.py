"""`python -m tests.browser.mails [folder]`: every mail of the gallery as pictures, in six languages and both looks.

On a desk and on a phone. Says which of them a phone would have to scroll sideways; there should be none.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route

from services.messaging.channels.email.looks import LOOKS
from services.messaging.library.heroes import hero, scenes
from tests.browser.conftest import opened_chromium
from tests.messaging.gallery_mails import HERO_URL, LOGO_URL, GalleryMail, gallery_mails

SIZES = {"desk": {"width": 800, "height": 900}, "phone": {"width": 390, "height": 800}}


def draw(browser: Browser, folder: Path, *languages: str) -> list[str]:
    """Names of pictures that are wider than their screen, or whose head is not shown."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    mails = list(gallery_mails(*languages))
    of = scenes()["of"]
    wanted = {(of[mail.key], mail.look): mail for mail in mails}
    heroes = {scene: hero(mail.key, LOOKS[mail.look]).content for scene, mail in wanted.items()}
    for size, viewport in SIZES.items():
        page = browser.new_page(viewport=viewport)  # type: ignore[arg-type]
        for mail in mails:
            _show(page, mail, heroes[of[mail.key], mail.look])
            page.screenshot(path=folder / f"{mail.name}-{size}.png", full_page=True)
            if not page.evaluate(WHOLE):
                wrong.append(f"{mail.name}-{size}")
        page.close()
    return wrong


WHOLE = """() => document.documentElement.scrollWidth <= innerWidth
  && [...document.images].some((image) => image.naturalWidth === 1200)"""


LOGO_WIDE = 360


def logo() -> bytes:
    """Of a partner: dark on nothing, so that one sees what it stands on."""
    sheet, made = Image.new("RGBA", (LOGO_WIDE, 120)), io.BytesIO()
    drawn = ImageDraw.Draw(sheet)
    drawn.ellipse((8, 8, 112, 112), fill="#1f4e79")
    drawn.arc((30, 40, 90, 100), 180, 360, fill="#ffffff", width=8)
    drawn.text((132, 28), "Spa Azul", fill="#1f4e79", font_size=52)
    sheet.save(made, "PNG")
    return made.getvalue()


def _show(page: Page, mail: GalleryMail, picture: bytes) -> None:
    spa = logo()

    def answer(route: Route) -> None:
        if route.request.url == HERO_URL:
            route.fulfill(body=picture, content_type="image/jpeg")
        elif route.request.url == LOGO_URL:
            route.fulfill(body=spa, content_type="image/png")
        else:
            route.fulfill(status=204)

    page.unroute_all()
    page.route("**/*", answer)
    page.set_content(mail.html, wait_until="load")


if __name__ == "__main__":
    with opened_chromium() as chromium:
        if chromium is None:
            sys.exit("Chromium is not installed: no pictures.")
        found = draw(chromium, Path(sys.argv[1] if len(sys.argv) > 1 else "pictures/mails"))
    print("wrong:", ", ".join(found) or "none")
