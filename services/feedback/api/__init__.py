"""Routes without a sign-in and without a CSRF token: guests with a signed link, providers' webhooks,
and mail and reviews that programs hand in with a key."""

from __future__ import annotations

from flask import Blueprint

from services.feedback.api.mail import MAIL
from services.feedback.api.reviews import API_REVIEWS
from services.feedback.api.surveys import SURVEYS
from services.feedback.api.twilio import TWILIO

API: tuple[Blueprint, ...] = (SURVEYS, TWILIO, MAIL, API_REVIEWS)
