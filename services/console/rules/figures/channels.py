"""Which channels are the house's own, as sources name them."""

from __future__ import annotations

from collections.abc import Collection

OWN = (
    *("direct", "website", "web", "phone", "telephone", "walk", "walk-in", "walkin", "own", "front desk", "hotel"),
    *(
        "booking engine",
        "ibe",
        "e-mail",
        "email",
        "wechat",
        "官网",
        "直订",
        "直销",
        "电话",
        "散客",
        "微信",
        "前台",
        "会员",
    ),
)
"""A channel that is one of these words, or begins with one, is the house's own until somebody says otherwise."""


def own_channels(known: Collection[str]) -> list[str]:
    return sorted(name for name in known if _is_own(name))


def _is_own(name: str) -> bool:
    text = name.strip().casefold()
    return any(
        text == word or text.startswith((f"{word} ", f"{word}-", f"{word}/", f"{word}_")) for word in OWN
    ) or any(text.startswith(word) for word in OWN if not word.isascii())
