"""What the chain page asks worker processes for: the flows of one history, and one cut-off."""

from __future__ import annotations

import json

from coercivity.experiments.questions.gauge import one_cut_off
from coercivity.experiments.questions.leverage import CutOff
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.chain_data import chain_data
from coercivity.viz.server.lab_jobs import mark_of, result_of
from coercivity.viz.words.language import SOURCE, speaking


def chain_json(
    scenario: Scenario, seed: int, state: str, element: str, view: str, code: str = SOURCE
) -> str:
    """The flows of one history (viz/page_data/chain_data.py) as one string, in the language of this
    code; `of`: what marks it as that of the setting.
    """
    result = result_of(scenario, seed)
    with speaking(code):
        found = chain_data(result, state, element, view)
    of = mark_of(scenario, seed, state, element, view)
    return json.dumps({"of": of, **found}, separators=(",", ":"), allow_nan=False)


def cut_off_job(scenario: Scenario, seed: int, at: str, state: str) -> CutOff:
    """What a cut-off of a state by China from a month costs both in one history."""
    return one_cut_off(scenario, seed, at, state)
