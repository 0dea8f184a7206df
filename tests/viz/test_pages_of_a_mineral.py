"""What the pages say first of a price: of the good that the scenario is about."""

from __future__ import annotations

import json

import pytest

from coercivity.experiments.findings.finding_request import PRICED
from coercivity.experiments.worlds.run import run
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.chain_data import chain_data
from coercivity.viz.page_data.lab_charts_of_one_history import CHOSEN, first_choices, history_json
from coercivity.viz.page_data.map_data import play_json
from coercivity.viz.words.lab_text import priced_good
from tests.data_folders import with_facts

TOLD = """
import json
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.worlds.run import run
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.chain_data import chain_data
from coercivity.viz.page_data.lab_charts_of_one_history import first_choices, history_data, history_json
from coercivity.viz.page_data.map_data import play_json
from coercivity.viz.words.lab_cards import peak_label
from coercivity.viz.words.lab_text import priced_good, question_of

mine, other = load_scenario("gallium-germanium-2023"), load_scenario("japan-2026")
asked = {one.name: question_of(LabSetting(scenario=one.name)) for one in (mine, other)}
lived = run(mine, months=12)
drawn = history_data(lived, "Japan", "2023-08-01")
asked_for = (lived, "Japan", "2023-08-01")
told = {
    "priced": {name: one.priced for name, one in asked.items()},
    "both": priced_good(other, mine),
    "labels": [peak_label(asked[mine.name].priced)],
    "chosen": {chart["id"]: chart["chosen"] for chart in drawn["charts"]},
    "map": [one["chosen"] for one in json.loads(play_json(lived, "Japan", "2023-08-01"))["charts"]],
    "others": first_choices(other)["prices"],
    "said": drawn["answer"],
    "pages": [history_json(*asked_for), play_json(*asked_for), chain_data(lived, "Japan")],
}
print(json.dumps(told))
"""


def test_a_scenario_of_a_folders_goods_is_told_by_their_price() -> None:
    done = with_facts("gallium-germanium", TOLD)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["priced"] == {"gallium-germanium-2023": "gallium_primary", "japan-2026": PRICED}
    assert told["both"] == "gallium_primary"
    assert told["labels"] == ["Peak of gallium primary in two years"]
    assert told["chosen"]["prices"] == told["chosen"]["cover"] == "gallium_primary"
    assert told["chosen"]["output"] == CHOSEN["output"]
    assert told["map"][0] == "gallium_primary"
    assert told["others"] == PRICED
    assert "Dysprosium" not in told["said"]
    lived = run("gallium-germanium-2023", months=12, data="gallium-germanium")
    pages = [draw(lived, "Japan", "2023-08-01") for draw in (history_json, play_json)]
    assert [*pages, chain_data(lived, "Japan")] == told["pages"]  # and where others hold


@pytest.mark.parametrize("name", list_scenarios())
def test_with_the_shipped_tables_it_is_dysprosium(name: str) -> None:
    scenario = load_scenario(name)
    assert priced_good(scenario) == PRICED
    assert first_choices(scenario) == CHOSEN
