"""Every mail of the gallery stands whole on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.mails import SIZES, draw
from tests.messaging.gallery_mails import gallery_mails


@pytest.mark.proof
def test_no_mail_of_the_gallery_is_wider_than_its_screen(chromium: Browser, tmp_path: Path) -> None:
    assert draw(chromium, tmp_path) == []
    drawn = len(list(tmp_path.glob("*.png")))
    assert drawn == len(list(gallery_mails())) * len(SIZES) >= 14 * 2 * 6 * 2
