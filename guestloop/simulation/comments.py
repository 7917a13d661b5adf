"""Comments of invented guests on a stay, in their languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PLEASED: Mapping[str, Sequence[str]] = {
    "en": (
        "Everything was lovely, and the lady at the desk remembered us.",
        "Great breakfast. The terrace at sunset is worth the trip.",
        "Quiet room, good bed, kind people. We will be back.",
        "Very clean and close to everything.",
    ),
    "pt": (
        "Tudo impecável, equipa muito simpática.",
        "O pequeno-almoço é excelente. Voltaremos.",
        "Quarto sossegado e cama muito confortável.",
    ),
    "es": ("Todo estupendo, el personal encantador.", "Desayuno muy bueno y buena ubicación."),
    "fr": ("Séjour parfait, accueil chaleureux.", "Chambre calme et petit déjeuner délicieux."),
    "de": ("Sehr freundliches Personal, ruhiges Zimmer.", "Das Frühstück war ausgezeichnet. Wir kommen wieder."),
    "zh": ("前台很热情，还记得我们上次来过。", "早餐很丰富，江景房值得再来。", "房间干净安静，床很舒服。"),
}
UNHAPPY: Mapping[str, Sequence[str]] = {
    "en": (
        "The room faced the street and we hardly slept.",
        "Breakfast was cold and late, and nobody stopped by to ask.",
        "The pillow is as hard as a brick.",
        "We waited forty minutes for the room.",
    ),
    "pt": ("O quarto era barulhento e o ar condicionado não funcionava.", "Esperámos muito tempo pelo check-in."),
    "es": ("La habitación olía a humedad.", "Demasiado ruido por la noche."),
    "fr": ("Chambre bruyante, on entendait tout.", "La douche fuyait et personne n'est venu."),
    "de": ("Das Zimmer war laut und die Matratze durchgelegen.", "Das WLAN ging die ganze Woche nicht."),
    "zh": ("隔音太差，一晚上没睡好。", "空调坏了，打了两次电话都没人来修。", "枕头太硬，早餐也凉了。"),
}


def comments_in(language: str, *, pleased: bool) -> Sequence[str]:
    """`language`: a BCP 47 tag; English where we have no words in it."""
    comments = PLEASED if pleased else UNHAPPY
    return comments.get(language.partition("-")[0].lower(), comments["en"])
