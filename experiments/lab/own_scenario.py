"""A scenario of a visitor's own: how much of one a page takes, and how a link holds one."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Final

from coercivity.experiments.lab.own_rows import shipped_below, with_tables
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.overlay import raw_own_rows, read_tables
from coercivity.model.scenario.scenario import Scenario, load_shipped, scenario_from_dict

MAX_MONTHS: Final = 360
MAX_EVENTS: Final = 400
MAX_FIRMS: Final = 12  # firms per sector and state: four times the reference world
MAX_PLANTS: Final = 50  # own plants, each with links to all who may buy
MAX_TEXT: Final = 200_000  # characters that a link may unfold to
OF: Final = "of"  # the shipped scenario that a link lays own rows over
LINK: Final = Phrase("the scenario in the link")


def check_size(scenario: Scenario, where: str | Phrase) -> Scenario:
    """The scenario, if a page can compute it while somebody waits. Raises InputError, one line."""
    events = len(scenario.events) + len(scenario.choices)
    if events > MAX_EVENTS:
        raise InputError(
            "{count} events are too many for a page",
            "use at most {high}, or run it in a terminal",
            where=where,
            count=events,
            high=MAX_EVENTS,
        )
    firms = dict(scenario.parameters).get("firms_per_sector", 0.0)
    if firms > MAX_FIRMS:
        raise too_many_firms(firms, where)
    plants = len(dict(scenario.tables).get("projects", ()))
    if plants > MAX_PLANTS:
        raise InputError(
            "{count} own rows of projects are too many for a page",
            "use at most {high}, or run it in a terminal",
            where=where,
            count=plants,
            high=MAX_PLANTS,
        )
    if scenario.months > MAX_MONTHS:
        raise InputError(
            "{field} {count} are too many for a page",
            "use at most {high}, or run it in a terminal",
            where=where,
            field="months",
            count=scenario.months,
            high=MAX_MONTHS,
        )
    return scenario


def too_many_firms(firms: float, where: str | Phrase = "") -> InputError:
    """What is wrong with so many firms a sector."""
    return InputError(
        "{count} firms a sector make a world too large for a page",
        "use at most {high}, or run it in a terminal",
        where=where,
        count=f"{firms:g}",
        high=MAX_FIRMS,
    )


def encode_scenario(scenario: Scenario) -> str:
    """The scenario as text for an address: JSON, deflated, in URL-safe base64. Of a shipped one
    with own rows its name and the rows.
    """
    shipped = shipped_below(scenario) if scenario.tables else ""
    whole = (
        {OF: shipped, "tables": raw_own_rows(scenario.tables)} if shipped else scenario.to_dict()
    )
    text = json.dumps(whole, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def decode_scenario(text: str) -> Scenario:
    """The scenario in a link, checked as an uploaded file is. Raises InputError, one line, for what
    was cut, changed, or unfolds to too much.
    """
    cut = InputError(
        "the scenario in the link was cut or changed",
        "ask for the link again, or for the scenario file",
    )
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found = zlib.decompressobj().decompress(raw, MAX_TEXT)
    except (ValueError, zlib.error):
        raise cut from None
    if len(found) >= MAX_TEXT:  # it stops there, whatever was still to come
        raise InputError(
            "the scenario in the link unfolds to more than {count} characters",
            "upload the file instead, or run it in a terminal",
            count=f"{MAX_TEXT:,}",
        )
    try:
        loaded = json.loads(found)
    except (ValueError, RecursionError):
        raise cut from None
    return check_size(_read_loaded_scenario(loaded), LINK)


def _read_loaded_scenario(loaded: object) -> Scenario:
    """A scenario that is written whole, or a shipped one by name with own rows."""
    if not isinstance(loaded, dict) or OF not in loaded:
        return scenario_from_dict(loaded, LINK)
    shipped = load_shipped(str(loaded[OF]))
    return with_tables(
        shipped, read_tables(Facts.default(), loaded.get("tables"), shipped.start, LINK)
    )
