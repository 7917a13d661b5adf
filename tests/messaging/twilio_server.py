"""A stand-in for Twilio's message interface on loopback, held to its contract: fields, sign-in, answers and errors.

The number a message is for chooses the answer, as with Twilio's own test numbers (`+1500555…`).
"""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import PATIENCE, answering

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-of-tests"
SIGNED_IN = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
FIELDS = {
    *(
        "To",
        "From",
        "MessagingServiceSid",
        "Body",
        "StatusCallback",
        "ValidityPeriod",
        "ContentSid",
        "ContentVariables",
    ),
}
WHATSAPP = "whatsapp:"
ERRORS = {  # by number: HTTP status, code
    "+15005550001": (400, 21211),
    "+15005550002": (400, 21612),
    "+15005550003": (400, 21408),
    "+15005550004": (400, 21610),
    "+15005550008": (429, 21611),
    "+15005550009": (400, 21614),
    "+15005550429": (429, 20429),
    "+15005550500": (500, 20500),
    "+15005550503": (503, 20503),
    "+15005550999": (400, 99999),
    "+15005556016": (400, 63016),
    "+15005556024": (400, 63024),
}
CUT = "+15005550666"  # takes the request, hangs up
SILENT = "+15005550777"  # takes the request, never answers
GIBBERISH = "+15005550888"  # answers 201 with something that is no JSON
HALF = "+15005550889"  # answers 201 and hangs up in the middle of the body


@dataclass
class Twilio:
    address: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)  # newest first, as its list shows them
    at: datetime = datetime(2016, 6, 6, 10, tzinfo=UTC)
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)  # by ContentSid: its text, whether it is approved
    prices: dict[str, dict[str, str]] = field(default_factory=dict)  # by sid, once it is known
    is_down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)

    def take(self, given: dict[str, str], **more: Any) -> dict[str, Any]:
        """Accept a message: it is in the list from now on."""
        with self.lock:
            made = {
                "sid": f"SM{len(self.requests):032x}",
                "status": "queued",
                "direction": "outbound-api",
                "to": given["To"],
                "from": given.get("From"),
                "messaging_service_sid": given.get("MessagingServiceSid"),
                "body": given.get("Body"),
                "date_created": format_datetime(self.at),
                **more,
            }
            self.listed.insert(0, made)
            return made


@contextmanager
def twilio() -> Iterator[Twilio]:
    state = Twilio()

    class Handler(Answers):
        twilio = state

    with answering(Handler) as port:
        state.address = f"http://127.0.0.1:{port}"
        try:
            yield state
        finally:
            state.released.set()


class Answers(BaseHTTPRequestHandler):
    twilio: Twilio
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """The list of messages, by number; or one of them; or a template, or its approval."""
        if one := re.fullmatch(r"/v1/Content/(HX\w+)(/ApprovalRequests)?", self.path):
            content = self.twilio.contents.get(one[1])
            if self.headers["Authorization"] != SIGNED_IN or content is None:
                self._answer(404, {"code": 20404, "message": "no", "status": 404, "more_info": "…"})
            else:
                told = {"whatsapp": {"status": content["status"]}} if one[2] else {"types": content["types"]}
                self._answer(200, {"sid": one[1], **told})
            return
        if one := re.search(r"/Messages/(SM\w+)\.json", self.path):
            self._answer(200, {"sid": one[1], **self.twilio.prices.get(one[1], {"price": None, "price_unit": "USD"})})
            return
        wanted = dict(parse_qsl(urlsplit(self.path).query, strict_parsing=True))
        if self.twilio.is_down or self.headers["Authorization"] != SIGNED_IN:
            self._answer(503, {"code": 20503, "message": "no", "status": 503, "more_info": "…"})
            return
        with self.twilio.lock:
            found = [one for one in self.twilio.listed if one["to"] == wanted["To"]]
        self._answer(200, {"messages": found[: int(wanted["PageSize"])], "next_page_uri": None})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = dict(parse_qsl(body, strict_parsing=True))
        with self.twilio.lock:
            self.twilio.requests.append(given)
        error = self._breach(given) or ERRORS.get(given["To"].removeprefix(WHATSAPP))
        if error:
            self._answer(error[0], {"code": error[1], "message": "no", "status": error[0], "more_info": "…"})
        elif self.twilio.is_down:
            self._hang_up()
        elif given["To"] == CUT:
            self.twilio.take(given)
            self._hang_up()
        elif given["To"] == SILENT:
            self.twilio.released.wait(PATIENCE)
            self._hang_up()
        elif given["To"] in (GIBBERISH, HALF):
            self.send_response(201)
            self.send_header("Content-Length", "9" if given["To"] == GIBBERISH else "900")
            self.end_headers()
            self.wfile.write(b"<html>:-(")
            self._hang_up()
        else:
            self._answer(201, self.twilio.take(given))

    def _breach(self, given: dict[str, str]) -> tuple[int, int] | None:
        """What Twilio's description of its interface says is wrong with the request."""
        if self.headers["Authorization"] != SIGNED_IN:
            return 401, 20003
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, 20404
        if self.headers["Content-Type"] != "application/x-www-form-urlencoded" or set(given) - FIELDS:
            return 400, 20001
        on_whatsapp = given.get("To", "").startswith(WHATSAPP)
        if not re.fullmatch(r"(whatsapp:)?\+\d{8,15}", given.get("To", "")):
            return 400, 21211
        if "From" in given and given["From"].startswith(WHATSAPP) != on_whatsapp:
            return 400, 63007
        if ("From" in given) == ("MessagingServiceSid" in given):
            return 400, 21603
        if "ContentSid" in given:
            return self._breach_of_content(given, on_whatsapp=on_whatsapp)
        if not 0 < len(given.get("Body", "")) <= 1600:
            return 400, 21617
        if not 1 <= int(given.get("ValidityPeriod", "36000")) <= 36000:
            return 400, 20001
        return None

    def _breach_of_content(self, given: dict[str, str], *, on_whatsapp: bool) -> tuple[int, int] | None:
        if not on_whatsapp or "Body" in given or not re.fullmatch(r"HX[0-9a-fA-F]{32}", given["ContentSid"]):
            return 400, 20001
        variables = json.loads(given.get("ContentVariables", "{}"))
        if not all(isinstance(value, str) and value and "\n" not in value for value in variables.values()):
            return 400, 21656
        return None

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
