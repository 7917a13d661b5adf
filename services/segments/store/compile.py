"""From rules to SQL: each rule one boolean expression over `p` (a guest's facts today) and `w` (gathered from stays).

Facts that look into stays are gathered once for all rules, one aggregate with a filter each. The values of rules are
quoted into the text by psycopg: the text is made once a set of rules, and the server plans it once a connection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from psycopg import sql

from services.segments.rules.language.facts import Fact, Kind
from services.segments.rules.language.tree import EVERYWHERE, All, Leaf, Not, Op, Rule, Where, leaves

USABLE = {"email": "('express', 'existing_customer')", "sms": "('express')"}
COMPARISON = {Op.AT_LEAST: ">=", Op.AT_MOST: "<=", Op.MORE_THAN: ">", Op.LESS_THAN: "<", Op.IS: "=", Op.IS_NOT: "<>"}
OUT = "s.status = 'checked_out' and not s.muted"

# fact → the aggregate, the stays it is taken of, the day a window looks at
GATHERED: Mapping[str, tuple[str, str, str]] = {
    "stays": ("count(*)", OUT, "s.checked_out_on"),
    "nights": ("sum(s.nights)", OUT, "s.checked_out_on"),
    "spend": ("sum(s.revenue)", OUT, "s.checked_out_on"),
    "bookings": ("count(*)", "s.status = 'booked'", "s.booked_on"),
    "cancellations": ("count(*)", "s.status = 'cancelled'", "s.ended_on"),
    "no_shows": ("count(*)", "s.status = 'no_show'", "s.ended_on"),
    "in_house": ("count(*)", "s.status = 'checked_in'", "s.arrival"),
    "last_checkout": ("max(s.checked_out_on)", OUT, "s.checked_out_on"),
    "next_arrival": ("min(s.arrival)", "s.status = 'booked'", "s.arrival"),
}


@dataclass(frozen=True)
class Compiled:
    """`conditions`: by segment number. `gathered`: select list of the pass over stays. `today`: columns time gives."""

    conditions: Mapping[int, str]
    gathered: Sequence[str]
    today: Sequence[str]
    averages: bool


def compile_rules(rules: Mapping[int, Rule]) -> Compiled:
    """One expression a rule, and what they have in common."""
    compiling = Compiling()
    conditions = {number: compiling.rule(rule) for number, rule in sorted(rules.items())}
    used = {leaf.fact for rule in rules.values() for leaf in leaves(rule)}
    today = [TODAY[name] for name in ("age", "birthday_in") if name in used]
    return Compiled(conditions, compiling.select_list(), today, "spend_against_average" in used)


@dataclass
class Compiling:
    columns: dict[tuple[str, Where], str] = field(default_factory=dict)

    def rule(self, rule: Rule) -> str:
        if isinstance(rule, Leaf):
            return self.leaf(rule)
        if isinstance(rule, Not):
            return f"(({self.rule(rule.rule)}) is not true)"
        word = " and " if isinstance(rule, All) else " or "
        return "(" + word.join(self.rule(part) for part in rule.rules) + ")"

    def leaf(self, leaf: Leaf) -> str:
        return condition(leaf, self.value_of(leaf.entry, leaf.where))

    def value_of(self, fact: Fact, where: Where) -> str:
        """The SQL of a fact's value; null where it is missing."""
        if fact.name in ("age", "birthday_in"):
            return f"p.{fact.name}"
        if fact.needs:
            return consent(fact, where.channel[0])
        if fact.name == "spend_against_average":
            return "round(p.mean_spend / nullif(p.average, 0), 4)"
        if where == EVERYWHERE:
            return ALWAYS_THERE.get(fact.name, f"p.{fact.column}")
        return self.gathered(fact, where)

    def gathered(self, fact: Fact, where: Where) -> str:
        column = "w." + self.columns.setdefault((fact.name, where), f"w{len(self.columns)}")
        if fact.name == "last_checkout":
            return f"(p.today - {column})"
        if fact.name == "next_arrival":
            return f"({column} - p.today)"
        counted = f"coalesce({column}, 0)"
        return f"({counted} > 0)" if fact.kind is Kind.TRUTH else counted

    def select_list(self) -> list[str]:
        return [aggregate(name, where, column) for (name, where), column in self.columns.items()]


YEAR = "extract(year from a.today)::int"
LEAP = "(({year}) %% 4 = 0 and (({year}) %% 100 <> 0 or ({year}) %% 400 = 0))"


def birthday_in_year(year: str) -> str:
    leap = LEAP.format(year=year)
    day = f"case when f.birth_md = 229 and not {leap} then 28 else f.birth_md %% 100 end"
    return f"make_date({year}, f.birth_md / 100, {day})"


THIS, NEXT = birthday_in_year(YEAR), birthday_in_year(f"{YEAR} + 1")
TODAY = {
    "age": f"{YEAR} - f.birth_year - ({THIS} > a.today)::int as age",
    "birthday_in": f"case when {THIS} >= a.today then {THIS} - a.today else {NEXT} - a.today end as birthday_in",
}
ALWAYS_THERE = {
    "in_house": "(p.in_house > 0)",
    "last_checkout": "(p.today - p.last_checkout_on)",
    "next_arrival": "(p.next_arrival_on - p.today)",
}


def consent(fact: Fact, channel: str) -> str:
    state = f"case when p.{channel}_until < p.today then null else p.{channel}_consent end"
    if fact.name == "consent":
        return f"({state})"
    own = f"p.do_not_contact is null and p.{channel}_personal"
    return f"({own} and coalesce({state} in {USABLE[channel]}, false))"


def aggregate(name: str, where: Where, column: str) -> str:
    what, which, day = GATHERED[name]
    tests = [which]
    if where.window_days is not None:
        tests.append(f"{day} > p.today - {where.window_days}")
    if where.since is not None:
        tests.append(f"{day} >= {literal(where.since)}")
    tests += [f"s.{stay_column} in {listed(values)}" for stay_column, values in where.filters()]
    return f"{what} filter (where {' and '.join(tests)}) as {column}"


def condition(leaf: Leaf, value: str) -> str:
    """The leaf as a boolean expression; null stands for false."""
    op, given = leaf.op, leaf.value
    if op is Op.KNOWN:
        return f"({value} is not null)"
    if isinstance(given, tuple):
        return among(op, value, given)
    if op is Op.HAS:
        return f"({literal(given)} = any ({value}))"
    if isinstance(given, bool):
        return value if given else f"(not {value})"
    return f"({value} {COMPARISON[op]} {literal(given)})"


def among(op: Op, value: str, given: tuple[int | Decimal | str | bool, ...]) -> str:
    if op is Op.BETWEEN:
        return f"({value} between {literal(given[0])} and {literal(given[1])})"
    if op in (Op.IN, Op.NOT_IN):
        return f"({value} {'in' if op is Op.IN else 'not in'} {listed(given)})"
    operator = "&&" if op is Op.HAS_ANY else "@>"
    return f"({value} {operator} array[{', '.join(map(literal, given))}]::text[])"


def listed(values: Sequence[int | Decimal | str | bool]) -> str:
    return f"({', '.join(map(literal, values))})"


def literal(value: int | Decimal | str | bool | date) -> str:
    """Quoted for SQL, and its per cent signs for psycopg's parameters."""
    return sql.Literal(value).as_string(None).replace("%", "%%")
