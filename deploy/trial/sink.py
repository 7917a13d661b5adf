"""A mail server that keeps what it is given in memory and shows it: SMTP on 1025, `GET /messages` (JSON) on 8025."""

import email
import email.policy
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

MESSAGES: list[dict[str, object]] = []


class Keeper:
    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's names
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        MESSAGES.append(
            {
                "to": envelope.rcpt_tos,
                "subject": str(message["Subject"]),
                "id": str(message["Message-ID"]),
                "text": body.get_content() if body else "",
            }
        )
        return "250 kept"


class Shown(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = json.dumps(MESSAGES).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


Controller(Keeper(), hostname="0.0.0.0", port=1025).start()
ThreadingHTTPServer(("0.0.0.0", 8025), Shown).serve_forever()
