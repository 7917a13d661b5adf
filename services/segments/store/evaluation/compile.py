"""From rules to SQL: each rule one boolean expression over `p` (a guest's facts today) and `w` (gathered from stays).

Facts that look into stays are gathered once for all rules, one aggregate with a filter each. A condition that several
rules make is a column of `c`, worked out once a guest. The values of rules are quoted into the text by psycopg: the
text is made once a set of rules, and the server plans it once a connection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from psycopg import sql

from services.segments.facts import FACTS
from services.segments.facts.fact import Fact, Kind, Plain
from services.segments.facts.sql import COMPUTED, Gathered
from services.segments.facts.where import EVERYWHERE, Where
from services.segments.rules.language.tree import All, Leaf, Not, Op, Rule, leaves

COMPARISON = {Op.AT_LEAST: ">=", Op.AT_MOST: "<=", Op.MORE_THAN: ">", Op.LESS_THAN: "<", Op.IS: "=", Op.IS_NOT: "<>"}
MOST_SHARED = 1000  # a row of PostgreSQL has at most 1,664 columns


@dataclass(frozen=True)
class Compiled:
    """`conditions`: by segment number. `gathered`: select list of the pass over stays. `shared`: select list of `c`,
    what several rules ask. `today`: columns time gives."""

    conditions: Mapping[int, str]
    gathered: Sequence[str]
    shared: Sequence[str]
    today: Sequence[str]
    averages: bool


def compile_rules(rules: Mapping[int, Rule], *, most_shared: int = 0) -> Compiled:
    """One expression a rule, and what they have in common. `most_shared`: of so many leaves, those that several rules
    hold are worked out once."""
    times = Counter(leaf for rule in rules.values() for leaf in leaves(rule))
    shared = [leaf for leaf, count in times.most_common(most_shared) if count > 1]
    compiling = Compiling({leaf: f"c{place}" for place, leaf in enumerate(shared)})
    conditions = {number: compiling.rule(rule) for number, rule in sorted(rules.items())}
    used = {leaf.fact for rule in rules.values() for leaf in leaves(rule)}
    used_sql = [FACTS[name].sql for name in sorted(used)]
    today = [one.today for one in used_sql if one.today]
    columns = [f"{compiling.written(leaf)} as {name}" for leaf, name in compiling.shared.items()]
    return Compiled(conditions, compiling.select_list(), columns, today, any(one.average for one in used_sql))


@dataclass(frozen=True)
class CompiledFindings(Compiled):
    """`values`: SQL of what each condition looks at."""

    values: Sequence[str] = ()


def compile_findings(rules: Sequence[Rule], shown: Sequence[Leaf | None]) -> CompiledFindings:
    """Each rule as a condition, by its place, and beside it the value of `shown`, where there is one."""
    compiling = Compiling({})
    conditions = {place: f"coalesce({compiling.rule(rule)}, false)" for place, rule in enumerate(rules)}
    values = [compiling.value_of(leaf.entry, leaf.where) if leaf else "null" for leaf in shown]
    used = [FACTS[name].sql for name in sorted({leaf.fact for rule in rules for leaf in leaves(rule)})]
    today = [one.today for one in used if one.today]
    averages = any(one.average for one in used)
    return CompiledFindings(conditions, compiling.select_list(), (), today, averages, values)


@dataclass
class Compiling:
    shared: Mapping[Leaf, str]
    columns: dict[tuple[str, Where], str] = field(default_factory=dict)

    def rule(self, rule: Rule) -> str:
        if isinstance(rule, Leaf):
            return self.leaf(rule)
        if isinstance(rule, Not):
            return f"(({self.rule(rule.rule)}) is not true)"
        word = " and " if isinstance(rule, All) else " or "
        return "(" + word.join(self.rule(part) for part in rule.rules) + ")"

    def leaf(self, leaf: Leaf) -> str:
        return f"c.{self.shared[leaf]}" if leaf in self.shared else self.written(leaf)

    def written(self, leaf: Leaf) -> str:
        if leaf.where.for_days is not None:
            return held_for(leaf, leaf.where.for_days)
        return condition(leaf, self.value_of(leaf.entry, leaf.where))

    def value_of(self, fact: Fact, where: Where) -> str:
        """The SQL of a fact's value; null where it is missing."""
        if where.date:
            return of_date(fact, where)
        if where.journey:
            return fact.sql.of_journey.format(key=literal(where.journey[0]))
        if fact.needs:
            return fact.sql.by_channel[where.channel[0]]
        if where == EVERYWHERE:
            return fact.sql.value
        assert fact.sql.gathered is not None, "a fact that can be narrowed declares what is gathered"
        column = self.columns.setdefault((fact.name, where), f"w{len(self.columns)}")
        return fact.sql.gathered.value.format(column=f"w.{column}")

    def select_list(self) -> list[str]:
        return [aggregate(FACTS[name].sql.gathered, where, column) for (name, where), column in self.columns.items()]


def aggregate(gathered: Gathered | None, where: Where, column: str) -> str:
    assert gathered is not None, "it was asked for by `value_of`"
    tests = [gathered.stays]
    if where.window_days is not None:
        tests.append(f"{gathered.day} > p.today - {where.window_days}")
    if where.since is not None:
        tests.append(f"{gathered.day} >= {literal(where.since)}")
    if where.until is not None:
        tests.append(f"{gathered.day} <= {literal(where.until)}")
    tests += [f"{COMPUTED.get(name, f's.{name}')} in {listed(values)}" for name, values in where.filters()]
    if where.min_nights is not None:
        tests.append(f"s.nights >= {where.min_nights}")
    if where.max_nights is not None:
        tests.append(f"s.nights <= {where.max_nights}")
    summed = gathered.of_one_hotel if gathered.of_one_hotel and where.one_hotel() else gathered.aggregate
    return f"{summed} filter (where {' and '.join(tests)}) as {column}"


def condition(leaf: Leaf, value: str) -> str:
    """The leaf as a boolean expression; null stands for false."""
    op, given = leaf.op, leaf.value
    if leaf.entry.kind is Kind.MEMBERSHIP:
        keys = given if isinstance(given, tuple) else (given,)
        member = overlap(value, keys)
        return member if op in (Op.IS, Op.IN) else f"(not {member})"
    if op is Op.KNOWN:
        return f"({value} <> '{{}}')" if leaf.entry.kind is Kind.TEXTS else f"({value} is not null)"
    if op is Op.STARTS_WITH:
        return f"starts_with({value}, {literal(given)})"  # type: ignore[arg-type]
    if isinstance(given, tuple):
        return among(op, value, given)
    if op is Op.HAS:
        return f"({literal(given)} = any ({value}))"
    if isinstance(given, bool):
        return value if given else f"(not {value})"
    return f"({value} {COMPARISON[op]} {literal(given)})"


def of_date(fact: Fact, where: Where) -> str:
    """By the house's own date that is named; of a day between others, whether it is one."""
    ends = ((">=", where.since), ("<=", where.until))
    tests = [f"d.on_date {sign} {literal(day)}" for sign, day in ends if day is not None]
    between = " and ".join(tests) or "true"
    return fact.sql.of_date.format(key=literal(where.date[0]), between=between)


def held_for(leaf: Leaf, days: int) -> str:
    """Whether somebody who is in the segment has been in it for so long."""
    keys = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    tests = [f"({leaf.entry.sql.held.format(key=literal(key))} >= {days})" for key in keys]
    member = f"({' or '.join(tests)})"
    return member if leaf.op in (Op.IS, Op.IN) else f"(not {member})"


def among(op: Op, value: str, given: tuple[Plain, ...]) -> str:
    if op is Op.BETWEEN:
        return f"({value} between {literal(given[0])} and {literal(given[1])})"
    if op in (Op.IN, Op.NOT_IN):
        return f"({value} {'in' if op is Op.IN else 'not in'} {listed(given)})"
    return overlap(value, given, "&&" if op is Op.HAS_ANY else "@>")


def overlap(value: str, given: Sequence[Plain], operator: str = "&&") -> str:
    return f"({value} {operator} array[{', '.join(map(literal, given))}]::text[])"


def listed(values: Sequence[Plain]) -> str:
    return f"({', '.join(map(literal, values))})"


def literal(value: Plain | date) -> str:
    """Quoted for SQL, and its per cent signs for psycopg's parameters."""
    return sql.Literal(value).as_string(None).replace("%", "%%")
