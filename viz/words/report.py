"""The one-page report of a run or a comparison: a single HTML file with figures inside, that asks
no server for anything.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.findings.past_months import HALTS, is_past
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.experiments.worlds.output_tables import SavedRun, manifest
from coercivity.experiments.worlds.spreadsheet_cells import cell
from coercivity.model.basis.extras import require_packages
from coercivity.model.basis.parameters import parameters_of
from coercivity.viz.words.firm_names import unnamed_makers
from coercivity.viz.words.names import in_sentence
from coercivity.viz.words.own_rows import own_rows_in_words
from coercivity.viz.words.summary import Section, Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coercivity.viz.words.briefing import WayBack

LINES: Final = (*HALTS, "stop", "restart")  # kinds of events of one firm's line or plant
MAX_EVENTS: Final = 80  # more would bury the page; all of them are in events.parquet
DESCRIPTIONS: Final = {
    "prices": (
        "Home and export prices part where a border binds. Dotted lines: measures against {state} "
        "by name."
    ),
    "output": "Share of what each sector would make if no part were missing.",
    "cover": "Stocks over use, all firms together; single firms hold more or less.",
    "dependence": (
        "China's share of purchases by tonnage; separation in China counts even when a good comes "
        "through a third country."
    ),
    "loss": "Added up from the start of the run.",
}
_ADDRESS = re.compile(r"https?://[^\s<>\"')]*[^\s<>\"').,;:]")


def report_html(
    summary: Summary,
    results: Sequence[SavedRun],
    base: Sequence[SavedRun] = (),
    state: str = FOCUS,
    link: WayBack | None = None,
    twin: str = "",
) -> str:
    """Return the report of one or several worlds (and of the twins *base* that they are compared
    with), seen from a state, as one HTML text. link: the way back to the same numbers on a page;
    twin: what *base* is in words, else its scenario's name.
    """
    require_packages(("jinja2", "matplotlib"), "plot", "report.html")
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    from coercivity.viz.figures.run_figures import FIGURES

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["cell"] = cell  # spreadsheets open this file too
    template = environment.from_string(
        (files("coercivity.viz.words") / "report.html").read_text(encoding="utf-8")
    )
    scenario = results[0].scenario
    events, hidden = event_rows(results[0])
    return template.render(
        summary=summary,
        scenario=scenario,
        figures=[
            (name, svg(draw(results, base, state), name), DESCRIPTIONS[name].format(state=state))
            for name, draw in FIGURES.items()
        ],
        base_name=twin or (base[0].scenario.name if base else ""),
        events=events,
        hidden_events=hidden,
        sources=[split_links(source) for source in scenario.sources],
        changed=changed_parameters(results[0]),
        switched=[f"{name} {'on' if on else 'off'}" for name, on in scenario.mechanisms],
        provenance=provenance(results, base),
        is_plain=_is_plain,
        one_world=len(results) == 1,
        link=link,
    )


def svg(figure: Figure, name: str) -> str:
    """Return *figure* as an SVG element that can stand in a page beside others: same bytes for same
    data, no repeated ids.
    """
    from matplotlib import rc_context

    from coercivity.viz.figures.run_figures import STYLE

    stream = io.StringIO()
    with rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(
            stream,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(
        r' id="[A-Za-z0-9.]+_\d+"', "", text
    )  # matplotlib's group names: the same in every figure
    return text.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1).strip()


def event_rows(result: SavedRun) -> tuple[list[tuple[str, str, str]], int]:
    """Return (month, who, words) of the events of one world, in order and each once, and how many
    more there are. No firm is named as halted in a month that is past, nor as what runs again
    after it.
    """
    firms = {str(row["firm"]): row for row in result.table("firms").to_dict("records")}
    by_length = sorted(firms, key=len, reverse=True)
    halted, rows = set[str](), dict[tuple[str, str, str], None]()
    frame = result.table("events")
    columns = (frame[name].astype(str) for name in ("month", "actor", "kind", "text"))
    for month, who, kind, words in zip(*columns, strict=True):
        if kind in LINES:
            firm = next((name for name in by_length if name in words), "")
            if firm and (firm in halted or is_past(result.scenario.facts, month)):
                halted.add(firm)
                unnamed = _unnamed_plant(firms[firm])
                who, words = (text.replace(firm, unnamed) for text in (who, words))
        rows[month, who, words] = None
    return list(rows)[:MAX_EVENTS], max(0, len(rows) - MAX_EVENTS)


def _unnamed_plant(firm: Mapping[Any, Any]) -> str:
    if firm["stage"] == "end_use":
        return unnamed_makers(1, str(firm["sector"]), str(firm["state"]))
    return f"a plant in {firm['state']} ({in_sentence(str(firm['stage']))})"


def changed_parameters(result: SavedRun) -> list[dict[str, Any]]:
    """Return name, value, shipped value, unit and description of each parameter that the scenario
    changes.
    """
    table, changed = parameters_of(result.scenario.facts), []
    for name, value in result.scenario.parameters:
        row = table[name]
        changed.append(
            {
                "name": name,
                "value": f"{value:g}",
                "shipped": f"{row.value:g}",
                "unit": row.unit,
                "description": row.description,
            }
        )
    return changed


def provenance(results: Sequence[SavedRun], base: Sequence[SavedRun] = ()) -> list[tuple[str, str]]:
    """Return what makes the run again, as (what, value)."""
    facts = manifest(results, {}, base)
    seeds = facts["seeds"]
    rows = [
        (
            "Scenario",
            f"{facts['scenario']['name']} (fingerprint {facts['scenario']['fingerprint']})",
        ),
        (
            "Seeds",
            str(seeds[0])
            if len(seeds) == 1
            else f"{seeds[0]} to {seeds[-1]}"
            if _in_a_row(seeds)
            else ", ".join(map(str, seeds)),
        ),
        ("Months", str(facts["months"])),
        ("Coercivity", facts["coercivity"]),
        ("Parameters", f"hash {facts['parameter_hash']}"),
        ("Facts and code", f"hashes {facts['facts']} and {facts['code']}"),
        *([("World", facts["world"])] if facts["world"] != "World" else []),
        (
            "Python and packages",
            ", ".join(
                [
                    f"Python {facts['python']}",
                    *(f"{name} {version}" for name, version in facts["packages"].items()),
                ]
            ),
        ),
    ]
    own = own_rows_in_words(results[0].scenario)
    if own:
        rows.insert(1, ("Own rows", "; ".join(f"{row.what}: {row.here}" for row in own)))
    if base:
        rows.insert(
            1,
            (
                "Compared with",
                f"{facts['base']['name']} (fingerprint {facts['base']['fingerprint']})",
            ),
        )
    return rows


def _in_a_row(seeds: Sequence[int]) -> bool:
    return list(seeds) == list(range(seeds[0], seeds[0] + len(seeds)))


def split_links(text: str) -> list[Mapping[str, str]]:
    """Return *text* in pieces, web addresses marked as links.

    Nothing but http and https becomes a link.
    """
    pieces: list[Mapping[str, str]] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        pieces += [
            {"text": text[end : match.start()], "link": ""},
            {"text": match[0], "link": match[0]},
        ]
        end = match.end()
    return [piece for piece in (*pieces, {"text": text[end:], "link": ""}) if piece["text"]]


def _is_plain(section: Section) -> bool:
    return not any(section.columns)
