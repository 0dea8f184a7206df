"""A mechanism of a package acts on the world, under guard: it stores to what it has declared and to
nothing else, leaves what a world can hold, and makes no tonnes; or it costs one line and the world
is as it was.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import copy_containers
from coercivity.agents.base.table import Table, nearest_hint
from coercivity.agents.tables import ROUNDING
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.basis.installed import file_of
from coercivity.model.own_rules import LEFT, MOST, SIGNED, finite_number_fix
from coercivity.model.parts.elements import tonnes_by_good
from coercivity.model.parts.world_view import BEHIND_A_FACE as HOLDERS
from coercivity.model.parts.world_view import PARTS, WorldView
from coercivity.model.scenario.mechanism import TABLES, Mechanism

Parts = Mapping[str, Any]
WATCHED: Final = tuple(name for name in PARTS if name not in ("p", "on"))  # these never change
GIVE_WHAT_YOU_TOOK: Final = Phrase("take before you give, and give exactly what you took")
READ_ONLY: Final = "read-only"  # in NumPy's words for a store to a locked array


class MechanismRefusal(InputError):
    """What is wrong with what a mechanism did, and the fix."""


class Picture:
    """All that a world holds before a mechanism acts: what each holder points to, every array."""

    def __init__(self, parts: Parts, changes: Mapping[str, Sequence[str]]) -> None:
        self.holders: list[tuple[str, Any, Any]] = []  # where, holder, what it held
        self.arrays: list[np.ndarray] = []
        self.owned = {id(parts[part]): columns for part, columns in changes.items()}
        self._met: set[int] = set()
        for name in WATCHED:
            self._look(name, parts[name])

    def _look(self, where: str, value: Any) -> None:
        if isinstance(value, np.ndarray):
            self.arrays.append(value)
            return
        held = _copy_of_held(value)
        if held is None or id(value) in self._met:
            return
        self._met.add(id(value))
        if not isinstance(value, tuple):
            self.holders.append((where, value, held))
        if where.startswith("ledger.") and isinstance(value, list):
            return  # what was written down in months gone by is out of everybody's reach
        for name, inner in held.items() if isinstance(held, dict) else enumerate(held):
            if name != "model":
                at = f"{where}.{name}" if isinstance(value, HOLDERS) else f"{where}[{name!r}]"
                self._look(at, inner)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Every array refuses a store meanwhile."""
        open_before = [array for array in self.arrays if array.flags.writeable]
        for array in open_before:
            array.flags.writeable = False
        try:
            yield
            if any(array.flags.writeable for array in open_before):
                raise MechanismRefusal(
                    "makes an array writable that is not its own", "work on a copy"
                )
        finally:
            for array in sorted(open_before, key=lambda one: one.base is not None):
                array.flags.writeable = True  # an array before the views of it

    def compare(self) -> None:
        """Raises MechanismRefusal where something that is not the mechanism's own has changed."""
        for where, holder, before in self.holders:
            free = self.owned.get(id(holder), ()) if isinstance(holder, HOLDERS) else ()
            if name := _differs(before, _copy_of_held(holder), free):
                dot = isinstance(holder, HOLDERS) and name[0]
                at = f"{where}.{name[0]}" if dot else where
                raise _undeclared_refusal(at)

    def put_back(self) -> None:
        """Everything as it was."""
        for _, holder, before in self.holders:
            if isinstance(holder, list):
                holder[:] = before
            else:
                content = vars(holder) if isinstance(holder, HOLDERS) else holder
                content.clear()
                content.update(before)


def _undeclared_refusal(at: str) -> MechanismRefusal:
    return MechanismRefusal(
        "stores to {column}, which is not among its changes",
        "name it there, or leave it",
        column=at,
    )


def _copy_of_held(value: Any) -> Any:
    """A copy of what a holder points to; None for what holds nothing."""
    if isinstance(value, HOLDERS):
        return dict(vars(value))
    if isinstance(value, (dict, set)):
        return value.copy()
    return list(value) if isinstance(value, (list, tuple)) else None


def _differs(before: Any, now: Any, free: Sequence[str]) -> tuple[str, ...]:
    """The name of the first thing that has changed, those *free* left aside; empty for none."""
    if isinstance(before, set):
        return () if before == now else ("",)
    if isinstance(before, list):
        same = len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
        return () if same else ("",)
    for name in (*before, *(name for name in now if name not in before)):
        gone = name not in before or name not in now
        if (gone or before[name] is not now[name]) and name not in free:
            return (str(name),)
    return ()


def check_changes(parts: Parts, mechanism: Mechanism) -> None:
    """Raises InputError, one line, for a mechanism that this world cannot give what it asks for."""
    for part, names in mechanism.changes.items():
        there = vars(parts[part])
        for name in names:
            if name not in there:
                raise InputError(
                    "{part} has no '{value}'",
                    "{near}it has {names}",
                    where=mechanism.where,
                    part=part,
                    value=name,
                    near=Phrase(nearest_hint(name, there)),
                    names=sorted(there),
                )
    table = parts["p"].table
    for name in mechanism.parameters:
        if name not in table:
            raise InputError(
                "reads parameter '{value}', which no table has",
                "lay the data folder with its row over (data=, coercivity --data), "
                "docs/own-rule.md",
                where=mechanism.where,
                value=name,
            )


def act(parts: Parts, mechanism: Mechanism, seen: WorldView) -> None:
    """Let a mechanism act. Raises InputError, one line, where it does what it may not; the world is
    then as it was.
    """
    facts = seen.facts
    before = _tonnes(facts, parts), _by_good(parts)
    picture = Picture(parts, mechanism.changes)
    old = {}
    for part, names in mechanism.changes.items():
        content: dict[str, Any] = parts[part].__dict__
        for name in names:  # others may still look at the old one, which is locked
            old[part, name] = content[name]
            content[name] = copy_containers(content[name])
    try:
        with picture.locked():
            given = [parts[part] for part in mechanism.changes]
            mechanism.rule(*given, seen=seen, clock=seen.clock, p=parts["p"])
            picture.compare()
        for (part, name), value in old.items():
            _check(parts, part, name, value)
        _check_tonnes(facts, parts, mechanism, *before)
    except MemoryError:  # of this machine, now
        picture.put_back()
        raise
    except (Exception, SystemExit) as error:
        picture.put_back()
        clock = parts["clock"]
        where = Phrase.of(
            "{place}, month {month}",
            place=Phrase(str(mechanism.where)),
            month=month_name(clock.start, clock.month),
        )
        if isinstance(error, MechanismRefusal):
            error.within(where)
            raise
        refused = _not_taken(error, parts, mechanism) or _rule_failure(error, mechanism)
        raise refused.within(where) from error
    except BaseException:
        picture.put_back()
        raise


def _not_taken(error: BaseException, parts: Parts, mechanism: Mechanism) -> MechanismRefusal | None:
    """What is said of a column whose table did not take what was stored to it, as 3 for an array of
    all rows; None of any other error.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code is not Table.__setattr__.__code__:
        return None
    held = trace.tb_frame.f_locals
    table, name = held["self"], held["name"]
    part = next((one for one in TABLES if parts[one] is table), "")
    if not part or name not in table.as_long:
        return None
    if name not in mechanism.changes.get(part, ()):
        return _undeclared_refusal(f"{part}.{name}")
    kind = type(held["value"]).__name__
    if hasattr(held["value"], "__len__"):
        return None
    return MechanismRefusal(
        "leaves {column} as a {type}",
        "an array with all its rows is asked",
        column=f"{part}.{name}",
        type=kind,
    )


def _rule_failure(error: BaseException, mechanism: Mechanism) -> MechanismRefusal:
    """What went wrong, with the line of the rule where Python knows it."""
    line = _line(error, mechanism)
    if isinstance(error, ValueError) and READ_ONLY in str(error):
        return MechanismRefusal(
            "stores{line} into an array that is not among its changes",
            "name the column there, or work on a copy",
            line=line,
        )
    return MechanismRefusal(
        "fails{line} with {type}: {reason}",
        "mend the rule, or switch it off (mechanisms: {switch})",
        line=line,
        type=type(error).__name__,
        reason=Phrase(shorten(error, 300)),
        switch=Phrase(f"{{{mechanism.name}: false}}"),
    )


def _line(error: BaseException, mechanism: Mechanism) -> Phrase:
    """The last line of the rule's file that was on the way to an error, in words."""
    file, trace, found = str(file_of(mechanism.rule)), error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            found = trace.tb_lineno
        trace = trace.tb_next
    code = Phrase(shorten(linecache.getline(file, found), 80) if found else "")
    if not str(code):
        return code
    return Phrase.of(" in line {number} ({code})", number=str(found), code=code)


def _check(parts: Parts, part: str, name: str, old: Any) -> None:
    """Raises MechanismRefusal unless what a mechanism left is such as stood there before."""
    content = vars(parts[part])
    if name not in content:
        raise MechanismRefusal("takes {column} away", "leave a value", column=f"{part}.{name}")
    new, where = content[name], f"{part}.{name}"
    if isinstance(old, np.ndarray):
        _check_array(parts, part, name, old, new)
    elif type(new) is not type(old) and not _is_number(old, new):
        raise MechanismRefusal(
            "leaves {column} as a {type}",
            "it is a {wanted}",
            column=where,
            type=type(new).__name__,
            wanted=type(old).__name__,
        )
    elif isinstance(old, dict):
        if old.keys() != new.keys():
            raise MechanismRefusal(
                "leaves {column} with other names", "keep {names}", column=where, names=list(old)
            )
        for key, value in old.items():
            if isinstance(value, np.ndarray):
                _check_shape(f"{where}[{key!r}]", value, new[key])
                _check_finite(f"{where}[{key!r}]", value, new[key])
    elif isinstance(new, float) and not np.isfinite(new):
        raise MechanismRefusal(
            "leaves {column} at {value}", "a finite number is asked", column=where, value=new
        )


def _is_number(old: Any, new: Any) -> bool:
    return type(old) is float and isinstance(new, (int, float)) and not isinstance(new, bool)


def _check_shape(where: str, old: np.ndarray, new: Any) -> None:
    if not isinstance(new, np.ndarray):
        raise MechanismRefusal(
            "leaves {column} as a {type}", "it is an array", column=where, type=type(new).__name__
        )
    if new.shape != old.shape:
        raise MechanismRefusal(
            "leaves {column} with shape {value}",
            "it has {shape}",
            column=where,
            value=new.shape,
            shape=str(old.shape),
        )
    if new.dtype != old.dtype:
        raise MechanismRefusal(
            "leaves {column} as {value}",
            "it is {wanted}",
            column=where,
            value=new.dtype,
            wanted=old.dtype,
        )


def _check_finite(where: str, old: np.ndarray, new: np.ndarray) -> None:
    """What was finite stays so."""
    if new.dtype.kind == "f" and (wrong := ~np.isfinite(new) & np.isfinite(old)).any():
        at = int(np.argmax(wrong.ravel()))
        raise MechanismRefusal(
            "leaves {column} at {value} in row {row}",
            "a finite number is asked",
            column=where,
            value=new.ravel()[at],
            row=str(at),
        )


def _check_array(parts: Parts, part: str, name: str, old: np.ndarray, new: Any) -> None:
    where = f"{part}.{name}"
    _check_shape(where, old, new)
    signed = name in SIGNED.get(part, ())
    if part not in TABLES or not (signed or name in LEFT[part]):
        _check_finite(where, old, new)
        return
    fits = ((abs(new) if signed else new) <= MOST) & (signed | (new >= 0.0))  # false for NaN
    if not fits.all():
        row = int(np.argmin(fits))
        raise MechanismRefusal(
            "leaves {column} of {firm} at {value}",
            finite_number_fix(signed),
            column=where,
            firm=_firm(parts, part, row),
            value=new[row],
        )


def _firm(parts: Parts, part: str, row: int) -> str:
    """Whose row of a table it is."""
    needs = parts["needs"]
    need = parts["links"].need[row] if part == "links" else row
    firm = row if part == "firms" else parts["offers"].firm[row] if part == "offers" else None
    firm = needs.firm[need] if firm is None else firm
    return f"{parts['firms'].names[firm]} (row {row})"


def _by_good(parts: Parts) -> FloatArray:
    """Tonnes of each good in stocks, in transit, and with states."""
    transit, reserve = parts["freight"].transit, parts["support"].reserve
    return tonnes_by_good(parts["needs"], parts["offers"], transit, reserve.sum(axis=0))


def _tonnes(facts: Facts, parts: Parts) -> FloatArray:
    """Tonnes of each element that the books do not account for."""
    content = goods(facts).content
    return parts["elements"].unaccounted(_by_good(parts) @ content)


def _check_tonnes(
    facts: Facts, parts: Parts, mechanism: Mechanism, unaccounted: FloatArray, by_good: FloatArray
) -> None:
    """Raises MechanismRefusal where tonnes come from nothing or go nowhere: of an element against
    the books, of a good that holds none (what is pressed is booked as such) against what there was.
    """
    apart = _tonnes(facts, parts) - unaccounted
    room = ROUNDING + 1e-12 * parts["elements"].held_start
    if (wrong := ~(abs(apart) <= room)).any():
        at = int(np.argmax(wrong))
        raise MechanismRefusal(
            "makes {value} t of {element} that the books do not know"
            if apart[at] < 0.0
            else "loses {value} t of {element} that the books do not know",
            GIVE_WHAT_YOU_TOOK,
            value=f"{abs(apart[at]):.6g}",
            element=facts.elements[at],
        )
    if "books" in mechanism.changes.get("elements", ()):
        return  # it keeps the books itself, and may make what is pressed
    more = _by_good(parts) - by_good
    bare = goods(facts).content.sum(axis=1) == 0.0
    wrong = bare & ~(more <= ROUNDING + 1e-12 * by_good)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise MechanismRefusal(
            "makes {value} t of {good} from nothing",
            GIVE_WHAT_YOU_TOOK,
            value=f"{more[at]:.6g}",
            good=facts.goods[at],
        )
