"""The rules of the house: who may know the world, who writes which column, what a reader may not
do, and imports that never come back up.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.source_tree import PACKAGES, ROOT, modules, nodes, where

TABLES = {"firms": Firms, "needs": Needs, "offers": Offers, "links": Links}
MOST_ATTRIBUTES = 26  # of a world, beside what Mesa gives a model

# Stocks and flows that several mechanisms move, and columns that a start fills and a month changes;
# the list only shrinks.
SHARED_COLUMNS = """
firms.capacity: model.plants.capacity model.plants.closures model.plants.place
  model.plants.small_mines model.politics.supply_policy
firms.desired: agents.firms.roles model.plants.closures
firms.last_year: agents.firms.investor model.plants.capacity
firms.pledged: model.plants.firm_acts model.plants.projects
firms.status: model.plants.capacity model.plants.closures
links.allowed: model.trade.export_quota model.trade.licence_queue model.trade.licensing
links.habit: agents.firms.buyer model.plants.capacity
links.licence: model.trade.freight model.trade.licence_queue
links.licensed: model.trade.licence_queue model.trade.licensing
links.pending: model.trade.freight model.trade.licence_queue
links.qualified: agents.firms.buyer model.plants.capacity model.plants.outlook
links.seek: agents.firms.buyer model.plants.outlook
links.under_licence: model.trade.freight model.trade.licence_queue model.trade.licensing
links.weight: agents.firms.buyer model.plants.capacity
needs.paid: model.plants.outlook model.trade.freight
needs.pending: model.trade.freight model.trade.licence_queue
needs.counted: model.trade.freight model.trade.licence_queue
""".replace("\n  ", " ")
# they fill what others change later
BEGINNINGS = {f"model.start.{name}" for name in ("build", "population", "links", "growth")}
BEGINNINGS |= {"model.founding"}


@cache
def imports(name: str) -> dict[str, int]:
    """Modules of the rooms that a module imports anywhere, for typing too, and the line."""
    return imported_by(nodes(modules()[name], ast.Import, ast.ImportFrom))


def imported_by(statements: Iterable[ast.stmt]) -> dict[str, int]:
    """Modules of the rooms that imports name, however they say so, and the line."""
    found: dict[str, int] = {}
    for node in statements:
        names = []
        if isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            names = [".".join(part[1:]) for part in parts if part[0] == "coercivity"]
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("coercivity")
        ):
            base = node.module.removeprefix("coercivity").removeprefix(".")
            inner = [f"{base}.{alias.name}".removeprefix(".") for alias in node.names]
            names = [one if one in modules() else base for one in inner]
        found |= {name: node.lineno for name in names if name in modules() and name not in found}
    return found


def circles(graph: dict[str, set[str]]) -> set[frozenset[str]]:
    """Groups of modules that reach each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: set[frozenset[str]] = set()

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = set()
            while True:
                group.add(stack.pop())
                if name in group:
                    break
            if len(group) > 1:
                found.add(frozenset(group))

    for name in graph:
        if name not in index:
            visit(name)
    return found


def shortest(graph: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Arrows of a shortest circle of a graph in which everybody reaches everybody."""
    ways: list[list[str]] = []
    for start in sorted(graph):
        waiting, seen = [[start]], set[str]()
        for way in waiting:  # grows meanwhile
            if start in graph[way[-1]]:
                ways.append([*way, start])
                break
            waiting += [[*way, other] for other in sorted(graph[way[-1]] - seen)]
            seen |= graph[way[-1]]
    return list(pairwise(sorted(ways, key=len)[0]))


def test_no_imports_run_in_a_circle() -> None:
    """Nowhere in the five rooms, for typing either."""
    found = circles({name: set(imports(name)) for name in modules()})
    wrong = [
        where(modules()[one], imports(one)[other], f"imports {other}")
        for circle in found
        for one, other in shortest({name: set(imports(name)) & circle for name in circle})
    ]
    assert not wrong, f"{len(found)} circles:\n" + "\n".join(wrong)


def package(name: str) -> str:
    """The package of a module, by its folder."""
    return modules()[name].parent.relative_to(ROOT).as_posix().replace("/", ".")


def circles_of_packages(graph: dict[str, set[str]]) -> list[str]:
    """Circles of packages in a graph of modules, each with the imports that make it."""
    between: dict[str, dict[str, list[str]]] = {package(name): {} for name in graph}
    for name in sorted(graph):
        for other in sorted(graph[name]):
            if package(other) != package(name):
                arrow = f"  {name} imports {other}"
                between[package(name)].setdefault(package(other), []).append(arrow)
    packages = {one: set(others) & set(between) for one, others in between.items()}
    return [
        "\n".join(
            [
                f"{', '.join(sorted(circle))} need each other:",
                *(
                    arrow
                    for one in sorted(circle)
                    for other in sorted(circle)
                    for arrow in between[one].get(other, ())
                ),
            ]
        )
        for circle in circles(packages)
    ]


def test_no_packages_of_a_room_need_each_other() -> None:
    """Whether an import stands at the top, in a function or under TYPE_CHECKING: a module stands
    on the floor on which its imports stand.
    """
    found = []
    for room in PACKAGES:
        graph = {
            name: set(imports(name))
            for name, path in modules().items()
            if path.relative_to(ROOT).parts[0] == room
        }
        found += circles_of_packages(graph)
    assert not found, "move what closes the circle down or up a floor:\n" + "\n".join(found)


def test_a_circle_of_packages_is_noticed_and_named() -> None:
    graph = {
        "model.world": {"model.parts.works", "model.use.macro"},
        "model.parts.works": {"model.basis.goods"},
        "model.use.macro": {"model.parts.works", "model.use.demand"},
        "model.use.demand": {"model.trade.clearing"},
        "model.trade.clearing": {"model.use.macro"},
        "model.basis.goods": set[str](),
    }
    assert circles_of_packages(graph) == [
        "model.trade, model.use need each other:\n"
        "  model.trade.clearing imports model.use.macro\n"
        "  model.use.demand imports model.trade.clearing"
    ]
    graph["model.trade.clearing"] = {"model.parts.works"}
    assert circles_of_packages(graph) == []


@pytest.mark.parametrize(
    "line",
    [
        "def f() -> None:\n    from coercivity.model.world import World",
        "if TYPE_CHECKING:\n    from coercivity.model.world import World",
        "from coercivity.model.world import World",
        "from coercivity.model import world",
        "import coercivity.model.world",
        "import coercivity.model.world as w",
    ],
)
def test_an_import_is_seen_however_it_is_written(line: str) -> None:
    statements = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.stmt)]
    assert set(imported_by(statements)) == {"model.world"}


def test_a_circle_is_noticed() -> None:
    graph = {"a": {"b"}, "b": {"c", "e"}, "c": {"a"}, "d": {"a"}, "e": {"c"}}
    assert circles(graph) == {frozenset("abce")}
    del graph["d"]
    assert shortest(graph) == [("a", "b"), ("b", "c"), ("c", "a")]


def functions(name: str) -> Iterator[ast.FunctionDef]:
    return nodes(modules()[name], ast.FunctionDef)


def test_nobody_below_the_world_knows_it() -> None:
    """No import of World, for typing either, and no function that takes the whole world."""
    wrong = []
    for name, path in modules().items():
        if not name.startswith(("model.", "agents.")) or name == "model.world":
            continue
        if line := imports(name).get("model.world"):
            wrong.append(where(path, line, "imports model.world"))
        wrong += [
            where(path, node.lineno, f"{node.name} takes the world")
            for node in functions(name)
            if "world" in [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
        ]
    advice = "let it take the parts that it changes, a star, and the parts that it reads\n"
    assert not wrong, advice + "\n".join(wrong)


def root(node: ast.expr) -> str:
    """The name at the left end of a.b[c].d, empty for anything else."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def stores(function: ast.FunctionDef) -> Iterator[ast.Attribute | ast.Subscript]:
    """Attributes and items that a function assigns to."""
    for node in ast.walk(function):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, (ast.AugAssign, ast.AnnAssign))
            else []
        )
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(one, (ast.Attribute, ast.Subscript)):
                    yield one


def test_what_stands_behind_the_star_is_only_read() -> None:
    wrong = [
        where(path, target.lineno, f"{function.name} stores to {ast.unparse(target)}")
        for name, path in modules().items()
        if name.startswith("model.")
        for function in functions(name)
        for target in stores(function)
        if root(target) in {argument.arg for argument in function.args.kwonlyargs}
    ]
    assert not wrong, "what stands behind the star is only read\n" + "\n".join(wrong)


@cache
def written() -> dict[str, set[str]]:
    """Modules that store to each column of the four tables."""
    found: dict[str, set[str]] = {}
    for name in modules():
        if not name.startswith(("model.", "agents.")):
            continue
        for function in functions(name):
            for target in stores(function):
                inner = target.value if isinstance(target, ast.Subscript) else target
                if not isinstance(inner, ast.Attribute):
                    continue
                table = ast.unparse(inner.value).removeprefix("self.")
                if table in TABLES and inner.attr in TABLES[table].declared:
                    found.setdefault(f"{table}.{inner.attr}", set()).add(name)
    return found


def test_a_column_has_one_writing_module() -> None:
    several = {
        column: writers - BEGINNINGS
        for column, writers in written().items()
        if len(writers - BEGINNINGS) > 1
    }
    shared = dict(line.split(": ") for line in SHARED_COLUMNS.strip().splitlines())
    known = {column: set(writers.split()) for column, writers in shared.items()}
    assert several == known, "move the rule into the module that writes the column"


def test_stock_changes_by_put_take_and_their_like_alone() -> None:
    assert "needs.expected" in written()
    for column in ("needs.stock", "offers.stock"):
        assert written().get(column, set()) <= BEGINNINGS, column


@pytest.fixture(scope="module")
def world() -> World:
    made = World(load_scenario("japan-2026-from-2024"), 1, record=False)
    made.step()
    return made


def test_a_world_has_few_attributes_of_its_own(world: World) -> None:
    from coercivity.agents.base.mesa import BaseModel

    own = set(vars(world)) - set(vars(BaseModel(rng=1)))
    assert len(own) < MOST_ATTRIBUTES, sorted(own)


def test_who_looks_cannot_store(world: World) -> None:
    seen = world.seen
    with pytest.raises(AttributeError, match="'firms' is only looked at here"):
        seen.firms = world.firms
    with pytest.raises(AttributeError, match=r"Firms\.run is only looked at here"):
        seen.firms.run = np.zeros(len(world.firms))
    with pytest.raises(ValueError, match="read-only"):
        seen.firms.run[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        seen.beliefs.alarm[0, 0] += 1.0
    with pytest.raises(ValueError, match="read-only"):
        seen.works.pipeline.building[0] = 1.0
    with pytest.raises(TypeError, match="does not support item assignment"):
        seen.elements.books["mined"] = np.zeros(7)  # type: ignore[index]
    with pytest.raises(AttributeError, match="no part 'firm'"):
        _ = seen.firm
    assert world.firms.run.flags.writeable


def test_a_column_that_nobody_declared_is_refused(world: World) -> None:
    with pytest.raises(
        AttributeError, match="Firms has no column 'margins'; did you mean 'margin'"
    ):
        world.firms.margins = world.firms.margin
    with pytest.raises(ValueError, match="column margin has 3 rows"):
        world.firms.margin = np.zeros(3)


def test_an_actor_reads_parameters_that_exist() -> None:
    """Actors know the parameter table by its names alone, so the names are held against it here."""
    known = set(load_parameters().names) | {"values", "with_values"}
    wrong = [
        where(path, node.lineno, f"no parameter '{node.attr}'")
        for name, path in modules().items()
        if name.startswith("agents.")
        for node in nodes(path, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "p" and node.attr not in known
    ]
    assert not wrong, "\n".join(wrong)
