"""Countries by code (two letters, three, three digits, the Olympic ones) and by name in the languages of the console
and of guests."""

from __future__ import annotations

from functools import cache

from iso3166 import countries, countries_by_alpha2, countries_by_alpha3, countries_by_numeric

from services.segments.imports.meanings.words import word

LANGUAGES = ("en", "zh_Hans", "zh_Hant", "pt", "pt_PT", "es", "fr", "de")
OLYMPIC = {
    "ALG": "DZ", "BUL": "BG", "CHI": "CL", "CRC": "CR", "CRO": "HR", "DEN": "DK", "GER": "DE", "GRE": "GR", "GUA": "GT",
    "HAI": "HT", "HON": "HN", "INA": "ID", "IRI": "IR", "KSA": "SA", "KUW": "KW", "LAT": "LV", "LBA": "LY", "MAS": "MY",
    "MGL": "MN", "NED": "NL", "NEP": "NP", "NGR": "NG", "PAR": "PY", "PHI": "PH", "POR": "PT", "PUR": "PR", "RSA": "ZA",
    "SLO": "SI", "SRI": "LK", "SUI": "CH", "TPE": "TW", "UAE": "AE", "URU": "UY", "VIE": "VN", "ZAM": "ZM",
}  # fmt: skip
ALIASES = {
    "GB": "uk,u k,great britain,britain,england,scotland,wales,northern ireland,gran bretana,inglaterra,"
    "grande bretagne,angleterre,grossbritannien,英格兰,英國,苏格兰",
    "US": "usa,u s a,u s,united states of america,america,eua,eeuu,ee uu,"
    "estados unidos da america,etats unis d amerique,vereinigte staaten von amerika,美利坚合众国,美國",
    "NL": "holland,the netherlands,holanda,hollande,paises bajos,荷蘭",
    "CN": "pr china,p r china,prc,p r c,peoples republic of china,people s republic of china,mainland china,"
    "中华人民共和国,中国大陆,大陆,内地,中國大陸",
    "HK": "hong kong,hong kong sar,hongkong,香港,中国香港,hong kong china",
    "MO": "macau,macao,macau sar,澳门,中国澳门,澳門",
    "TW": "taiwan,台湾,中国台湾,臺灣,台灣,taiwan china,chinese taipei",
    "KR": "korea,south korea,republic of korea,korea south,korea republic of,南韩,韩国,韓國,corea,coree",
    "RU": "russia,russian federation,俄国,俄罗斯联邦",
    "CZ": "czech republic,czechia,republica checa,republique tcheque,tschechische republik",
    "IE": "republic of ireland,eire",
    "VN": "vietnam,viet nam",
    "IR": "iran,iran islamic republic of",
    "SY": "syria,syrian arab republic",
    "MD": "moldova,republic of moldova",
    "MK": "macedonia,north macedonia",
    "TR": "turkey,turkiye",
    "AE": "emirates,emiratos,emirates united arab,阿联酋",
    "CI": "ivory coast,cote d ivoire",
    "CV": "cape verde,cabo verde",
    "BR": "brasil,brazil",
    "BO": "bolivia",
    "VE": "venezuela",
    "TZ": "tanzania",
    "LA": "laos",
    "BN": "brunei",
}


@cache
def country_names() -> dict[str, str]:
    """By name, as a word, the alpha-2 code; built when the first name is read (0.1 s)."""
    from babel import Locale

    found = {word(country.name): country.alpha2 for country in countries}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        found |= {word(name): code for code, name in territories.items() if code in countries_by_alpha2}
    return found | {word(name): code for code, names in ALIASES.items() for name in names.split(",")}


def read_country(text: str, letters: int) -> str:
    """The alpha-2 code; `letters`: with how many the column writes its codes. Raises KeyError where it is not known.

    In a column of three letters a code of two belongs to another list, of which nothing is known.
    """
    code = text.upper()
    if code in countries_by_alpha3 or (code.isdigit() and code.zfill(3) in countries_by_numeric):
        return str((countries_by_alpha3.get(code) or countries_by_numeric[code.zfill(3)]).alpha2)
    if len(code) == 2 and code in countries_by_alpha2:
        if letters != 2:
            raise KeyError(text)
        return code
    return OLYMPIC.get(code) or country_names()[word(text)]


def country_meant(meaning: str) -> str:
    """Raises KeyError for what is no country."""
    return str(countries_by_alpha2[meaning].alpha2)
