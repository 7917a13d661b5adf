"""The command line as somebody at a terminal gives it, in the process of the test: what it prints, and how it ended.

To start Python and load five services takes longer than most commands; `test_command_line` starts a process of its own
where the process is what is tested.
"""

from __future__ import annotations

import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from guestloop.cli import main


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def guestloop(folder: Path, *arguments: str, **settings: str) -> Done:
    """In `folder`, with the home `folder/home`."""
    settings = {"GUESTLOOP_HOME": str(folder / "home"), **settings}
    said, complained = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with chdir(folder), patch.dict(os.environ, settings), redirect_stdout(said), redirect_stderr(complained):
        try:
            code = main(arguments)
        except SystemExit as end:  # of the parser, which ends with its own help
            code = end.code if isinstance(end.code, int) else 1
    return Done(code, _written(said), _written(complained))


def _written(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
