"""Which public money moves tonnes outside the exporter, alone and in pairs, against twins with the
same luck (M10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.questions.friend_shoring import (
    BASE,
    CEILING,
    CHAIN,
    FRIENDS,
    MEMBERS,
    SINCE,
    Row,
    coalition,
    programme,
    public_money,
    tonnes_outside_sender,
)
from coercivity.experiments.worlds.run import Source, run_worlds, scenario_to_run
from coercivity.model.basis.luck import read_seeds
from coercivity.model.scenario.scenario import with_changes

AMPLE: Final = 100_000.0  # USD million: a budget that never binds, so that the instrument does
UPSTREAM: Final = ("mining", "separation")
INSTRUMENTS: Final[Mapping[str, Row]] = {
    "grant": {"kind": "grant", "stages": list(UPSTREAM), "share": 0.8},
    "offtake": {"kind": "offtake", "goods": ["ndpr_oxide"], "tonnes": 10_000.0},
    "floor": {
        "kind": "price_floor",
        "good": "ndpr_oxide",
        "floor": 110.0,
        "ceiling": CEILING,
        "upside": 0.3,
    },
    "credit": {"kind": "tax_credit", "stages": list(UPSTREAM), "rate": 0.3},
}
ARMS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (name,) for name in INSTRUMENTS},
    "grant + offtake": ("grant", "offtake"),
    "grant + floor": ("grant", "floor"),
    "grant + credit": ("grant", "credit"),
    "floor + offtake": ("floor", "offtake"),
    "credit + offtake": ("credit", "offtake"),
}


@dataclass(frozen=True)
class MovedTonnes:
    """What an arm moves in the last year by stage (t of NdPr oxide outside the exporter, above the
    twin): mean over seeds and its standard error; USD million paid above the twin's own support.
    """

    arm: str
    tonnes: Mapping[str, float]
    error: Mapping[str, float]
    twin: Mapping[str, float]
    paid: float

    def beyond_luck(self, stage: str, errors: float = 2.0) -> bool:
        """Whether the mean lies so many standard errors above nothing."""
        return self.tonnes[stage] > errors * self.error[stage]


def money_moves(
    base: Source = BASE,
    seeds: Iterable[int] = range(1, 7),
    *,
    arms: Mapping[str, Sequence[str]] = ARMS,
    since: str = SINCE,
    months: int = 144,
    workers: int = 1,
) -> list[MovedTonnes]:
    """Every arm against its twins: a grant of 80% of capital cost, an offtake of 10,000 t of NdPr
    oxide a year, a floor of USD 110 under it, a credit of 30% of operating cost, and pairs. To
    2035 with the start of 2024 and 144 months.
    """
    scenario, chosen = scenario_to_run(base, months), read_seeds(seeds)

    def last_year(acts: Sequence[Row]) -> tuple[FloatArray, float]:
        asked = with_changes(scenario, choices=list(acts)) if acts else scenario
        tonnes, paid = [], 0.0
        for result in run_worlds(asked, chosen, workers=workers):
            flows = tonnes_outside_sender(result)
            tonnes.append([flows[stage][-12:].sum() for stage in CHAIN])
            paid += float(public_money(result)[0].sum()) / len(chosen)
        return np.array(tonnes), paid

    twin, own = last_year(())
    moved = []
    for arm, names in arms.items():
        acts = [
            programme(INSTRUMENTS[name]["kind"], MEMBERS[0], AMPLE, name, since, FRIENDS, **rest)
            for name in names
            for rest in [{key: v for key, v in INSTRUMENTS[name].items() if key != "kind"}]
        ]
        with_money, paid = last_year([coalition(MEMBERS, since), *acts])
        gap = with_money - twin
        error = gap.std(axis=0, ddof=1) / np.sqrt(len(chosen))
        moved.append(
            MovedTonnes(
                arm,
                dict(zip(CHAIN, gap.mean(axis=0).tolist(), strict=True)),
                dict(zip(CHAIN, error.tolist(), strict=True)),
                dict(zip(CHAIN, twin.mean(axis=0).tolist(), strict=True)),
                paid - own,
            )
        )
    return moved
