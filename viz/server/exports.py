"""What a visitor takes away: tables as CSV, the scenario file, the one-file report, words to cite.

Made by a worker, from the same run as the picture.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from coercivity.experiments.lab.histories import DRAWS, DrawnHistory, Histories
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import FOCUS, focal_date, headline_table
from coercivity.experiments.worlds.spreadsheet_cells import cell, comment, frame_cells
from coercivity.experiments.worlds.viewpoint import state_of
from coercivity.model.basis.calendar import month_index, month_names
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import TABLES, model_version
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.server.lab_jobs import result_of
from coercivity.viz.words.language import SOURCE, say, speaking

if TYPE_CHECKING:
    from coercivity.viz.words.briefing import Briefing

MOST_BYTES: Final = 12_000_000  # of one file through a page
BY_STATE: Final = {
    "trade": ("origin", "destination"),
    **dict.fromkeys(("dependence", "prices", "stocks", "output", "macro"), ("state",)),
}


def table_csv(scenario: Scenario, seed: int, state: str, name: str) -> str:
    """One table of the run as CSV text with a line of provenance; long tables hold the rows that
    concern the state.

    Raises InputError, one line.
    """
    if name not in TABLES:
        raise unknown_value_error("table", name, TABLES)
    result = result_of(scenario, seed)
    table = result.table(name)
    units = ", ".join(f"{column}: {unit}" for column, unit in table.attrs.get("units", {}).items())
    columns = BY_STATE.get(name, ())
    if columns:
        keep = table[columns[0]] == state
        for column in columns[1:]:
            keep |= table[column] == state
        table = table[keep]
    stream = io.StringIO()
    only = f", rows of {state} only" if columns else ""
    what = (
        f"scenario {comment(scenario.name)} ({scenario.fingerprint()}), seed {seed}, table "
        f"{name}{only}"
    )
    stream.write(f"# coercivity {result.version}, {what}; units: {units}\n")
    frame_cells(table).to_csv(stream, index=False, float_format="%.9g", lineterminator="\n")
    text = stream.getvalue()
    if len(text) > MOST_BYTES:
        raise InputError(
            "table {name} has {count} MB",
            "take the scenario file and write the tables with: coercivity run FILE --out DIR",
            name=name,
            count=f"{len(text) / 1e6:.0f}",
        )
    return text


def scenario_yaml(scenario: Scenario, seed: int, since: str, state: str = FOCUS) -> str:
    """The scenario as a file that `coercivity run FILE --seed SEED` accepts and answers with the
    same tables; where it would speak of another state than the page, --state names this one.

    Headlines too, unless a lever took away the measure that the story is about: a terminal then
    counts from another day, and the file says so.
    """
    told = "" if state == state_of(scenario) else f" --state {_shell_quote(state)}"
    head = (
        f"# made with coercivity {model_version()}; the same run in a terminal: coercivity run "
        f"FILE --seed {seed}{told}\n"
    )
    day = focal_date(scenario, month_names(scenario.start, scenario.months), state)
    if day != since:
        head += (
            f"# tables are the same; the page counts headline numbers from {since}, the terminal "
            f"from {day}\n"
        )
    return head + scenario.to_yaml()


def report(setting: LabSetting, origin: str = "", whole: bool = True) -> str:
    """The one-file HTML report of a setting's history beside its twin's, which opens anywhere
    without a network; headlines are those of the setting's state, as on the page. Ranges of many
    histories are in it where these lie on the disk (*whole*: whether they did when it was asked
    for). origin: address of the server, for the link.
    """
    from coercivity.experiments.lab.link import query_if_short
    from coercivity.viz.words.briefing import way_back
    from coercivity.viz.words.lab_text import question_of
    from coercivity.viz.words.page_report import page_summary
    from coercivity.viz.words.report import report_html

    scenario, base, since = setting.asked(), setting.base(), story_day(setting.shipped)
    mine, twin = result_of(scenario, setting.seed), result_of(base, setting.seed)
    many = [
        _collect_histories(setting, world, kept_alone=True) for world in (scenario, base) if whole
    ]
    known = many if many and all(map(len, many)) else ()
    question = question_of(setting)
    summary = page_summary(setting, question, mine, twin, since, known)
    link = way_back(origin, query_if_short(setting))
    return report_html(summary, (mine,), (twin,), setting.state, link, question.twin)


def _shell_quote(text: str) -> str:
    """As it is written in a terminal."""
    return f'"{text}"' if " " in text else text


def headlines_csv(scenario: Scenario, seed: int, since: str, state: str) -> str:
    """The headline numbers of a state as CSV: id, label, unit, value, formula."""
    from coercivity.experiments.lab.history import History

    values = History(result_of(scenario, seed)).headlines(since, state)
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("id", "label", "unit", "value", "formula"))
    rows = (
        (
            row.id,
            row.label,
            row.unit,
            "" if values[row.id] is None else f"{values[row.id]:.9g}",
            row.formula,
        )
        for row in headline_table(Facts.default(), state)
    )
    writer.writerows(map(cell, row) for row in rows)
    return stream.getvalue()


def briefing(
    setting: LabSetting, good: str, origin: str, form: str, day: str, code: str = SOURCE
) -> bytes:
    """The briefing of a setting, form docx, pdf, pptx or html, or its charts with their numbers
    (zip), in the language of this code: many histories of it and of its twin, and where it has rows
    of its own beside what was moved, of the same with the shipped ones; from the disk where they
    are kept there. origin: address of the server, for the link ('' for none); day: on which it is
    made, YYYY-MM-DD.
    """
    from coercivity.experiments.lab.link import query_if_short
    from coercivity.viz.page_data.evidence_data import record_rows
    from coercivity.viz.words.briefing import BriefingRequest
    from coercivity.viz.words.briefing import briefing as said
    from coercivity.viz.words.lab_text import question_of
    from coercivity.viz.words.why_text import why_many

    scenario, base = setting.asked(), setting.base()
    mine, twin = (
        _collect_histories(setting, world, kept_alone=False) for world in (scenario, base)
    )
    other = shipped_rows_scenario(setting)
    shipped = None if other is None else _collect_histories(setting, other, kept_alone=False)
    query = query_if_short(setting)

    def told(tongue: str) -> Briefing:
        with speaking(tongue):
            asked = BriefingRequest(
                setting,
                question_of(setting),
                good,
                day,
                origin,
                f"{query}&lang={tongue}" if query and tongue != SOURCE else query,
                citation_of_picture(scenario, setting.seed, ""),  # the link stands above it
            )
            why = why_many(mine, twin, asked.question)
            return said(asked, mine, twin, why, record_rows(), shipped)

    if form == "zip":
        from coercivity.viz.documents.briefing_charts import charts_zip

        return charts_zip(told(code), None if code == SOURCE else told(SOURCE))
    return _render_briefing(told(code), form)


def shipped_rows_scenario(setting: LabSetting) -> Scenario | None:
    """The scenario of a setting with the shipped rows of all tables; None where it has none of its
    own, where that is its twin already, or where its acts speak of a row of its own.
    """
    other = setting.with_shipped_numbers()
    if other is None or setting.base_without() == "tables":
        return None
    try:
        return other.asked()
    except InputError:
        return None


def _collect_histories(setting: LabSetting, scenario: Scenario, kept_alone: bool) -> Histories:
    """All histories of a scenario of the setting (its own or its twin's); kept_alone: only those
    that lie on the disk, none where one of them does not.
    """
    from coercivity.viz.server import lab_jobs

    since = story_day(setting.shipped)
    fixed = tuple(name for name, _ in setting.assumptions)
    at = month_index(scenario.start, since)
    found = Histories(at)
    for number in range(DRAWS):
        if kept_alone:
            held = lab_jobs.stored_draw(scenario, fixed, number, setting.state, since)
        else:
            held = lab_jobs.draw(scenario, fixed, number, setting.state, since, False)
        if held is None:
            return Histories(at)
        found.add(number, DrawnHistory.unpacked(held))
    return found


def _render_briefing(held: Briefing, form: str) -> bytes:
    """A briefing as a file of this form."""
    match form:
        case "docx":
            from coercivity.viz.documents.briefing_files import briefing_docx

            return briefing_docx(held)
        case "pdf":
            from coercivity.viz.documents.briefing_pdf import briefing_pdf

            return briefing_pdf(held)
        case "pptx":
            from coercivity.viz.documents.briefing_slides import briefing_slides

            return briefing_slides(held)
        case _:
            from coercivity.viz.documents.briefing_files import briefing_html

            return briefing_html(held).encode()


def citation(scenario: Scenario, seed: int, query: str) -> str:
    """Words to cite a picture with, in English: the model, its version, the scenario and seed, and
    the address after the server's name.
    """
    with speaking(SOURCE):
        return citation_of_picture(scenario, seed, query)


def citation_of_picture(scenario: Scenario, seed: int, query: str) -> str:
    """Words to cite a picture with, in the language that is spoken."""
    return say(
        "The Coercivity developers: Coercivity, an agent-based model of rare-earth supply chains "
        "and export controls, version {version}; scenario {scenario} (fingerprint {fingerprint}), "
        "seed {seed}{link}.",
        version=model_version(),
        scenario=scenario.name,
        fingerprint=scenario.fingerprint(),
        seed=seed,
        link=say(", link ?{query}", query=query) if query else "",
    )
