"""Why another system gave no answer that could be used."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Trouble(Term):
    BAD_ADDRESS = "bad_address", N_("The address is not one of the web.")
    REFUSED_ADDRESS = "refused_address", N_("The address is not public, and no administrator lists its network.")
    NO_SUCH_HOST = "no_such_host", N_("No name server knows this host.")
    NOT_CONNECTED = "not_connected", N_("No connection came about.")
    DISTRUSTED = "distrusted", N_("The server's certificate is not trusted.")
    TOO_SLOW = "too_slow", N_("No whole answer came in time.")
    TOO_LONG = "too_long", N_("The answer was longer than it may be.")
    CUT_OFF = "cut_off", N_("The connection broke before the answer was whole.")
