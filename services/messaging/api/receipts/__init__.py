"""What mail providers report of messages: `/messaging/receipts/<provider>`, each signed or proved in its own way.

All of them name a message by the name that we gave it, and all come to the same reports. What is of no message of ours,
or says nothing that we keep, is answered as if it had been kept: a provider would repeat it for days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from services.messaging.api.receipts import mailgun, postmark, ses
from services.messaging.api.receipts.told import Told
from services.messaging.commands.receipts import take_reports, take_unsubscription
from services.messaging.config import Config
from shared.web.access_control import open_to_all, takes_anything
from shared.web.site import here

receipts = Blueprint("messaging_receipts", __name__, url_prefix="/messaging/receipts")


@receipts.post("/ses")
@open_to_all
@takes_anything
def of_ses() -> Response:
    return _keep(ses.told(_body(), here().part(Config), here().now()))


@receipts.post("/mailgun")
@open_to_all
@takes_anything
def of_mailgun() -> Response:
    return _keep(mailgun.told(_body(), here().part(Config), here().now()))


@receipts.post("/postmark")
@open_to_all
@takes_anything
def of_postmark() -> Response:
    return _keep(postmark.told(_body(), request.authorization, here().part(Config), here().now()))


def _body() -> Mapping[str, Any]:
    """SNS says that its JSON is plain text, so the media type counts for nothing. What is none proves nothing."""
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        abort(403)
    return found if isinstance(found, dict) else abort(403)


def _keep(told: Sequence[Told]) -> Response:
    now = here().now()
    reports = [report for one in told if (report := one.report) is not None]
    if told:
        with here().transaction() as tx:
            take_reports(tx, reports, now)
            for one in told:
                if one.state is None:
                    take_unsubscription(tx, one.message_id, "provider", now)
    return Response(status=200)
