"""`guestloop topology`"""

from __future__ import annotations

import argparse
import json
import os

from kombu.exceptions import OperationalError

from guestloop.composition.broker_definitions import SUBSCRIPTIONS
from shared.bus.rabbit.topology import declare, definitions
from shared.errors import BrokerUnavailable
from shared.settings.installation import BROKER


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Print exchanges, queues, bindings and policies as a RabbitMQ definitions document, or declare "
        "them (all but the policies) at GUESTLOOP_BROKER, whose user must be allowed to. What is there stays as it is."
    )
    known.add_argument("--declare", action="store_true", help="declare what is missing")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    if not given.declare:
        print(json.dumps(definitions(SUBSCRIPTIONS), indent=1))
        return 0
    try:
        declare(BROKER.needed(os.environ), SUBSCRIPTIONS)
    except (OperationalError, OSError) as error:
        raise BrokerUnavailable(f"RabbitMQ does not answer ({error}): is GUESTLOOP_BROKER right, and it up?") from error
    print("declared: what was missing of exchanges and queues is there")
    return 0
