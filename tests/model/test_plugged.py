"""Mechanisms of packages: off unless a scenario says so, kept to what they have declared, one line
for whatever they do beside it, and seen in what a result says of itself.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.run import run, run_scenario, run_worlds
from coercivity.model.basis.errors import InputError
from coercivity.model.parts.world_view import PARTS
from coercivity.model.plugin_world import class_with_mechanisms
from coercivity.model.scenario.mechanism import CHANGEABLE, VERBS, Mechanism
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.plug_ins import forget, install, mechanism, write_package
from tests.refusal import refusal

TRYING = {
    "name": "tried",
    "base": "japan-2026-from-2024",
    "start": "2024-01",
    "months": 4,
    "parameters": {"firms_per_sector": 1},
    "mechanisms": {"trying": True},
}


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    forget()


def with_rule(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str, **more: str) -> Path:
    """A package with a mechanism `trying` whose rule does this."""
    file = write_package(folder, mechanism(body, **more), "mechanism trying MADE")
    install(monkeypatch, folder)
    return file


@cache
def at_produce() -> World:
    """A world without mechanisms of packages, about to produce; to be forked."""
    world = World({**TRYING, "mechanisms": {}})
    for verb in VERBS[: VERBS.index("produce")]:
        getattr(world, verb)()
    return world


def arrays(world: World) -> dict[str, np.ndarray]:
    """All arrays of a world's parts, copied."""
    found: dict[str, np.ndarray] = {}

    def look(where: str, value: Any) -> None:
        if isinstance(value, np.ndarray):
            found[where] = value.copy()
        elif isinstance(value, (Part, Table)):
            for name, inner in vars(value).items():
                look(f"{where}.{name}", inner)
        elif isinstance(value, dict):
            for name, inner in value.items():
                look(f"{where}[{name}]", inner)

    for name in PARTS:
        look(name, vars(world)[name])
    return found


def test_the_verbs_are_those_of_the_month_and_the_parts_those_of_the_world() -> None:
    month = re.findall(r"self\.(\w+)\(\)", inspect.getsource(World.step))
    assert month == [*VERBS, "write_down"]
    assert set(CHANGEABLE) == set(PARTS) - {"ledger", "clock", "p", "on"}


def test_it_is_off_unless_a_scenario_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_rule(monkeypatch, tmp_path, "raise RuntimeError")
    for said in ({}, {"trying": False}):
        scenario = load_scenario({**TRYING, "mechanisms": said})
        assert not scenario.is_on("trying")
        assert type(World(scenario)) is World


def test_a_rule_that_does_nothing_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = World({**TRYING, "mechanisms": {}}, record=False)
    with_rule(monkeypatch, tmp_path, "return")
    idle = World(TRYING, record=False)
    assert type(idle) is not World
    for _ in range(6):
        plain.step()
        idle.step()
    one, other = arrays(plain), arrays(idle)
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def test_it_comes_after_its_verb_and_may_store_in_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = (  # two firms of one good, so that the books stay right
        "at = np.flatnonzero(seen.needs.good == seen.needs.good[-1])[:2]; "
        "needs.stock[at] = needs.stock[at][::-1].copy()"
    )
    with_rule(monkeypatch, tmp_path, body, verb="sense", when="after")
    world, plain = World(TRYING), World({**TRYING, "mechanisms": {}})
    for verb in ("arrive", "govern"):
        getattr(world, verb)()
        getattr(plain, verb)()
    before = world.needs.stock
    kept = before.copy()
    world.sense()
    plain.sense()
    np.testing.assert_array_equal(before, kept)  # who still looks at the old one sees the old one
    assert np.flatnonzero(world.needs.stock != plain.needs.stock).size == 2


def test_a_fork_keeps_it_and_a_subclass_has_it_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_rule(monkeypatch, tmp_path, "if clock.month == 2: raise RuntimeError('two')")

    class Mine(World):
        def sense(self) -> None:
            self.heard = True
            super().sense()

    world = Mine(TRYING)
    world.step()
    fork = world.fork()
    assert type(fork) is type(world)
    assert isinstance(fork, Mine)
    fork.step()
    assert fork.heard
    with pytest.raises(InputError, match="RuntimeError: two"):
        fork.step()


def test_provenance_and_fingerprint_hold_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    marks, prints = set(), set()
    for number, body in enumerate(("return", "return None")):
        folder = tmp_path / str(number)
        folder.mkdir()
        with monkeypatch.context() as patch:
            with_rule(patch, folder, body)
            world = run(TRYING, months=1).provenance()["world"]
            assert re.fullmatch(r"World with trying [0-9a-f]{12}", world)
            marks.add(world)
            prints.add(load_scenario(TRYING).fingerprint())
        forget()
    assert len(marks) == len(prints) == 2


WRONG = {
    "it raises": ("raise RuntimeError('no luck')", r"fails in line \d+ .*RuntimeError: no luck"),
    "another column": ("needs.wanted = needs.wanted + 1.0", r"stores to needs\.wanted"),
    "another column in place": ("needs.wanted += 1.0", r"stores in line \d+ \(needs\.wanted \+= 1"),
    "what it looks at": ("seen.firms.capacity[:] = 0.0", "stores in line"),
    "a lock that it opens": (
        "a = seen.firms.capacity; a.flags.writeable = True; a[:] = 0.0",
        "WRITEABLE",
    ),
    "a parameter": ("p.use_smoothing = 3.0", "frozen"),
    "below zero": ("needs.stock[0] = -1.0", r"needs\.stock of .* at -1"),
    "another length": ("needs.stock = needs.stock[1:]", "column stock has"),
    "a number for its own": ("needs.stock = 3", r"leaves needs\.stock as a int; an array with all"),
    "another length there": (
        "needs.wanted = needs.wanted[1:]",
        r"stores to needs\.wanted, which",
    ),
    "its own lock": ("needs.wanted.flags.writeable = True", "makes an array writable"),
    "no number": ("needs.stock[0] = np.nan", r"needs\.stock of .* at nan; a finite number from 0"),
    "another type": ("needs.stock = needs.stock.astype('f4')", "as float32; it is float64"),
    "nothing left": ("del needs.stock", r"takes needs\.stock away"),
    "tonnes from nothing": ("needs.stock = needs.stock * 1.01", "makes .* t of .* books"),
    "magnets from nothing": (
        "needs.stock[seen.needs.good == GOOD['magnet_standard']] += 1.0",
        "makes .* t of magnet_standard from nothing",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_it_may_not_do_costs_one_line_and_the_world_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: str
) -> None:
    body, message = WRONG[case]
    file = with_rule(monkeypatch, tmp_path, body)
    world = at_produce().fork()
    world.__class__ = class_with_mechanisms(World, load_scenario(TRYING).added, vars(world))
    before = arrays(world)
    with pytest.raises(InputError, match=message) as told:
        world.produce()
    after = arrays(world)
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name], equal_nan=True) for name in before)
    assert world.needs.swap.flags.writeable
    said = str(told.value)
    assert "\n" not in said
    assert said.startswith(f"mechanism 'trying' ({file.name}, rule), month 2024-01: ")


@pytest.mark.parametrize(
    ("part", "name", "body", "message"),
    [
        ("demand", "growth", "demand.growth = 3.0", "growth as a float; it is an array"),
        ("demand", "growth", "demand.growth = demand.growth[1:]", "growth with shape .* it has"),
        ("demand", "growth", "demand.growth = demand.growth.astype('f4')", "growth as float32; it"),
        ("beliefs", "alarm", "beliefs.alarm[1, 2] = np.inf", "alarm at inf in row .* a finite"),
        ("market", "level", "market.level = 'high'", "level as a str; it is a float"),
        ("market", "level", "market.level = np.nan", "level at nan; a finite number is asked"),
        ("leaks", "tonnes", "leaks.tonnes = {}", "tonnes with other names; keep"),
        ("money", "at", "money.at = {name: 1.0 for name in money.at}", r"at\['\w+'\] as a float"),
        (
            *("elements", "content"),
            "elements.content = {name: held * np.nan for name, held in elements.content.items()}",
            r"content\['\w+'\] at nan in row 0; a finite number is asked",
        ),
    ],
)
def test_what_is_no_table_keeps_its_type_its_shape_and_finite_numbers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str, name: str, body: str, message: str
) -> None:
    source = mechanism(body).replace("rule(needs,", f"rule({part},")
    source = source.replace('{"needs": ("stock",)}', f'{{"{part}": ("{name}",)}}')
    write_package(tmp_path, source, "mechanism trying MADE")
    install(monkeypatch, tmp_path)
    world = at_produce().fork()
    world.__class__ = class_with_mechanisms(World, load_scenario(TRYING).added, vars(world))
    refusal(world.produce, match=rf"leaves {part}\.{message}")


def rule(needs: Any, *, seen: Any, clock: Any, p: Any) -> None:
    """Nothing."""


GOOD: dict[str, Any] = {
    "name": "mine",
    "verb": "produce",
    "when": "before",
    "changes": {"needs": ("stock",)},
    "rule": rule,
    "says": "It says so.",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "M3"}, "lower-case letters"),
        ({"verb": "prodduce"}, r"test_plugged\.py, rule.*did you mean 'produce'"),
        ({"when": "during"}, "neither before nor after"),
        ({"changes": {}}, "changes '{}' says nothing"),
        ({"changes": {"needs": ()}}, "is empty"),
        ({"changes": {"needs": "stock"}}, r"write \('stock',\)"),
        ({"changes": {"ledger": ("events",)}}, "no part that may be changed"),
        ({"changes": {"needs": ("stok",)}}, "did you mean 'stock'"),
        ({"rule": "rule"}, "is no function"),
        ({"changes": {"needs": ("good",)}}, "which rows belong together"),
        ({"rule": lambda needs: None}, r"write def <lambda>\(needs, \*, seen, clock, p\)"),
        ({"says": ""}, "is no sentence"),
    ],
)
def test_a_mechanism_that_is_written_wrong_costs_one_line(
    change: dict[str, Any], message: str
) -> None:
    assert Mechanism(**GOOD).changes == {"needs": ("stock",)}
    refusal(Mechanism, match=message, **{**GOOD, **change})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"It does something.")',
            '"So.", parameters=("lend_share",))',
            "reads parameter 'lend_sha",
        ),
        ('{"needs": ("stock",)}', '{"demand": ("no_such",)}', "demand has no 'no_such'"),
    ],
)
def test_what_a_world_cannot_give_is_said_before_the_first_month(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, message: str
) -> None:
    write_package(tmp_path, mechanism("return").replace(old, new), "mechanism trying MADE")
    install(monkeypatch, tmp_path)
    with pytest.raises(InputError, match=message):
        World(TRYING)


@pytest.mark.parametrize(
    ("points", "source", "message"),
    [
        (["mechanism trying no_such_module:MADE"], "", "ModuleNotFoundError"),
        (["mechanism trying MADE"], "MADE = 3", "is a int; the entry point leads to a Mechanism"),
        (["mechanism trying MADE"], mechanism("return", name="other"), "calls itself 'other'"),
    ],
)
def test_a_package_that_is_broken_costs_one_line_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, points: list[str], source: str, message: str
) -> None:
    write_package(tmp_path, source, *points)
    install(monkeypatch, tmp_path)
    assert refusal(load_scenario, TRYING, match=message).startswith(
        "scenario: mechanism 'trying' of a-package 1.2: "
    )
    World({**TRYING, "mechanisms": {"M8": False}})


def test_two_packages_with_one_name_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for package in ("one", "other"):
        write_package(tmp_path, mechanism("return"), "mechanism trying MADE", package=package)
    install(monkeypatch, tmp_path)
    with pytest.raises(InputError, match=r"is in two packages, (one and other|other and one)"):
        load_scenario(TRYING)


@pytest.mark.parametrize(
    ("key", "message"),
    [("tryin", "did you mean 'trying'"), (7, "did you mean 'M7'")],
)
def test_an_unknown_mechanism_is_told_with_those_of_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: Any, message: str
) -> None:
    with_rule(monkeypatch, tmp_path, "return")
    with pytest.raises(InputError, match=message):
        load_scenario({**TRYING, "mechanisms": {key: True}})
    with pytest.raises(InputError, match="neither on nor off"):
        load_scenario({**TRYING, "mechanisms": {"trying": "yes"}})


def test_workers_run_the_mechanism_that_was_loaded_here_or_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = with_rule(monkeypatch, tmp_path, "return")
    asked = {**TRYING, "months": 1}
    here = run(asked)
    work = as_loaded(run_scenario, [load_scenario(asked)])
    with helpers(1) as pool:
        assert pool.submit(work, load_scenario(asked), 1).result().world == here.world
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert run(asked).world == here.world
    message = rf"mechanism 'trying' \({file.name}, rule\).* has changed since this process loaded"
    with pytest.raises(InputError, match=message):
        run_worlds(asked, [1, 2], workers=2)
    with helpers(1) as pool, pytest.raises(InputError, match=message):
        pool.submit(work, load_scenario(asked), 1).result()  # edited after the look at it
