"""The command line: what it prints, what it writes, and that wrong input costs one line and leaves
nothing behind.

The model does not run here: a made-up result stands in for it.
"""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import typer.testing

import coercivity.experiments.questions
import coercivity.experiments.sweep.local  # before `run` is another, of which it needs more
import coercivity.experiments.worlds
from coercivity.cli import app
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis import facts
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.drawn.evidence_data import fact_tables
from tests.fake_result import TABLES, fake_run_worlds, fake_scenario


class Runs(SimpleNamespace):
    """Stands in for coercivity.experiments.worlds.run and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(asked=[])

    def run_worlds(self, scenario, seeds, progress=None, world=None):  # type: ignore[no-untyped-def]
        self.asked.append((scenario, list(seeds)))
        return fake_run_worlds(scenario, seeds, progress=progress)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    fake = Runs()
    import_module("coercivity.experiments.findings.twin_run")  # it takes what it runs from there
    # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "coercivity.experiments.worlds.run", fake)
    monkeypatch.setattr(coercivity.experiments.worlds, "run", fake, raising=False)
    return fake


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty folder to stand in, with a scenario of 36 months."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fake.yaml").write_text(fake_scenario().to_yaml(), encoding="utf-8")
    (tmp_path / "calm.yaml").write_text(
        fake_scenario(ban=False, name="calm").to_yaml(), encoding="utf-8"
    )
    return tmp_path


def call(*arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(app, list(arguments))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


# ---------------------------------------------------------------- what it says


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['coercivity', '--help']\n"
        "from coercivity.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'mesa', 'numpy', 'pandas', 'matplotlib', 'rich.console', 'yaml', 'solara'} "
        "& set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"
    for command in (
        "run",
        "compare",
        "scenarios",
        "starts",
        "facts",
        "parameters",
        "licences",
        "trace",
        "doctor",
        "app",
    ):
        assert f"\n  {command} " in shown


def test_run_prints_a_summary_with_ranges(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--worlds", "3", "--seed", "5")
    assert shown.exit_code == 0, shown.output
    assert [(scenario.name, seeds) for scenario, seeds in runs.asked] == [
        ("fake-ban", [5, 6, 7]),
        ("fake-ban-without", [5, 6, 7]),
        ("fake-ban", [5, 6, 7]),
    ]  # the model, the same worlds without the ban, and with every rule naive
    assert "3 worlds, seeds 5 to 7" in shown.stdout
    assert "China bans heavy rare earths to Japan." in shown.stdout
    assert "60 days" in shown.stdout  # half of the EV-drivetrain firms
    assert "144 (" in shown.stdout  # output lost in the middle world, USD bn
    assert shown.stderr == ""


def test_default_scenario_is_japan_2026(runs: Runs) -> None:
    assert call("run", "--months", "36").exit_code == 0
    assert runs.asked[0][0].name == "japan-2026"


def test_settings_and_months_reach_the_scenario(runs: Runs, place: Path) -> None:
    assert (
        call(
            "run",
            "fake.yaml",
            "--months",
            "30",
            "--set",
            "firms_per_sector=5",
            "--set",
            "cover_spread=0.5",
        ).exit_code
        == 0
    )
    scenario, _ = runs.asked[0]
    assert scenario.months == 30
    assert dict(scenario.parameters) == {"firms_per_sector": 5.0, "cover_spread": 0.5}


def test_run_json_is_one_document_of_the_agreed_form(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--worlds", "2", "--json")
    document = json.loads(shown.stdout)
    assert list(document) == [
        "scenario",
        "version",
        "parameter_hash",
        "seeds",
        "months",
        "twin",
        "state",
        "headlines",
        "files",
    ]
    assert document["state"] == "Japan"
    assert document["twin"] == "without the blanket ban of 11 January 2025 of China against Japan"
    assert (document["scenario"], document["seeds"], document["months"], document["files"]) == (
        "fake-ban",
        [1, 2],
        36,
        [],
    )
    assert [row["id"] for row in document["headlines"]] == [
        row.id for row in headline_table(Facts.default())
    ]
    assert all(
        set(row) == {"id", "unit", "median", "p05", "p95", "against_twin"}
        for row in document["headlines"]
    )
    lost = next(row for row in document["headlines"] if row["id"] == "output_lost_24m")
    assert lost["median"] == pytest.approx(36.0)
    assert shown.stderr == ""


def test_compare_json_adds_base_and_difference(runs: Runs, place: Path) -> None:
    document = json.loads(
        call("compare", "calm.yaml", "fake.yaml", "--worlds", "2", "--json").stdout
    )
    assert (document["base"], document["scenario"]) == ("calm", "fake-ban")
    assert [seeds for _, seeds in runs.asked] == [[1, 2], [1, 2]]  # twins
    lost = next(row for row in document["headlines"] if row["id"] == "output_lost_total")
    assert lost["base"]["median"] == 0
    assert lost["difference"]["median"] == pytest.approx(36.0)


def test_compare_prints_both_sides(runs: Runs, place: Path) -> None:
    shown = call("compare", "calm.yaml", "fake.yaml")
    assert shown.exit_code == 0
    assert "calm" in shown.stdout
    assert "+11 points" in shown.stdout  # 4 firms of 36 more


def test_numbers_report_and_figures_speak_of_the_state_that_is_asked(
    runs: Runs, place: Path
) -> None:
    asked = ("--state", "United States")
    shown = call("run", "fake.yaml", "--out", "found", *asked)
    assert shown.exit_code == 0, shown.output
    assert "When lines stop in United States" in shown.stdout
    assert "Japan" not in shown.stdout.replace("heavy rare earths to Japan", "").replace(
        "against Japan", ""
    )
    page = (place / "found" / "report.html").read_text(encoding="utf-8")
    for title in ("Output in United States", "United States&#39;s dependence on China"):
        assert title in page or title.replace("&#39;", "'") in page
    assert "measures against United States by name" in page
    document = json.loads(call("run", "fake.yaml", "--json", *asked).stdout)
    assert document["state"] == "United States"
    assert [row["id"] for row in document["headlines"]] == [
        row.id for row in headline_table(Facts.default(), "United States")
    ]
    document = json.loads(call("compare", "calm.yaml", "fake.yaml", "--json", *asked).stdout)
    assert document["state"] == "United States"
    assert "price_multiple_dy_united_states" in {row["id"] for row in document["headlines"]}
    shown = call("compare", "calm.yaml", "fake.yaml", *asked)
    assert "multiple in United States" in shown.stdout
    assert "in Japan" not in shown.stdout


def test_of_the_exporter_no_dependence_is_told(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--state", "China", "--out", "found")
    assert shown.exit_code == 0, shown.output
    assert "purchases that comes from China" not in shown.stdout
    assert shown.stdout.count("at home in China") == 1
    assert "China&#39;s own supply" in (place / "found" / "report.html").read_text(
        encoding="utf-8"
    ).replace("China's own supply", "China&#39;s own supply")


@pytest.mark.parametrize("command", [("run",), ("compare", "calm.yaml"), ("run", "--draws", "4")])
def test_an_unknown_state_costs_one_line_with_a_suggestion(
    runs: Runs, place: Path, command: tuple[str, ...]
) -> None:
    shown = call(*command, "fake.yaml", "--state", "Germny")
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert shown.stderr == (
        "coercivity: --state 'Germny' is not a state that exists; did you mean 'Germany'?\n"
    )
    assert runs.asked == []


# ---------------------------------------------------------------- what it writes


def test_out_holds_tables_report_and_manifest(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--out", "results/first")
    assert shown.exit_code == 0, shown.output
    folder = place / "results" / "first"
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "report.html",
        "ro-crate-metadata.json",
        *(f"{name}.parquet" for name in TABLES),
    }
    assert [path.name for path in (place / "results").iterdir()] == [
        "first"
    ]  # no temporary folder is left
    assert "results/first/report.html" in shown.stdout
    held = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert held["seeds"] == [1]
    assert held["parameter_hash"] == "0123456789ab"
    assert held["packages"]["numpy"]
    assert held["tables"]["prices"]["units"]["home"] == "USD/kg"
    (place / "again.yaml").write_text(held["scenario"]["yaml"], encoding="utf-8")
    assert load_scenario(place / "again.yaml").fingerprint() == held["scenario"]["fingerprint"]
    assert "seed" not in pd.read_parquet(folder / "prices.parquet").columns
    assert str(place) not in (folder / "manifest.json").read_text(encoding="utf-8")


def test_several_worlds_add_a_seed_and_twins_say_which_they_are(runs: Runs, place: Path) -> None:
    shown = call("compare", "calm.yaml", "fake.yaml", "--worlds", "2", "--out", "both", "--json")
    assert set(json.loads(shown.stdout)["files"]) == {
        f"both/{path.name}" for path in (place / "both").iterdir()
    }
    frame = pd.read_parquet(place / "both" / "macro.parquet")
    assert set(zip(frame["twin"], frame["seed"], strict=True)) == {
        ("base", 1),
        ("base", 2),
        ("scenario", 1),
        ("scenario", 2),
    }
    assert (
        len(pd.read_parquet(place / "both" / "stoppages.parquet")) > 0
    )  # empty in the base, which comes first


def test_an_empty_folder_is_filled_where_it_is(runs: Runs, place: Path) -> None:
    (place / "here").mkdir()
    assert call("run", "fake.yaml", "--out", "here").exit_code == 0
    assert (place / "here" / "report.html").is_file()


def test_nothing_is_left_when_a_run_fails(
    runs: Runs, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours ends with a traceback and exit code 1, and no half-written folder."""
    before = tree(place)
    monkeypatch.setattr("coercivity.experiments.worlds.output.write_manifest", lambda *_: 1 / 0)
    shown = call("run", "fake.yaml", "--out", "results/first")
    assert shown.exit_code == 1
    assert isinstance(shown.exception, ZeroDivisionError)
    assert tree(place) == before


def test_a_new_scenario_file_passes_the_check_and_is_never_overwritten(place: Path) -> None:
    assert call("scenarios", "new", "mine.yaml").exit_code == 0
    checked = call("scenarios", "check", "mine.yaml")
    assert checked.exit_code == 0
    assert "right" in checked.stdout
    assert ": blanket_ban of China on Japan, 20" in checked.stdout
    assert ", covers heavy_oxides" in checked.stdout
    assert "#" in (place / "mine.yaml").read_text(encoding="utf-8")
    before = tree(place)
    again = call("scenarios", "new", "mine.yaml")
    assert again.exit_code == 2
    assert "nothing was overwritten" in again.stderr
    assert tree(place) == before


def test_shown_scenarios_are_accepted_by_check(place: Path) -> None:
    shown = call("scenarios", "show", "japan-2026")
    (place / "copy.yaml").write_text(shown.stdout, encoding="utf-8")
    assert call("scenarios", "check", "copy.yaml").exit_code == 0
    assert load_scenario(place / "copy.yaml") == load_scenario("japan-2026")


# ---------------------------------------------------------------- the other commands


def test_lists_of_scenarios_facts_and_parameters() -> None:
    assert "japan-blanket-ban" in call("scenarios", "list").stdout
    assert "gdp" in call("facts").stdout
    assert "World Bank" in call("facts", "gdp").stdout
    wide = call("facts", "licence_outcomes").stdout.splitlines()
    assert "case: gallium-germanium-2023" in wide  # too many columns for a table: a line each
    assert any(line.startswith("source: Reuters of 20 November 2023 on") for line in wide)
    assert "firms_per_sector" in call("parameters").stdout
    assert "range" in call("parameters", "firms_per_sector").stdout


def test_rows_of_a_state_are_printed_as_a_scenario_file_has_them(place: Path) -> None:
    """They are put into a file, changed, checked and run."""
    shown = call("facts", "cover", "--rows", "Japan").stdout
    mine = f"name: mine\nstart: 2024-01\nmonths: 12\n{shown}"
    (place / "mine.yaml").write_text(mine.replace("months_median: 1.0", "months_median: 2.0"))
    checked = call("scenarios", "check", "mine.yaml")
    assert checked.exit_code == 0
    assert "tables, cover: 19 of its own over the shipped rows" in checked.stdout
    (place / "mine.yaml").write_text(mine.replace("months_median: 1.0", "months_median: 4000"))
    refused = call("scenarios", "check", "mine.yaml")
    assert refused.exit_code != 0
    assert "column months_median: '4000' is out of range" in refused.output
    assert "did you mean 'Japan'?" in call("facts", "cover", "--rows", "Japon").output


def test_facts_are_written_into_one_file_with_their_sources(place: Path) -> None:
    """A line for each value of each row of each table of facts; of one table where it is named."""
    assert call("facts", "--csv", "facts.csv").exit_code == 0
    with (place / "facts.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == [
        "table",
        "id",
        "column",
        "value",
        "unit",
        "source",
        "url",
        "confidence",
    ]
    assert {line["table"] for line in lines} == {*fact_tables()}
    assert all(line["value"] and line["source"] and line["confidence"] for line in lines)
    of_gdp = [line for line in lines if line["table"] == "gdp" and line["column"] == "usd_bn"]
    rows = facts.load_table("gdp").rows
    assert [float(line["value"]) for line in of_gdp] == [row["usd_bn"] for row in rows]
    assert [line["id"] for line in of_gdp] == [f"{row['state']} | {row['year']}" for row in rows]
    assert [line["url"] for line in of_gdp] == [row["url"] for row in rows]
    record = [line for line in lines if line["table"] == "record"]
    assert [line["unit"] for line in record] == list(facts.load_table("record").column("unit"))
    shown = call("facts", "gdp", "--csv", "gdp.csv")
    assert f"{2 * len(rows)} facts in" in shown.stdout
    assert len((place / "gdp.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 * len(rows)


def test_starts_prints_model_fact_and_source(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "id": "mine",
        "quantity": "world mine output",
        "model": 390.0,
        "fact": 390.0,
        "tolerance": 0.05,
        "unit": "kt",
        "verdict": "ok",
        "source": "USGS",
    }
    fake = SimpleNamespace(start_report=lambda start: [row])
    # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "coercivity.experiments.questions.starts", fake)
    monkeypatch.setattr(coercivity.experiments.questions, "starts", fake, raising=False)
    shown = call("starts", "2024-01").stdout
    for word in ("world mine output", "390", "ok", "USGS"):
        assert word in shown
    assert json.loads(call("starts", "--json").stdout)[0]["start"] == "2009-01"


def test_doctor_says_what_is_here_and_tries_a_run(runs: Runs) -> None:
    shown = call("doctor")
    assert shown.exit_code == 0, shown.output
    for word in ("numpy", "cores", "browser", "works:"):
        assert word in shown.stdout
    assert runs.asked[0][0].months == 3


def test_doctor_fails_when_the_run_fails(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "run_worlds", lambda *_: 1 / 0)
    shown = call("doctor")
    assert shown.exit_code == 1
    assert "ZeroDivisionError" in shown.stdout


def test_app_serves_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import coercivity.viz.server

    asked = {}
    fake = SimpleNamespace(serve=lambda **given: asked.update(given))
    monkeypatch.setitem(sys.modules, "coercivity.viz.serve", fake)  # type: ignore[arg-type]
    monkeypatch.setattr(coercivity.viz.server, "serve", fake, raising=False)
    assert call("app", "--port", "9000", "--no-browser").exit_code == 0
    assert asked == {
        "port": 9000,
        "open_browser": False,
        "host": "127.0.0.1",
        "rehearse": False,
    }  # nobody else is let in unless asked for
    assert call("app", "--host", "0.0.0.0").exit_code == 0
    assert (asked["port"], asked["open_browser"], asked["host"]) == (8765, True, "0.0.0.0")
    assert call("app", "--rehearse").exit_code == 0
    assert asked["rehearse"] is True


# ---------------------------------------------------------------- wrong input

HEAD = "name: mine\nstart: 2024-01\nmonths: 36\n"
EVENT = (
    HEAD
    + "events:\n  - {{date: {date}, {end}kind: entity_list, actor: China, targets: [{target}], "
    "share: {share}}}\n"
)


def scenario_with(
    date: str = "2025-01-06", end: str = "", target: str = "Japan", share: float = 0.5
) -> str:
    return EVENT.format(date=date, end=end, target=target, share=share)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (scenario_with(date="2025-02-30"), ("date", "2025-02-30", "YYYY-MM-DD")),
        (scenario_with(target="Jpan"), ("targets", "Jpan", "did you mean 'Japan'?")),
        (scenario_with(share=-0.2), ("share", "-0.2", "0 to 1")),
        (scenario_with(end="end: 2024-12-01, "), ("end", "2024-12-01", "2025-01-06")),
        (
            HEAD + "parameters: {frms_per_sector: 3}\n",
            ("parameter", "frms_per_sector", "did you mean 'firms_per_sector'?"),
        ),
        (HEAD + "mnths: 3\n", ("key", "mnths", "did you mean 'months'?")),
        ("name: [unclosed\nstart: 2024-01\n", ("mine.yaml", "not YAML")),
        ("just words\n", ("just words", "not a scenario")),
    ],
    ids=[
        "wrong date",
        "unknown state",
        "negative share",
        "ends before it begins",
        "misspelt parameter",
        "unknown key",
        "not YAML",
        "not a scenario",
    ],
)
def test_a_wrong_scenario_costs_one_line(
    runs: Runs, place: Path, text: str, words: tuple[str, ...]
) -> None:
    (place / "mine.yaml").write_text(text, encoding="utf-8")
    for arguments in (
        ("scenarios", "check", "mine.yaml"),
        ("run", "mine.yaml", "--out", "results"),
        ("compare", "calm.yaml", "mine.yaml", "--json"),
    ):
        expect_refusal(place, arguments, words)
    assert not runs.asked


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("run", "fake.yaml", "--out", "results", "--set", "firms_per_sector"),
            ("--set", "firms_per_sector", "--set firms_per_sector="),
        ),
        (
            ("run", "fake.yaml", "--out", "results", "--set", "firms_per_sector="),
            ("--set", "firms_per_sector=", "name=value"),
        ),
        (("run", "fake.yaml", "--out", "results", "--set"), ("--set", "name=value")),
        (
            ("run", "fake.yaml", "--out", "results", "--set", "firms_per_sectr=3"),
            ("firms_per_sectr", "did you mean 'firms_per_sector'?"),
        ),
        (
            ("run", "fake.yaml", "--out", "results", "--set", "firms_per_sector=many"),
            ("firms_per_sector", "many", "number from"),
        ),
        (
            ("run", "fake.yaml", "--out", "results", "--set", "cover_spread=-1"),
            ("cover_spread", "-1", "from 0 to"),
        ),
        (("run", "japan-2062", "--out", "results"), ("japan-2062", "did you mean 'japan-2026'?")),
        (("run", "missing.yaml"), ("missing.yaml", "is not there")),
        (("run", "fake.yaml", "--out", "used"), ("--out", "used", "new or empty folder")),
        (("run", "fake.yaml", "--out", "fake.yaml"), ("--out", "fake.yaml", "is a file")),
        (
            ("run", "fake.yaml", "--out", "fake.yaml/inside"),
            ("--out", "fake.yaml/inside", "is a file"),
        ),
        (("run", "fake.yaml", "--months", "many"), ("--months", "many", "whole number")),
        (("run", "fake.yaml", "--months", "0"), ("--months", "0", "from 1 to")),
        (("run", "fake.yaml", "--worlds", "0"), ("--worlds", "0", "from 1 to")),
        (("run", "fake.yaml", "--seed", "-1"), ("--seed", "-1", "from 0 to")),
        (
            ("run", "fake.yaml", "--seed", "4294967296"),
            ("--seed", "4294967296", "from 0 to 4294967295"),
        ),
        (("run", "fake.yaml", "--wrlds", "2"), ("--wrlds", "--help")),
        (("rnu", "fake.yaml"), ("rnu", "run")),
        (("compare", "fake.yaml"), ("scenario", "--help")),
        (("compare", "fake.yaml", "embargo-2010"), ("embargo-2010", "2009-01", "--months")),
        (("run", "fake.yaml", "--months", "9" * 5000), ("--months", "999...", "from 1 to")),
        (("run", "fake.yaml", "--months", "٣"), ("--months", "٣", "from 1 to")),
        (("run", "fake.yaml", "--seed", "9" * 5000), ("--seed", "999...", "from 0 to")),
        (
            ("run", "fake.yaml", "--draws", "4", "--seed", "9" * 5000),
            ("--seed", "999...", "--design-seed"),
        ),
        (
            ("run", "fake.yaml", "--set", "share_speed=0.2", "--set", "share_speed=0.3"),
            ("share_speed", "'0.2' and '0.3'", "keep one"),
        ),
        (
            ("run", "fake.yaml", "--out", "results\udcff"),
            ("--out", r"results\udcff", "no text in UTF-8"),
        ),
        (("run", "fake.yaml", "--out", "a" * 300), ("--out", "aaa...", "shorter name")),
        (
            ("run", "fake.yaml", "--out", "~nobody-of-that-name/x"),
            ("--out", "~nobody-of-that-name/x", "home folder"),
        ),
        (("run", "a" * 300), ("aaa...", "shorter name")),
        (("run", f"{'a' * 300}.yaml"), ("aaa...", "shorter name")),
        (("run", "caf\udce9.yaml"), (r"caf\udce9.yaml", "no text in UTF-8")),
        (("scenarios", "new", f"{'a' * 300}.yaml"), ("FILE", "aaa...", "shorter name")),
        (
            ("sweep", "run", f"{'a' * 300}.yaml", "--out", "results"),
            ("design", "aaa...", "shorter name"),
        ),
        (("sweep", "status", "a" * 300), ("folder", "aaa...", "shorter name")),
        (("app", "--port", "9" * 5000), ("--port", "app --help")),
        (("9" * 5000,), ("999...", "--help")),
        (("scenarios", "show", "nothing"), ("nothing", "use one of")),
        (("scenarios", "new", "mine.txt"), ("mine.txt", "mine.yaml")),
        (("scenarios", "new", "nowhere/mine.yaml"), ("nowhere/mine.yaml", "cannot be written")),
        (("starts", "2025-01"), ("2025-01", "2024-01")),
        (("facts", "gpd"), ("gpd", "did you mean 'gdp'")),
        (("facts", "gpd", "--csv", "new.csv"), ("gpd", "did you mean 'gdp'")),
        (("facts", "headlines", "--csv", "new.csv"), ("headlines", "no row with a source")),
        (("facts", "--csv", "new.txt"), ("new.txt", "new.csv")),
        (("facts", "--csv", "used/notes.csv/new.csv"), ("--csv", "used/notes.csv")),
        (("facts", "--csv", "table.csv"), ("table.csv", "is there already")),
        (
            ("parameters", "firms_per_sectr"),
            ("firms_per_sectr", "did you mean 'firms_per_sector'?"),
        ),
    ],
    ids=lambda value: " ".join(value)[:120] if isinstance(value, tuple) else None,
)
def test_wrong_arguments_cost_one_line(
    runs: Runs, place: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    (place / "used").mkdir()
    (place / "used" / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "table.csv").write_text("mine", encoding="utf-8")
    expect_refusal(place, arguments, words)
    assert not runs.asked


@pytest.mark.parametrize(
    "odd",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=str,
)
def test_a_terminal_without_the_letters_gets_codes_that_are_read_back(
    place: Path, odd: dict[str, str]
) -> None:
    """Standard output of another encoding stops no command: YAML is written with codes, and a name
    that is no text is said with them.
    """
    (place / "far.yaml").write_text(
        replace(fake_scenario(), title="稀土 é").to_yaml(), encoding="utf-8"
    )
    program = [sys.executable, "-m", "coercivity", "scenarios"]
    environment = {**os.environ, **odd}
    shown = subprocess.run(
        [*program, "show", "far.yaml"], capture_output=True, env=environment, cwd=place, check=True
    )
    (place / "again.yaml").write_bytes(shown.stdout)
    assert load_scenario(place / "again.yaml") == load_scenario(place / "far.yaml")
    (place / "é.yaml").write_bytes(shown.stdout)
    told = subprocess.run(
        [*program, "check", "é.yaml".encode()],
        capture_output=True,
        env=environment,
        cwd=place,
        check=False,
    )
    assert told.returncode == (2 if "LC_ALL" in odd else 0), (
        told.stderr
    )  # where file names are ASCII, this one is no text
    refused = subprocess.run(
        [*program, "check", b"\xff.yaml"],
        capture_output=True,
        env=environment,
        cwd=place,
        check=False,
    )
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert len(refused.stderr.splitlines()) == 1


def test_a_new_file_of_any_name_passes_the_check(place: Path) -> None:
    for name in ("a: b", "true", "#x", "'", "- x", "é"):
        assert call("scenarios", "new", f"./{name}.yaml").exit_code == 0
        assert call("scenarios", "check", f"./{name}.yaml").exit_code == 0, name


def test_a_broken_row_of_a_table_costs_one_line(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "gdp.csv").write_text(
        "state,year,price_year,usd_bn,source,url,confidence,note\n"
        "Japan,2023,2023,plenty,me,,high,\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(facts, "_default", lambda: facts.Facts.load(place))
    expect_refusal(place, ("facts", "gdp"), ("gdp.csv", "row 2", "usd_bn", "plenty", "number"))


def expect_refusal(place: Path, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """Exit code 2, one line on standard error that holds the words, nothing on standard output,
    nothing written.
    """
    before = tree(place)
    shown = call(*arguments)
    assert shown.exit_code == 2, shown.output
    assert shown.stdout == ""
    assert shown.stderr.count("\n") == 1, shown.stderr
    assert "Traceback" not in shown.stderr
    for word in words:
        assert word in shown.stderr, shown.stderr
    assert tree(place) == before
