"""Keeps handing in what a provider would (signed, each message once) until told to stop; prints what was answered.

`webhooks.py ORIGIN TOKEN`: one line `{"handed_in": …, "refused": …, "slowest_ms": …}` at SIGTERM or the end of input.
"""

import base64
import hashlib
import hmac
import json
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

ORIGIN, TOKEN = sys.argv[1], sys.argv[2]
PLACE = f"{ORIGIN}/feedback/twilio/incoming"
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
A_SECOND = 20


def hand_in(number: int) -> int:
    form = {"MessageSid": f"SM{number:032x}", "From": "+447700900123", "Body": "Thank you for the lovely room"}
    text = PLACE + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()
    body = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(PLACE, body, {"X-Twilio-Signature": signature})
    try:
        with STRAIGHT.open(request, timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    answers: list[tuple[int, float]] = []
    number = time.time_ns()
    while not stop.is_set():
        number += 1
        began = time.monotonic()
        answers.append((hand_in(number), time.monotonic() - began))
        stop.wait(max(0.0, 1 / A_SECOND - (time.monotonic() - began)))
    refused = [status for status, _ in answers if status != 200]
    slowest = max((took for _, took in answers), default=0.0)
    print(json.dumps({"handed_in": len(answers), "refused": refused, "slowest_ms": round(1000 * slowest)}))


main()
