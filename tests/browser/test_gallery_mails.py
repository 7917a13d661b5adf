"""Every mail of the gallery stands whole on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.mails import CHROMIUM, draw


@pytest.mark.proof
def test_no_mail_of_the_gallery_is_wider_than_its_screen(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    assert draw(tmp_path) == []
    assert len(list(tmp_path.glob("*.png"))) == 14 * 2 * 6 * 2
