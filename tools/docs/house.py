"""Make docs/house.md: the rooms and floors from the imports, the month from the signatures,
journeys from a run. `make docs` calls it.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from operator import attrgetter
from pathlib import Path
from types import FrameType
from typing import Any

from coercivity.model.scenario.mechanism import VERBS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent
ROOMS = ("agents", "model", "experiments", "viz", "api")
ACTORS = {"everyone": "all firms"}
PLAIN = ("clock", "p", "on", "seen")  # what nearly everything reads
INNER = ("decide_on_plants",)  # what a verb does in a method of its own


@cache
def modules() -> dict[str, Path]:
    """Modules by dotted name below their room."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(name: str) -> Iterator[str]:
    """Modules of the rooms that a module imports: when it is loaded, in a function, for typing."""
    for node in ast.walk(tree(modules()[name])):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("coercivity.")
        ):
            base = node.module.removeprefix("coercivity.")
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found = inner if inner in modules() else base
                if found in modules():
                    yield found
                elif f"api.{found}" in modules():
                    yield f"api.{found}"


def package(name: str) -> str:
    """The package of a module, as a person says it: model.trade; model for a module of the room
    itself.
    """
    path = modules()[name]
    return ".".join(path.relative_to(ROOT).parts[:-1])


def floors() -> list[tuple[str, ...]]:
    """Packages by floor, the ground first: each rests on floors below it alone. Raises CycleError
    where packages rest on each other.
    """
    below: dict[str, set[str]] = defaultdict(set)
    for name in modules():
        below[package(name)] |= {package(other) for other in imported(name)} - {package(name)}
    height: dict[str, int] = {}
    by_floor: dict[int, list[str]] = defaultdict(list)
    for one in TopologicalSorter(below).static_order():
        height[one] = 1 + max((height[other] for other in below[one]), default=-1)
        by_floor[height[one]].append(one)
    return [tuple(sorted(by_floor[floor])) for floor in sorted(by_floor)]


def lines(path: Path) -> int:
    """Lines of a file that hold something."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def rooms_table() -> str:
    """Rooms from the top: packages, files, lines to the nearest thousand."""
    rows = ["| room | packages | files | thousand lines |", "|---|---|---|---|"]
    for room in reversed(ROOMS):
        inside = [name for name in modules() if name.split(".")[0] == room]
        packages = sorted({package(name) for name in inside} - {room})
        total = sum(lines(modules()[name]) for name in inside)
        named = ", ".join(f"`{one.partition('.')[2]}`" for one in packages) or "-"
        rows.append(f"| `{room}/` | {named} | {len(inside)} | {total / 1000:.0f} |")
    return "\n".join(rows)


def floors_table() -> str:
    """Floors from the top: what stands on each, and its first sentence."""
    rows = ["| floor | package | what it is |", "|---|---|---|"]
    for number, names in reversed(list(enumerate(floors()))):
        for name in names:
            rows.append(f"| {number} | `{name}` | {said(name)} |")
    return "\n".join(rows)


def said(name: str) -> str:
    """The docstring of a package in one line."""
    path = ROOT.joinpath(*name.split("."), "__init__.py")
    text = ast.get_docstring(tree(path)) or "" if path.is_file() else ""
    return text.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def arrows_up() -> list[str]:
    """Imports that point from a room to one above it; there are none."""
    order = {room: at for at, room in enumerate(ROOMS)}
    return [
        f"{name} imports {other}"
        for name in modules()
        for other in imported(name)
        if order[other.split(".")[0]] > order[name.split(".")[0]]
    ]


# ---------------------------------------------------------------- the month


def methods() -> dict[str, ast.FunctionDef]:
    """Methods of World by name."""
    (world,) = (
        node
        for node in tree(ROOT / "model/world.py").body
        if isinstance(node, ast.ClassDef) and node.name == "World"
    )
    return {node.name: node for node in world.body if isinstance(node, ast.FunctionDef)}


def part(node: ast.expr) -> str:
    """The part of the world that an expression is: self.firms."""
    own = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"
    return node.attr if isinstance(node, ast.Attribute) and own else ""


def steps_of(verb: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """(what is called, what it changes, what it reads) in the order of a verb."""
    from coercivity.agents.base.mesa import star_parameters
    from coercivity.agents.firms.run_planning import Together
    from coercivity.model import world
    from coercivity.model.world_agents import parts_of_rule

    calls = [
        node.value
        for node in ast.walk(methods()[verb])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    for call in sorted(calls, key=lambda one: one.lineno):
        name = ast.unparse(call.func)
        if name.startswith("self.") and name.removeprefix("self.") in INNER:
            yield from steps_of(name.removeprefix("self."))
        elif name == "self.carry_out":
            for rule in map(ast.unparse, call.args):
                changed, read = parts_of_rule(attrgetter(rule)(world))
                yield rule, set(changed), set(read)
        elif name == "self.ask":
            decision = ast.literal_eval(call.args[1])
            read = star_parameters(getattr(Together, decision))
            yield f"{decision} ({who(call.args[0])})", stored_by(decision), set(read)
        else:
            changes = {part(one) for one in call.args} - {""}
            holder = part(call.func.value) if isinstance(call.func, ast.Attribute) else ""
            if holder:
                changes.add(holder)
            if changes:
                yield (
                    name.removeprefix("self."),
                    changes,
                    {one.arg for one in call.keywords if one.arg},
                )


def who(node: ast.expr) -> str:
    """Whom a call of `ask` asks."""
    return ACTORS[ast.unparse(node).split(".")[-1]]


def stored_by(decision: str) -> set[str]:
    """Columns that a decision stores, in whatever class of agents/firms/ it or what it calls on
    itself stands.
    """
    found: set[str] = set()
    everything = {
        node.name: node
        for name, path in modules().items()
        if name.startswith("agents.firms.")
        for kind in tree(path).body
        if isinstance(kind, ast.ClassDef)
        and not any(ast.unparse(base) in ("Firm", "BaseAgent") for base in kind.bases)
        for node in kind.body
        if isinstance(node, ast.FunctionDef)
    }
    waiting, looked = [decision], set()
    while waiting:
        name = waiting.pop()
        if name in looked or name not in everything:
            continue
        looked.add(name)
        for node in ast.walk(everything[name]):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                        text = ast.unparse(one).removeprefix("self.")
                        table, dot, _ = text.partition(".")
                        if dot and table in ("firms", "needs", "offers", "links"):
                            found.add(text)
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("self."):
                waiting.append(ast.unparse(node.func).removeprefix("self."))
    return found


def month_table() -> str:
    """The month, verb by verb: what is called, what it changes, what it reads."""
    rows = ["| verb | what happens | changes | reads |", "|---|---|---|---|"]
    for verb in VERBS:
        for number, (name, changed, read) in enumerate(steps_of(verb)):
            told = [f"`{one}`" for one in sorted(changed)]
            seen = [f"`{one}`" for one in sorted(read - set(PLAIN) - changed)]
            first = f"`{verb}`" if number == 0 else ""
            rows.append(f"| {first} | `{name}` | {', '.join(told)} | {', '.join(seen)} |")
    return "\n".join(rows)


# ---------------------------------------------------------------- journeys


def entered(what: Callable[[], Any]) -> list[str]:
    """Files of the rooms that are entered while something happens, in the order of the first
    entry.
    """
    found: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            path = Path(frame.f_code.co_filename).resolve()
            if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ROOMS:
                found[path.relative_to(ROOT).as_posix()] = None

    sys.setprofile(look)
    try:
        what()
    finally:
        sys.setprofile(None)
    return list(found)


def journeys() -> str:
    """Where an application, a price and a lever come by."""
    from coercivity.experiments.lab.setting import check_setting
    from coercivity.model.world import World

    world = World("licensing-2025", 1, record=False, collect=False)
    while not world.border.licensed.any():
        world.step()
    for verb in ("arrive", "govern", "sense", "plan_use", "order"):
        getattr(world, verb)()
    licence = entered(world.license)
    price = entered(world.clear)
    lever = entered(
        lambda: check_setting(scenario="japan-2026", levers={"firms_stock": 3.0}).asked()
    )
    parts = []
    for title, files in (
        ("An application for a licence, from the order to the grant", licence),
        ("A price, from stock and orders to the public quote", price),
        ("A lever, from the slider's value to the scenario that runs", lever),
    ):
        shown = [name for name in files if not name.startswith(("agents/base", "model/basis"))]
        listed = ", ".join(f"`{name}`" for name in shown)
        ground = len(files) - len(shown)
        parts.append(
            f"**{title}**: {len(shown)} files ({ground} more of the ground floor). {listed}"
        )
    return "\n\n".join(parts)


def page() -> str:
    """The whole page."""
    back = arrows_up()
    return textwrap.dedent(
        """\
        <!-- made by tools/docs/house.py; do not edit here -->

        # The house

        Where everything stands, made from the code. [The map](architecture.md) explains the rooms and the month.

        ## Rooms

        {rooms}

        Imports point from a room to one further down and never back up: {arrows} the other way.

        ## Floors

        A package rests on those with a lower number; packages on one floor do not need each other.

        {floors}

        ## The month

        `World.step` calls these verbs in turn. A mechanism of the world takes what it changes before the star of its signature and what it reads behind it;
        a decision is a method of a set of firms, stores columns of theirs, and reads what stands behind its star. Clock, parameters and switches are read by
        nearly everything and left out here.

        {month}

        ## Journeys

        Files that are entered on the way, in their order, counted while it happens.

        {journeys}
        """
    ).format(
        rooms=rooms_table(),
        arrows="none points" if not back else "; ".join(back) + " point",
        floors=floors_table(),
        month=month_table(),
        journeys=journeys(),
    )


if __name__ == "__main__":
    (DOCS / "house.md").write_text(page(), encoding="utf-8")
