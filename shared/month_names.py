"""The names of the months in English, German, French, Spanish, Portuguese and Italian, whole and shortened."""

from __future__ import annotations

import unicodedata

MONTHS = """
    january januar janner janvier enero janeiro gennaio jan janv ene gen
    february februar feber fevrier febrero fevereiro febbraio feb fev fevr febr
    march marz mars marzo marco mar mrz
    april avril abril aprile apr avr abr
    may mai mayo maio maggio mag
    june juni juin junio junho giugno jun giu
    july juli juillet julio julho luglio jul juil lug
    august aout agosto aug aou ago
    september septembre septiembre setembro settembre setiembre sep sept set sett
    october oktober octobre octubre outubro ottobre oct okt out ott
    november novembre noviembre novembro nov
    december dezember decembre diciembre dezembro dicembre dec dez dic
"""
NUMBERS = {name: number for number, names in enumerate(MONTHS.strip().splitlines(), 1) for name in names.split()}


def month_named(text: str) -> int | None:
    """The month's number, whatever the case and the accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return NUMBERS.get("".join(letter for letter in spread if not unicodedata.combining(letter)))
