"""The pages of console: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.console.pages.account.page import ACCOUNT
from services.console.pages.account.sessions import SESSIONS
from services.console.pages.account.sign_in import SIGN_IN
from services.console.pages.audit.page import AUDIT
from services.console.pages.delivery import DELIVERY
from services.console.pages.home.page import HOME
from services.console.pages.privacy.record import RECORD
from services.console.pages.privacy.terms import TERMS
from services.console.pages.properties import PROPERTIES
from services.console.pages.team.api_keys import API_KEYS
from services.console.pages.team.people import PEOPLE

PAGES: tuple[Blueprint, ...] = (
    *(HOME, SIGN_IN, ACCOUNT, SESSIONS, PEOPLE, API_KEYS, PROPERTIES, AUDIT, DELIVERY),
    *(TERMS, RECORD),
)
