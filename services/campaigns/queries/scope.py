"""Whose journeys somebody sees. An enrolment belongs to its hotel; one of no hotel to the hotels its guest stays in."""

from __future__ import annotations

from shared.access.scope import within

SEEN = f"""({within("enrolment.property")} or (enrolment.property is null and exists (
    select from stay_known as own where own.guest_id = enrolment.guest_id and {within("own.property")})))"""
"""For a statement with `enrolment` in it, given `Scope.values`."""
