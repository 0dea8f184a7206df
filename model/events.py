"""Dated acts and shocks: what a scenario may script, and the checks that make a mistake cost one line.

Only published legal acts and announcements belong in a scenario; what follows from them (refusals, delays, prices)
is for the model to find.
"""

from __future__ import annotations

import datetime as _dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.calendar import month_index, parse_date
from coercivity.model.errors import InputError, shorten, suggest
from coercivity.model.inputs import as_number, is_name, plain_text
from coercivity.model.names import (
    EU,
    EU_STATES,
    GOOD_GROUPS,
    GOVERNMENTS,
    PROCESSES,
    SECTORS,
    STAGES,
    STATES,
    WORLD,
    expand_goods,
    states_of,
)
from coercivity.model.support_checks import check_event, check_of


@dataclass(frozen=True)
class Field:
    """A field that only some kinds of event have: how to check it, its default, and whether it must be given."""

    check: str  # number | choice | names | id | text
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of event: one line on what it does, its own fields, and which common fields it takes."""

    description: str
    fields: Mapping[str, Field]
    goods: str = ""  # the group that stands when goods are not given; empty: the kind has no goods
    targets: str = (
        WORLD  # the target that stands when targets are not given; empty: they must be given
    )
    actor: bool = True
    end: bool = False  # whether an end must be given
    towards: bool = True  # whether it is aimed at other states


def _kind(
    description: str,
    /,
    goods: str = "",
    targets: str = WORLD,
    actor: bool = True,
    end: bool = False,
    towards: bool = True,
    **fields: Field,
) -> Kind:
    return Kind(description, MappingProxyType(fields), goods, targets, actor, end, towards)


_SHARE: Final = Field("number", high=1.0, required=True)
_FRAMING: Final = Field(
    "choice", ("security", "conservation"), default=""
)  # what is pleaded at the WTO; empty: what the sender's laws allow
_RATE: Final = Field("number", high=2.0, required=True)
_LOSS: Final = Field("number", high=1.0, default=1.0)
_STATE: Final = Field("choice", STATES, required=True)
_BUDGET: Final = Field("number", required=True)  # USD million, from date to end
_STAGES: Final = Field("names", STAGES[:-1], default=("separation",))
_HOSTS: Final = Field(
    "names", STATES, default=()
)  # where the supported plants stand; none named: at home and with coalition partners
_CAPEX_SHARE: Final = Field("number", high=1.0, default=0.3)
_SECTOR_NAMES: Final = Field("names", SECTORS, required=True)
_FIRM: Final = Field(
    "text", default=""
)  # a firm by name, with all its plants; empty: all firms of the states
_FIRM_STATES: Final = Field("names", STATES, default=("Japan",))
_BUILT: Final = (
    "make_magnet_standard",
    "make_magnet_heat_resistant",
    "separate_heavy",
    "separate_light",
    "make_metal",
)  # what a firm may build

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "quota": _kind(
            "at most so many tonnes may leave from date to end",
            "raw_materials",
            end=True,
            tonnes=Field("number", required=True),
        ),
        "export_duty": _kind(
            "a tax on exports, as a share of the price", "raw_materials", rate=_RATE
        ),
        "import_tariff": _kind(
            "a tax on imports from the targets, as a share of the price", "all", rate=_RATE
        ),
        "licensing": _kind(
            "each shipment needs a licence: delay, not denial", "controlled_2025", framing=_FRAMING
        ),
        "dual_use_ban": _kind(
            "military users and uses barred, civilian ones free on paper", "controlled_2025"
        ),
        "entity_list": _kind(
            "named firms barred (control) or checked harder (watch); share: of the firms in those sectors",
            "controlled_2025",
            share=_SHARE,
            sectors=Field("names", SECTORS, default=SECTORS),
            list=Field("choice", ("control", "watch"), default="control"),
        ),
        "blanket_ban": _kind(
            "nothing of these goods may go to the targets", "all", framing=_FRAMING
        ),
        "customs_halt": _kind("an unannounced stop at the border", "raw_materials"),
        "technology_ban": _kind("know-how and machinery for the trade may not leave"),
        "extraterritorial": _kind(
            "goods made abroad with these goods need a licence too", "controlled_2025"
        ),
        "general_licence": _kind(
            "one licence for many shipments to known customers", "controlled_2025"
        ),
        "suspension": _kind(
            "an earlier act does not apply from date to end", of=Field("id", required=True)
        ),
        "truce": _kind("both sides hold back; licences move faster", targets=""),
        "remark": _kind(
            "a public remark that sours relations", severity=Field("number", high=1.0, default=0.3)
        ),
        "threat": _kind("a threat to cut supply", severity=Field("number", high=1.0, default=0.5)),
        "review": _kind(
            "an official inquiry or consultation that may lead to a measure",
            severity=Field("number", high=1.0, default=0.4),
        ),
        "trigger": _kind(
            "a political incident, or an act outside this trade, that sours relations",
            targets="",
            severity=Field("number", high=1.0, default=0.5),
            issue=Field("choice", ("sovereignty", "technology", "trade"), default="trade"),
        ),
        "breach": _kind(
            "the actor breaks its word to the targets",
            targets="",
            severity=Field("number", high=1.0, default=0.5),
        ),
        "concession": _kind("the actor gives way to what the targets demand", targets=""),
        "dispute": _kind(
            "a case at the WTO against an earlier act", targets="", of=Field("id", required=True)
        ),
        "grant": _kind(
            "public money that need not come back, for plants",
            towards=False,
            budget=_BUDGET,
            stages=_STAGES,
            hosts=_HOSTS,
            share=_CAPEX_SHARE,
        ),
        "loan": _kind(
            "cheap public loans for plants",
            towards=False,
            budget=_BUDGET,
            stages=_STAGES,
            hosts=_HOSTS,
            share=Field("number", high=1.0, default=0.5),
            rate=Field("number", high=0.15, default=0.03),
        ),
        "equity": _kind(
            "public shares in plants",
            towards=False,
            budget=_BUDGET,
            stages=_STAGES,
            hosts=_HOSTS,
            share=_CAPEX_SHARE,
        ),
        "tax_credit": _kind(
            "a part of production cost, paid back",
            towards=False,
            budget=_BUDGET,
            stages=_STAGES,
            hosts=_HOSTS,
            rate=Field("number", high=0.5, default=0.1),
        ),
        "price_floor": _kind(
            "a contract for difference: the state pays up to the floor, and shares what is above the ceiling",
            towards=False,
            budget=_BUDGET,
            good=Field("choice", GOOD_GROUPS["oxides"], default="ndpr_oxide"),
            floor=Field("number", required=True),
            hosts=_HOSTS,
            ceiling=Field("number", default=150.0),
            upside=Field("number", high=1.0, default=0.3),
        ),
        "offtake": _kind(
            "the state buys what stays unsold, up to so many tonnes a year",
            "oxides",
            towards=False,
            budget=_BUDGET,
            hosts=_HOSTS,
            tonnes=Field("number", required=True),
        ),
        "stockpile": _kind(
            "the state holds so many months of its firms' use",
            "heavy_oxides",
            towards=False,
            budget=_BUDGET,
            cover=Field("number", high=24.0, default=2.0),
        ),
        "coalition": _kind(
            "states pool their support and open it to each other's plants",
            towards=False,
            members=Field("names", GOVERNMENTS, required=True),
            outside=Field("names", GOVERNMENTS, default=()),
        ),
        "demand_case": _kind(
            "end use grows faster from date to end, by so much a year",
            actor=False,
            sectors=_SECTOR_NAMES,
            growth=Field("number", high=2.0, required=True),
            states=Field("names", STATES, default=STATES),
        ),
        "firm_stock": _kind(
            "firms hold so many more months of stock than is their habit",
            actor=False,
            firm=_FIRM,
            states=_FIRM_STATES,
            cover=Field("number", high=24.0, required=True),
        ),
        "firm_supplier": _kind(
            "firms turn away from a state's sellers: this share of their pull is gone",
            actor=False,
            firm=_FIRM,
            states=_FIRM_STATES,
            away_from=Field("choice", STATES, default="China"),
            strength=_SHARE,
        ),
        "firm_build": _kind(
            "a firm begins a planned plant, or enlarges one where none is planned; share: of the planned size",
            actor=False,
            firm=_FIRM,
            state=_STATE,
            process=Field("choice", _BUILT, required=True),
            share=Field("number", low=0.1, high=1.0, default=1.0),
        ),
        "mine_closure": _kind(
            "mines stop: this share of the output of a good in a state",
            actor=False,
            state=_STATE,
            good=Field("choice", ("light_concentrate", "heavy_concentrate"), required=True),
            share=_LOSS,
        ),
        "plant_fire": _kind(
            "plants stop: this share of the capacity of a process or sector in a state",
            actor=False,
            state=_STATE,
            process=Field("choice", (*PROCESSES, *SECTORS), required=True),
            share=_LOSS,
        ),
    }
)

_DECIDED: Final = re.compile(
    rf"({'|'.join(GOVERNMENTS)})-\d{{4}}-\d{{2}}-[a-z_]+(-\d+)?", re.ASCII
)  # ids of acts that governments decide in a run
_NONE: Final[Mapping[str, Event]] = MappingProxyType({})
COMMON: Final = ("date", "end", "id", "kind", "actor", "targets", "goods", "text", "source")
_TARGETS: Final = (*STATES, EU, WORLD)


@dataclass(frozen=True)
class Event:
    """One dated act, signal or shock. ``goods`` are single goods (groups are expanded); ``fields`` are those of the kind, sorted."""

    date: str  # YYYY-MM-DD, the first day
    kind: str
    id: str
    end: str = ""  # YYYY-MM-DD, the last day; empty: open
    actor: str = ""
    targets: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    text: str = ""
    source: str = ""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of the field *key* of this kind (defaults of the kind are already in), else *default*."""
        return dict(self.fields).get(key, default)

    def month_index(self, start: str) -> int:
        """Return whole months from *start* ('YYYY-MM') to the month of the first day; negative when it is in force before."""
        return month_index(start, self.date)

    def end_index(self, start: str) -> int | None:
        """Return whole months from *start* to the month of the last day, None when the end is open."""
        return month_index(start, self.end) if self.end else None

    def target_states(self) -> tuple[str, ...]:
        """Return the states that the targets stand for, in the order of STATES, without the actor's own."""
        own = states_of(self.actor) if self.actor else ()
        wanted = {state for target in self.targets for state in states_of(target)}
        return tuple(state for state in STATES if state in wanted and state not in own)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a scenario file writes it: no empty keys, a group's name where the goods are just that group."""
        raw: dict[str, Any] = {
            "date": self.date,
            "end": self.end,
            "id": self.id,
            "kind": self.kind,
            "actor": self.actor,
        }
        raw["targets"] = list(self.targets)
        group = next(
            (name for name, goods in GOOD_GROUPS.items() if goods == self.goods and len(goods) > 1),
            None,
        )
        raw["goods"] = group or list(self.goods)
        raw.update(
            {key: list(value) if isinstance(value, tuple) else value for key, value in self.fields}
        )
        raw.update(text=self.text, source=self.source)
        return {key: value for key, value in raw.items() if value not in ("", [])}


def decided_in_run(act: str) -> bool:
    """Whether an id is one that a government's decision gives to its act while the world runs: 'China-2026-05-licensing'."""
    return _DECIDED.fullmatch(act) is not None


def event_from_dict(
    raw: object, where: str, number: int, earlier: Mapping[str, Event] = _NONE
) -> Event:
    """Return the Event that *raw* (one entry of ``events``, the *number*-th) describes. *earlier* events, by their ids, can be suspended.

    Raises InputError with one line that names the file, the event, the field, the value and the fix.
    """
    where = f"{where}, event {number}"
    if not isinstance(raw, Mapping):
        raise InputError(
            f"{where}: '{shorten(raw)}' is not an event; write keys and values, for example date: 2026-01-06"
        )
    name = raw.get("id", f"E{number:03d}")
    where = f"{where} ({shorten(name, 30)})"
    kind_name = _choice(raw.get("kind"), "kind", tuple(KINDS), where)
    kind = KINDS[kind_name]
    allowed = [key for key in COMMON if key != "goods" or kind.goods]
    for key in raw:
        if not is_name(key, allowed) and not is_name(key, kind.fields):
            raise InputError(
                f"{where}: key '{shorten(key)}' is not known for a {kind_name}; {suggest(key, (*allowed, *kind.fields))}"
            )
    if "date" not in raw:
        raise InputError(f"{where}: date is missing; write date: YYYY-MM-DD")
    date, end = (
        _date(raw["date"], f"{where}: date"),
        _date(raw["end"], f"{where}: end") if raw.get("end") else "",
    )
    if end and end < date:
        raise InputError(
            f"{where}: end '{end}' is before date '{date}'; an event ends on or after the day it begins"
        )
    if kind.end and not end:
        raise InputError(
            f"{where}: end is missing; a {kind_name} needs its last day, write end: YYYY-MM-DD"
        )
    actor = _actor(raw.get("actor"), kind, where)
    targets: tuple[str, ...] = ()
    if kind.actor and kind.towards:
        if not (kind.targets or "targets" in raw):
            raise InputError(
                f"{where}: targets is missing; a {kind_name} needs them, for example targets: [Japan]"
            )
        targets = _names(raw.get("targets", kind.targets), "targets", _TARGETS, where)
    event = Event(
        date=date,
        kind=kind_name,
        id=plain_text(name, f"{where}: id", 40),
        end=end,
        actor=actor,
        targets=targets,
        goods=_goods(raw, kind, where),
        fields=tuple(
            sorted(
                (key, _field(key, spec, raw.get(key), where, date, earlier))
                for key, spec in kind.fields.items()
            )
        ),
        text=plain_text(raw.get("text", ""), f"{where}: text", 2000),
        source=plain_text(raw.get("source", ""), f"{where}: source", 1000),
    )
    if event.get("of") in earlier:
        check_of(event, earlier[event.get("of")], where)
    if targets and not event.target_states():
        raise InputError(
            f"{where}: targets '{shorten(', '.join(targets))}' are the actor's own states; name another state, EU or World"
        )
    check_event(event, where)
    return event


def _field(
    key: str, spec: Field, value: object, where: str, date: str, earlier: Mapping[str, Event]
) -> Any:
    if value is None:
        if spec.required:
            hint = "the id of an earlier event" if spec.check == "id" else _range(spec)
            hint = f"one of {', '.join(spec.options[:4])}, ..." if spec.options else hint
            raise InputError(f"{where}: {key} is missing; write {key}: {hint}")
        return spec.default
    if spec.check == "number":
        return check_number(value, f"{where}: {key}", spec.low, spec.high)
    if spec.check == "choice":
        return _choice(value, key, spec.options, where)
    if spec.check == "names":
        return _names(value, key, spec.options, where)
    if spec.check == "text":
        return plain_text(value, f"{where}: {key}", 80)
    if isinstance(value, str) and value not in earlier and decided_in_run(value):
        return value  # an act that a government decides while the world runs
    if not is_name(value, earlier):
        fix = suggest(value, earlier) if earlier else "list that event first"
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not the id of an earlier event; {fix}"
        )
    if earlier[value].date > date:
        raise InputError(
            f"{where}: {key} '{value}' begins on {earlier[value].date}, after {date}; a suspension comes after what it suspends"
        )
    return value


def _range(spec: Field) -> str:
    return (
        f"a number from {spec.low:g} to {spec.high:g}"
        if spec.high < float("inf")
        else f"a number, {spec.low:g} or more"
    )


def check_number(value: object, where: str, low: float, high: float) -> float:
    """Return *value* as a float within [low, high]. Raises InputError naming *where*, the value and the range."""
    number = as_number(value) if isinstance(value, (int, float)) else math.nan
    if not (low <= number <= high and math.isfinite(number)):
        raise InputError(
            f"{where} '{shorten(value)}' does not fit; use {_range(Field('number', low=low, high=high))}"
        )
    return number


def _choice(value: object, key: str, options: tuple[str, ...], where: str) -> str:
    if value is None:
        raise InputError(f"{where}: {key} is missing; {suggest('', options)}")
    if not is_name(value, options):
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not known; {suggest(value, options)}"
        )
    return value


def _names(value: object, key: str, options: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not isinstance(value, (str, list, tuple)) or not value:
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not a list of names; write {key}: [{options[0]}, {options[1]}]"
        )
    return tuple(
        dict.fromkeys(
            _choice(name, key, options, where)
            for name in ([value] if isinstance(value, str) else value)
        )
    )


def _actor(value: object, kind: Kind, where: str) -> str:
    if value is None and not kind.actor:
        return ""
    if is_name(value, EU_STATES):
        raise InputError(
            f"{where}: actor '{value}' has no government of its own here; write actor: EU"
        )
    return _choice(value, "actor", GOVERNMENTS, where)


def _goods(raw: Mapping[Any, Any], kind: Kind, where: str) -> tuple[str, ...]:
    if not kind.goods:
        return ()
    value = raw.get("goods", kind.goods)
    return expand_goods(_names(value, "goods", (*GOOD_GROUPS, *GOOD_GROUPS["all"]), where))


def _date(value: object, where: str) -> str:
    return parse_date(
        value.isoformat() if isinstance(value, _dt.date) else value, where
    ).isoformat()
