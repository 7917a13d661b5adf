"""The record of processing, and what was done for people's rights: files made, guests erased."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template

from services.console.pages.privacy.labels import ON_ERASURE, SERVICES
from services.console.pages.privacy.titles import title
from services.console.queries.rights import erasures, files_made
from shared.access.people import May
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.web.access_control import needs
from shared.web.i18n.labels import labels
from shared.web.site import here

RECORD = Blueprint("console_record", __name__, url_prefix="/privacy")
WRITTEN = Path(__file__).parents[2] / "record_of_processing.json"


@cache
def processing() -> dict[str, list[dict[str, Any]]]:
    """By service its tables that say something of a person; written by `make docs`."""
    found: dict[str, list[dict[str, Any]]] = json.loads(WRITTEN.read_text(encoding="utf-8"))
    return found


@RECORD.get("/record")
@needs(May.ADMINISTER)
def show() -> str:
    return render_template(
        "privacy_record.html",
        processing=processing(),
        services=SERVICES,
        kinds=labels(PersonalKind),
        kept=labels(Kept),
        on_erasure=ON_ERASURE,
        title=title,
    )


@RECORD.get("/rights")
@needs(May.ADMINISTER)
def rights() -> str:
    with here().transaction() as tx:
        done, made = erasures(tx), files_made(tx)
    return render_template("privacy_rights.html", erasures=done, made=made, services=SERVICES)
