"""What people build instead: Celery on the same RabbitMQ, one task a recipient: Jinja2, EmailMessage, smtplib.

`python -m celery -A tests.bench.diy worker`, told by BENCH_BROKER and BENCH_PORT. A worker process keeps its connection
to the mail server, which most such code does not: in its favour.
"""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage
from functools import cache

from celery import Celery
from jinja2 import Environment

app = Celery("diy", broker=os.environ.get("BENCH_BROKER", ""))
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False, broker_connection_retry_on_startup=True)
TEXT = Environment(autoescape=False).from_string(
    "Dear {{ name }},\n\nthank you for your stay at {{ house }}. How likely are you to recommend us?\n\n{{ link }}\n"
)
HTML = Environment(autoescape=True).from_string(
    "<html><body><p>Dear {{ name }},</p><p>thank you for your stay at {{ house }}.</p>"
    '<p><a href="{{ link }}">How likely are you to recommend us?</a></p></body></html>'
)


@cache
def server() -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_PORT"]), "bench.example")


@app.task  # type: ignore[untyped-decorator]
def send(to: str, name: str, house: str, link: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{house} <stay@bench.example>", to, "How was your stay?"
    mail["List-Unsubscribe"] = f"<{link}>"
    said = {"name": name, "house": house, "link": link}
    mail.set_content(TEXT.render(said))
    mail.add_alternative(HTML.render(said), subtype="html")
    server().send_message(mail)
