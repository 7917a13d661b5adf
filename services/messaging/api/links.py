"""Tracked links: `/l/<token>` leads to what was published, and to nothing else."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from services.messaging.commands.clicks import follow_link
from services.messaging.pages.for_guests.way_out import broken_page
from shared.web.access_control import open_to_all
from shared.web.site import here

links = Blueprint("messaging_links", __name__, url_prefix="/l")


@links.get("/<token>")
@open_to_all
def follow(token: str) -> Response:
    """No page in between: a reader is where they wanted to be. Nobody keeps the answer, so that each press is seen, and
    the page it leads to is not told by which link one came."""
    at, told = here().now(), dict(request.headers)
    with here().transaction() as tx:
        target = follow_link(tx, token, method=request.method, headers=told, address=request.remote_addr, at=at)
        response = redirect(target, 302) if target else make_response(broken_page(tx), 404)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
