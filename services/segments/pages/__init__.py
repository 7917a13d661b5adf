"""The pages of segments: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.segments.pages.imports import pages as imports
from services.segments.pages.segments import pages as segments

PAGES: tuple[Blueprint, ...] = (segments, imports)
