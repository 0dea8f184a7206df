"""Uploaded scenarios: whatever a visitor sends costs one clear line at most, runs nothing and touches no disk."""

from __future__ import annotations

import builtins
import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.experiments.lab.own_scenario import MAX_EVENTS, MAX_FIRMS, MAX_MONTHS
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.server.uploads import MAX_UPLOAD, uploaded_scenario

HEAD = "name: mine\nstart: 2024-01\n"
EVENT = "  - {{date: 2026-01-06, id: e{0}, kind: remark, actor: Japan, targets: [China]}}\n"


def packed() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.yaml", b"a" * 50_000_000)
    return stream.getvalue()


def billion_laughs() -> str:
    return "a: &a [lol, lol]\n" + "".join(
        f"{after}: &{after} [*{before}, *{before}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )


HOSTILE: tuple[tuple[str, Any, str], ...] = (
    ("empty", " \n\t ", "the file holds no text; upload a scenario as plain YAML"),
    (
        "a zip bomb",
        packed().decode("latin-1"),
        "the file is an archive or a picture; unpack it and upload the .yaml file itself",
    ),
    (
        "huge",
        HEAD + "# " + "x" * MAX_UPLOAD,
        f"the file has {len(HEAD) + 2 + MAX_UPLOAD:,} bytes; a page takes at most {MAX_UPLOAD:,}, run larger ones with:",
    ),
    (
        "lone surrogates",
        HEAD + "title: \ud800\n",
        "byte 0xed at 33 is not UTF-8 text; save the file as UTF-8",
    ),
    (
        "a bomb of aliases",
        billion_laughs(),
        " line 2, column 8: 'b: &b [*a, *a]' is not YAML (aliases (*name) are not allowed, write the",
    ),
    (
        "a call",
        HEAD + "title: !!python/object/apply:os.system ['touch /tmp/pwned']\n",
        "tags (!!python/object/apply:os.system) are not allowed",
    ),
    (
        "deep lists",
        HEAD + "title: " + "[" * 5_000,
        "nested too deeply; a scenario needs three levels",
    ),
    (
        "a number of a hundred thousand digits",
        HEAD + "months: " + "9" * 100_000 + "\n",
        "a number of 100,000 digits, use a shorter one or put it in quotes",
    ),
    ("an unknown key", HEAD + "command: rm -rf /\n", "key 'command' is not known; "),
    ("a key twice", HEAD + "name: other\n", "the key name stands twice, keep one"),
    (
        "600 months",
        HEAD + "months: 600\n",
        f"months 600 are too many for a page; use at most {MAX_MONTHS}, or run it in a terminal",
    ),
    (
        "a world too large for a page",
        HEAD + f"parameters: {{firms_per_sector: {MAX_FIRMS + 1}}}\n",
        f"{MAX_FIRMS + 1} firms a sector make a world too large for a page",
    ),
    (
        "many events",
        HEAD + "events:\n" + "".join(EVENT.format(n) for n in range(MAX_EVENTS + 1)),
        f"{MAX_EVENTS + 1} events are too many for a page",
    ),
    (
        "the longest list that fits",
        HEAD + "events:\n" + "  - a\n" * 2_001,
        "2,001 events and choices are too many; use at most 2,000 together",
    ),
)


@pytest.mark.parametrize(
    ("text", "message"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_hostile_files_cost_one_line(
    text: Any, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.process_time()

    def no(*args: Any, **_: Any) -> Any:
        raise AssertionError(f"the upload reached for {args[:1]}")

    load_shipped("japan-2026")  # what the model reads of its own data is read before
    check_setting(
        own=uploaded_scenario("good.yaml", HEAD + "months: 36\nevents:\n" + EVENT.format(1))
    )
    with monkeypatch.context() as patch:
        for place, name in (
            (os, "system"),
            (os, "open"),
            (Path, "open"),
            (Path, "write_text"),
            (builtins, "open"),
        ):
            patch.setattr(place, name, no)
        with pytest.raises(InputError) as error:
            uploaded_scenario("mine.yaml", text)
    told = str(error.value)
    assert told.startswith("mine.yaml")
    assert message in told
    assert "\n" not in told
    assert len(told) < 700
    assert time.process_time() - begun < 5.0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/<b>passwd</b>\n.yaml", "../../etc/<b>passwd</b> .yaml"),
        ("", "upload"),
        ("x" * 5000, "x" * 57 + "..."),
        ("\u202egnp.yaml", "\\u202egnp.yaml"),  # right to left: png.yaml
    ],
)
def test_a_hostile_file_name_is_one_short_text(name: str, shown: str) -> None:
    with pytest.raises(InputError) as error:
        uploaded_scenario(name, "")
    assert str(error.value).startswith(f"{shown}: the file holds no text")


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_can_be_uploaded_as_it_is_printed(name: str) -> None:
    shipped = load_shipped(name)
    own = uploaded_scenario(f"{name}.yaml", shipped.to_yaml())
    assert own == shipped
    assert check_setting(own=own).asked().fingerprint() == shipped.fingerprint()


def test_what_is_just_not_too_much_is_taken() -> None:
    text = (
        HEAD
        + f"months: {MAX_MONTHS}\nparameters: {{firms_per_sector: {MAX_FIRMS}}}\nevents:\n"
        + "".join(EVENT.format(n) for n in range(MAX_EVENTS))
    )
    assert len(uploaded_scenario("mine.yaml", text).events) == MAX_EVENTS
    assert uploaded_scenario("mine.yaml", "\ufeff" + HEAD).name == "mine"  # as Windows saves it
    assert uploaded_scenario("mine.yaml", HEAD.replace("\n", "\r\n")).name == "mine"


@given(st.text(max_size=200))
def test_no_text_does_worse_than_one_line(text: str) -> None:
    for whole in (text, HEAD + text, HEAD + "events: [" + text + "]"):
        try:
            uploaded_scenario("mine.yaml", whole)
        except InputError as error:
            problem = str(error)
        else:
            continue
        assert problem.startswith("mine.yaml")
        assert "\n" not in problem
