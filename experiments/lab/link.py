"""The address of a setting: everything that was moved, readable, and the version, the fingerprint
and the model of what it showed when it was made.

    ?scenario=japan-2026&seed=1&state=Japan&lever.firms_stock=3&p.share_speed=0.2&at=2027-03:japan_stockpile:2&v=0.4.0&f=0123456789ab&m=0123456789ab

A lever may stand without its state: `stockpile` is that of the state looked at. An act that a
visitor wrote is a field `act`, which may stand several times (lab/acts.py). Only what differs from
the shipped values stands in it. Opened with another version, or where the fingerprint of the
scenario, the facts or the rules differ, the page says so. Pages open all that is good of an
address (lab/link_reader.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from coercivity.experiments.lab.act_in_link import from_field, shortest, to_field
from coercivity.experiments.lab.levers import lever_named
from coercivity.experiments.lab.own_scenario import decode_scenario, encode_scenario
from coercivity.experiments.lab.setting import DEFAULT_SCENARIO, LabSetting, check_setting
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import read_number
from coercivity.model.results.provenance import code_hash, facts_hash
from coercivity.model.results.result import model_version

LEVER, PARAMETER, CHANGE, VERSION, FINGERPRINT, MODEL, OWN, ACT = (
    "lever.",
    "p.",
    "at",
    "v",
    "f",
    "m",
    "own",
    "act",
)
SINGLE: Final = (OWN, "scenario", "seed", "state", CHANGE, VERSION, FINGERPRINT, MODEL)
LONGEST: Final = 8_000  # characters of an address
MOST_FIELDS: Final = 220  # all parameters and levers fit
_VERSION: Final = re.compile(r"\d+(?:\.[\w+]+)+", re.ASCII)


@dataclass(frozen=True)
class Remark:
    """What a visitor of an old or changed link must know: it was made with another `version` of the
    model, it was `changed` by hand or its scenario has since, or `rules` or facts are others. made,
    here: the two versions.
    """

    which: Literal["version", "changed", "rules"]
    made: str = ""
    here: str = ""


def to_query(setting: LabSetting) -> str:
    """The part of the address after '?'; an uploaded scenario stands in it whole. Raises InputError
    for one that is too long for an address.
    """
    scenario_field = (
        (OWN, encode_scenario(setting.own))
        if setting.own is not None
        else ("scenario", setting.scenario)
    )
    fields = [scenario_field, ("seed", str(setting.seed)), ("state", setting.state)]
    fields += [(LEVER + name, shortest(value)) for name, value in setting.levers]
    fields += [(PARAMETER + name, shortest(value)) for name, value in setting.assumptions]
    if setting.changes:
        fields.append(
            (
                CHANGE,
                ",".join(
                    f"{month}:{name}:{shortest(value)}" for month, name, value in setting.changes
                ),
            )
        )
    fields += [(ACT, to_field(act)) for act in setting.acts]
    query = urlencode(
        [
            *fields,
            (VERSION, model_version()),
            (FINGERPRINT, setting.asked().fingerprint()),
            (MODEL, model_mark()),
        ],
        safe=":,/",
    )
    if len(query) > LONGEST:
        raise InputError(
            "scenario '{value}' is too long for a link of {high} characters",
            "take the scenario file and pass that on",
            value=setting.scenario,
            high=LONGEST,
        )
    return query


def query_if_short(setting: LabSetting) -> str:
    """The part of the address after '?'; empty for an uploaded scenario that is too long for
    one.
    """
    try:
        return to_query(setting)
    except InputError:
        return ""


def open_query(search: str | None) -> LabSetting:
    """The setting of an address, with which a page can begin: what it asks for and its twin are
    both scenarios. Raises InputError, one line.
    """
    setting = read_query(search)
    setting.asked()
    setting.base()
    return setting


def read_query(search: str | None) -> LabSetting:
    """The setting of an address; what is missing is as shipped. Raises InputError, one line, for
    anything that is not known or does not fit.
    """
    fields, levers, assumptions, acts = fields_of_address(search)
    state = fields.get("state", "Japan")
    own = decode_scenario(fields[OWN]) if OWN in fields else None
    return check_setting(
        scenario=fields.get("scenario", DEFAULT_SCENARIO),
        seed=fields.get("seed", "1"),
        state=state,
        levers=_by_id(levers, state),
        assumptions=assumptions,
        changes=_changes(fields, state),
        own=own,
        acts=[from_field(text) for text in acts],
    )


def _by_id(levers: Mapping[str, object], state: str) -> dict[str, object]:
    """Levers by their ids. Raises InputError for one that stands there by two names."""
    found: dict[str, object] = {}
    for name, value in levers.items():
        lever = lever_named(name, state)
        if lever in found:
            raise repeated_field_error(LEVER + lever)
        found[lever] = value
    return found


def _changes(fields: Mapping[str, str], state: str) -> list[tuple[str, str, str]]:
    """Later changes. Raises InputError for a lever that changes twice in a month."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for part in parts_of_changes(fields):
        change = change_of(part, state)
        if change[:2] in found:
            raise twice_in_a_month(change)
        found[change[:2]] = change
    return list(found.values())


def twice_in_a_month(change: tuple[str, str, str]) -> InputError:
    """What is wrong with two later changes of one lever in one month."""
    month, lever, _ = change
    return InputError(
        "at '{value}', {written} stands twice in the address",
        "write it once",
        value=shorten(month, 20),
        written=LEVER + shorten(lever, 30),
    )


def repeated_field_error(name: str) -> InputError:
    """What is wrong with a field that may stand once."""
    return InputError("{written} stands twice in the address", "write it once", written=name)


def parts_of_changes(fields: Mapping[str, str]) -> list[str]:
    """The later changes that an address writes, one text each."""
    return [part for part in fields.get(CHANGE, "").split(",") if part]


def change_of(part: str, state: str) -> tuple[str, str, str]:
    """Month, lever and value of a later change. Raises InputError."""
    pieces = part.split(":")
    if len(pieces) != 3:
        raise InputError(
            "{field} '{value}' is not a change",
            "write YYYY-MM:lever:value, several with commas between them",
            field=CHANGE,
            value=part,
        )
    return pieces[0], lever_named(pieces[1], state), pieces[2]


def remark(fields: Mapping[str, str], setting: LabSetting) -> Remark | None:
    """What there is to say of a link with these fields, of which `setting` was read; None where it
    fits this version, or names none.
    """
    version, mark = fields.get(VERSION, ""), fields.get(FINGERPRINT, "")
    if version and version != model_version():
        if not _VERSION.fullmatch(version):  # no version ever wrote this
            return Remark("changed")
        return Remark("version", shorten(version, 20), model_version())
    if mark and mark != setting.asked().fingerprint():
        return Remark("changed")
    return Remark("rules") if fields.get(MODEL) not in (None, "", model_mark()) else None


def model_mark() -> str:
    """12 hex digits of facts and rules: the first half of each hash."""
    return facts_hash(Facts.default())[:6] + code_hash()[:6]


def fields_of_address(
    search: str | None,
) -> tuple[dict[str, str], dict[str, object], dict[str, object], list[str]]:
    """Single fields, levers, assumptions and acts of an address. Fields that are none of ours are
    other people's trackers, and left alone.
    """
    text = (search or "").lstrip("?")
    if len(text) > LONGEST:
        raise InputError(
            "the address has {count} characters",
            "use at most {high}, or upload the scenario file",
            count=len(text),
            high=LONGEST,
        )
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise InputError(
            "the address has more than {count} fields",
            "write ?scenario=...&seed=...&state=...",
            count=MOST_FIELDS,
        ) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        ours = name in SINGLE or name.startswith((LEVER, PARAMETER))
        if name in fields and ours:
            raise repeated_field_error(name)
        if ours:
            fields[name] = value
    levers: dict[str, object] = {
        name.removeprefix(LEVER): value for name, value in fields.items() if name.startswith(LEVER)
    }
    assumptions = {
        name.removeprefix(PARAMETER): number_of(name, value)
        for name, value in fields.items()
        if name.startswith(PARAMETER)
    }
    acts = [value for name, value in pairs if name == ACT]
    return {name: fields[name] for name in SINGLE if name in fields}, levers, assumptions, acts


def number_of(name: str, value: str) -> object:
    """The value of a parameter in an address. Raises InputError."""
    from coercivity.model.basis.parameters import load_parameters, unknown_parameter_error

    known = name.removeprefix(PARAMETER)
    if known not in load_parameters():
        raise unknown_parameter_error(known, load_parameters().names)
    number = read_number(value)
    if math.isnan(number):
        raise InputError(
            "parameter {field} '{value}' is not a number",
            "write for example {example}",
            field=known,
            value=value,
            example=f"{load_parameters()[known].value:g}",
        )
    return number
