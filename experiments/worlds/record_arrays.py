"""Records of a run as arrays and plain values, and back, to the last bit: what a file can hold
without pickle.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Decision
from coercivity.experiments.worlds.archive import check_unpacked, read_member
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.parameters import (
    Parameter,
    Parameters,
    ParameterTable,
    parameters_of,
)
from coercivity.model.results.records import Records, Structure
from coercivity.model.scenario.event import Event

# what whole numbers in the arrays stand for: they can only be read by who counts the same names
NAMES: Final = ("states", "goods", "elements", "processes", "sectors")
OF: Final = "structure."  # begins the name of an array of the structure
RECORDED: Final = "recorded."  # begins that of one that was recorded
_EVENT: Final = tuple(one.name for one in fields(Event) if one.name not in ("told", "facts"))


def names_of(facts: Facts) -> dict[str, list[str]]:
    """What the whole numbers of arrays stand for, in order."""
    return {name: list(getattr(facts, name)) for name in NAMES} | {"stages": list(STAGES)}


def arrays_of(records: Records) -> dict[str, np.ndarray]:
    """Every array of the records, by name."""
    structure = {
        f"{OF}{name}": value
        for name, value in vars(records.structure).items()
        if isinstance(value, np.ndarray)
    }
    return structure | {f"{RECORDED}{name}": value for name, value in records.arrays.items()}


def words_of(records: Records) -> dict[str, Any]:
    """What of the records is no array, as JSON holds it."""
    return {
        "names": names_of(records.facts),
        "start": records.start,
        "structure": {
            name: list(value)
            for name, value in vars(records.structure).items()
            if isinstance(value, tuple)
        },
        "events": [
            [int(month), actor, kind, told.to_plain()]
            for month, actor, kind, told in records.events
        ],
        "decisions": [
            [
                one.month,
                one.government,
                one.saw.to_plain(),
                one.chose.to_plain(),
                [option.to_plain() for option in one.rejected],
            ]
            for one in records.decisions
        ],
        "told": {one.id: one.told.to_plain() for one in records.script if one.told is not None},
        "acts": [list(month) for month in records.acts],
        "script": [
            [_to_json_value(getattr(event, name)) for name in _EVENT] for event in records.script
        ],
        "parameters": records.parameters.to_dict(),
    }


def check_names(found: Mapping[str, Any], facts: Facts) -> None:
    """Raise ValueError where states, goods or other names are not those of the facts."""
    for name, held in names_of(facts).items():
        if found.get(name) != held:
            raise ValueError(f"its {name} are others than those of this version")


def records_from(
    arrays: Mapping[str, np.ndarray], words: Mapping[str, Any], facts: Facts
) -> Records:
    """The records that these arrays and words are of, made with these facts. Raises ValueError,
    LookupError or TypeError for what `arrays_of` and `words_of` did not make.
    """
    check_names(words["names"], facts)
    structure: dict[str, Any] = {
        name: tuple(value) for name, value in words["structure"].items()
    } | {name.removeprefix(OF): value for name, value in arrays.items() if name.startswith(OF)}
    told = {act: Phrase.from_plain(one) for act, one in words.get("told", {}).items()}
    script = tuple(
        _event(dict(zip(_EVENT, map(_tuples, row), strict=True)), told, facts)
        for row in words["script"]
    )
    start = str(words["start"])
    ids = {(one.month_index(start), one.actor, one.text or one.kind): one.id for one in script}
    return Records(
        start=start,
        structure=Structure(**structure),
        arrays={
            name.removeprefix(RECORDED): value
            for name, value in arrays.items()
            if name.startswith(RECORDED)
        },
        events=tuple(
            (int(month), str(actor), str(kind), _phrase(what, ids.get((month, actor, str(what)))))
            for month, actor, kind, what in words["events"]
        ),
        decisions=tuple(_decision(*row) for row in words["decisions"]),
        acts=tuple(tuple(map(str, month)) for month in words["acts"]),
        script=script,
        parameters=_parameters(words["parameters"], facts),
    )


def _event(fields: dict[str, Any], told: Mapping[str, Phrase], facts: Facts) -> Event:
    return Event(**fields, told=told.get(fields["id"]), facts=facts)


def _phrase(told: Any, id: str | None) -> Phrase:
    """What happened; earlier versions wrote a text, of an act that of the act with this id."""
    return Phrase.text(told, id=id) if isinstance(told, str) and id else Phrase.from_plain(told)


def _decision(month: int, government: str, saw: Any, chose: Any, rejected: Any) -> Decision:
    """A decision as it was; one of an earlier version told in a text what it rejected."""
    options = [rejected] if isinstance(rejected, str) and rejected else rejected or ()
    saw, chose, *others = map(Phrase.from_plain, (saw, chose, *options))
    return Decision(int(month), str(government), saw, chose, tuple(others))


def _parameters(values: Mapping[str, float], facts: Facts) -> Parameters:
    """Parameters as they were, also where this version's table has others beside or instead."""
    known = parameters_of(facts)
    if tuple(values) == known.names:
        return Parameters(known, tuple(map(float, values.values())))
    rows = [
        known[name]
        if name in known
        else Parameter(name, float(value), -np.inf, np.inf, "", "", "assumed", "", "")
        for name, value in values.items()
    ]
    return Parameters(ParameterTable(tuple(rows), facts), tuple(map(float, values.values())))


def _to_json_value(value: Any) -> Any:
    """A value of an event as JSON holds it: tuples as lists, numbers as Python's own."""
    if isinstance(value, tuple | list):
        return [_to_json_value(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _tuples(value: Any) -> Any:
    """The way back: an event holds no list."""
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


# ---------------------------------------------------------------- bytes


def pack_arrays(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as the bytes of a .npz file, the same for the same arrays. Raises ValueError for one
    of objects, which only pickle could hold.
    """
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"{name} holds objects and cannot be kept without pickle")
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)  # type: ignore[arg-type]
    return held.getvalue()


def unpack_arrays(data: bytes) -> dict[str, np.ndarray]:
    """The arrays in the bytes of a .npz file. Raises ValueError and others for anything else."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        check_unpacked(held, len(data))
        return {
            info.filename.removesuffix(".npy"): np.lib.format.read_array(
                io.BytesIO(read_member(held, info)), allow_pickle=False
            )
            for info in held.infolist()
        }
