"""Opening an address: all that is good of it, and what was left out and why. One bad value does not
cost the whole setting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from coercivity.experiments.lab.act_in_link import from_field, shortest
from coercivity.experiments.lab.acts import (
    MOST_ACTS,
    Act,
    check_acts,
    too_many,
)
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
    repeated_field_error,
    twice_in_a_month,
)
from coercivity.experiments.lab.own_scenario import decode_scenario
from coercivity.experiments.lab.setting import DEFAULT_SCENARIO, LabSetting, replace_checked
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.parameters import load_parameters

T = TypeVar("T")
MARKS = (VERSION, FINGERPRINT, MODEL)  # of the link itself


@dataclass(frozen=True)
class LeftOut:
    """A part of an address that was left out: which (`scenario`, `seed`, `state`, `lever`, `p`,
    `at`, `act`, `acts`, `own`, `unmarked` or `address`), its name where it has one, why, and what
    stands there now, '' where nothing does. The name of an act is its number in the link, that of
    `acts` how many there are beyond the most that a setting has.
    """

    part: str
    name: str
    problem: InputError
    stands: str = ""


def open_search(search: str | None) -> tuple[LabSetting, tuple[LeftOut, ...]]:
    """The setting of an address without what does not fit, and what was left out. Raises nothing:
    of an address with nothing good in it the setting is the shipped one.
    """
    found: tuple[LabSetting, tuple[LeftOut, ...]]
    try:
        found = open_query(search), ()
    except InputError:
        found = _Opening(search, together=False).read()
        if _attempt(lambda: (found[0].asked(), found[0].base()))[1]:
            found = _Opening(search, together=True).read()
    return found[0], (*found[1], *_unmarked_parameters(search, found[0].state))


def _unmarked_parameters(search: str | None, state: str) -> tuple[LeftOut, ...]:
    """Levers and parameters that an address names without saying that they are: nobody's tracker
    is called so.
    """
    names = dict(parse_qsl((search or "").lstrip("?")[:LONGEST]))
    left = []
    for name in names:
        begins = next((at for at in (LEVER, PARAMETER) if _is_ours(at, name, state)), "")
        if begins:
            problem = InputError(
                "{written} is no field of a link",
                "write {begins}{written}",
                written=name,
                begins=begins,
            )
            left.append(LeftOut("unmarked", begins + name, problem))
    return tuple(left)


def _is_ours(begins: str, name: str, state: str) -> bool:
    if name in SINGLE or name == ACT:
        return False
    if begins == PARAMETER:
        return name in load_parameters()
    return is_lever(lever_named(name, state))


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
        self.acts = [value for name, value in pairs if name == ACT]
        self.numbers: list[int] = []  # in the link, of the acts of the setting
        self.named: set[str] = set()  # levers
        for name, value in pairs[:MOST_FIELDS]:
            if name in self.fields and (name in SINGLE or name.startswith((LEVER, PARAMETER))):
                if name not in MARKS:  # of these the first counts
                    self._leave(
                        "address", name, repeated_field_error(name), shorten(self.fields[name])
                    )
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
            self._more("at", part, "changes", partial(self._change, part))
        for number, text in enumerate(self.acts[:MOST_ACTS], start=1):
            self._act(number, text)
        if len(self.acts) > MOST_ACTS:
            self._leave("acts", str(len(self.acts) - MOST_ACTS), too_many(len(self.acts)))
        return self.setting, tuple(self.left)

    def _leave(self, part: str, name: str, problem: InputError | None, stands: str = "") -> None:
        if problem is not None:
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
            own, problem = _attempt(lambda: decode_scenario(self.fields[OWN]))
            if own is not None:
                self._take("own", "", {"own": own}, self.setting.scenario)
                return
            self._leave("own", "", problem, self.fields.get("scenario", DEFAULT_SCENARIO))
        if "scenario" in self.fields:
            wanted = {"scenario": self.fields["scenario"]}
            self._take("scenario", "scenario", wanted, self.setting.scenario)

    def _lever(self, name: str, text: str) -> None:
        lever = lever_named(name, self.setting.state)
        moved = dict(self.setting.levers)
        rest = find_lever(lever).rest if is_lever(lever) else None
        at = moved.get(lever, rest)
        stands = shortest(at) if at is not None else ""
        if lever in self.named:  # by another name: of these too the first counts
            self._leave("lever", lever, repeated_field_error(LEVER + lever), stands)
            return
        self.named.add(lever)
        self._take("lever", lever, {"levers": {**moved, lever: text}}, stands)

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

    def _change(self, part: str) -> tuple[str, str, str]:
        """A later change; of two of one lever in one month the first counts."""
        change = change_of(part, self.setting.state)
        if any(change[:2] == there[:2] for there in self.setting.changes):
            raise twice_in_a_month(change)
        return change

    def _act(self, number: int, text: str) -> None:
        """One more act: what is wrong with it names acts by their numbers in the link."""

        def make() -> Act:
            acts = (*self.setting.acts, from_field(text))
            return check_acts(self.setting.shipped, acts)[-1]

        before = len(self.left)
        self.numbers.append(number)
        self._more("act", str(number), "acts", make)
        for at, left in enumerate(self.left[before:], before):
            problem = _renumber_refusal(left.problem, self.numbers)
            self.left[at] = LeftOut(left.part, left.name, problem, left.stands)
            self.numbers.pop()


def _attempt(make: Callable[[], T]) -> tuple[T | None, InputError | None]:
    """What is made, and why it cannot be."""
    try:
        return make(), None
    except InputError as error:
        return None, error


def _renumber_refusal(error: InputError, numbers: Sequence[int]) -> InputError:
    """A refusal of acts that are 1, 2, ... here, with the *numbers* that they have elsewhere."""

    def of(said: str | Phrase) -> str | Phrase:
        number = said.fields.get("act_number", 0) if isinstance(said, Phrase) else 0
        if not isinstance(said, Phrase) or not isinstance(number, int) or not number:
            return said
        return Phrase(said.sentence, {**said.fields, "act_number": numbers[number - 1]})

    found = InputError(of(error.what), error.fix)
    for place in reversed(error.places):
        found = found.within(of(place))
    return found
