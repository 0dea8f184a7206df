"""Opening an address: all that is good of it, and what was left out and why. One bad value does not
cost the whole setting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from coercivity.experiments.lab.acts import MOST_ACTS, Act, check_acts, from_field, shortest
from coercivity.experiments.lab.levers import find_lever, is_lever, lever_named
from coercivity.experiments.lab.link import (
    ACT,
    FINGERPRINT,
    LEVER,
    LONGEST,
    MODEL,
    MOST_FIELDS,
    OWN,
    PARAMETER,
    SINGLE,
    VERSION,
    Remark,
    change_of,
    fields_of_address,
    number_of,
    open_query,
    parts_of_changes,
    remark,
)
from coercivity.experiments.lab.own import unpacked
from coercivity.experiments.lab.setting import DEFAULT_SCENARIO, LabSetting, replace_checked
from coercivity.model.basis.errors import InputError, shorten

T = TypeVar("T")
MARKS = (VERSION, FINGERPRINT, MODEL)  # of the link itself


@dataclass(frozen=True)
class LeftOut:
    """A part of an address that was left out: which (`scenario`, `seed`, `state`, `lever`, `p`,
    `at`, `act`, `own` or `address`), its name where it has one, why, and what stands there now,
    '' where nothing does.
    """

    part: str
    name: str
    problem: str
    stands: str = ""


def opened(search: str | None) -> tuple[LabSetting, tuple[LeftOut, ...]]:
    """The setting of an address without what does not fit, and what was left out. Raises nothing:
    of an address with nothing good in it the setting is the shipped one.
    """
    try:
        return open_query(search), ()
    except InputError:
        pass
    found = _Opening(search, together=False).read()
    if _attempt(lambda: (found[0].asked(), found[0].base()))[1]:
        return _Opening(search, together=True).read()
    return found


def remark_of(search: str | None, setting: LabSetting) -> Remark | None:
    """What there is to say of the link that *setting* was opened from. Raises nothing: of a field
    that stands twice the first counts.
    """
    return remark(_Opening(search, together=False).fields, setting)


class _Opening:
    """An address, read part by part; *together*: whether each part has to make a world with those
    before it, which costs more, or only to be right by itself.
    """

    def __init__(self, search: str | None, together: bool) -> None:
        self.together = together
        self.left: list[LeftOut] = []
        self.setting = LabSetting()
        text = (search or "").lstrip("?")
        if len(text) > LONGEST:
            self._leave("address", "", _attempt(lambda: fields_of_address(text))[1])
            text = text[:LONGEST].rpartition("&")[0]
        pairs = parse_qsl(text, keep_blank_values=True)
        if len(pairs) > MOST_FIELDS:
            self._leave("address", "", _attempt(lambda: fields_of_address(text))[1])
        self.fields: dict[str, str] = {}
        self.acts = [value for name, value in pairs if name == ACT][:MOST_ACTS]
        for name, value in pairs[:MOST_FIELDS]:
            if name in self.fields and (name in SINGLE or name.startswith((LEVER, PARAMETER))):
                problem = f"{shorten(name)} stands twice in the address; write it once"
                if name not in MARKS:  # of these the first counts
                    self._leave("address", name, problem, shorten(self.fields[name]))
            else:
                self.fields.setdefault(name, value)

    def read(self) -> tuple[LabSetting, tuple[LeftOut, ...]]:
        """The parts in an order in which each finds there what it is about."""
        self._scenario()
        for name in ("seed", "state"):
            if name in self.fields:
                stands = str(getattr(self.setting, name))
                self._take(name, name, {name: self.fields[name]}, stands)
        for field, text in self.fields.items():
            begins, _, name = field.partition(".")
            if begins == LEVER.rstrip("."):
                self._lever(name, text)
            elif begins == PARAMETER.rstrip("."):
                self._assumption(name, text)
        for part in parts_of_changes(self.fields):
            self._more("at", part, "changes", partial(change_of, part, self.setting.state))
        for text in self.acts:
            self._act(text)
        return self.setting, tuple(self.left)

    def _leave(self, part: str, name: str, problem: str, stands: str = "") -> None:
        if problem:
            self.left.append(LeftOut(part, name, problem, stands))

    def _take(self, part: str, name: str, changed: dict[str, Any], stands: str = "") -> None:
        """The setting with some of its fields changed, where that makes a world; else what is
        wrong with it.
        """

        def make() -> LabSetting:
            wanted = replace_checked(self.setting, **changed)
            if self.together:
                wanted.asked()
                wanted.base()
            return wanted

        found, problem = _attempt(make)
        if found is None:
            self._leave(part, name, problem, stands)
        else:
            self.setting = found

    def _scenario(self) -> None:
        if OWN in self.fields:
            own, problem = _attempt(lambda: unpacked(self.fields[OWN]))
            if own is not None:
                self._take("own", "", {"own": own}, self.setting.scenario)
                return
            self._leave("own", "", problem, self.fields.get("scenario", DEFAULT_SCENARIO))
        if "scenario" in self.fields:
            wanted = {"scenario": self.fields["scenario"]}
            self._take("scenario", "scenario", wanted, self.setting.scenario)

    def _lever(self, name: str, text: str) -> None:
        lever = lever_named(name, self.setting.state)
        stands = shortest(find_lever(lever).rest) if is_lever(lever) else ""
        self._take("lever", lever, {"levers": {**dict(self.setting.levers), lever: text}}, stands)

    def _assumption(self, name: str, text: str) -> None:
        number, problem = _attempt(lambda: number_of(PARAMETER + name, text))
        shipped = self.setting.shipped.parameter_values().to_dict()
        stands = shortest(float(shipped[name])) if name in shipped else ""
        if problem:
            self._leave("p", name, problem, stands)
        else:
            wanted = {**dict(self.setting.assumptions), name: number}
            self._take("p", name, {"assumptions": wanted}, stands)

    def _more(self, part: str, name: str, field: str, make: Callable[[], Any]) -> None:
        """One more of a list of the setting."""
        one, problem = _attempt(make)
        if problem:
            self._leave(part, name, problem)
        else:
            self._take(part, name, {field: [*getattr(self.setting, field), one]})

    def _act(self, text: str) -> None:
        number = len(self.setting.acts) + 1

        def make() -> Act:
            acts = (*self.setting.acts, from_field(text))
            return check_acts(self.setting.shipped, acts)[number - 1]

        self._more("act", str(number), "acts", make)


def _attempt(make: Callable[[], T]) -> tuple[T | None, str]:
    """What is made, and '' or why it cannot be."""
    try:
        return make(), ""
    except InputError as error:
        return None, str(error)
