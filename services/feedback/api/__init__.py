"""What comes in without a sign-in: guests by a signed link, and programs: webhooks. No CSRF token is asked of them."""

from __future__ import annotations

from flask import Blueprint

from services.feedback.api.surveys import SURVEYS
from services.feedback.api.twilio import TWILIO

API: tuple[Blueprint, ...] = (SURVEYS, TWILIO)
