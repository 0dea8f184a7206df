"""The front-end files of the package solara-assets, and nothing else: no other folder, and no other
host. The charts' library is asked for by its name, and found in whatever release is installed.
"""

from __future__ import annotations

import os
import re
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from coercivity.model.basis.errors import InputError

VERSIONED: Final = re.compile(r"@\d+\.\d+\.\d+/")  # what is under such a path never changes
KEEP: Final = "public, max-age=31536000, immutable"
KEEP_A_DAY: Final = "public, max-age=86400"  # what is asked for by name alone
HOLDER: Final = "solara-assets"  # the package that brings the files
CHARTS: Final = "echarts"  # under /_solara/cdn; viz/data/custom.js asks for it
CHARTS_FILE: Final = "dist/echarts.min.js"
_RELEASE: Final = re.compile(rf"{CHARTS}@(\d+(?:\.\d+)*)")


def front_end_folder(usual: Path) -> Path:
    """The folder of the front-end files: *usual*, which is solara's own, or where the package says
    that it put them. Raises InputError where neither holds the charts' library.
    """
    for place in (usual, _as_installed()):
        if place is not None and charts_folder(place) is not None:
            return place
    raise InputError(
        "the charts of the pages need {charts}, which is neither in '{value}' nor among the files "
        "of {package}",
        "install it with: pip install --force-reinstall {package}",
        charts=CHARTS,
        value=usual,
        package=HOLDER,
    )


def charts_folder(place: Path) -> Path | None:
    """The newest release of the charts' library in a folder of front-end files, None for none."""
    releases = {
        tuple(map(int, found[1].split("."))): path
        for path in place.glob(f"{CHARTS}@*")
        if (found := _RELEASE.fullmatch(path.name)) and (path / CHARTS_FILE).is_file()
    }
    return releases[max(releases)] if releases else None


def _as_installed() -> Path | None:
    """The folder in which the package's own list of files has the charts' library."""
    try:
        held = files(HOLDER) or ()
    except PackageNotFoundError:
        return None
    found = next((one for one in held if one.match(f"{CHARTS}@*/{CHARTS_FILE}")), None)
    return None if found is None else Path(os.path.abspath(str(found.locate()))).parents[2]


def front_end(folder: Path, base: type[StaticFiles] = StaticFiles) -> StaticFiles:
    """An application that hands out the files of one folder, for browsers to keep where the path
    has a version, and the charts' library under its name alone.
    """
    charts = charts_folder(folder)

    class FrontEnd(base):  # type: ignore[misc, valid-type]
        async def get_response(self, path: str, scope: Any) -> Response:
            keep = KEEP if VERSIONED.search(path) else ""
            first, _, rest = path.partition(os.sep)
            if charts is not None and first == CHARTS:
                path, keep = os.path.join(charts.name, rest), KEEP_A_DAY
            try:
                response: Response = await super().get_response(path, scope)
            except (HTTPException, OSError):  # whatever the reason, the answer is the same
                return PlainTextResponse("not here", 404)
            if response.status_code in (200, 304) and keep:
                response.headers["cache-control"] = keep
            return response

    return FrontEnd(directory=folder)
