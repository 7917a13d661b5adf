"""The pages of messaging: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.pages.choices import choices
from services.messaging.pages.countries import countries
from services.messaging.pages.editor import editor
from services.messaging.pages.guests import guests
from services.messaging.pages.home import home
from services.messaging.pages.messages import messages
from services.messaging.pages.privacy import privacy
from services.messaging.pages.stops import stops
from services.messaging.pages.template_context import load_context, template_context
from services.messaging.pages.templates import templates
from services.messaging.pages.unknowns import unknowns

messages.app_context_processor(template_context)
PAGES: tuple[Blueprint, ...] = (
    *(messages, unknowns, stops, countries, guests, home, choices, templates, editor, privacy),
)
for page in PAGES:
    page.before_request(load_context)
