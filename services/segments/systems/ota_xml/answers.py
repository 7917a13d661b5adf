"""What the sender is answered: the standard's own message, with `Success` or with an error for each one refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

OTA = "http://www.opentravel.org/OTA/2003/05"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BIZ_RULE, MISSING = "3", "450"
"""Of the lists EWT and ERR: an application error; unable to process."""


def answer(
    request: str,
    echo: str,
    version: str,
    errors: Mapping[str, str],
    warnings: Sequence[str],
    at: datetime,
    *,
    enveloped: bool,
) -> bytes:
    """`errors`: by reservation, empty for one of the message. With none of them it is a success."""
    name = f"{request.removesuffix('RQ')}RS" if request.endswith("RQ") else "OTA_HotelResNotifRS"
    if errors:
        inner = "".join(_error(number, text) for number, text in errors.items())
        inner = f"<Errors>{inner}</Errors>"
    else:
        told = "".join(f"<Warning Type={quoteattr(BIZ_RULE)}>{escape(text)}</Warning>" for text in warnings)
        inner = "<Success/>" + (f"<Warnings>{told}</Warnings>" if told else "")
    head = f"xmlns={quoteattr(OTA)} Version={quoteattr(version)} TimeStamp={quoteattr(at.isoformat())}"
    echoed = f" EchoToken={quoteattr(echo)}" if echo else ""
    body = f"<{name} {head}{echoed}>{inner}</{name}>"
    if enveloped:
        body = f"<soap:Envelope xmlns:soap={quoteattr(SOAP)}><soap:Body>{body}</soap:Body></soap:Envelope>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def _error(number: str, text: str) -> str:
    named = f" RecordID={quoteattr(number)}" if number else ""
    return f"<Error Type={quoteattr(BIZ_RULE)} Code={quoteattr(MISSING)}{named}>{escape(text)}</Error>"
