"""What the project says of itself wherever a machine reads it. `tests/test_standing.py` holds it to
pyproject.toml and CITATION.cff.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "Coercivity"
WHAT: Final = (
    "An agent-based model of rare-earth supply chains and the governments that fight over them"
)
DEVELOPERS: Final = "The Coercivity developers"
LICENCE: Final = "Apache-2.0"  # by its name in the list of SPDX
LICENCE_TITLE: Final = "Apache License 2.0"
LICENCE_TEXT: Final = "https://www.apache.org/licenses/LICENSE-2.0"
LICENCE_ID: Final = f"https://spdx.org/licenses/{LICENCE}"
