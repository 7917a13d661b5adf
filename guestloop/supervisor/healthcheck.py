"""`python -m guestloop.supervisor.healthcheck [health|ready]`: asks the role of this container at its side port; exit
status 0 or 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from shared.outgoing.inside import Unanswered, ask_inside

PATIENCE = 4.0


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    question = arguments[0] if arguments else "ready"
    port = environment.get("GUESTLOOP_SIDE_BIND", "").rpartition(":")[2]
    if not port:
        print("GUESTLOOP_SIDE_BIND is not set: there is nobody to ask", file=sys.stderr)
        return 1
    try:
        status, body = ask_inside(f"http://127.0.0.1:{port}/{question}", patience=PATIENCE)
    except Unanswered as error:
        print(f"no answer: {error}", file=sys.stderr)
        return 1
    if status != HTTPStatus.OK:
        print(body[:500].decode(errors="replace"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
