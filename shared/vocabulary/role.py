"""Who somebody is to the console."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Role(Term):
    MARKETER = "marketer", N_("Marketer")
    FRONT_DESK = "front_desk", N_("Front desk")
    DUTY_MANAGER = "duty_manager", N_("Duty manager")
    ANALYST = "analyst", N_("Analyst")
    ADMINISTRATOR = "administrator", N_("Administrator")
    PROGRAM = "program", N_("Program")  # an API key


PEOPLE = tuple(role for role in Role if role is not Role.PROGRAM)
"""The roles a person may have."""
