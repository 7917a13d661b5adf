"""The pages of console: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.console.pages.account.oidc import OIDC
from services.console.pages.account.page import ACCOUNT
from services.console.pages.account.reset import RESET
from services.console.pages.account.second_factor import SECOND_FACTOR
from services.console.pages.account.second_step import SECOND_STEP
from services.console.pages.account.sessions import SESSIONS
from services.console.pages.account.sign_in import SIGN_IN
from services.console.pages.audit.page import AUDIT
from services.console.pages.brand import BRAND, BRAND_PICTURES
from services.console.pages.dashboards.edit import DASHBOARD_EDIT
from services.console.pages.dashboards.page import DASHBOARDS
from services.console.pages.delivery import DELIVERY
from services.console.pages.erasures import ERASURES
from services.console.pages.figures.costs import COSTS
from services.console.pages.figures.page import FIGURES
from services.console.pages.figures.profit import PROFIT
from services.console.pages.figures.settings import FIGURE_SETTINGS
from services.console.pages.figures.sources import SOURCES
from services.console.pages.home.page import HOME
from services.console.pages.privacy.record import RECORD
from services.console.pages.privacy.terms import TERMS
from services.console.pages.properties import PROPERTIES
from services.console.pages.reports.files import REPORT_FILES
from services.console.pages.reports.mail import REPORT_MAIL
from services.console.pages.reports.wishes import REPORTS
from services.console.pages.team.api_keys import API_KEYS
from services.console.pages.team.links import LINKS
from services.console.pages.team.people import PEOPLE
from services.console.pages.team.second_factor import TEAM_SECOND_FACTOR
from services.console.pages.warnings.page import WARNINGS
from services.console.pages.webhooks import WEBHOOKS

PAGES: tuple[Blueprint, ...] = (
    *(HOME, SIGN_IN, SECOND_STEP, RESET, OIDC, ACCOUNT, SESSIONS, SECOND_FACTOR),
    *(PEOPLE, TEAM_SECOND_FACTOR, LINKS, API_KEYS, WEBHOOKS, PROPERTIES, AUDIT, ERASURES, DELIVERY),
    *(TERMS, RECORD, BRAND, BRAND_PICTURES, FIGURES, FIGURE_SETTINGS),
    *(SOURCES, PROFIT, COSTS, WARNINGS, REPORT_FILES, REPORT_MAIL, REPORTS),
    *(DASHBOARDS, DASHBOARD_EDIT),
)
