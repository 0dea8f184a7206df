"""Write the pages that show results, and their figures, from docs/results and
docs/calibration.json, and the copies that the browser's pages show.

    python -m tools.docs.kit DIR
        makes every result anew (add --quick to try it in minutes)
    python -m tools.docs.write_result_pages DIR
        takes the results of such a folder into docs/results, then writes pages and figures
    python -m tools.docs.write_result_pages
        writes the pages again, and figures that are missing (part of `make docs`)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from coercivity.model.basis.errors import InputError
from coercivity.viz.page_data.shown_results import FOLDER, LEFT_OUT, read_document, shown_part
from tools.docs.kit.calibration import STORED
from tools.docs.kit.documents import Document, document, to_text
from tools.docs.kit.kit_steps import PARTS
from tools.docs.pages.files import figures_of, pages_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
RESULTS = DOCS / "results"


def documents() -> Iterator[Document]:
    """Every result that the documentation shows, in the order of the parts."""
    for name in PARTS:
        if name == "calibration":  # which keeps its own record
            found = json.loads(STORED.read_text(encoding="utf-8"))
            none = {"code": "", "worlds": 0, "quick": False, "collection": ""}
            yield document(name, {"coercivity": found["version"], **none}, found)
        elif (RESULTS / f"{name}.json").is_file():
            yield read_document(RESULTS / f"{name}.json")


def take(folder: Path) -> list[str]:
    """Copy the results of a paper folder; return the names of the parts. Refuses a quick one."""
    found = {
        part: read_document(path)
        for part in PARTS
        if part != "calibration" and (path := folder / "results" / f"{part}.json").is_file()
    }
    if not found:
        raise InputError(
            "folder '{folder}' holds no results of the paper kit",
            "make some with: python -m tools.docs.kit {folder}",
            folder=folder,
        )
    quick = [part for part, held in found.items() if held["quick"]]
    if quick:
        raise InputError(
            "folder '{folder}' was made with --quick, which is not for citation",
            "make it again without",
            folder=folder,
        )
    RESULTS.mkdir(exist_ok=True)
    for part, held in found.items():
        (RESULTS / f"{part}.json").write_text(to_text(held), encoding="utf-8")
    return list(found)


def main(arguments: list[str]) -> None:
    """Take results where a folder is given, then write."""
    taken = take(Path(arguments[0])) if arguments else []
    written = 0
    for held in documents():
        if held["part"] in LEFT_OUT:
            (FOLDER / f"{held['part']}.json").write_text(
                to_text(shown_part(held)), encoding="utf-8"
            )
        for name, text in pages_of(held).items():
            (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / name).write_text(text, encoding="utf-8")
            written += 1
        for name, data in figures_of(held, partial(_wanted, anew=held["part"] in taken)):
            (DOCS / "images" / name).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / "images" / name).write_bytes(data)
    print(f"Wrote {written} pages from docs/results")


def _wanted(name: str, anew: bool) -> bool:
    return anew or not (DOCS / "images" / name).is_file()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"tools.docs.write_result_pages: {error}")
