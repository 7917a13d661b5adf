"""The pages of segments: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.segments.pages.companies.companies import pages as companies
from services.segments.pages.companies.editing import pages as company_editing
from services.segments.pages.duplicates.desk import pages as duplicates
from services.segments.pages.duplicates.merges import pages as merges
from services.segments.pages.figures.behind import pages as figure_guests
from services.segments.pages.figures.churn import pages as churn
from services.segments.pages.figures.cohorts import pages as cohorts
from services.segments.pages.figures.counted import pages as figures
from services.segments.pages.figures.first_visits import pages as first_visits
from services.segments.pages.figures.loyalty import pages as loyalty
from services.segments.pages.figures.new_guests import pages as new_guests
from services.segments.pages.figures.partners import pages as partners
from services.segments.pages.figures.predictions import pages as predictions
from services.segments.pages.guests.care import pages as care
from services.segments.pages.guests.corrections import pages as corrections
from services.segments.pages.guests.erasure import pages as erasure
from services.segments.pages.guests.files import pages as files
from services.segments.pages.guests.guest import pages as guest
from services.segments.pages.guests.guests import pages as guests
from services.segments.pages.guests.new import pages as new_guest
from services.segments.pages.guests.rights import pages as rights
from services.segments.pages.imports.imports import pages as imports
from services.segments.pages.imports.sources import pages as import_sources
from services.segments.pages.kiosk.desk import pages as kiosks
from services.segments.pages.money.money import pages as money
from services.segments.pages.rfm.page import pages as rfm
from services.segments.pages.segments.about import pages as about
from services.segments.pages.segments.choices import pages as choices
from services.segments.pages.segments.exports import pages as exports
from services.segments.pages.segments.house_dates import pages as house_dates
from services.segments.pages.segments.lists import pages as lists
from services.segments.pages.segments.segments import pages as segments
from services.segments.pages.segments.starters import pages as starters
from services.segments.pages.segments.tags import pages as tags
from services.segments.pages.segments.tiers import pages as tiers
from services.segments.pages.segments.why import pages as why
from services.segments.pages.sign_ups.codes import codes as sign_up_codes
from services.segments.pages.sign_ups.differences import pages as sign_up_differences
from services.segments.pages.sign_ups.forms import pages as sign_up_forms
from services.segments.pages.stages.page import pages as stages
from services.segments.pages.systems.systems import pages as systems
from services.segments.pages.today import pages as today

PAGES: tuple[Blueprint, ...] = (
    *(today, guests, new_guest, guest, files, care, corrections, rights, erasure),
    *(duplicates, merges, companies, company_editing),
    *(sign_up_differences, sign_up_forms, sign_up_codes, kiosks),
    *(choices, segments, starters, about, why, lists, exports, tags, tiers, house_dates),
    *(imports, import_sources, systems, money),
    *(figures, figure_guests, predictions, rfm, stages),
    *(cohorts, new_guests, first_visits, churn, loyalty, partners),
)
