"""The pages of console: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.console.pages.account import ACCOUNT
from services.console.pages.api_keys import API_KEYS
from services.console.pages.audit import AUDIT
from services.console.pages.delivery import DELIVERY
from services.console.pages.home import HOME
from services.console.pages.people import PEOPLE
from services.console.pages.properties import PROPERTIES
from services.console.pages.sign_in import SIGN_IN

PAGES: tuple[Blueprint, ...] = (HOME, SIGN_IN, ACCOUNT, PEOPLE, API_KEYS, PROPERTIES, AUDIT, DELIVERY)
