"""A report to take along: the PDF of a month, quarter or year."""

from __future__ import annotations

from flask import Blueprint, Response

from services.console.pages.figures.asked import Asked, asked
from services.console.pages.figures.assembled import assemble
from services.console.pages.figures.page import changed
from services.console.pages.reports.document import Report, report_of
from services.console.pages.reports.typeset import typeset
from shared.access.people import May
from shared.web.access_control import needs

REPORT_FILES = Blueprint("console_report_files", __name__, url_prefix="/figures/report.pdf")


@REPORT_FILES.get("")
@needs(May.SEE_FIGURES)
def download() -> Response:
    wanted = asked()
    made = typeset(made_of(wanted))
    return Response(
        made.pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file_name(wanted)}"'},
    )


def made_of(wanted: Asked) -> Report:
    found = assemble(wanted)
    return report_of(wanted, found, changed(wanted, found))


def file_name(wanted: Asked) -> str:
    return f"report-{wanted.code or 'all'}-{wanted.window.first.isoformat()}.pdf"
