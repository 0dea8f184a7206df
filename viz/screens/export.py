"""Share and take away: the link that shows the same again, and files of what is on the screen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import solara

from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.results.result import TABLES
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.documents import download
from coercivity.viz.documents.briefing_files import WORD
from coercivity.viz.documents.briefing_pdf import PDF
from coercivity.viz.documents.briefing_slides import SLIDES
from coercivity.viz.page_data.link_code import code_json
from coercivity.viz.screens.histories import source_of, stored_histories
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.session_state import with_language
from coercivity.viz.screens.template import template
from coercivity.viz.server import exports
from coercivity.viz.server.worker_pool import BAND, PAGE
from coercivity.viz.words.language import SOURCE, Name, join_sentences, language, noted, say
from coercivity.viz.words.names import FAILED

MIMES: Final = {
    "docx": WORD,
    "pdf": PDF,
    "pptx": SLIDES,
    "html": "text/html",
    "zip": "application/zip",
}  # of what is made from many histories
KINDS: Final = ("table", "headlines", "report", "scenario", *MIMES)
DROPPED: Final = noted(
    "The file that was being made is not made: something was set otherwise meanwhile. Ask for it "
    "again."
)
ORIGIN: Final = re.compile(
    r"https?://[A-Za-z0-9.:\[\]-]{1,120}"
)  # of an address, and no more of it


@template("export.vue")
def Panel(
    query: str,
    citation: str,
    tables: list[str],
    file: str,
    making: str,
    problem: str,
    shown: int,
    state: str,
    code: str,
    event_code: Callable[[str], None],
    event_take: Callable[[dict[str, Any]], None],
    event_upload: Callable[[dict[str, Any]], None],
) -> None:
    """Buttons, the link, the words to cite."""


class File(NamedTuple):
    """A file that can be made: the function that makes its text, its name and its kind."""

    function: Callable[..., str | bytes]
    arguments: tuple[Any, ...]
    name: str
    mime: str


def file_of(
    kind: str, table: str, setting: LabSetting, good: str = "", origin: str = "", day: str = ""
) -> File:
    """The file of this kind and, where it is a table, of this table; good, origin, day: what a
    briefing looks at, where its link leads, and when it was asked for.
    """
    scenario, seed = setting.asked(), setting.seed
    run = (scenario, seed, story_day(setting.shipped))
    stem = f"{scenario.name}-seed-{seed}"
    match kind:
        case "table":
            run_key = (scenario, seed, setting.state, table)
            return File(exports.table_csv, run_key, f"{stem}-{table}.csv", "text/csv")
        case "headlines":
            of_state = (*run, setting.state)
            return File(exports.headlines_csv, of_state, f"{stem}-headlines.csv", "text/csv")
        case "report":
            # whether ranges are there is asked anew: a report without them is not the answer later
            whole = all(map(has_all, (scenario, setting.base()), (setting, setting)))
            return File(exports.report, (setting, origin, whole), f"{stem}.html", "text/html")
        case _ if kind in MIMES:
            code = language()
            asked = (setting, good, origin, kind, day, code)
            what = "charts" if kind == "zip" else "briefing"
            tongue = "" if code == SOURCE else f"-{code}"
            stem = f"{scenario.name}-{setting.state.replace(' ', '-')}-{what}{tongue}"
            name = f"{stem}.{kind}".lower()
            return File(exports.briefing, asked, name, MIMES[kind])
        case _:
            of_state = (*run, setting.state)
            return File(exports.scenario_yaml, of_state, f"{stem}.yaml", "text/yaml")


def has_all(scenario: Scenario, setting: LabSetting) -> bool:
    """Whether all histories of a setting's scenario, or of its twin's, are kept."""
    return stored_histories(source_of(setting, scenario)) is not None


def making_words(name: str, kind: str) -> str:
    """What is said while a file is made: which, and what to do meanwhile."""
    if kind not in MIMES:
        return say("Making {name} …", name=name)
    return say(
        "Making {name} from many histories. Those that are not there yet are run first, which may "
        "take some minutes: leave this page open and what is set as it is. Another file asked for "
        "now takes its place.",
        name=name,
    )


def export_refusal(problem: str) -> str:
    """Why no file was made, and what to do; '' where nothing went wrong."""
    if not problem:
        return ""
    if problem == say(FAILED):
        return say(
            "No file was made: the model failed, and the server's log says why. Ask once more; if "
            "it fails again, save the scenario file and run it in a terminal: coercivity run FILE."
        )
    return join_sentences([say("No file was made."), problem, say("What is set stays.")])


@solara.component
def Take(setting: LabSetting, good: str, event_upload: Callable[[dict[str, Any]], None]) -> None:
    """What can be taken away of this setting."""
    wanted, set_wanted = solara.use_state(("", "", "", "", 0))
    dropped, set_dropped = solara.use_state(False)
    made = solara.use_ref(0)  # number of the last file that was there
    kind, table, origin, day, number = wanted

    def drop() -> None:
        """What was asked of one setting is not made of the next."""
        set_dropped(bool(kind) and number > made.current)
        set_wanted(lambda now: ("", "", "", "", now[-1]))

    solara.use_effect(drop, [setting, good])
    function, arguments, name, mime = file_of(kind, table, setting, good, origin, day)
    priority = BAND if kind in MIMES else PAGE  # a briefing may be forty runs
    answer = use_job(function, *arguments, wanted=bool(kind), priority=priority)
    ready = (
        bool(kind)
        and not answer.busy
        and not answer.problem
        and answer.key == (function, *arguments)
    )
    if ready or answer.problem:
        made.current = number
    file = solara.use_memo(
        lambda: download.pack_file(name, mime, answer.value) if ready else "",
        [answer.key, number, ready],
    )

    def take(entries: dict[str, Any]) -> None:
        kind, table = str(entries.get("kind"))[:20], str(entries.get("table", ""))[:20]
        if kind in KINDS and (kind != "table" or table in TABLES):
            origin = str(entries.get("origin", ""))
            origin = origin if ORIGIN.fullmatch(origin) else ""
            day = dt.date.today().isoformat()
            set_dropped(False)
            set_wanted((kind, table if kind == "table" else "", origin, day, number + 1))

    query = query_if_short(setting)
    # the code is made for who opens the panel, and on paper where he did
    where, set_where = solara.use_state("")
    link = f"{where}/?{with_language(query)}"
    code = use_job(code_json, link, wanted=bool(where and query), priority=BAND)
    Panel(
        query=with_language(query),
        citation=exports.citation(setting.asked(), setting.seed, query),
        tables=list(TABLES),
        file=file,
        making=making_words(name, kind) if answer.busy else "",
        problem=say(DROPPED) if dropped else export_refusal(answer.problem),
        shown=number if ready else 0,
        state=f"{Name(setting.state)}",
        code=code.settled,
        event_code=lambda origin: set_where(origin if ORIGIN.fullmatch(str(origin)) else ""),
        event_take=take,
        event_upload=event_upload,
    )
