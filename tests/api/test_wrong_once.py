"""What a newcomer types wrong once: options given twice, an empty host, a pipe for a file, a folder
that is none. One line each, exit code 2.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typer.testing

from coercivity.cli import app


def call(*arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("run", "--months", "12", "--months", "24"), "--months is given twice, '12' and '24'"),
        (("run", "--seed=1", "--seed", "2"), "--seed is given twice, '1' and '2'"),
        (("sweep", "run", "a.yaml", "--out", "b", "--out", "c"), "--out is given twice"),
        (("app", "--host", ""), "host is empty, which would let the whole network in"),
        (("app", "--host", "\udcff"), "is not an address; use 127.0.0.1"),
        (("app", "--host", "a" * 300), "is not an address; use 127.0.0.1"),
    ],
)
def test_one_line_and_exit_code_2(arguments: tuple[str, ...], line: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_options_that_may_be_repeated_may_be() -> None:
    result = call("run", "--set", "firms_per_sector=3", "--set", "no_such=1")
    assert "parameter 'no_such' is not known" in result.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this platform")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    result = call("scenarios", "check", str(tmp_path / "pipe.yaml"))
    assert result.exit_code == 2
    assert "is no file; give the path of a .yaml file" in result.stderr


def test_rooms_are_listed_from_a_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("COERCIVITY_ROOMS", str(tmp_path / "file"))
    result = call("rooms", "list")
    assert result.exit_code == 2
    assert "is no folder; name the folder that the server uses" in result.stderr
