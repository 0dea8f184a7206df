"""What the play page asks worker processes for (see lab_jobs.py): one history on the map, and one
firm's own history.
"""

from __future__ import annotations

import json

from coercivity.experiments.findings.past_months import last_past_month
from coercivity.model.basis.calendar import month_names
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.server.lab_jobs import mark_of, result_of
from coercivity.viz.words.firm_names import has_own_name
from coercivity.viz.words.firm_text import lines_in_words, without_its_run
from coercivity.viz.words.language import SOURCE, say, speaking
from coercivity.viz.words.names import readable_text, trade_of


def play(scenario: Scenario, seed: int, state: str, since: str, code: str = SOURCE) -> str:
    """What the player plays of one history (viz/page_data/map_data.py), as JSON in the language of
    this code; `of`: what marks it as that of the setting.
    """
    from coercivity.viz.page_data.map_data import play_json

    result = result_of(scenario, seed)
    of = json.dumps(mark_of(scenario, seed, state))
    with speaking(code):
        return f'{{"of":{of},' + play_json(result, state, since)[1:]


def firm(scenario: Scenario, seed: int, name: str, code: str = SOURCE) -> str:
    """One firm month by month in words: {firm, state, does, months: [[saw], [chose], [rejected]],
    licences: its applications (viz/page_data/licence_data.py)}; its trade and its licences in the
    language of this code, its months as the model tells them. Of a firm by name it is not told
    whether it runs in a month that is past.

    Raises InputError for an unknown firm.
    """
    from coercivity.experiments.questions.firm_trace import trace_firm
    from coercivity.viz.page_data.licence_data import firm_licences

    trace = trace_firm(scenario, name, seed)
    past = sum(
        month <= last_past_month(scenario.facts)
        for month in month_names(scenario.start, scenario.months)
    )
    hidden = past if has_own_name(trace.firm) else 0
    with speaking(code):
        told = {
            "firm": trace.firm,
            "state": trace.state,
            "does": say(trade_of(scenario.facts, trace.does)),
            "months": [
                [
                    [
                        *map(
                            readable_text,
                            (without_its_run if at < hidden else lines_in_words)(lines),
                        )
                    ]
                    for lines in month
                ]
                for at, month in enumerate(trace.lines)
            ],
            "licences": firm_licences(trace),
        }
    return json.dumps(told, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
