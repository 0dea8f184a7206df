"""Pages, tables and figures of the documentation: they say what the stored results say, nothing
else makes them, and results that say less are told as such.
"""

from __future__ import annotations

import copy
import csv
import io
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.viz.drawn.shown_results import read_document
from coercivity.viz.words.calibration_text import parameter_rows, target_rows
from coercivity.viz.words.findings import VERDICTS, three_digits
from tools.docs import paper
from tools.docs.kit.documents import to_text
from tools.docs.kit.parts import PARTS
from tools.docs.pages import episodes, sensitivity
from tools.docs.pages.calibration import calibration_page
from tools.docs.pages.files import figures_of, pages_of, tables_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = {held["part"]: held for held in paper.documents()}
NONE = {"median": None, "low": None, "high": None}


def stored(part: str) -> dict[str, Any]:
    return copy.deepcopy(DOCUMENTS[part])


def page_of(document: dict[str, Any], name: str = "") -> str:
    return pages_of(document)[f"{name or document['part']}.md"]


def figures_named(document: dict[str, Any]) -> list[str]:
    names = list[str]()
    assert not list(figures_of(document, lambda name: bool(names.append(name))))  # type: ignore[func-returns-value]
    assert len(set(names)) == len(names)
    return names


@pytest.mark.parametrize("part", DOCUMENTS)
def test_pages_are_what_their_results_make_and_cite_their_version(part: str) -> None:
    """Each stands in the table of contents, and its figures are there and can be drawn."""
    held = DOCUMENTS[part]
    assert not held["quick"], f"{part} was made with --quick"
    site = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    drawn = figures_named(held)
    for name, text in pages_of(held).items():
        again = f"{name}: run `python -m tools.docs.paper`"
        assert (DOCS / name).read_text(encoding="utf-8") == text, again
        if part != "calibration":  # whose page says it in its own words
            assert f"coercivity {held['coercivity']}" in text
        hidden = [one for one in site["not_in_nav"].split() if fnmatch(name, one)]
        assert name in str(site["nav"]) or hidden, f"{name} is in no menu of mkdocs.yml"
        for shown in re.findall(r"\]\((?:\.\./)*images/([^)]+)\)", text):
            assert shown in drawn
            assert (DOCS / "images" / shown).is_file(), again


@pytest.mark.parametrize("part", DOCUMENTS)
def test_every_table_is_whole(part: str) -> None:
    """As many rows as the results have, each with every column."""
    made = tables_of(stored(part))
    assert made
    for name, text in made.items():
        head, *rows = csv.reader(io.StringIO(text))
        assert rows, name
        assert {len(row) for row in rows} == {len(head)}, name
        assert len(set(head)) == len(head), name


def test_all_results_belong_to_a_part_and_no_part_is_forgotten() -> None:
    known = {path.stem for path in (DOCS / "results").glob("*.json")}
    others = {"lessons", "scenarios", "monotone", "quick"}  # each of a script of its own
    assert known - others <= set(PARTS) - {"calibration"}, "docs/results holds what no part makes"
    assert {"claims", "questions", "policy", "episodes", "starts"} <= known


def test_every_claim_has_its_page_its_figure_and_its_verdict() -> None:
    found = {row["id"]: row for row in DOCUMENTS["claims"]["found"]["claims"]}
    assert list(found) == [claim["id"] for claim in load_table("claims")]
    for name, row in found.items():
        text = (DOCS / "claims" / f"{name}.md").read_text(encoding="utf-8")
        assert f"**Verdict: {VERDICTS[row['verdict']]}.**" in text
        assert (DOCS / "images" / "claims" / f"{name}.svg").exists()
    text = (DOCS / "claims-before-after.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| [C")]
    told = {row[0].split("]")[0].removeprefix("| ["): row[2].strip("*") for row in rows}
    assert told == {name: row["verdict"].replace("_", " ") for name, row in found.items()}


def test_a_folder_of_results_is_taken_over_and_a_quick_or_empty_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "RESULTS", tmp_path / "docs")
    with pytest.raises(InputError, match="holds no results of the paper kit"):
        paper.take(tmp_path)
    path = tmp_path / "results" / "policy.json"
    path.parent.mkdir()
    path.write_text(to_text(stored("policy") | {"quick": True}), encoding="utf-8")
    with pytest.raises(InputError, match="not for citation"):
        paper.take(tmp_path)
    assert not (tmp_path / "docs").exists()
    path.write_text(to_text(stored("policy")), encoding="utf-8")
    assert paper.take(tmp_path) == ["policy"]
    assert read_document(tmp_path / "docs" / "policy.json") == DOCUMENTS["policy"]


def test_a_page_of_carried_results_names_the_version_that_ran_them() -> None:
    document = stored("backtest")
    carried = {**document, "coercivity": "9.0.0", "carried": {"coercivity": "8.0.0", "code": "c"}}
    said = "coercivity 9.0.0, run with 8.0.0, which gives the same, 30 draws"
    assert said in page_of(carried)
    assert "which gives the same" not in page_of(document)


# ---------------------------------------------------------------- policy, episodes


@pytest.mark.parametrize(
    ("gap", "equal", "says"),
    [
        (None, False, "nothing could be matched"),
        (0.05, True, "secures +5% against the grant: equal"),
        (-0.4, False, "**Not equal:** the floor nearest"),
    ],
)
def test_a_floor_is_compared_with_a_grant_only_where_it_buys_the_same(
    gap: float | None, equal: bool, says: str
) -> None:
    document = stored("policy")
    for row in document["found"]["floor"]:
        if row["quantity"] in ("gap", "equal"):
            values = {"gap": gap, "equal": equal} if row["arm"] == "price_floor" else {}
            row["median"] = values.get(row["quantity"], 9.0)
    assert says in page_of(document, "friend-shoring")


def test_a_quantity_that_some_worlds_do_not_define_says_in_how_many() -> None:
    document = stored("policy")
    row = document["found"]["equal"][0]
    row |= {"median": 2.0, "p05": 1.0, "p95": 3.0, "worlds": row["worlds"] - 1}
    seeds = document["found"]["seeds"]
    cell = f"2 (1 to 3), in {seeds - 1} of {seeds} worlds"
    assert cell in page_of(document, "friend-shoring")


def test_episodes_name_their_misses_and_say_where_there_is_nothing_to_say() -> None:
    document = stored("episodes")
    found = document["found"]
    for row in found["embargo"]:
        for year in found["years"]:
            known = episodes.record(row["record"], year) if row["record"] else 1.0
            row["values"][year] = {"median": known, "low": 0.0, "high": 2.0}
    assert "Every yearly median lies within 25% of the record." in page_of(document)
    row = next(one for one in found["embargo"] if one["record"])
    year = next(year for year in found["years"] if episodes.record(row["record"], year))
    row["values"][year]["median"] *= 1.5
    assert f"{row['label']} {year} 1.50" in page_of(document)
    assert episodes.cell(NONE) == "–"
    assert episodes.ban_cell(NONE) == "never"
    assert episodes.ban_cell({"median": 12.0, "low": 10.0, "high": None}) == "12 (10 to never)"
    for name in ("depths", "favours", "recorded"):
        del found[name]
    assert "Not in these results: they are older than this section." in page_of(document)


def test_truces_are_told_of_the_episode_that_has_them() -> None:
    document = stored("episodes")
    text = page_of(document)
    words = text[text.index("Heavy oxides in the first year, and") :].split("\n")[0]
    assert words.index("United States") < words.index("Japan")
    assert text.count("Heavy oxides in the first year, and") == len(
        {row["episode"] for row in document["found"]["favours"]}
    )
    assert "| first-stop-japan-2025 | after 2024 |" in text


def test_cover_says_no_more_than_was_found() -> None:
    document = stored("episodes")

    def said(**found: Any) -> str:
        told = {"worlds": 4, "firms": 30, "spearman": 0.5, "slope": 1.25, "pooled": 0.1}
        document["found"]["cover"] = told | found
        return page_of(document)

    assert "Spearman 0.50, 1.2 months later per month of cover (30 firms, " in said()
    assert "Pooled over sectors it is 0.10" in said()
    assert "later per month" not in said(slope=None)
    assert "Pooled" not in said(pooled=None)
    assert "too few firms" in said(spearman=None)


# ---------------------------------------------------------------- sensitivity


def swept() -> tuple[dict[str, Any], dict[str, Any]]:
    """The document with the sweep over the ranges alone, and that sweep with its first outcome."""
    document = stored("sensitivity")
    sweeps = document["found"]["sweeps"]
    (sweep,) = [one for one in sweeps if one["name"] == "sensitivity-lhs"]
    sweep["outcomes"] = sweep["outcomes"][:1]
    document["found"]["sweeps"] = [sweep]
    return document, sweep


def test_a_sweep_draws_its_outcomes_and_the_corner_and_tells_luck_apart() -> None:
    document, sweep = swept()
    (first,) = sweep["outcomes"]
    names = figures_named(document)
    assert names[0].startswith(f"sensitivity/sensitivity-lhs-{first['outcome']}-")
    assert names[-1] == "sensitivity/sensitivity-lhs-corner.svg"
    held = sensitivity.tables(document)
    assert len(held["sensitivity"]) == len(first["indices"]["rows"])
    assert len(held["sensitivity-luck"]) == bool(first["luck"])


def test_an_outcome_that_cannot_be_computed_and_a_corner_that_is_not_there_are_said() -> None:
    document, sweep = swept()
    sweep["outcomes"][0] |= {"refused": "the outcome is 3 in every point", "median": None}
    sweep |= {"corner": None, "corner_points": None, "no_corner": "it happens nowhere"}
    text = page_of(document)
    assert "Not computed: the outcome is 3 in every point.\n" in text
    assert "No corner: it happens nowhere." in text
    assert "![" not in text
    sweep["no_corner"] = ""
    assert "orner:" not in page_of(document)


def test_the_twelve_largest_indices_stand_in_the_table() -> None:
    rows = [
        {"of": [f"p{k}"], "measure": measure, "value": k / 100, "low": None, "high": None}
        for k in range(14)
        for measure in ("total", "first")
    ]
    lines = sensitivity.indices({"method": "sobol", "indices": {"rows": rows}}).splitlines()
    assert lines[0] == "| parameter | total | first |"
    assert [line.split("`")[1] for line in lines[2:]] == [f"p{k}" for k in range(13, 1, -1)]


# ---------------------------------------------------------------- calibration


@pytest.fixture
def found() -> dict[str, Any]:
    return dict(stored("calibration")["found"])


def test_the_page_names_every_target_and_parameter_and_what_cannot_be_reached(
    found: dict[str, Any],
) -> None:
    found["targets"][0]["structural"] = True  # at least one that nothing reaches
    page = calibration_page(found)
    assert f"**{found['passed']} of {found['runs']} parameter vectors are not ruled out**" in page
    missed = sum(row["structural"] for row in found["targets"])
    assert f"{missed} of {len(found['targets'])} targets are met by no vector" in page
    for one in (*found["targets"], *({"id": row["name"]} for row in found["parameters"])):
        assert f"| {one['id']} |" in page


def test_a_record_that_says_less_is_told_as_such(found: dict[str, Any]) -> None:
    for row in found["targets"]:
        row["structural"] = False
    for row in found["parameters"]:
        row["identified"] = False
    found["shipped"]["worst"] = found["cut"] + 0.1
    found["recovery"]["correlation"][0] = None
    for name in ("judged", "unfelt", "restless", "central", "candidates", "now", "emulator"):
        found.pop(name, None)
    found["office"].pop("asked", None)
    page = calibration_page(found)
    for said in (
        "Every target is met by some vector of the first wave.",
        "No parameter is identified.",
        f"implausibility {found['cut'] + 0.1:.2f} and is ruled out",
        "One wave was run: nothing was foretold.",
        "| target | record | vector shipped before the fit |",
        "have nan, where",
        "% | – |\n",
    ):
        assert said in page
    for unsaid in ("fresh seeds", "drawn anew", "were left out", "squared implausibilities S"):
        assert unsaid not in page


def test_what_is_not_defined_is_a_dash_and_never_a_number(found: dict[str, Any]) -> None:
    target, parameter = found["targets"][0], found["parameters"][0]
    del found["now"]  # what is shipped since has no value of its own then
    target |= {"shipped": None, "kept": None, "structural": True, "inside": False}
    parameter |= {"left": None, "p05": None, "profile": [None, *parameter["profile"][1:]]}
    assert target_rows(found)[0][2:] == ("undefined", "–", "no", "none: structural miss")
    ends = (three_digits(parameter["median"]), three_digits(parameter["p95"]))
    assert parameter_rows(found)[0][3:] == ("undefined", *ends, "–")
    found["parameters"][0] |= {"left": 0.4, "identified": True, "at_bound": "high"}
    assert parameter_rows(found)[0][-1] == "40% (identified, at its high bound)"


def test_the_page_tells_of_fresh_seeds_and_of_what_no_target_feels(found: dict[str, Any]) -> None:
    found["judged"] = {"before": 27, "alone": 16, "together": 12, "runs": 71}
    found["unfelt"] = ["brownfield_cost", "licence_easy"]
    page = calibration_page(found)
    assert (
        "The seeds of the waves alone do not rule out 27; of these 16 are not ruled out by as many "
        "fresh seeds alone, and 12 vectors by all of them (71 were run again)."
    ) in page
    assert "2 parameters that no target feels at either end of their ranges are drawn anew" in page
    found["unfelt"] = ["brownfield_cost"]
    one = "1 parameter that no target feels at either end of its range is drawn anew"
    assert one in calibration_page(found)
    found["unfelt"] = []
    assert "No parameter is drawn anew for a member" in calibration_page(found)


def test_the_page_says_what_the_record_of_licences_asks_of_the_office(
    found: dict[str, Any],
) -> None:
    tried = {"name": "licence_room", "value": 1.06, "fall": 0.8, "error": 0.4}
    found["office"]["asked"] = {
        "seeds": [11, 12],
        "version": "0.5.0",
        "table": {"licence_room": 1.15},
        "before": 12.0,
        "taken": [],
        "nearest": [tried],
    }
    page = calibration_page(found)
    targets, office = page.split("## The licensing office")
    assert "vector shipped before the fit |" not in targets
    assert "| tolerance (95%) | vector shipped before the fit |" in office
    assert "| number | shipped before the fit |" in office
    assert "S of 12.0 over all targets" in page
    assert "None is. Nearest to it" in page
    assert "| licence_room | 1.15 | 1.06 | 0.8 (0.4) |" in page
    found["office"]["asked"]["taken"] = [tried]
    assert "Asked for: licence_room 1.06." in calibration_page(found)
