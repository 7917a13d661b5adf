"""The pages of messaging: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.pages.blocks.saved import saved
from services.messaging.pages.choices import choices
from services.messaging.pages.countries import countries
from services.messaging.pages.domains import domains
from services.messaging.pages.going_live import going_live
from services.messaging.pages.guests import guests
from services.messaging.pages.home import home
from services.messaging.pages.links import link_choices
from services.messaging.pages.mail_imports.pages import mail_imports
from services.messaging.pages.messages import messages
from services.messaging.pages.offers.desk import desk
from services.messaging.pages.offers.lists import offers
from services.messaging.pages.offers.offer import offer
from services.messaging.pages.pictures.library import library
from services.messaging.pages.pictures.one import one
from services.messaging.pages.prices import prices
from services.messaging.pages.privacy import privacy
from services.messaging.pages.senders import senders
from services.messaging.pages.stops import stops
from services.messaging.pages.template_context import load_context, template_context
from services.messaging.pages.templates.audience import audience_page
from services.messaging.pages.templates.comments import comments
from services.messaging.pages.templates.editor import editor
from services.messaging.pages.templates.four_eyes import four_eyes, template_rules
from services.messaging.pages.templates.link_check import link_check
from services.messaging.pages.templates.own_tests import own_tests
from services.messaging.pages.templates.routes import templates
from services.messaging.pages.templates.side_by_side import side_by_side
from services.messaging.pages.unknowns import unknowns
from services.messaging.pages.whatsapp.to_send_in import to_send_in

messages.app_context_processor(template_context)
PAGES: tuple[Blueprint, ...] = (
    *(messages, unknowns, stops, countries, prices, senders, domains, going_live, guests, home, choices, privacy),
    *(templates, editor, own_tests, link_check, link_choices, library, one, saved, mail_imports),
    *(audience_page, side_by_side, to_send_in, comments, four_eyes, template_rules),
    *(offers, desk, offer),
)
for page in PAGES:
    page.before_request(load_context)
