"""What may be found where two guests are compared, and what each finding weighs."""

from __future__ import annotations

from typing import Self

from shared.vocabulary.term import N_, Term


class Reason(Term):
    """A finding. `bits`: by how many powers of two it makes one person likelier than two; below nothing, less likely.

    The value is stored; the label is read by people.
    """

    bits: float

    def __new__(cls, value: str, label: str = "", bits: float = 0.0) -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label, term.tone, term.icon, term.bits = label, "plain", "", bits
        return term

    SAME_EMAIL = "same_email", N_("the same e-mail address"), 17
    SAME_PHONE = "same_phone", N_("the same phone number"), 16

    SAME_NAME = "same_name", N_("the same name"), 10
    SPELLING = "spelling", N_("the name in another spelling"), 9
    OTHER_SCRIPT = "other_script", N_("the name in another script"), 9
    TYPO = "typo", N_("names that differ by a letter or two"), 7
    SHORTER_NAME = "shorter_name", N_("a shorter form of the name"), 6
    SAME_SOUND = "same_sound", N_("names that sound the same"), 4
    OTHER_FAMILY_NAME = "other_family_name", N_("the given name, beside another family name"), 1
    NO_NAME = "no_name", N_("a name that is not known"), 0
    OTHER_GIVEN_NAME = "other_given_name", N_("the family name, beside another given name"), -8
    OTHER_NAME = "other_name", N_("another name"), -12

    SAME_BIRTH_DATE = "same_birth_date", N_("the same birth date"), 14
    BIRTH_DATE_SLIP = "birth_date_slip", N_("birth dates that differ by a digit, or in the order of day and month"), 10
    OTHER_BIRTH_DATE = "other_birth_date", N_("another birth date"), -30

    COUPLE = "couple", N_("a name of two people"), -60
