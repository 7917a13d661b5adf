"""Pictures of our own making at the head of ready templates: drawn when somebody begins from one, in the colours of its
look, by a child process, since the library that draws is heavy. None is part of the repository."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.messaging.channels.email.looks import Look
from shared.pictures.scaling import Picture
from shared.plain_yaml import read_yaml

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1200, 520
MOST_SECONDS = 30
ALT = "alt"


class NotDrawn(Exception):
    """The picture could not be drawn; a template can do without."""


@cache
def scenes() -> Mapping[str, Any]:
    """`of`: by key of a ready template its scene; `alt`: by scene and language what it shows."""
    loaded: dict[str, Any] = read_yaml((HERE / "scenes.yaml").read_text("utf-8"))
    return loaded


def hero(key: str, look: Look) -> Picture:
    """Raises `NotDrawn`."""
    scene = scenes()["of"][key]
    command = [sys.executable, "-I", str(HERE / "drawing.py"), scene, *look.scene, str(WIDTH), str(HEIGHT)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotDrawn from error
    return Picture(content=done.stdout, media_type="image/jpeg", width=WIDTH, height=HEIGHT)


def with_hero(document: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    """The document with the picture at the head of its mails, described in each language."""
    alt = scenes()[ALT][scenes()["of"][key]]
    locales = {}
    for language, locale in document["locales"].items():
        mail = locale["email"]
        block = {"picture": {"file": file, "alt": alt.get(language, alt["en"]), "width": 100, "align": "center"}}
        locales[language] = {**locale, "email": {**mail, "body": [block, *mail["body"]]}}
    return {**document, "locales": locales}
