"""Writes what machines read of the project: model/data/datapackage.json from the specs of the
tables, codemeta.json from pyproject.toml and CITATION.cff. Run by `make docs`.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

from coercivity.experiments.interchange.datapackage import package, to_text
from coercivity.model.basis.layers import shipped_folder

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = "https://w3id.org/codemeta/3.0"


def codemeta(root: Path = ROOT) -> dict[str, Any]:
    """The description of the software in the terms of CodeMeta."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "SoftwareSourceCode",
        "name": cited["title"].partition(":")[0],
        "alternateName": cited["title"],
        "description": cited["abstract"].strip(),
        "version": project["version"],
        "datePublished": str(cited["date-released"]),
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"type": "Organization", "name": one["name"]} for one in cited["authors"]],
        "keywords": project["keywords"],
        "programmingLanguage": {"type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": [_needed(line) for line in project["dependencies"]],
    }
    if url := cited.get("repository-code"):
        told["codeRepository"] = url
    return told


def _needed(line: str) -> dict[str, str]:
    """A dependency: its name, and the versions that will do where they are bounded."""
    need = Requirement(line)
    told = {"type": "SoftwareApplication", "identifier": need.name, "name": need.name}
    return told | ({"version": str(need.specifier)} if need.specifier else {})


def files(root: Path = ROOT) -> dict[Path, str]:
    """Every file that is made here, with what belongs into it."""
    return {
        shipped_folder() / "datapackage.json": to_text(package()),
        root / "codemeta.json": json.dumps(codemeta(root), indent=2, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
