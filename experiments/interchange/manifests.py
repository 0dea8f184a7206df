"""What the manifests of result folders say: of a run, a comparison or an ensemble, of a sweep, of
the paper kit. One form for all of them, for whoever describes a folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.interchange import about
from coercivity.experiments.sweep.layout import PARTS as SWEEP_PARTS
from coercivity.experiments.sweep.layout import SWEEP, TABLES, part_number
from coercivity.model.basis.errors import InputError

MANIFEST: Final = "manifest.json"
HOW: Final = {MANIFEST: "What made this folder, enough to make it again"}


@dataclass(frozen=True)
class RunRequest:
    """What a run was asked: its id in the crate, and what is said of it (nothing for a file)."""

    id: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunAction:
    """A run of the model: what was asked, which files it made, whether it is whole, and when it
    ended where the manifest says so.
    """

    name: str
    description: str
    objects: tuple[RunRequest, ...]
    made: Callable[[str], bool]
    whole: bool = True
    ended: str = ""


@dataclass(frozen=True)
class ManifestSummary:
    """What a manifest tells of its folder: version, what else identifies the code, packages, what
    files are, and the runs.
    """

    name: str
    description: str
    version: str
    made_with: tuple[str, ...]
    packages: tuple[str, ...]
    files: Mapping[str, str]
    acts: tuple[RunAction, ...]


def read_manifest(folder: Path) -> ManifestSummary:
    """What the manifest of a folder tells. Raises InputError, one line, for a folder without one,
    and for one that cannot be read.
    """
    name = SWEEP if (folder / SWEEP).is_file() else MANIFEST
    try:
        data = (folder / name).read_bytes()
        if name == SWEEP:
            from coercivity.experiments.sweep.sweep_folder import description

            return _sweep(folder, description(data))
        held = json.loads(data)
        return _kit(held) if "kit" in held else _runs(held)
    except FileNotFoundError:
        raise InputError(
            "folder '{folder}' holds neither {manifest} nor {sweep}",
            "give the folder of a run, a comparison, an ensemble, a sweep or the paper kit",
            folder=folder,
            manifest=MANIFEST,
            sweep=SWEEP,
        ) from None
    except OSError as error:
        raise InputError(
            "folder '{folder}' cannot be read ({reason})",
            "give a folder where you may read",
            folder=folder,
            reason=error.strerror,
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            "{file} is damaged, or none of Coercivity's", "make the folder anew", file=folder / name
        ) from None


def _packages(held: Mapping[str, Any]) -> tuple[str, ...]:
    """Python and the packages that ran, with their versions."""
    named = {"Python": held["python"], **held["packages"]}
    return tuple(f"{name} {version}" for name, version in named.items())


def _scenario_request(held: Mapping[str, Any]) -> RunRequest:
    """A scenario with its text."""
    return RunRequest(
        f"#scenario-{held['fingerprint']}",
        {
            "@type": "CreativeWork",
            "name": f"Scenario {held['name']}",
            "identifier": held["fingerprint"],
            **(
                {"encodingFormat": "application/yaml", "text": held["yaml"]}
                if "yaml" in held
                else {}
            ),
        },
    )


def _value(name: str, value: object) -> RunRequest:
    """A setting of a run."""
    told = {"@type": "PropertyValue", "name": name, "value": str(value)}
    return RunRequest(f"#{name.replace(' ', '-')}", told)


# ---------------------------------------------------------------- runs, comparisons, ensembles


def _runs(held: Mapping[str, Any]) -> ManifestSummary:
    """Runs of one scenario, or of two."""
    scenarios = [held[key] for key in ("base", "scenario") if key in held]
    names = " and ".join(one["name"] for one in scenarios)
    settings = {"months": held["months"]}
    if "seeds" in held:
        settings["seeds"] = ", ".join(str(seed) for seed in held["seeds"])
        of = f"{len(held['seeds'])} worlds"
    else:
        keys = ("draws", "replications", "design_seed")
        settings |= {key.replace("_", " "): held[key] for key in keys}
        of = f"{held['draws']} draws of parameters and luck"
    objects = (
        *(_scenario_request(one) for one in scenarios),
        *(_value(name, value) for name, value in settings.items()),
    )
    what = f"{names}, {of}, {held['months']} months"
    act = RunAction(f"Run of {names}", what, objects, lambda name: name != MANIFEST)
    tables = held["tables"].items()
    return ManifestSummary(
        name=f"{about.NAME}: {names}",
        description=f"Results of {about.NAME} {held['coercivity']}: {what}.",
        version=held["coercivity"],
        made_with=tuple(f"{key} {held[key]}" for key in ("facts", "code") if key in held),
        packages=_packages(held),
        files={
            **HOW,
            **{table["file"]: _columns(name, table["units"]) for name, table in tables},
            "report.html": "The summary with figures, for a browser",
        },
        acts=(act,),
    )


def _columns(name: str, units: Mapping[str, str]) -> str:
    """A table with the units of its columns."""
    told = "; ".join(f"{column} in {unit}" for column, unit in units.items() if unit)
    return f"Table {name}" + (f": {told}" if told else "")


# ---------------------------------------------------------------- sweeps


def _sweep(folder: Path, held: Mapping[str, Any]) -> ManifestSummary:
    """The runs of a design."""
    design, there = held["design"], _sweep_parts(folder)
    scenarios = ", ".join(design["scenario"])
    what = f"{held['runs']:,} runs of {scenarios}, method {design['method']}"
    files = {SWEEP: f"The design, fingerprint {held['fingerprint']}, and how its runs are cut"}
    for number, name in there:
        first = number * held["chunk"]
        last = min(first + held["chunk"], held["runs"]) - 1
        files[name] = f"Runs {first} to {last}, one a row"
        files[f"{name.removesuffix('.parquet')}.json"] = f"Counts and sums of {name}"
    act = RunAction(
        f"Sweep {design['name']}" if design.get("name") else f"Sweep of {scenarios}",
        design.get("why") or what,
        (RunRequest(SWEEP),),
        lambda name: name.startswith((f"{SWEEP_PARTS}/", f"{TABLES}/")),
        whole=len(there) == held["chunks"],
    )
    return ManifestSummary(
        name=f"{about.NAME}: {act.name[:1].lower()}{act.name[1:]}",
        description=f"Rows of a sweep by {about.NAME} {held['version']}: {what}.",
        version=held["version"],
        made_with=(f"model code {held['code']}",),
        packages=_packages(held),
        files=files,
        acts=(act,),
    )


def _sweep_parts(folder: Path) -> list[tuple[int, str]]:
    """Number and place of the parts that are there."""
    found = []
    for path in sorted((folder / SWEEP_PARTS).glob("*.parquet")):
        number = part_number(path.name)
        if number is not None:
            found.append((number, f"{SWEEP_PARTS}/{path.name}"))
    return found


# ---------------------------------------------------------------- the paper kit


def _kit(held: Mapping[str, Any]) -> ManifestSummary:
    """The parts of the paper kit, a run each."""
    acts = tuple(_part(name, stamp) for name, stamp in held["parts"].items())
    mark = " Quick: not for citation." if held["quick"] else ""
    return ManifestSummary(
        name=f"{about.NAME}: tables, figures and verdicts",
        description=f"The paper kit of {about.NAME} {held['coercivity']}.{mark}",
        version=held["coercivity"],
        made_with=(f"model code {held['model_code']}", f"collection {held['collection']}"),
        packages=_packages(held),
        files={**HOW, "README.md": "What is what", **dict(_of_parts(held["parts"]))},
        acts=acts,
    )


def _part(name: str, stamp: Mapping[str, Any]) -> RunAction:
    """A part of the kit."""
    objects: Sequence[RunRequest] = [
        _scenario_request({"name": one, "fingerprint": mark})
        for one, mark in stamp["scenarios"].items()
    ]
    files = frozenset(stamp["files"])
    return RunAction(
        stamp.get("title", name),
        stamp["command"],
        tuple(objects),
        files.__contains__,
        ended=stamp["finished"],
    )


def _of_parts(parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the files of the parts are."""
    kinds = {
        "results": "All values",
        "pages": "The page",
        "tables": "A table",
        "figures": "A figure",
    }
    for name, stamp in parts.items():
        for file in stamp["files"]:
            yield file, f"{kinds.get(file.split('/')[0], 'A file')} of the part {name}"
