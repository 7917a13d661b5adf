"""Sets one report, in a process of its own. Run as a script: the report comes as JSON on standard input, as
`document.py` makes it; on standard output leave, as JSON, its PDF and the pictures of its charts, in base64.

Arguments: the most bytes of memory, the most seconds, and which of `pdf` and `pictures` are wanted.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
A_FINE_SCREEN = 144.0  # pixels an inch


def main(most_memory: int, most_seconds: int, wanted: list[str]) -> None:
    bound(most_memory, most_seconds)
    import pylopdf_fonts_zh_cn
    import typst

    text = sys.stdin.buffer.read().decode()
    how: dict[str, Any] = {"font_paths": [Path(pylopdf_fonts_zh_cn.__file__).parent], "ignore_system_fonts": True}
    page = str(HERE / "report.typ")
    made: dict[str, object] = {"pdf": "", "pictures": []}
    if "pdf" in wanted:
        pdf = typst.compile(page, format="pdf", sys_inputs={"report": text}, pdf_standards=["ua-1"], **how)
        made["pdf"] = b64encode(pdf).decode()
    if "pictures" in wanted:
        made["pictures"] = [
            b64encode(
                typst.compile(
                    page, format="png", ppi=A_FINE_SCREEN, sys_inputs={"report": text, "picture": str(place)}, **how
                )
            ).decode()
            for place in range(len(json.loads(text)["charts"]))
        ]
    sys.stdout.write(json.dumps(made))


def bound(most_memory: int, most_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
