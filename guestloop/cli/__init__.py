"""The command line: one module a command, in `commands/`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from shared.errors import GuestloopError
from shared.settings.environment import read_setting_files, warn_of_unknown_settings
from shared.telemetry.logs import logs_to_stderr

INTERRUPTED = 130


@dataclass(frozen=True)
class Command:
    """`module`: of `commands/`. `help`: what the list of commands says of it."""

    module: str
    help: str


COMMANDS = {
    "up": Command("up", "run it all on this machine, until Ctrl-C"),
    "import": Command("import_file", "take a PMS export into the home (GUESTLOOP_HOME, default .guestloop)"),
    "opt-outs": Command("opt_outs", "close the addresses and numbers of people who objected in another tool"),
    "reviews": Command("reviews", "import reviews of a booking site"),
    "simulate": Command(
        "simulate", "play a PMS export through the engine on a virtual clock; nothing is sent to anybody"
    ),
    "rehearse": Command("rehearse", "play the days to come on a copy: what journeys would send, and what not, and why"),
    "status": Command("status", "what there is, what waits and what was set aside, by service"),
    "figures": Command(
        "figures", "the key figures of some days: retention, spend a guest, NPS and the rest, each with its two numbers"
    ),
    "report": Command("report", "the report of a month as PDF: key figures, what changed and why, stays by channel"),
    "check": Command("check", "what is wrong with settings, databases, broker and senders, and how to mend it"),
    "diagnose": Command("diagnose", "one archive for whoever helps, without secrets and without anybody's data"),
    "export": Command("export", "write guests, stays, messages, answers and cases as JSON lines; or one guest's file"),
    "erase": Command("erase", "erase a guest in all services, for good"),
    "republish": Command("republish", "publish the owners' present state again, to fill a lost or new read model"),
    "letters": Command("letters", "dead letters: list, replay or drop all that match"),
    "unclear": Command("unclear", "messages whose outcome is unclear: list them, or settle all that match"),
    "backup": Command("backup", "back up the whole server: take, list, verify, restore to an instant; or run the role"),
    "restored": Command(
        "restored",
        "databases come from a backup: who was erased since is erased again, what may have gone is not sent again",
    ),
    "retention": Command(
        "retention", "drop what is over, as every night does by itself; or say how many that would be"
    ),
    "migrate": Command("migrate", "migrate every database to the newest schema"),
    "rates": Command("rates", "list, enter or import rates of exchange by day"),
    "senders": Command("senders", "list the senders: whom each serves, whether it works, its last trouble"),
    "move": Command("move", "take an embedded home to a PostgreSQL server"),
    "provision": Command("provision", "make the secrets of a server installation"),
    "keys": Command("keys", "turn the keys of an installation"),
    "topology": Command("topology", "print, or declare, the exchanges and queues of the broker"),
    "understand": Command("understand", "say what would be made of guests' texts"),
    "administrator": Command("administrator", "make the first administrator of an installation on servers"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. What goes wrong is one sentence on standard error."""
    logs_to_stderr()
    given = parsed(sys.argv[1:] if arguments is None else arguments)
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


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed. Only the module of the command that is named is loaded: most of them load all five services."""
    top = argparse.ArgumentParser(prog="guestloop", description="Marketing automation for hotels.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        known = commands.add_parser(name, help=command.help)
        if list(arguments[:1]) == [name]:
            import_module(f"guestloop.cli.commands.{command.module}").add(known)
    return top.parse_args(arguments)
