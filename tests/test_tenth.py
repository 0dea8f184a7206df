"""The part of the tests that a second lane runs: named files, and a tenth of the others by seed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.tenth import ROOT, is_kept

FILES = sorted((ROOT / "tests").rglob("test_*.py"))
NAMED = (
    "tests/test_contracts.py",
    "tests/golden/test_golden.py",
    "tests/model/test_determinism.py",
    "tests/model/test_mesa_face.py",
    "tests/model/test_agents.py",
    "tests/agents/test_producers.py",
)


def kept_files(seed: str) -> set[str]:
    return {file.relative_to(ROOT).as_posix() for file in FILES if is_kept(file, seed)}


def test_named_files_are_kept_and_about_a_tenth_of_the_others() -> None:
    always = set.intersection(*(kept_files(str(number)) for number in range(50)))
    assert set(NAMED) <= always
    share = len(kept_files("238f1dff") - always) / (len(FILES) - len(always))
    assert 0.05 < share < 0.16


def test_pytest_collects_what_the_seed_keeps_and_says_how_to_repeat_it() -> None:
    folder = "tests/golden", "tests/api"
    seed = next(
        str(n)
        for n in range(99)
        if sum(f.startswith("tests/api/") for f in kept_files(str(n))) == 1
    )
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    heard = subprocess.run(
        [*command, "--tenth", seed, *folder], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    wanted = {Path(file).name for file in kept_files(seed) if file.startswith(folder)}
    assert set(re.findall(r"<Module (\S+)>", heard)) == wanted
    assert f'make test TESTS="--tenth {seed}"' in heard
