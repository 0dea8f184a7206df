"""The folder of a paper kit: `manifest.json` says what made each file; a part counts when its entry
is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.paper.code import collection_code
from coercivity.experiments.paper.parts import PARTS
from coercivity.experiments.sweep.atomic import write_text, write_whole
from coercivity.experiments.sweep.folder import model_code
from coercivity.experiments.worlds.output import PACKAGES, check_new_folder, package_versions
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.inputs import place_of
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version

MANIFEST, README, KIT = "manifest.json", "README.md", "paper"
MATTER: Final = (*PACKAGES, "scipy", "SALib", "matplotlib")
MARK: Final = "quick: not for citation"


@dataclass(frozen=True)
class Entry:
    """A part in the manifest: what its numbers depend on, command, fingerprint of what drew its
    pages, seconds, seeds, scenarios and sums of its files.
    """

    key: Mapping[str, Any]
    command: str
    pages: str
    seconds: float
    seeds: list[int]
    of: str
    scenarios: Mapping[str, str]
    files: Mapping[str, str]


@dataclass
class Folder:
    """An open folder and the entries of its parts."""

    path: Path
    shown: str
    quick: bool
    parts: dict[str, Entry] = field(default_factory=dict)
    finished: dict[str, str] = field(default_factory=dict)  # part -> when

    def intact(self, entry: Entry, names: Iterable[str] | None = None) -> bool:
        """Whether files of an entry (all without names) are there as they were written."""
        asked = entry.files if names is None else names
        return all(
            name in entry.files and _sum(self.path / name) == entry.files[name] for name in asked
        )

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, each whole or not at all. Raises InputError where the disk does not let it."""
        try:
            for name, contents in files.items():
                path = self.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                data = contents.encode() if isinstance(contents, str) else contents
                write_whole(path, lambda hidden, data=data: _put(hidden, data))  # type: ignore[misc]
        except OSError as error:
            asked = f"--out '{shorten(self.shown, 200)}'"
            raise InputError(
                f"{asked} cannot be written ({error.strerror}); finished parts are safe, "
                "run the same command again"
            ) from None

    def settle(self, name: str, entry: Entry) -> None:
        """Make the entry of a part count, and take away what an earlier one left."""
        before = self.parts.get(name)
        self.parts[name] = entry
        self.finished[name] = datetime.now(UTC).isoformat(timespec="seconds")
        self.save()
        for gone in set(before.files if before else ()) - set(entry.files):
            with contextlib.suppress(OSError):
                (self.path / gone).unlink()

    def save(self) -> None:
        """Write manifest and README."""
        ordered = [name for name in PARTS if name in self.parts]
        held = {
            "kit": KIT,
            "coercivity": model_version(),
            "model_code": model_code(),
            "parameter_hash": load_parameters().defaults().hash,
            "collection": collection_code(),
            "quick": self.quick,
            "python": platform.python_version(),
            "packages": package_versions(MATTER),
            "parts": {
                name: {**asdict(self.parts[name]), "finished": self.finished.get(name, "")}
                for name in ordered
            },
        }
        write_text(self.path / MANIFEST, json.dumps(held, indent=2, ensure_ascii=False) + "\n")
        write_text(self.path / README, self.readme())

    def readme(self) -> str:
        """What each file is and how it is made again."""
        lines = [
            "# Tables, figures and verdicts, with what made them",
            "",
            *(
                [f"**{MARK}.** Few worlds and short runs, to try the kit.", ""]
                if self.quick
                else []
            ),
            (
                "Everything here was made from scenarios by one command and is made again by "
                "it: parts that are here and whole are kept."
            ),
            (
                "`manifest.json` has for each part the command, seeds, scenarios with their "
                "fingerprints, seconds, and the sum of every file."
            ),
            (
                "Times stand in the manifest alone: two runs of one version give the same "
                "results, pages and tables byte for byte."
            ),
            "",
            "    coercivity paper --out DIR",
            "",
            (
                "- `results/*.json`: all values of a part, with version, code and number of "
                "worlds; pages, tables and figures are drawn from these alone"
            ),
            "- `pages/*.md`: the pages of the documentation",
            "- `tables/*.csv`: the same numbers, one row a case",
            "- `figures/*`: what the pages show",
            "- `sweeps/*`: the runs of the sensitivity analysis (`coercivity sensitivity DIR`)",
            "",
        ]
        for name in (name for name in PARTS if name in self.parts):
            entry = self.parts[name]
            worlds = (
                f"{words}. " if (words := PARTS[name].in_words(int(entry.key["worlds"]))) else ""
            )
            lines += [
                f"## {PARTS[name].title}",
                "",
                f"{worlds}Again: `{entry.command}`",
                "",
                *(f"- `{file}`" for file in entry.files),
                "",
            ]
        return "\n".join(lines)


def open_folder(out: str | Path, quick: bool) -> Folder:
    """Open the folder of a kit, or begin one. Raises InputError, one line, for a folder that holds
    something else or was made by another version.
    """
    path, asked = place_of(out, "--out"), f"--out '{shorten(out, 200)}'"
    if not (path / MANIFEST).is_file():
        check_new_folder(out)
        folder = Folder(path, str(out), quick)
        try:
            path.mkdir(parents=True, exist_ok=True)
            folder.save()
        except OSError as error:
            raise InputError(
                f"{asked} cannot be written ({error.strerror}); give a folder where you may write"
            ) from None
        return folder
    held = _manifest(path, out)
    here = model_version()
    if held["coercivity"] != here:
        raise InputError(
            f"{asked} was made by coercivity {shorten(held['coercivity'])} and this is "
            f"{here}; give a new folder, or use that version"
        )
    if held["quick"] != quick:
        was, now = (
            ("a quick kit", "without --quick") if held["quick"] else ("a whole kit", "with --quick")
        )
        raise InputError(f"{asked} holds {was}; give another folder for one {now}")
    names = list(Entry.__dataclass_fields__)
    try:
        parts = {
            name: Entry(**{one: entry[one] for one in names})
            for name, entry in held["parts"].items()
            if name in PARTS
        }
        return Folder(
            path,
            str(out),
            quick,
            parts,
            {name: str(held["parts"][name].get("finished", "")) for name in parts},
        )
    except (KeyError, TypeError, AttributeError):
        raise InputError(
            f"--out '{shorten(out, 200)}': {MANIFEST} is damaged; give a new folder"
        ) from None


def _manifest(path: Path, out: str | Path) -> dict[str, Any]:
    try:
        held = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputError(
            f"--out '{shorten(out, 200)}': {MANIFEST} is damaged; give a new folder"
        ) from None
    if (
        not isinstance(held, dict)
        or held.get("kit") != KIT
        or any(key not in held for key in ("coercivity", "quick", "parts"))
    ):
        raise InputError(
            f"--out '{shorten(out, 200)}' is in use (its {MANIFEST} is none of the paper "
            "kit); give a new or empty folder"
        )
    return held


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
