"""The pages of console: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.console.pages.account import ACCOUNT
from services.console.pages.sign_in import SIGN_IN

PAGES: tuple[Blueprint, ...] = (SIGN_IN, ACCOUNT)
