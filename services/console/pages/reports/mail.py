"""A report as a mail, for the role that sends it: asked for as the colleague who gets it, answered in full."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from services.console.pages.figures.asked import Asked
from services.console.pages.reports.document import Report
from services.console.pages.reports.files import file_name, made_of
from services.console.pages.reports.typeset import typeset
from services.console.rules.reports.periods import ReportKind, window_from
from shared.access.people import May
from shared.localtime import local_date
from shared.vocabulary.mail_body import BodyPart, MailBody
from shared.vocabulary.window import Span
from shared.web.access_control import my_hotels, needs, scope
from shared.web.config import WebConfig
from shared.web.pages.periods import hotel_shown
from shared.web.site import here

REPORT_MAIL = Blueprint("console_report_mail", __name__, url_prefix="/figures/reports/mail")


@REPORT_MAIL.get("")
@needs(May.SEE_FIGURES)
def show() -> Response:
    """`?kind=week|month&first=<first day>&hotel=<code>`, and `&pdf=1` for the file beside it; `MailBody` as JSON."""
    wanted = _asked()
    report = made_of(wanted)
    made = typeset(report, pdf="pdf" in request.args, pictures=True)
    pictures = tuple(
        BodyPart("image/png", content, content_id=f"chart-{place}@guestloop")
        for place, content in enumerate(made.pictures)
    )
    files = (BodyPart("application/pdf", made.pdf, name=file_name(wanted)),) if made.pdf else ()
    body = MailBody(_subject(report), _text(report, wanted), _page(report, wanted), (*pictures, *files))
    return Response(body.written(), mimetype="application/json")


def _asked() -> Asked:
    """Of all hotels together only to somebody who sees them all."""
    if not request.args.get("hotel") and not scope().everywhere:
        abort(404)
    hotel = hotel_shown()
    zone = hotel.zone if hotel else next((one.zone for one in my_hotels()), "UTC")
    try:
        kind = ReportKind(request.args.get("kind", ""))
        window = window_from(kind, date.fromisoformat(request.args.get("first", "")))
    except ValueError:
        abort(404)
    if window.until > local_date(here().now(), zone):
        abort(404)
    return Asked(Span.MONTH, window, hotel, "", "", zone, is_week=kind is ReportKind.WEEK)


def _subject(report: Report) -> str:
    return gettext("%(title)s · %(where)s · %(period)s", **{one: report[one] for one in ("title", "where", "period")})


def _page(report: Report, wanted: Asked) -> str:
    return render_template(
        "report_mail.html",
        report=report,
        subject=_subject(report),
        address=_address(wanted),
        switch=f"{_origin()}/figures/reports",
    )


def _text(report: Report, wanted: Asked) -> str:
    """The same without pictures: what they draw stands in words."""
    rows = [f"{one['name']}: {one['value']} {one['parts']}".rstrip() for one in report["rows"]]
    return "\n\n".join(
        [
            _subject(report),
            "\n".join(report["sentences"]),
            "\n".join(rows),
            *(one["alt"] for one in report["charts"]),
            *report["revenue"],
            *report["notes"],
            f"{gettext('Look at the figures')}\n{_address(wanted)}",
            f"--\n{gettext('You receive this e-mail because reports are switched on for you.')}",
            f"{_origin()}/figures/reports",
        ]
    )


def _address(wanted: Asked) -> str:
    return f"{_origin()}/figures?{wanted.query()}" if not wanted.is_week else f"{_origin()}/figures"


def _origin() -> str:
    return here().part(WebConfig).origin
