"""Facts are a value: worlds with different ones stand beside each other, one table can be another,
and nothing is read before somebody asks.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.basis import facts
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.results.records import gather
from coercivity.model.results.result import BUILDERS
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.data_folders import write_rows
from tests.facts import FACTS, with_rows

GALLIUM, MONTHS = "gallium-germanium", 4
IMPORT = """
import importlib, pkgutil, sys
read = []
sys.addaudithook(lambda event, given: read.append(str(given[0])) if event == "open" else None)
import coercivity
for room in ("agents", "model"):
    package = importlib.import_module(f"coercivity.{room}")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
print([path for path in read if path.endswith((".csv", ".yaml"))])
"""


@cache
def gallium() -> Facts:
    """The facts of another mineral."""
    return Facts.load(GALLIUM)


def begun(theirs: Facts) -> World:
    """A world with these facts, before its first month."""
    return World(load_scenario("business-as-usual", theirs), 1, months=MONTHS, collect=False)


def test_import_of_the_model_reads_no_table() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_two_worlds_with_different_facts_pass_their_months_in_turn() -> None:
    """Each is as it is alone; the other mineral's is as a process of its own has it."""
    ours, theirs = begun(FACTS), begun(gallium())
    for _ in range(MONTHS):
        ours.step()
        theirs.step()
    alone = begun(FACTS)
    alone.run_model()
    np.testing.assert_array_equal(ours.market.quote, alone.market.quote)
    np.testing.assert_array_equal(ours.firms.run, alone.firms.run)
    elsewhere = run("business-as-usual", 1, months=MONTHS, data=GALLIUM)
    for name in ("prices", "output", "trade"):
        told = BUILDERS[name](gather(theirs.seen), elsewhere.months)
        assert told.astype(str).equals(elsewhere.table(name).astype(str)), name
    assert len(theirs.market.quote) == len(gallium().goods) > len(FACTS.goods)
    assert float(np.abs(theirs.balance_error()).max()) < 1e-6


def test_a_fork_and_a_pickle_of_a_world_have_its_facts() -> None:
    world = begun(gallium())
    assert world.fork().facts is gallium()
    assert pickle.loads(pickle.dumps(world)).facts is gallium()  # noqa: S301
    assert deepcopy(gallium()) is gallium()


def test_one_table_can_be_another_and_the_rest_is_shared() -> None:
    rows = [dict(row) for row in FACTS.table("gdp")]
    FACTS.table("lanes")
    dearer = with_rows("gdp", [{**row, "usd_bn": 2.0 * row["usd_bn"]} for row in rows])
    assert dearer.table("lanes") is FACTS.table("lanes")
    assert dearer.table("gdp").rows[0]["usd_bn"] == 2.0 * rows[0]["usd_bn"]
    assert FACTS.table("gdp").rows[0]["usd_bn"] == rows[0]["usd_bn"]
    assert (FACTS.mark, dearer.data) == ("", "")
    assert dearer.mark not in ("", with_rows("gdp", rows).mark)
    again = pickle.loads(pickle.dumps(dearer))  # noqa: S301
    assert (again.mark, again.table("gdp").rows[0]) == (dearer.mark, dearer.table("gdp").rows[0])
    calm, other = (load_scenario("business-as-usual", one) for one in (FACTS, dearer))
    assert calm.fingerprint() != other.fingerprint()
    assert calm != other
    assert {again, dearer} == {again}


def test_facts_of_a_folder_that_has_changed_are_not_taken_for_what_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"state": "Japan", "year": 2024, "price_year": 2023, "usd_bn": 4000.0}
    write_rows(tmp_path, "gdp", row)
    was = Facts.load(tmp_path)
    assert Facts.load(tmp_path) is was
    kept = pickle.dumps(was)
    write_rows(tmp_path, "gdp", {**row, "year": 2025})
    assert len(Facts.load(tmp_path).table("gdp")) == len(was.table("gdp")) + 1
    assert pickle.loads(kept) is was  # noqa: S301, what this test wrote
    monkeypatch.setattr(facts, "_loaded", {})  # as in a process that has never seen them
    with pytest.raises(InputError, match="has changed since this result was made"):
        pickle.loads(kept)  # noqa: S301, what this test wrote
