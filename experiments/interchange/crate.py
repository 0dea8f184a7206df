"""`ro-crate-metadata.json` beside the manifest of a folder of results: an RO-Crate 1.1 that says
what each file is and which run made it (a Process Run Crate 0.5).

It is made from the folder and its manifest alone, so it can be made again at any time: by
`coercivity crate DIR`. It says when files were written, which the manifest does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from coercivity.experiments.interchange import about
from coercivity.experiments.interchange.manifests import ManifestSummary, RunAction, read_manifest
from coercivity.experiments.worlds.atomic import write_text
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import place_of

FILE: Final = "ro-crate-metadata.json"
CRATE: Final = "https://w3id.org/ro/crate/1.1"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
FORMATS: Final = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".out": "text/plain",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".sbatch": "text/x-shellscript",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}
DONE: Final = "http://schema.org/CompletedActionStatus"
GOES_ON: Final = "http://schema.org/ActiveActionStatus"
TERMS: Final = (
    f"The licence of {about.NAME} itself, under which this folder was made. Whoever publishes the "
    "folder may give it another."
)
Entity = dict[str, Any]


@dataclass(frozen=True)
class CrateFile:
    """A file of the folder: its place in it, size and when it was written."""

    name: str
    size: int
    written: datetime


def write_crate(folder: str | Path) -> Path:
    """Write the crate of a folder of results, over an earlier one; return its path. Raises
    InputError, one line, for a folder without a manifest that is known, or that cannot be written.
    """
    place = place_of(folder, "folder")
    text = to_text(crate_of(place))
    try:
        write_text(place / FILE, text)
    except OSError as error:
        raise InputError(
            "folder '{folder}' cannot be written ({reason})",
            "give a folder where you may write",
            folder=Phrase(shorten(folder, 200)),
            reason=error.strerror,
        ) from None
    return place / FILE


def crate_of(folder: Path) -> Entity:
    """The crate of a folder of results. Raises InputError for a folder without a manifest."""
    told, files = read_manifest(folder), crate_files(folder)
    last = max((file.written for file in files), default=datetime.now(UTC))
    acts = [_act(number, act, told, files, last) for number, act in enumerate(told.acts, start=1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": told.name,
        "description": told.description,
        "datePublished": f"{last:%Y-%m-%d}",
        "license": {"@id": about.LICENCE_ID},
        "conformsTo": {"@id": PROFILE},
        "hasPart": _refer(_id(file.name) for file in files),
        "mentions": _refer(act["@id"] for act in acts),
    }
    graph = [
        _descriptor(),
        root,
        *(_file(file, told.files.get(file.name, "")) for file in files),
        *acts,
        *_objects(told.acts),
        _software(told),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        _licence(),
    ]
    return {"@context": f"{CRATE}/context", "@graph": graph}


def crate_files(folder: Path) -> list[CrateFile]:
    """The files of a folder, with those in its folders, in alphabetical order; without the crate
    itself and what is hidden.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts != (FILE,) and not any(part.startswith(".") for part in parts):
            seen = path.stat()
            written = datetime.fromtimestamp(int(seen.st_mtime), UTC)
            found.append(CrateFile("/".join(parts), seen.st_size, written))
    return found


def to_text(crate: Entity) -> str:
    """A crate as its file holds it."""
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"


def _descriptor() -> Entity:
    """What says that the file is the metadata of a crate."""
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CRATE},
        "about": {"@id": "./"},
    }


def _file(file: CrateFile, what: str) -> Entity:
    told: Entity = {"@id": _id(file.name), "@type": "File", "name": file.name}
    if what:
        told["description"] = what
    if kind := FORMATS.get(Path(file.name).suffix.lower()):
        told["encodingFormat"] = kind
    return told | {"contentSize": str(file.size), "dateModified": file.written.isoformat()}


def _act(
    number: int, act: RunAction, told: ManifestSummary, files: Sequence[CrateFile], last: datetime
) -> Entity:
    """A run of the model that made files. *last*: when the newest of all was written."""
    made = [file for file in files if act.made(file.name)]
    ended = act.ended or max((file.written for file in made), default=last).isoformat()
    return {
        "@id": f"#run-{number}",
        "@type": "CreateAction",
        "name": act.name,
        "description": act.description,
        "instrument": {"@id": _software_id(told)},
        "object": _refer(one.id for one in act.objects),
        "result": _refer(_id(file.name) for file in made),
        **({"endTime": ended} if act.whole else {}),
        "actionStatus": DONE if act.whole else GOES_ON,
    }


def _objects(acts: Iterable[RunAction]) -> list[Entity]:
    """What runs were asked, each once; files stand in the crate already."""
    asked = {one.id: one for act in acts for one in act.objects}
    return [{"@id": one.id, **one.told} for one in asked.values() if one.told]


def _software_id(told: ManifestSummary) -> str:
    return f"#{about.NAME.lower()}-{quote(told.version)}"


def _software(told: ManifestSummary) -> Entity:
    """The version of Coercivity that ran."""
    return {
        "@id": _software_id(told),
        "@type": "SoftwareApplication",
        "name": about.NAME,
        "softwareVersion": told.version,
        "description": ". ".join([about.WHAT, *told.made_with]),
        "license": {"@id": about.LICENCE_ID},
        "softwareRequirements": list(told.packages),
    }


def _licence() -> Entity:
    return {
        "@id": about.LICENCE_ID,
        "@type": "CreativeWork",
        "name": about.LICENCE_TITLE,
        "description": TERMS,
        "url": about.LICENCE_TEXT,
    }


def _refer(ids: Iterable[str]) -> Entity | list[Entity]:
    """References; to one alone without a list around it."""
    found = [{"@id": one} for one in ids]
    return found[0] if len(found) == 1 else found


def _id(name: str) -> str:
    """The place of a file as a reference that any URI may hold."""
    return quote(name)
