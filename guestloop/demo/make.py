"""Make a home with the demo group in it: once, with a progress bar."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta

from tqdm import tqdm

from guestloop.composition.services import Group, build_group, prepare_databases
from guestloop.demo.cast import STAFF
from guestloop.demo.conversations import leave_conversations
from guestloop.demo.home import SEED, DemoHome
from guestloop.demo.offers import leave_offers
from guestloop.demo.open_work import leave_open_work
from guestloop.demo.play import play_year
from guestloop.demo.questionnaire import leave_questionnaire
from guestloop.demo.rows import write_rows
from services.console.commands.accounts import Member, ensure_person
from services.console.commands.signing_in.passwords import one_time_password
from shared.clock import VirtualClock
from shared.embedded.home import Home
from shared.private_files import private_folder

PLAYED = timedelta(days=365)


def make(demo: DemoHome, now: datetime, environment: Mapping[str, str]) -> None:
    """Play the last twelve months, with the settings it will run by: what it sends holds links to its address. What an
    interrupted making left is thrown away.
    """
    private_folder(demo.folder, exist_ok=True)
    shutil.rmtree(demo.home.path / "postgres", ignore_errors=True)
    write_rows(demo.export, now.date())
    password = one_time_password()
    hasty = Home(demo.home.path, durable=False)
    print("A year of an invented hotel group is played through the engine, once.", file=sys.stderr)
    with hasty.postgres() as server:
        clock = VirtualClock(now - PLAYED)
        group = build_group(prepare_databases(server, demo.home.keyring(), clock.now()), clock, environment)
        with closing(group):
            _play(demo, group, clock, now)
            employ(group, password, now)
            leave_open_work(group, now)
            leave_conversations(group, now)
            leave_questionnaire(group, now)
            leave_offers(group, now)
    demo.write_ready(password, now)


def _play(demo: DemoHome, group: Group, clock: VirtualClock, now: datetime) -> None:
    began = clock.now()
    with tqdm(total=PLAYED.days, unit="day", file=sys.stderr, disable=None) as bar:
        play_year(group, clock, demo.export, now, SEED, lambda at: bar.update((at - began).days - bar.n))


def employ(group: Group, password: str, at: datetime) -> None:
    """Accounts of everybody who works there; all sign in with the same password."""
    with group.database("console").transaction() as tx:
        for one in STAFF:
            wanted = Member(name=one.name, role=one.role, properties=one.properties, language=one.language)
            ensure_person(tx, email=one.email, wanted=wanted, password=password, at=at)
