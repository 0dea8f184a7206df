"""The report of a page: the summary of one history beside its twin, named by what was moved, with
the ranges of many histories where they are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import Histories
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import focal_date
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.viz.words.briefing_title import briefing_title, scenario_title
from coercivity.viz.words.compare_summary import compare_summary
from coercivity.viz.words.lab_cards import compare_cards
from coercivity.viz.words.summary import Section, Summary, headlines_of


def page_summary(
    setting: LabSetting,
    question: FindingRequest,
    mine: FinishedRun,
    twin: FinishedRun,
    since: str,
    many: Sequence[Histories] = (),
) -> Summary:
    """What the report says: headlines of the setting's state, counted from the day *since* as on
    the page. many: histories of the setting and of its twin, none where they are not known.
    """
    state = question.state
    told, other = (headlines_of((run,), since, state) for run in (mine, twin))
    summary = compare_summary((twin,), (mine,), other, told, state)
    ranges = _ranges_section(many[0], many[1], question) if len(many) == 2 else None
    counted = summary.measure
    if focal_date(mine.scenario, mine.months, state) != since:
        counted = f"Counted from {since}, as on the page."
    return replace(
        summary,
        title=f"{_title(setting)}, against the same {question.twin}",
        measure=counted,
        ranges=_basis_sentence(mine, len(many[0]) if ranges else 0),
        sections=(*((ranges,) if ranges else ()), *_name_sides(summary.sections, question.twin)),
    )


def _title(setting: LabSetting) -> str:
    """The scenario, and what was asked of it."""
    scenario, what = scenario_title(setting), briefing_title(setting)
    return scenario if what == scenario else f"{scenario}: {what}"


def _ranges_section(mine: Histories, twin: Histories, asked: FindingRequest) -> Section | None:
    """The ranges of many histories; None where they are too few."""
    rows = compare_cards(mine, twin, asked)
    if not rows:
        return None
    return Section(
        f"{asked.state}: many histories",
        ("", asked.twin, "here", "difference", "how sure"),
        tuple(
            (
                row.label,
                row.there,
                row.here,
                row.apart,
                f"better in {row.better} of {row.of}, worse in {row.worse}" if row.of else "–",
            )
            for row in rows
        ),
        f"{len(mine)} histories; eight of ten lie in each range.",
    )


def _name_sides(sections: Sequence[Section], twin: str) -> list[Section]:
    """The sections with the two sides by what they are: a lever leaves a scenario its name."""
    return [replace(one, columns=("", twin, "here", "difference")) for one in sections]


def _basis_sentence(mine: FinishedRun, many: int) -> str:
    """How many histories stand behind the tables."""
    span = f"{mine.months[0]} to {mine.months[-1]}"
    if many:
        return (
            f"The first table is of {many} histories; the second, figures and events are of one "
            f"that is possible, seed {mine.seed}, {span}."
        )
    return (
        f"One history, seed {mine.seed}, {span}: another seed tells another story. Ranges of many "
        "histories stand on the page and in its briefing."
    )
