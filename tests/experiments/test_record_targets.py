"""What is read from a world for a target of the record equals the tables."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.backtest.evidence_targets import (
    EvidenceWatch,
)
from coercivity.experiments.quantities.record_target import Key
from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.calendar import month_names
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.experiments.made_targets import BAN, EMBARGO, LICENCES, target
from tests.names import GOOD_GROUPS, STATES

SMALL = {"firms_per_sector": 1}


MONTHS = {EMBARGO: 24, BAN: 8, LICENCES: 20}


@cache
def lived(scenario: str) -> tuple[Result, EvidenceWatch]:
    """A small world that recorded under a watch of everything in READ."""
    asked = with_changes(load_scenario(scenario), months=MONTHS[scenario], parameters=SMALL)
    last = month_names(asked.start, asked.months)[-1]
    window = {"scenario": scenario, "first": last[:5] + "01", "last": last}
    plain = ("", "China", "", "")
    same = [(*read, *plain[len(read) :]) for name, read, *_ in SAME if name == scenario]
    targets = [
        target(
            quantity,
            id=f"{quantity} {state} {good}",
            state=state,
            partner=partner,
            good=good,
            statistic="first_day" if quantity == "first_stop" else "mean",
            **window,
        )
        for quantity, state, partner, good in {*READ[scenario], *same}
    ]
    world = World(asked, 1)
    watch = EvidenceWatch(world, targets, whole=True)
    for _ in range(asked.months):
        world.step()
        watch.read(world)
    return finish(world), watch


def months(
    scenario: str, quantity: str, state: str = "China", partner: str = "", good: str = ""
) -> np.ndarray:
    """What was read: months x numbers."""
    _, watch = lived(scenario)
    return np.array(
        [row for _, row in sorted(watch.series[Key(quantity, state, partner, good)].items())]
    )


def table(scenario: str, name: str, value: str, **where: Any) -> np.ndarray:
    """A column of a table by month, summed over the rows that fit; zero in a month without rows."""
    result, _ = lived(scenario)
    frame = result.table(name)
    for column, wanted in where.items():
        frame = frame[
            frame[column].astype(str).isin([wanted] if isinstance(wanted, str) else wanted)
        ]
    sums = frame.groupby(frame["month"].astype(str))[value].sum(min_count=1)
    return np.asarray(sums.reindex(list(result.months)).to_numpy(dtype=float))


ABROAD = tuple(state for state in STATES if state != "China")
OXIDES, MAGNETS = GOOD_GROUPS["oxides"], GOOD_GROUPS["magnets"]
RAW = (*OXIDES, *GOOD_GROUPS["metals"])
NDFEB = ("magnet_standard", "magnet_heat_resistant")
ORES = ("light_concentrate", "heavy_concentrate")
CHINA, GERMANY = {"state": "China"}, {"state": "Germany"}
MADE = {"stage": ("mining", "separation", "metal", "magnet")}
OUT, TO_US = ({"origin": "China", "destination": to} for to in (ABROAD, "United States"))
US, PLANT = ("United States", "China", ""), ("China", "", "magnet")
LANES = {"exporter": "China", "importer": ABROAD}
CLOSE = {"licences": {"abs": 1e-6}, "trade": {"abs": 1e-9}}
ND, DY, LA, YT = (f"{name}_oxide" for name in ("ndpr", "dysprosium", "lanthanum", "yttrium"))
SAME = (  # scenario, what is read (quantity, state, partner, good), column; table, column, rows
    (EMBARGO, ("price_home", "China", "", ND), 0, "prices", "home", {**CHINA, "good": ND}),
    # Germany sells no dysprosium: there its buyers' quote counts
    (EMBARGO, ("price_home", "Germany", "", DY), 0, "prices", "home", {**GERMANY, "good": DY}),
    (EMBARGO, ("price_export", "China", "", DY), 0, "prices", "export", {**CHINA, "good": DY}),
    (EMBARGO, ("price_export", "China", "", LA), 0, "prices", "export", {**CHINA, "good": LA}),
    (LICENCES, ("price_export", "China", "", YT), 0, "prices", "export", {**CHINA, "good": YT}),
    (EMBARGO, ("magnet_exports",), 0, "trade", "tonnes", {**OUT, "good": MAGNETS}),
    (LICENCES, ("magnet_imports", *US), 0, "trade", "tonnes", {**TO_US, "good": MAGNETS}),
    (EMBARGO, ("mine_output", "World"), 0, "output", "tonnes", {**MADE, "good": ORES}),
    (EMBARGO, ("separation_share",), 0, "output", "tonnes", {**MADE, **CHINA, "good": OXIDES}),
    (EMBARGO, ("separation_share",), 1, "output", "tonnes", {**MADE, "good": OXIDES}),
    (EMBARGO, ("magnet_share",), 0, "output", "tonnes", {**MADE, **CHINA, "good": NDFEB}),
    (EMBARGO, ("illegal_share",), 1, "output", "tonnes", {**MADE, **CHINA, "good": ORES}),
    (EMBARGO, ("capacity", *PLANT), 0, "capacity", "built", {**CHINA, "stage": "magnet"}),
    (LICENCES, ("approvals",), 0, "licences", "granted", LANES),
    (LICENCES, ("approvals",), 1, "licences", "filed", LANES),
    (LICENCES, ("approvals",), 2, "licences", "unanswered", LANES),
)
READ = {  # what is read beside the rows of SAME: quantity, state, partner, good
    EMBARGO: (
        ("import_share", "Japan", "China", ""),
        ("import_share", "Japan", "China", DY),
        ("raw_imports", "Japan", "", ""),
        ("raw_exports", "China", "", ""),
        ("smuggled", "China", "", ""),
        ("quota_use", "China", "", ""),
        ("export_unit_value", "China", "", ""),
        ("intensity", "Japan", "", ""),
    ),
    BAN: (
        ("output_lost", "Japan", "", ""),
        ("line_output", "Japan", "", "automotive"),
        ("first_stop", "Japan", "", ""),
        ("firms_stopped_share", "Japan", "", ""),
    ),
    LICENCES: (),
}


@pytest.mark.parametrize(("scenario", "read", "column", "name", "value", "where"), SAME)
def test_what_is_read_from_a_world_is_what_its_tables_say(
    scenario: str, read: Any, column: int, name: str, value: str, where: dict[str, Any]
) -> None:
    known = table(scenario, name, value, **where)
    known = np.nan_to_num(known) if name == "licences" else known
    found = months(scenario, *read)[:, column]
    assert found == pytest.approx(known, **CLOSE.get(name, {}))


def test_import_shares_are_those_of_the_table() -> None:
    read = months(EMBARGO, "import_share", "Japan", "China", DY)
    where = {"state": "Japan", "supplier": "China", "basis": "last_origin", "measure": "tonnes"}
    known = table(EMBARGO, "dependence", "share", **where, group="Dy")
    imported = read[:, 1] > 1e-9
    assert (read[imported, 0] / read[imported, 1]) == pytest.approx(np.nan_to_num(known[imported]))


def test_imports_and_losses_are_those_of_the_tables() -> None:
    to_japan = {"destination": "Japan", "good": RAW}
    own = table(EMBARGO, "trade", "tonnes", origin="Japan", **to_japan)
    known = table(EMBARGO, "trade", "tonnes", **to_japan) - own
    assert months(EMBARGO, "raw_imports", "Japan")[:, 0] == pytest.approx(known, abs=1e-9)
    lost = months(BAN, "output_lost", "Japan")[:, 0]
    assert lost.sum() > 0
    assert 1000.0 * lost == pytest.approx(table(BAN, "macro", "output_lost", state="Japan"))


def test_exports_are_the_tonnes_of_trade_without_what_is_smuggled() -> None:
    shipped = table(EMBARGO, "trade", "tonnes", **OUT, good=RAW)
    smuggled = {"route": "smuggled", "via": "China"}
    leaked = np.nan_to_num(table(EMBARGO, "leaks", "tonnes", **smuggled, good=RAW))
    every = np.nan_to_num(table(EMBARGO, "leaks", "tonnes", **smuggled))
    assert leaked.sum() > 0
    assert months(EMBARGO, "smuggled")[:, 0] == pytest.approx(every, abs=1e-6)
    # the halt at the ports: a tonne smuggled past it is counted as smuggled past the quota too
    halted = slice(20, 23)
    exports, left = months(EMBARGO, "raw_exports")[:, 0], shipped - leaked
    assert np.delete(exports, halted) == pytest.approx(np.delete(left, halted), abs=1e-6)
    assert np.all(left[halted] - 1e-6 <= exports[halted])
    assert np.all(exports[halted] <= shipped[halted])


def test_stops_are_those_of_the_table() -> None:
    result, watch = lived(BAN)
    found, of = watch.values(), "state == 'Japan' and stage == 'end_use'"
    origin = f"{result.months[-1][:4]}-01-01"
    rows = result.table("stoppages").query(f"{of} and first_day >= @origin")
    days = (pd.to_datetime(rows["first_day"]).min() - pd.Timestamp(origin)).days
    assert found["first_stop Japan "] == days
    share = rows["firm"].nunique() / len(result.table("firms").query(of))
    assert found["firms_stopped_share Japan "] == pytest.approx(share)


def test_output_of_lines_is_what_firms_of_the_sector_run() -> None:
    """In usual tonnes: a car with less dysprosium in it is a car."""
    result, _ = lived(BAN)
    assert result.records is not None
    cars = [name.startswith("Japan automotive ") for name in result.records.structure.names]
    made = months(BAN, "line_output", "Japan", "", "automotive")[:, 0]
    np.testing.assert_allclose(made, result.records["run"][:, cars].sum(axis=1))
    assert made[0] > 0.0
