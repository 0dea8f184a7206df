"""The front-end files of the package solara-assets, and nothing else: no other folder, and no other
host.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

VERSIONED: Final = re.compile(r"@\d+\.\d+\.\d+/")  # what is under such a path never changes
KEEP: Final = "public, max-age=31536000, immutable"


def front_end(files: Path, base: type[StaticFiles] = StaticFiles) -> StaticFiles:
    """An application that hands out the files of one folder, for browsers to keep where the path
    has a version.
    """

    class FrontEnd(base):  # type: ignore[misc, valid-type]
        async def get_response(self, path: str, scope: Any) -> Response:
            try:
                response: Response = await super().get_response(path, scope)
            except (HTTPException, OSError):  # whatever the reason, the answer is the same
                return PlainTextResponse("not here", 404)
            if response.status_code in (200, 304) and VERSIONED.search(path):
                response.headers["cache-control"] = KEEP
            return response

    return FrontEnd(directory=files)
