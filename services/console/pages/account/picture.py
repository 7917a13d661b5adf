"""The picture that an authenticator app reads, as part of the page: nothing is fetched, nothing is kept."""

from __future__ import annotations

from markupsafe import Markup

from services.console.commands.second_factor.authenticator import address_of


def picture_of(secret: str, email: str) -> Markup:
    import segno

    code = segno.make(address_of(secret, email), error="m", micro=False)
    return Markup(code.svg_inline(scale=5, border=3, dark="#000", light="#fff"))
