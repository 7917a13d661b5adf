"""Passwords that are quickly guessed are refused with a sentence that says what to do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from services.console.rules.passwords import Weakness, weakness

ADA = ("Ada Azevedo", "ada@casa.example.com", "Casa do Tejo Lisboa", "Riverside House Shanghai")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven more", Weakness.SHORT),
        ("x" * 201, Weakness.LONG),
        ("aaaaaaaaaaaa", Weakness.PATTERN),
        ("asdfghjkl;'asdf", Weakness.PATTERN),
        ("password1234", Weakness.COMMON),
        ("iloveyouforever", Weakness.COMMON),
        ("passwort123456", Weakness.COMMON),
        ("guestloop2026!!", Weakness.COMMON),
        ("AdaAzevedo2026", Weakness.PERSONAL),
        ("ada@casa.example.com", Weakness.PERSONAL),
        ("casadotejolisboa1", Weakness.PERSONAL),
        ("Riverside House!", Weakness.PERSONAL),
    ],
)
def test_a_weak_password_is_refused_for_what_is_weak_in_it(password: str, why: Weakness) -> None:
    assert weakness(password, ADA) is why


@pytest.mark.parametrize(
    "password",
    ["copper kettle on the roof", "春眠不觉晓处处闻啼鸟夜来", "k7wf-9mxt-p2hd-qq4r", "my dog eats socks " * 11],
)
def test_words_that_do_not_belong_together_are_accepted(password: str) -> None:
    assert weakness(password, ADA) is None


def test_word_lists_and_libraries_of_the_second_factor_are_loaded_by_nobody_who_needs_none() -> None:
    program = """
import sys
from guestloop.composition import services
from services.console import pages
assert "services.console.rules.passwords" in sys.modules
assert "services.console.commands.second_factor.passkeys" in sys.modules
sys.exit(bool({"zxcvbn", "pyotp", "segno", "webauthn"}.intersection(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
