"""Tasks that journeys give the staff: how one ended."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class TaskOutcome(Term):
    DONE = "done", N_("Done"), "good", "tick"
    NOT_REACHED = "not_reached", N_("The guest was not reached"), "look", "flag"
    NOT_NEEDED = "not_needed", N_("No longer needed"), "plain", "flag"
