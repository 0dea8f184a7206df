"""One run of a sweep: a world from its first month to its last, watched and not recorded, and the
row that it leaves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.rows import DONE, EVIDENCE, FAILED
from coercivity.experiments.worlds.world_class import SHIPPED, make_world
from coercivity.model.basis.errors import shorten

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.sweep.design import Design
    from coercivity.experiments.sweep.runs import Run
    from coercivity.model.results.result import Result
    from coercivity.model.scenario.scenario import Scenario

MESSAGE_LENGTH: Final = 200

Row = dict[str, Any]
Values = dict[str, "float | None"]
Keep = Callable[["Result"], None]
Store = Callable[["Mapping[str, pd.DataFrame]"], None]


def observe(
    scenario: Scenario,
    seed: int,
    outcomes: Sequence[str],
    keep: Keep | None = None,
    kind: str = SHIPPED,
) -> Values:
    """Run one world and return {outcome: value}, None where it is not defined in this run.

    outcomes: headline ids, and ids of evidence written `evidence:ID`. Without *keep* nothing is
    recorded; with it the world records its tables and `keep(result)` is called at the end. kind:
    the class of world, by name.
    """
    from coercivity.experiments.quantities.outcomes import HeadlineWatch

    world = make_world(kind, scenario, seed, record=keep is not None, collect=False)
    headlines = [name for name in outcomes if not name.startswith(EVIDENCE)]
    watches: list[Any] = [HeadlineWatch(world, headlines)] if headlines else []
    evidence = None
    targets = [name.removeprefix(EVIDENCE) for name in outcomes if name.startswith(EVIDENCE)]
    if targets:
        from coercivity.experiments.backtest.evidence_targets import EvidenceWatch, load_targets

        known = {target.id: target for target in load_targets(scenario.facts)}
        evidence = EvidenceWatch(world, [known[name] for name in targets])
        watches.append(evidence)
    for _ in range(scenario.months):
        world.step()
        for watch in watches:
            watch.read(world)
    values: dict[str, Any] = dict(watches[0].values()) if headlines else {}
    if evidence is not None:
        values.update({EVIDENCE + name: value for name, value in evidence.values().items()})
    if keep is not None:
        from coercivity.experiments.worlds.run import finish

        keep(finish(world))
    return {name: _defined_or_none(values[name]) for name in outcomes}


def evaluate(run: Run, design: Design, store: Store | None = None) -> Row:
    """Return the row of one run: run, scenario, seed, point, its parameters, its outcomes (None =
    undefined), status, message.

    A run that fails does not raise: its row says `failed` and "ErrorType: text", and its outcomes
    are None. What is no fault of the run is raised: no memory, a file that cannot be read
    (MemoryError, OSError). *store* takes {table: frame} of the tables that the design keeps; what
    it raises is none either.
    """
    head: Row = {
        "run": run.index,
        "scenario": run.name,
        "seed": run.seed,
        "point": run.point,
        **run.parameters,
    }
    tables: dict[str, pd.DataFrame] = {}

    def keep(result: Result) -> None:
        tables.update({name: result.table(name) for name in design.keep})

    try:
        observed = observe(
            run.scenario,
            run.seed,
            design.outcomes,
            keep if store is not None else None,
            design.world,
        )
    except (
        MemoryError,
        OSError,
    ):  # of this machine, now: the same run may be well elsewhere or later
        raise
    except Exception as error:  # whatever the model says: the other runs go on
        return {
            **head,
            **dict.fromkeys(design.outcomes),
            "status": FAILED,
            "message": failure(error),
        }
    if store is not None:
        store(tables)
    return {**head, **observed, "status": DONE, "message": ""}


def failure(error: BaseException) -> str:
    """Return "ErrorType: text" in one line that is the same in every process (no addresses of
    objects).
    """
    text = re.sub(r"0x[0-9a-fA-F]+", "0x...", " ".join(str(error).split()))
    return shorten(
        f"{type(error).__name__}: {text}" if text else type(error).__name__, MESSAGE_LENGTH
    )


def compare_columns(
    first: Mapping[str, Any], other: Mapping[str, Any], columns: Iterable[str]
) -> dict[str, bool]:
    """Return {column: whether two rows hold exactly the same value}; two undefined values are the
    same.
    """
    return {name: first.get(name) == other.get(name) for name in columns}


def _defined_or_none(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    return None if math.isnan(number) else number
