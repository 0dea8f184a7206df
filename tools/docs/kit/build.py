"""The folder of the paper kit: parts are built one after another, each written when it is done and
kept while what made it is the same; pages, tables and figures are drawn from the results.

`manifest.json` has a stamp a part: what its numbers depend on (version, code, worlds, collection)
and the sums of its files. Results are stamped before anything is drawn, so that no fault in a page
loses them.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import methodcaller
from pathlib import Path
from time import monotonic
from typing import Any, Final

from coercivity.experiments.sweep.fingerprints import ROOMS, collection_code, results_code, sha256
from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.experiments.worlds.atomic import write_text, write_whole
from coercivity.experiments.worlds.draws import check_count, draws
from coercivity.experiments.worlds.output_tables import PACKAGES, check_new_folder, package_versions
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.shown_results import MADE_BY, read_document
from coercivity.viz.words.terminal import progress_bar
from tools.docs.kit.documents import Document, Order, document, to_text
from tools.docs.kit.kit_steps import KIT, PARTS, Part
from tools.docs.pages.files import files_of
from tools.docs.pages.text import MARK

Stamp = dict[str, Any]
OUT: Final = "runs/paper"
BUILT, KEPT = "built", "kept"
MANIFEST, README = "manifest.json", "README.md"
README_TEXT: Final = """# Tables, figures and verdicts, with what made them
{mark}
Everything here was made from scenarios by one command and is made again by it: parts that are here and whole are kept.
`manifest.json` has for each part the command, seeds, scenarios with their fingerprints, seconds, and the sum of every file.
Times stand in the manifest and in `ro-crate-metadata.json` alone: two runs of one version give the same results, pages and tables byte for byte.

    python -m tools.docs.kit DIR

- `results/*.json`: all values of a part, with version, code and number of worlds; pages, tables and figures are drawn from these alone
- `pages/*.md`: the pages of the documentation
- `tables/*.csv`: the same numbers, one row a case
- `figures/*`: what the pages show
- `sweeps/*`: the runs of the sensitivity analysis (`coercivity sensitivity DIR`)
"""


@dataclass(frozen=True)
class Plan:
    """All that is asked. Raises InputError for a number of draws or workers that does not fit."""

    parts: tuple[Part, ...] = tuple(PARTS.values())
    worlds: int | None = None
    quick: bool = False
    workers: int = 0

    def __post_init__(self) -> None:
        count_workers(self.workers, 1)
        if self.worlds is not None:
            check_count(self.worlds)

    def count(self, part: Part) -> int:
        """Number of worlds of a part: as asked, else its own; 0 for one that takes none."""
        own = part.quick if self.quick else part.worlds
        return (own if self.worlds is None else self.worlds) if part.worlds else 0

    def command(self, part: Part) -> str:
        """The command that makes a part again."""
        if part.command:
            return part.command
        worlds = f" --draws {self.worlds}" if self.worlds is not None and part.worlds else ""
        return f"python -m {KIT} DIR --parts {part.name}{worlds}{' --quick' * self.quick}"


def key_of(part: Part, asked: Plan) -> Stamp:
    """Return what the numbers of a part depend on: the same key, the same numbers. code: the model
    and all that the part reaches by its imports; of results that ship, all that is installed.
    """
    home = MADE_BY.get(part.name, f"{KIT}.{part.name}")
    return {
        "coercivity": model_version(),
        "code": results_code(home, (*ROOMS, "tools.docs")),
        "worlds": asked.count(part),
        "quick": asked.quick,
        "collection": collection_code(),
    }


def make_paper(out: Path, asked: Plan) -> dict[str, str]:
    """Build what is asked into *out*: a new or empty folder, or that of an earlier call, whose
    parts are kept where the same is asked. Returns which were built and which kept. Raises
    InputError, before anything runs, for a folder that does not fit.
    """
    if not (out / MANIFEST).is_file():
        check_new_folder(out)
        out.mkdir(parents=True, exist_ok=True)
        write_manifest(out, asked, {})
    read_stamps(out, asked)
    states = {}
    for part in asked.parts:
        key, began = key_of(part, asked), monotonic()
        held = kept(out, part, key, read_stamps(out, asked).get(part.name))
        states[part.name] = KEPT if held else BUILT
        if held is None:
            print(f"{part.name}: {part.in_words(key['worlds']) or 'begins'}", file=sys.stderr)
            with progress_bar(part.name) as progress:
                sweeps = out / "sweeps"
                order = Order(key["worlds"], asked.quick, asked.workers, sweeps, progress)
                held = document(part.name, key, part.home.build(order))
            results = {part.results: to_text(held)}
            write_part(out, asked, part, results, key, monotonic() - began)
        seconds = read_stamps(out, asked)[part.name]["seconds"]
        files = {part.results: to_text(held), **files_of(held)}
        write_part(out, asked, part, files, key, seconds)
        print(f"{part.name}: {states[part.name]}, {len(files)} files", file=sys.stderr)
    return states


def kept(out: Path, part: Part, key: Stamp, stamp: Stamp | None) -> Document | None:
    """Return the results that are there, whole and what is asked; None where they are not."""
    if part.command or stamp is None or stamp["key"] != key:
        return None
    path = out / part.results
    whole = path.is_file() and sha256(path.read_bytes()) == stamp["files"].get(part.results)
    return read_document(path) if whole else None


def read_stamps(out: Path, asked: Plan) -> dict[str, Stamp]:
    """Return what the manifest says now, for another command may have added to it. Raises
    InputError for one of another version, of the other kind (quick or whole), or none of the kit.
    """
    wanted = {"kit": "paper", "coercivity": model_version(), "quick": asked.quick}
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        said = {name: manifest[name] for name in wanted}
        stamps: dict[str, Stamp] = manifest["parts"]
    except (ValueError, KeyError, TypeError):
        raise InputError(
            "folder '{folder}': its {manifest} is damaged, or none of the paper kit",
            "give a new folder",
            folder=out,
            manifest=MANIFEST,
        ) from None
    for name, value in wanted.items():
        if said[name] != value:
            raise InputError(
                "folder '{folder}' was made with {name} {said}, and this is {value}",
                "give a new folder",
                folder=out,
                name=name,
                said=said[name],
                value=value,
            )
    return stamps


def write_part(
    out: Path, asked: Plan, part: Part, files: Mapping[str, str | bytes], key: Stamp, seconds: float
) -> None:
    """Write the files of a part, each whole or not at all, then its stamp."""
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        write_whole(out / name, methodcaller("write_bytes", data))
    seeds = [*range(1, 1 + key["worlds"])]
    if part.of == "draws" and key["worlds"]:
        seeds = [one.seed for one in draws(key["worlds"])]
    stamp = {
        "title": part.title,
        "key": key,
        "command": asked.command(part),
        "seconds": round(seconds, 1),
        "seeds": seeds,
        "of": part.of,
        "scenarios": {name: load_scenario(name).fingerprint() for name in part.home.scenarios()},
        "files": {name: sha256(content) for name, content in sorted(files.items())},
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_manifest(out, asked, {**read_stamps(out, asked), part.name: stamp})


def write_manifest(out: Path, asked: Plan, stamps: Mapping[str, Stamp]) -> None:
    """Write manifest and README."""
    stamps = {name: stamps[name] for name in PARTS if name in stamps}
    manifest = {
        "kit": "paper",
        "coercivity": model_version(),
        "model_code": model_code(),
        "parameter_hash": load_parameters().defaults().hash,
        "collection": collection_code(),
        "quick": asked.quick,
        "python": platform.python_version(),
        "packages": package_versions((*PACKAGES, "scipy", "SALib", "matplotlib")),
        "parts": stamps,
    }
    write_text(out / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    mark = f"\n**{MARK}.** Few worlds and short runs, to try the kit.\n"
    lines = [README_TEXT.format(mark=mark if asked.quick else "")]
    for name, stamp in stamps.items():
        words = PARTS[name].in_words(stamp["key"]["worlds"])
        again = f"{words and f'{words}. '}Again: `{stamp['command']}`"
        lines += [f"## {stamp['title']}", "", again, "", *(f"- `{one}`" for one in stamp["files"])]
        lines.append("")
    write_text(out / README, "\n".join(lines))
