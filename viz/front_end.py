"""The front-end files of the package solara-assets, and nothing else: no other folder, and no other host."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from solara.server.starlette import StaticFilesOptionalAuth, immutable_cache_control
from starlette.responses import Response

VERSIONED: Final = re.compile(r"@\d+\.\d+\.\d+/")  # what is under such a path never changes


class FrontEnd(StaticFilesOptionalAuth):
    """Hands out files of one folder. Compressed once for each file, as solara does it for its own."""

    def __init__(self, files: Path) -> None:
        super().__init__(directory=str(files))

    async def get_response(self, path: str, scope: Any) -> Response:
        """The file, for browsers to keep where its path has a version."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304) and VERSIONED.search(path):
            response.headers["cache-control"] = immutable_cache_control()
        return response
