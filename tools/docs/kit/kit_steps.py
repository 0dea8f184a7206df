"""The parts of the paper kit, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Final

KIT: Final = "tools.docs.kit"


@dataclass(frozen=True)
class Part:
    """One part: a module of this package with `build(order) -> values` and `scenarios()`.

    worlds, quick: how many draws or seeds (`of`) it takes, and with --quick; 0 where it takes none.
    command: what makes its numbers where that is not the kit.
    """

    name: str
    title: str
    worlds: int
    quick: int
    of: str = "draws"
    command: str = ""

    @property
    def home(self) -> ModuleType:
        """The module that builds it."""
        return import_module(f"{KIT}.{self.name}")

    @property
    def results(self) -> str:
        """Where its results stand in the folder."""
        return f"results/{self.name}.json"

    @property
    def again(self) -> str:
        """The command that makes its numbers again, as its pages tell it."""
        return self.command or f"python -m {KIT} --parts {self.name}"

    def in_words(self, worlds: int) -> str:
        """'16 draws', '1 seed'; '' for none."""
        return f"{worlds} {self.of if worlds != 1 else self.of.removesuffix('s')}" if worlds else ""


PARTS: Final[Mapping[str, Part]] = {
    part.name: part
    for part in (
        Part("claims", "The claims, put to the model: verdicts, evidence and a page each", 32, 2),
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
            "What the record to 2025 leaves of the parameters",
            0,
            0,
            command="coercivity calibrate --out DIR",
        ),
    )
}
