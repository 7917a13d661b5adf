"""Why a request of a tracked link is not counted as a guest's click."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Uncounted(Term):
    """The first ones show at once; the last two among the requests around it."""

    HEAD = "head", N_("a program asked only whether the page is there")
    PREFETCH = "prefetch", N_("a program fetched the page before anybody asked for it")
    SCANNER = "scanner", N_("a program that checks or previews links asked for it")
    SWEEP = "sweep", N_("all links of the message were opened at the same time, as a mail scanner does")
    BURST = "burst", N_("links of many messages were opened from one place at the same time")
