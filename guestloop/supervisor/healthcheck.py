"""`python -m guestloop.supervisor.healthcheck [health|ready]`: asks the role of this container at its side port; exit
status 0 or 1.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

PATIENCE = 4.0
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    question = arguments[0] if arguments else "ready"
    port = environment.get("GUESTLOOP_SIDE_BIND", "").rpartition(":")[2]
    if not port:
        print("GUESTLOOP_SIDE_BIND is not set: there is nobody to ask", file=sys.stderr)
        return 1
    try:
        STRAIGHT.open(f"http://127.0.0.1:{port}/{question}", timeout=PATIENCE).close()
    except urllib.error.HTTPError as error:
        print(error.read(500).decode(errors="replace"), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"no answer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
