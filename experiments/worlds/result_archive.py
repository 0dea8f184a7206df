"""Finished runs, comparisons and ensembles as files that say what they are of, and back.

    result.save("runs/ban")            coercivity.load("runs/ban")
    result.save("runs/ban.zip")        coercivity.load("runs/ban.zip")

A run is a folder: `scenario.yaml`, `records.npz` (arrays, without pickle), `records.json` (names,
events, decisions) and `manifest.json` (kind, version, seed, hashes, headlines, and a sum of each
file); tables of a data folder stand in `data/`. A comparison is a folder with a folder for each
run, an ensemble one with `ensemble.npz` and `ensemble.json`. What is loaded gives the same tables,
headlines, figures and provenance to the last bit, and says of itself which version, facts and code
made it.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.archive import (
    FAULTS,
    FORMAT,
    MANIFEST,
    StoredFiles,
    open_stored,
    path_phrase,
    store,
    write_manifest,
)
from coercivity.experiments.worlds.compare import Comparison
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.output_tables import package_versions
from coercivity.experiments.worlds.record_arrays import (
    arrays_of,
    pack_arrays,
    records_from,
    unpack_arrays,
    words_of,
)
from coercivity.experiments.worlds.saved_facts import DATA, facts_of, result_yaml, write_facts
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import place_of
from coercivity.model.basis.yaml_text import parse_yaml
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict

FORM: Final = 1  # of what is written here; a reader knows those up to its own
RUN, COMPARISON, ENSEMBLE = (f"{FORMAT} {kind}" for kind in ("result", "comparison", "ensemble"))
YAML: Final = "scenario.yaml"
BASE_YAML: Final = "base.yaml"
ARRAYS: Final = "records.npz"
WORDS: Final = "records.json"
MANY_ARRAYS: Final = "ensemble.npz"
MANY_WORDS: Final = "ensemble.json"
TWINS: Final = ("base", "scenario")
Reader = Callable[[StoredFiles, Mapping[str, Any], Facts], Result | Comparison | Ensemble]


def load(path: str | Path) -> Result | Comparison | Ensemble:
    """Return the Result, Comparison or Ensemble that `save` wrote at *path*, a folder or a .zip
    file. Nothing that is read is run, and what unpacks to more than 10 MB and twenty times its size
    is not read. A result keeps the facts that it was made with: those of its data folder where that
    is still there unchanged, else the copy saved beside it. Raises InputError, one line, for
    anything else, for a file that is not as it was written, and for names of states or goods that
    this version does not have.
    """
    place, told = place_of(path, "path"), path_phrase(path)
    if not place.exists():
        raise InputError(
            "{told} is not there", "give the folder or .zip file that save() wrote", told=told
        )
    try:
        with open_stored(place) as stored:
            return _read_stored(stored)
    except InputError as error:
        raise error.within(told) from None
    except FAULTS as error:
        raise InputError(
            "{told} cannot be loaded ({why})",
            "give a folder or .zip file as save() wrote it",
            told=told,
            why=Phrase(shorten(error, 120) or type(error).__name__),
        ) from None


def _read_stored(stored: StoredFiles) -> Result | Comparison | Ensemble:
    manifest = stored.manifest()
    if int(manifest["form"]) > FORM:
        raise ValueError(f"version {manifest['coercivity']} wrote it, in a form of its own")
    readers: dict[str, Reader] = {
        RUN: _read_run,
        COMPARISON: _read_comparison,
        ENSEMBLE: _read_ensemble,
    }
    return readers[manifest["format"]](stored, manifest, facts_of(stored, manifest))


# ---------------------------------------------------------------- one run


def save_run(result: Result, path: str | Path, overwrite: bool = False) -> Path:
    """Write a run; see `Result.save`."""
    facts = result.scenario.facts
    return store(
        path, overwrite, lambda folder: _write_run(result, folder, *write_facts(facts, folder))
    )


def _write_run(
    result: Result,
    folder: Path,
    data: Mapping[str, Any] | None = None,
    tables: Sequence[str] = (),
    place: str = DATA,
) -> None:
    """The files of a run, into a folder that is there, beside *tables* of *data* that are, or with
    those of the comparison at a *place* from it.
    """
    _write_yaml(folder / YAML, result_yaml(result.scenario, place))
    files = [YAML]
    if result.records is not None:
        (folder / ARRAYS).write_bytes(pack_arrays(arrays_of(result.records)))
        _write_json(folder / WORDS, words_of(result.records))
        files += [ARRAYS, WORDS]
    about = {
        "seed": result.seed,
        "parameter_hash": result.parameter_hash,
        "world": result.world,
        "headlines": result.headlines() if result.records is not None else {},
    }
    content = _head(RUN, result.version, result.scenario, result.months, result.made)
    write_manifest(folder, content | about | dict(data or {}), [*files, *tables])


def _read_run(stored: StoredFiles, manifest: Mapping[str, Any], facts: Facts) -> Result:
    records = None
    if ARRAYS in manifest["files"]:
        words = json.loads(stored.checked(manifest, WORDS))
        arrays = unpack_arrays(stored.checked(manifest, ARRAYS))
        records = records_from(arrays, words, facts)
    return Result(
        scenario=_scenario(stored, manifest, YAML, manifest["scenario"], facts),
        seed=int(manifest["seed"]),
        version=str(manifest["coercivity"]),
        parameter_hash=str(manifest["parameter_hash"]),
        months=tuple(map(str, manifest["months"])),
        records=records,
        rule=compute_headlines,
        world=str(manifest["world"]),
        made=tuple((name, str(manifest["made"][name])) for name in provenance_hashes(facts)),
    )


# ---------------------------------------------------------------- twins


def save_comparison(comparison: Comparison, path: str | Path, overwrite: bool = False) -> Path:
    """Write a comparison; see `Comparison.save`."""
    facts = {one.provenance()["facts"] for one in (comparison.base[0], comparison.scenario[0])}
    if len(facts) > 1:
        raise InputError(
            "base and scenario were run with different facts, and what is read back has one set",
            "save their runs by themselves: comparison.scenario[0].save(path)",
        )
    return store(path, overwrite, lambda folder: _write_comparison(comparison, folder))


def _write_comparison(comparison: Comparison, folder: Path) -> None:
    """The files of a comparison: a folder for each run, known by twin and place."""
    first = comparison.scenario[0]
    names = _folders(len(comparison.seeds))
    for twin, results in zip(TWINS, (comparison.base, comparison.scenario), strict=True):
        for name, result in zip(names[twin], results, strict=True):
            (folder / name).mkdir()
            _write_run(result, folder / name, place=f"../{DATA}")
    data, tables = write_facts(first.facts, folder)
    every = [f"{name}/{MANIFEST}" for twin in TWINS for name in names[twin]] + tables
    about = {
        "base": _scenario_summary(comparison.base[0].scenario),
        "seeds": list(comparison.seeds),
        "headlines": comparison.headlines() if first.records is not None else {},
    }
    content = _head(COMPARISON, first.version, first.scenario, first.months, first.made)
    write_manifest(folder, content | about | data, every)


def _read_comparison(stored: StoredFiles, manifest: Mapping[str, Any], facts: Facts) -> Comparison:
    names = _folders(len(manifest["seeds"]))
    found: dict[str, tuple[Result, ...]] = {}
    for twin in TWINS:
        runs = []
        for name in names[twin]:
            stored.checked(manifest, f"{name}/{MANIFEST}")
            within = stored.within(name)
            runs.append(_read_run(within, within.manifest(), facts))
        found[twin] = tuple(runs)
    if not found["base"]:
        raise ValueError("it holds no run")
    return Comparison(found["base"], found["scenario"])


def _folders(count: int) -> dict[str, list[str]]:
    """Names of the folders of so many pairs, by twin."""
    return {twin: [f"{twin}-{place:04d}" for place in range(count)] for twin in TWINS}


# ---------------------------------------------------------------- ensembles


def save_ensemble(ensemble: Ensemble, path: str | Path, overwrite: bool = False) -> Path:
    """Write an ensemble; see `Ensemble.save`."""
    return store(path, overwrite, lambda folder: _write_ensemble(ensemble, folder))


def _write_ensemble(ensemble: Ensemble, folder: Path) -> None:
    """The files of an ensemble: arrays by what they are and kind, draws as plain values."""
    arrays: dict[str, np.ndarray] = {"seeds": ensemble.seeds}
    arrays |= {f"headlines.{kind}": ensemble.headlines[kind] for kind in ensemble.headlines}
    arrays |= {f"series.{kind}": ensemble.series[kind] for kind in ensemble.series}
    (folder / MANY_ARRAYS).write_bytes(pack_arrays(arrays))
    words = {
        "design_seed": ensemble.design_seed,
        "draws": [list(astuple(draw)) for draw in ensemble.draws],
        "calibrated_names": list(ensemble.calibrated_names),
        "since": ensemble.since,
        "state": ensemble.state,
        **_columns(ensemble.scenario.facts, ensemble.state),
    }
    _write_json(folder / MANY_WORDS, words)
    _write_yaml(folder / YAML, result_yaml(ensemble.scenario))
    data, tables = write_facts(ensemble.scenario.facts, folder)
    files = [YAML, MANY_ARRAYS, MANY_WORDS, *tables]
    if ensemble.base is not None:
        _write_yaml(folder / BASE_YAML, result_yaml(ensemble.base))
        files.append(BASE_YAML)
    middles = {
        row.id: ensemble.spread(row.id, kind).__dict__
        for kind in ensemble.kinds[:1]
        for row in ensemble.rows
    }
    content = _head(ENSEMBLE, ensemble.version, ensemble.scenario, ensemble.months, ensemble.made)
    about = data | {
        "base": None if ensemble.base is None else _scenario_summary(ensemble.base),
        "draws": len(ensemble.draws),
        "replications": ensemble.replications,
        "world": ensemble.world,
        "headlines": middles,
    }
    write_manifest(folder, content | about, files)


def _read_ensemble(stored: StoredFiles, manifest: Mapping[str, Any], facts: Facts) -> Ensemble:
    words = json.loads(stored.checked(manifest, MANY_WORDS))
    arrays = unpack_arrays(stored.checked(manifest, MANY_ARRAYS))
    for name, ids in _columns(facts, words["state"]).items():
        if words[name] != ids:
            raise ValueError(f"its {name} are others than those of this version")
    base = manifest["base"]
    return Ensemble(
        scenario=_scenario(stored, manifest, YAML, manifest["scenario"], facts),
        base=None if base is None else _scenario(stored, manifest, BASE_YAML, base, facts),
        design_seed=int(words["design_seed"]),
        draws=tuple(
            Draw(tuple((name, float(value)) for name, value in parameters), int(seed), str(member))
            for parameters, seed, member in words["draws"]
        ),
        calibrated_names=tuple(map(str, words["calibrated_names"])),
        seeds=arrays["seeds"],
        since=str(words["since"]),
        months=tuple(map(str, manifest["months"])),
        version=str(manifest["coercivity"]),
        headlines=_by_kind(arrays, "headlines."),
        series=_by_kind(arrays, "series."),
        state=str(words["state"]),
        world=str(manifest.get("world", "World")),  # older ones had the shipped one alone
        made=tuple((name, str(manifest["made"][name])) for name in provenance_hashes(facts)),
    )


def _columns(facts: Facts, state: str) -> dict[str, list[str]]:
    """What stands along the last axis of headlines and series."""
    return {
        "headline_ids": [row.id for row in headline_table(facts, state)],
        "series_ids": [row.id for row in series_table(facts, state)],
    }


def _by_kind(arrays: Mapping[str, Any], begins: str) -> dict[str, Any]:
    """Arrays by kind, of those whose names begin so."""
    return {
        name.removeprefix(begins): value
        for name, value in arrays.items()
        if name.startswith(begins)
    }


# ---------------------------------------------------------------- what all of them say


def _head(
    kind: str,
    version: str,
    scenario: Scenario,
    months: Sequence[str],
    made: tuple[tuple[str, str], ...],
) -> dict[str, Any]:
    """What every manifest begins with: what it is, who made it, of which scenario and months."""
    return {
        "format": kind,
        "form": FORM,
        "coercivity": version,
        "made": dict(made) or provenance_hashes(scenario.facts),
        "python": platform.python_version(),
        "packages": package_versions(),
        "scenario": _scenario_summary(scenario),
        "months": list(months),
    }


def _scenario_summary(scenario: Scenario) -> dict[str, str]:
    """Name and fingerprint of a scenario, and the shipped one that it is based on."""
    return {
        "name": scenario.name,
        "fingerprint": scenario.fingerprint(),
        "base": scenario.base,
    }


def _scenario(
    stored: StoredFiles,
    manifest: Mapping[str, Any],
    name: str,
    about: Mapping[str, str],
    facts: Facts,
) -> Scenario:
    """The scenario in a file. Raises ValueError where it is not the one that ran."""
    raw = parse_yaml(stored.checked(manifest, name), name)
    if isinstance(raw, dict):
        raw.pop("data", None)  # `facts`, wherever they lie now
    read = scenario_from_dict(raw, name, facts=facts)
    if read.fingerprint() != about["fingerprint"]:
        raise ValueError(f"{name} is read otherwise by this version than by the one that ran it")
    return replace(read, base=str(about["base"]))


def _write_yaml(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
