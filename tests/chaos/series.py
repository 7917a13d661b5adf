"""Several seeds one after the other: a line each, then the sum. A seed that fails ends nothing; its table follows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from shared.errors import GuestloopError
from tests.chaos.audit import Audit

Say = Callable[[str], None]
LOST = (
    "lost",
    "guests without a survey or its reason",
    "answers lost or changed",
    "receipts lost or changed",
    "mails lost",
    "not published",
    "published and not heard",
    "days saved and lost",
)
TWICE = ("sent twice", "caps exceeded", "mails that count twice", "receipts and reports told twice")
KILLED = "killed: "
LESS_THAN_KILLED = ("cut", "silence", "sessions", "stop", "node_asleep", "partition", "standby_held")


@dataclass
class Series:
    """The sum of several seeds. `broken`: those that came to no reckoning."""

    seeds: list[int] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    broken: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.broken and not self.wrong.total()

    def add(self, seed: int, done: Audit) -> None:
        self.seeds.append(seed)
        self.figures.update(done.figures)
        self.wrong.update(done.wrong)

    def lines(self) -> Iterator[str]:
        yield f"{len(self.seeds)} seeds: {in_words(self.figures, self.wrong)}"
        yield f"killed: {_counts((kind.removeprefix(KILLED), count) for kind, count in self._kinds())}"
        yield f"blows that kill nobody: {_counts((kind, self.figures[kind]) for kind in LESS_THAN_KILLED)}"
        yield f"must be 0 and is not: {_counts(self.wrong.items()) or 'nothing'}"
        if self.broken:
            yield f"seeds without a reckoning: {', '.join(map(str, self.broken))}"

    def _kinds(self) -> list[tuple[str, int]]:
        return sorted((kind, count) for kind, count in self.figures.items() if kind.startswith(KILLED))


def in_words(figures: Counter[str], wrong: Counter[str]) -> str:
    blows = sum(figures[kind] for kind in LESS_THAN_KILLED)
    lost, twice = (sum(wrong[name] for name in names) for names in (LOST, TWICE))
    counts = {"guests": figures["guests"], "messages taken": figures["taken by the providers"]}
    counts |= {"kills": figures["kills"], "other blows": blows, "unclear": figures["unknown"], "lost": lost}
    counts |= {"twice": twice, "else wrong": wrong.total() - lost - twice, "seconds": figures["seconds"]}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts if count)


def run_series(seeds: Iterable[int], run: Callable[[int], Audit], say: Say) -> Series:
    """`say` gets the lines."""
    series = Series()
    for seed in seeds:
        began = time.monotonic()
        try:
            done = run(seed)
        except GuestloopError as error:
            series.broken.append(seed)
            say(f"seed {seed}: no reckoning after {time.monotonic() - began:.0f} s: {error}")
            continue
        series.add(seed, done)
        say(f"seed {seed}: {in_words(Counter(done.figures), Counter(done.wrong))}")
        if not done.is_clean:
            say(done.table())
    for line in series.lines():
        say(line)
    return series
