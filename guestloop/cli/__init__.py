"""The command line: one module a command, in `commands/`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from guestloop.cli.commands import (
    administrator,
    check,
    erase,
    export,
    figures,
    import_file,
    keys,
    letters,
    migrate,
    move,
    opt_outs,
    provision,
    rates,
    rehearse,
    republish,
    restored,
    retention,
    reviews,
    senders,
    simulate,
    status,
    topology,
    unclear,
    understand,
    up,
)
from shared.errors import GuestloopError
from shared.settings.environment import read_setting_files, warn_of_unknown_settings
from shared.telemetry.logs import logs_to_stderr

INTERRUPTED = 130
COMMANDS = (
    *(
        up,
        import_file,
        opt_outs,
        reviews,
        simulate,
        rehearse,
        status,
        figures,
        check,
        export,
        erase,
        republish,
        restored,
        retention,
        migrate,
    ),
    *(letters, unclear),
    *(rates, senders, move, provision, keys, topology, understand, administrator),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. What goes wrong is one sentence on standard error."""
    logs_to_stderr()
    given = parser().parse_args(arguments)
    try:
        read_setting_files(os.environ)
        warn_of_unknown_settings(os.environ)
        run: int = given.run(given)
    except GuestloopError as error:
        print(f"guestloop {given.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    return run


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="guestloop", description="Marketing automation for hotels.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return top
