"""Guests with duplicates whose truth is known, in the manner of Febrl: typing errors, swapped fields, missing values.

What is added to Febrl's errors is what hotels see: another script, another spelling of an umlaut, a married name, a
family on one phone, a common name on many people. The same seed makes the same guests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from itertools import accumulate
from random import Random
from uuid import UUID

from shared.database.pool import Database, Tx


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    "Maria Ana João José António Manuel Marta Rita Inês Pedro Tiago Sofia Beatriz Carlos Luís Paulo Helena Teresa "
    "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Thomas "
    "Sarah Charles Karen Daniel Lisa Matthew Nancy Anthony Margaret Mark Sandra Steven Ashley Andrew Emily Hans "
    "Ursula Jürgen Monika Klaus Sabine Jörg Björn Günther Stefan Katharina Anneliese Pierre Françoise Jean Isabelle "
    "Étienne Chloé Hélène Giulia Marco Francesca Alessandro Giuseppe Chiara Svetlana Natalia Dmitri Sergei Ekaterina "
    "Aleksandr Yuki Haruto Sakura Kenji Fatima Mohammed Aisha Omar Layla Priya Rahul Ananya Arjun Sanjay"
)
FAMILY = _words(
    "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques "
    "Alves Almeida Ribeiro Pinto Carvalho Teixeira Conceição Magalhães Smith Johnson Williams Brown Jones Garcia "
    "Miller Davis Martinez Hernandez Lopez Wilson Anderson Thompson Taylor Moore Jackson Martin Thompson Harris Clark "
    "Lewis Robinson Walker Young Allen Wright Scott Torres Nguyen Hill Green Adams Nelson Baker Campbell Mitchell "
    "Roberts Carter Phillips Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
    "Bauer Richter Klein Schröder Neumann Zimmermann Krüger Köhler Dubois Moreau Laurent Lefèvre Bertrand Rousseau "
    "Rossi Ferrari Esposito Bianchi Colombo Ricci Ivanova Petrov Sokolov Kuznetsova Tanaka Suzuki Watanabe Yamamoto "
    "Kobayashi Patel Sharma Gupta Singh Hussain Khan Ahmed Andersson Johansson Lindqvist Nilsson Papadopoulos "
    "Kowalski Nowak Wiśniewski"
)
HAN_FAMILY = tuple(zip("王李张刘陈杨赵黄周吴", _words("Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu"), strict=True))
HAN_GIVEN = tuple(
    zip(
        _words("伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 军 杰 秀英 明 超 建国 桂英 海燕 志强"),
        _words(
            "Wei Fang Na Min Jing Li Qiang Lei Yang Yan Yong Jun Jie Xiuying Ming Chao Jianguo Guiying Haiyan Zhiqiang"
        ),
        strict=True,
    )
)
PINYIN = dict((*HAN_FAMILY, *HAN_GIVEN))
READINGS = dict(
    zip(
        "伟芳娜敏静丽强磊洋艳勇军杰秀英明超建国桂海燕志",
        _words("wei fang na min jing li qiang lei yang yan yong jun jie xiu ying ming chao jian guo gui hai yan zhi"),
        strict=True,
    )
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
AT = datetime(2016, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """A guest as some row wrote them. `truth`: the number of the person they are."""

    truth: int
    given: str
    family: str
    born: date | None
    email: str | None
    phone: str | None


def people(seed: int, originals: int, duplicates: int) -> Iterator[Person]:
    """The originals, then duplicates of some of them, each once; the duplicates have one or two errors."""
    chance = Random(seed)
    doubled: list[Person] = []
    before: Person | None = None
    for number in range(originals):
        one = _original(chance, number)
        if before and chance.random() < 0.05:  # a family on one phone
            one = replace(one, phone=before.phone, family=before.family)
        if number < duplicates:
            doubled.append(one)
        before = one
        yield one
    for one in doubled:
        yield _with_errors(chance, one)


def _original(chance: Random, number: int) -> Person:
    if chance.random() < 0.25:
        family, given = chance.choice(HAN_FAMILY)[0], chance.choice(HAN_GIVEN)[0]
        if len(given) == 1 and chance.random() < 0.8:
            given += chance.choice(HAN_GIVEN)[0][0]
    else:
        family, given = (_common(chance, FAMILY), _common(chance, GIVEN))
        if chance.random() < 0.4:
            family = f"{family} {_common(chance, FAMILY)}"
        if chance.random() < 0.3:
            given = f"{given} {_common(chance, GIVEN)}"
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(24_000)) if chance.random() < 0.85 else None
    email = f"guest{number}@example.com" if chance.random() < 0.6 else None
    phone = f"+44770{number:07}" if chance.random() < 0.7 else None
    return Person(number, given, family, born, email, phone)


WEIGHTS = {id(names): list(accumulate(1 / (place + 30) for place in range(len(names)))) for names in (GIVEN, FAMILY)}


def _common(chance: Random, names: list[str]) -> str:
    """The first ones are many people's."""
    return chance.choices(names, cum_weights=WEIGHTS[id(names)])[0]


def _with_errors(chance: Random, one: Person) -> Person:
    for _ in range(chance.choice((1, 1, 2))):
        one = chance.choice(ERRORS)(chance, one)
    return one


def _typo(chance: Random, text: str) -> str:
    if len(text) < 4:
        return text
    place = chance.randrange(1, len(text) - 1)
    match chance.randrange(4):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return text[:place] + chance.choice(LETTERS) + text[place:]
        case 2:
            return text[:place] + chance.choice(LETTERS) + text[place + 1 :]
        case _:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _typed_wrongly(chance: Random, one: Person) -> Person:
    if chance.random() < 0.5:
        return replace(one, given=_typo(chance, one.given))
    return replace(one, family=_typo(chance, one.family))


def _shortened(_: Random, one: Person) -> Person:
    return replace(one, given=one.given.split()[0], family=one.family.split()[-1])


def _swapped(_: Random, one: Person) -> Person:
    return replace(one, given=one.family, family=one.given)


def _transcribed(_: Random, one: Person) -> Person:
    if one.family in PINYIN:
        return replace(one, given=_pinyin(one.given), family=PINYIN[one.family])
    return replace(one, given=one.given.lower().translate(UMLAUTS).title(),
                   family=one.family.lower().translate(UMLAUTS).title())  # fmt: skip


def _pinyin(given: str) -> str:
    return PINYIN.get(given) or "".join(READINGS.get(character, character) for character in given).title()


def _born_wrongly(chance: Random, one: Person) -> Person:
    if one.born is None:
        return one
    born = one.born
    if born.day <= 12 and chance.random() < 0.5:
        return replace(one, born=date(born.year, born.day, born.month))
    return replace(one, born=date(born.year + (1 if born.year % 10 < 9 else -1), born.month, min(born.day, 28)))


def _without_birth_date(_: Random, one: Person) -> Person:
    return replace(one, born=None)


def _another_address(chance: Random, one: Person) -> Person:
    return replace(one, email=f"new{one.truth}@example.org" if chance.random() < 0.5 else None)


def _another_number(chance: Random, one: Person) -> Person:
    return replace(one, phone=f"+44771{one.truth:07}" if chance.random() < 0.5 else None)


def _married(chance: Random, one: Person) -> Person:
    return one if one.family in PINYIN else replace(one, family=_common(chance, FAMILY))


ERRORS = (
    _typed_wrongly, _typed_wrongly, _typed_wrongly, _shortened, _swapped, _transcribed, _born_wrongly,
    _without_birth_date, _another_address, _another_number, _married,
)  # fmt: skip


def bring(database: Database, some: Iterator[Person]) -> dict[UUID, int]:
    """Fills the tables as imports would have, had none joined another; by guest who they are."""
    truths: dict[UUID, int] = {}
    with database.transaction() as tx:
        tx.execute("create temp table brought (id uuid, given text, family text, born date, email text, phone text)")
        with tx.copy("copy brought from stdin") as copy:
            for number, one in enumerate(some):
                guest = UUID(bytes=blake2b(f"guest {number}".encode(), digest_size=16).digest())
                truths[guest] = one.truth
                copy.write_row((guest, one.given, one.family, one.born, one.email, one.phone))
        _enter(tx)
    return truths


def _enter(tx: Tx) -> None:
    for statement in FILL:
        tx.execute(statement, {"at": AT})


FILL = (
    """
    insert into guest (id, version, given_name, family_name, birth_date, home_zone, home_property, first_said_at,
                       first_reservation, created_at, changed_at)
    select id, 1, given, family, born, 'Europe/Lisbon', 'LIS', %(at)s, 'R', %(at)s, %(at)s from brought
    """,
    """
    insert into contact_point (point, channel, address_sealed, kind, guests)
    select email, 'email', '', 'personal', count(*) from brought where email is not null group by email
    union all select phone, 'sms', '', 'personal', count(*) from brought where phone is not null group by phone
    """,
    """
    insert into guest_point (guest_id, point, channel, said_at, source_ref)
    select id, email, 'email', %(at)s, 'R' from brought where email is not null
    union all select id, phone, 'sms', %(at)s, 'R' from brought where phone is not null
    """,
    "analyze guest, contact_point, guest_point",
)


@dataclass(frozen=True)
class Found:
    """`recall`: of the pairs that are one person, how many were filed; `in_reach`: of those with a birth date on both,
    or a contact point in common; `precision`: of the pairs filed, how many are one person."""

    recall: float
    in_reach: float
    precision: float
    filed: int


def found_by(database: Database, truths: dict[UUID, int]) -> Found:
    pairs = by_truth(truths)
    with database.transaction() as tx:
        filed = set(tx.execute("select guest_id, other_id from possible_duplicate").fetchall())
        reachable = set(tx.execute(REACHABLE, [[a for a, _ in pairs], [b for _, b in pairs]]).fetchall())
    right = filed & pairs
    return Found(
        len(right) / len(pairs), len(right & reachable) / len(reachable), len(right) / max(len(filed), 1), len(filed)
    )


def by_truth(truths: dict[UUID, int]) -> set[tuple[UUID, UUID]]:
    first: dict[int, UUID] = {}
    found = set()
    for guest, truth in truths.items():
        if (one := first.setdefault(truth, guest)) != guest:
            found.add((min(one, guest), max(one, guest)))
    return found


REACHABLE = """
    select a, b from unnest(%s::uuid[], %s::uuid[]) as pair (a, b)
    join guest g on g.id = a join guest o on o.id = b
    where g.birth_date is not null and o.birth_date is not null
       or exists (select from guest_point mine join guest_point theirs using (point)
                  where mine.guest_id = a and theirs.guest_id = b)
"""
