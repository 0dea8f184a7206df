"""Take a finished calibration into the project: python docs/adopt_calibration.py FOLDER

Copies its collection to model/data/collection.csv and its record to docs/calibration.json; the page
follows with `make docs`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(folder: Path) -> None:
    """Copy both files."""
    shutil.copyfile(folder / "collection.csv", ROOT / "model" / "data" / "collection.csv")
    shutil.copyfile(folder / "calibration.json", ROOT / "docs" / "calibration.json")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(
            "Use: python docs/adopt_calibration.py FOLDER (of `coercivity calibrate --out FOLDER`)"
        )
    main(Path(sys.argv[1]))
