"""The parts of the paper kit, in the order in which they are made: one registry for the command,
the folder and the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from coercivity.experiments.paper.order import Order
from coercivity.model.basis.errors import InputError, shorten, suggest

HOME: Final = "coercivity.experiments.paper"


@dataclass(frozen=True)
class Part:
    """One part: a module of this package with `build(order) -> values` and `scenarios() -> names of
    the scenarios it runs`.

    worlds, quick: how many draws (each a vector and a seed) or seeds it takes, and with --quick; 0
    where it takes none. of: what these are. command: what makes its numbers where that is not the
    kit.
    """

    name: str
    title: str
    worlds: int
    quick: int
    of: str = "draws"
    command: str = ""

    @property
    def module(self) -> str:
        """Where it is built."""
        return f"{HOME}.{self.name}"

    def count(self, asked: int | None, quick: bool) -> int:
        """Number of worlds: as asked, else its own; 0 for a part that takes none."""
        return (
            0
            if not self.worlds
            else asked
            if asked is not None
            else self.quick
            if quick
            else self.worlds
        )

    def in_words(self, worlds: int) -> str:
        """'16 draws', '1 seed'; '' for none."""
        return f"{worlds} {self.of if worlds != 1 else self.of.removesuffix('s')}" if worlds else ""

    def build(self, order: Order) -> Mapping[str, Any] | None:
        """Run it and return plain values; None where it has nothing to show."""
        found: Mapping[str, Any] | None = import_module(self.module).build(order)
        return found

    def inputs(self) -> str:
        """Fingerprint of what it reads besides scenarios and model data; '' for most."""
        found = getattr(import_module(self.module), "inputs", None)
        return found() if found is not None else ""

    def scenarios(self) -> tuple[str, ...]:
        """Names of the shipped scenarios that it runs."""
        return tuple(import_module(self.module).scenarios())


PARTS: Final[Mapping[str, Part]] = {
    part.name: part
    for part in (
        Part("claims", "The claims, put to the model: verdicts, evidence and a page each", 16, 2),
        Part(
            "questions",
            "What each rule is worth, dependence after an episode, leverage over time",
            12,
            1,
        ),
        Part("policy", "When governments tighten, and what public money buys", 4, 1, "seeds"),
        Part("episodes", "What the scenarios show beside the record", 8, 2, "seeds"),
        Part("starts", "The two starts of the model against the facts", 0, 0),
        Part("backtest", "The model against the record, and against reckonings without it", 30, 2),
        Part("sensitivity", "Which parameters move the headlines", 0, 0),
        Part(
            "calibration",
            "The vectors that no episode to 2024 rules out",
            0,
            0,
            command="coercivity calibrate --out DIR",
        ),
    )
}


def choose_parts(names: str | Iterable[str] | None = None) -> tuple[Part, ...]:
    """Parts named in 'claims,questions' or a list, in the order of the registry; all without any.
    Raises InputError for an unknown or an empty name.
    """
    if names is None:
        return tuple(PARTS.values())
    asked = [name.strip() for name in (names.split(",") if isinstance(names, str) else names)]
    for name in asked:
        if name not in PARTS:
            fix = suggest(name, PARTS) if name else f"name some of {', '.join(PARTS)}"
            raise InputError(f"--parts '{shorten(name)}' is not a part; {fix}")
    if not asked:
        raise InputError(f"--parts is empty; name some of {', '.join(PARTS)}")
    return tuple(part for part in PARTS.values() if part.name in asked)
