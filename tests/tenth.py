"""A part of the tests, for a second lane: `pytest --tenth SEED` keeps the named files and a tenth
of the others. Another seed keeps another tenth.
"""

from __future__ import annotations

from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = (  # what another Python or another Mesa may change
    "tests/agents/*",
    "tests/test_contracts.py",
    "tests/*/test_agents.py",
    "tests/*/test_determinism.py",
    "tests/*/test_golden*.py",
    "tests/*/test_mesa_face.py",
    "tests/*/test_mesa_page_browser.py",
    "tests/*/test_world_copied.py",
    "tests/test_examples.py",
)


def is_kept(file: Path, seed: str) -> bool:
    """Return whether a test file belongs to the part that this seed keeps."""
    name = file.relative_to(ROOT).as_posix()
    drawn = int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()) % 10
    return drawn == 0 or any(fnmatch(name, pattern) for pattern in KEPT)
