"""The paper kit: parts are built one after another into one folder, each written whole when it is
done and kept when the same is asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from coercivity.experiments.paper.code import collection_code, part_code
from coercivity.experiments.paper.documents import Document, document, read_document, to_text
from coercivity.experiments.paper.folder import Entry, Folder, open_folder
from coercivity.experiments.paper.order import Order, Progress
from coercivity.experiments.paper.parts import Part, choose_parts
from coercivity.experiments.worlds.draws import check_count, draws
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import model_version
from coercivity.model.scenario.scenario import load_scenario

Files = Mapping[str, str | bytes]  # path within the folder -> contents
Render = Callable[[Document], Files]
Bar = Callable[[str], AbstractContextManager[Progress | None]]
BUILT, DRAWN, KEPT, NOTHING = "built", "drawn again", "kept", "nothing to show"
FIRST_SEED: Final = 1  # of parts that take seeds


@dataclass(frozen=True)
class Made:
    """What became of a part: built, drawn again from its results, kept, or nothing to show; seconds
    of this command; its files.
    """

    name: str
    state: str
    seconds: float
    files: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All that is asked, checked whole before anything runs."""

    parts: tuple[Part, ...]
    worlds: int | None = None
    quick: bool = False
    workers: int = 0
    named: bool = False  # whether parts were named


def plan(
    parts: str | Sequence[str] | None = None,
    worlds: int | None = None,
    quick: bool = False,
    workers: int = 0,
) -> Plan:
    """A checked plan. Raises InputError for an unknown part, fewer than one draw, or a number of
    processes that does not fit.
    """
    chosen = choose_parts(parts)
    count_workers(workers, 1)
    return Plan(
        chosen, None if worlds is None else check_count(worlds), quick, workers, parts is not None
    )


def make_paper(
    out: str | Path,
    asked: Plan,
    render: Render,
    pages_code: Callable[[str], str],
    say: Callable[[str], None],
    bar: Bar,
) -> list[Made]:
    """Build what is asked into *out*: a new or empty folder, or that of an earlier call, whose
    parts are kept where the same is asked.

    render: files of pages, tables and figures from a document; pages_code: fingerprint of what
    draws those of a part. say: told a line a part; bar: gives a progress function. Raises
    InputError, before anything runs, for a folder that holds something else or was made by another
    version.
    """
    folder = open_folder(out, asked.quick)
    made = []
    for number, part in enumerate(asked.parts, start=1):
        began = monotonic()
        place = f"{part.name} ({number} of {len(asked.parts)})"
        state = _make(
            folder,
            part,
            asked,
            render,
            pages_code,
            lambda line, place=place: say(f"{place}: {line}"),  # type: ignore[misc]
            bar,
        )
        seconds = monotonic() - began
        entry = folder.parts.get(part.name)
        made.append(
            Made(
                part.name, state, seconds, tuple(entry.files) if entry and state != NOTHING else ()
            )
        )
        more = (
            f" in {seconds:.0f} s"
            if state in (BUILT, DRAWN)
            else f"; its numbers are made by: {part.command}"
            if state == NOTHING and part.command
            else ""
        )
        say(f"{place}: {state}{more}")
    return made


def _make(
    folder: Folder,
    part: Part,
    asked: Plan,
    render: Render,
    pages_code: Callable[[str], str],
    say: Callable[[str], None],
    bar: Bar,
) -> str:
    """Keep a part, draw it again from its results, or build it, and write it down whole; return
    which.
    """
    key = key_of(part, part.count(asked.worlds, asked.quick), asked.quick)
    same = _entry_of(folder, part, key)
    if same is not None and same.pages == pages_code(part.name) and folder.intact(same):
        return KEPT
    held, spent = _results(folder, part, key, same)
    if held is None:
        say(part.in_words(int(key["worlds"])) or "begins")
        began = monotonic()
        held = _build(folder, part, asked, key, bar)
        if held is None:
            return NOTHING
        spent = monotonic() - began
    files = {place_of_results(part): to_text(held), **render(held)}
    folder.write(files)
    folder.settle(
        part.name, _entry(part, asked, key, files, pages=pages_code(part.name), seconds=spent)
    )
    return BUILT if spent and same is None else DRAWN


def place_of_results(part: Part) -> str:
    """Where the results of a part stand in the folder."""
    return f"results/{part.name}.json"


def _entry_of(folder: Folder, part: Part, key: Mapping[str, Any]) -> Entry | None:
    """What the folder says of a part; None unless its results are those that are asked, and whole."""
    entry = folder.parts.get(part.name)
    if entry is None or entry.key != key:
        return None
    return entry if folder.intact(entry, [place_of_results(part)]) else None


def _results(
    folder: Folder, part: Part, key: Mapping[str, Any], same: Entry | None
) -> tuple[Document | None, float]:
    """Results that are there, of a part that was settled or of a command that ended early, and the
    seconds that they took.
    """
    path = folder.path / place_of_results(part)
    if same is not None:
        return read_document(path), same.seconds
    return None if part.name in folder.parts else _unfinished(path, part, key), 0.0


def _build(
    folder: Folder, part: Part, asked: Plan, key: Mapping[str, Any], bar: Bar
) -> Document | None:
    """Run a part and write its results before anything is drawn: no fault in a page may lose them.
    None where there is nothing to show.
    """
    worlds = int(key["worlds"])
    with bar(part.name) as progress:
        order = Order(
            worlds, asked.quick, asked.workers, folder.path / "sweeps", progress, asked.named
        )
        found = part.build(order)
    if found is None:
        return None
    held = document(
        part.name,
        str(key["coercivity"]),
        str(key["code"]),
        worlds,
        asked.quick,
        str(key["collection"]),
        found,
    )
    folder.write({place_of_results(part): to_text(held)})
    return held


def _entry(
    part: Part, asked: Plan, key: dict[str, Any], files: Files, *, pages: str, seconds: float
) -> Entry:
    """What the folder says of a part that is done: what made it, and the sums of its files."""
    return Entry(
        key=key,
        command=command_of(part, asked),
        pages=pages,
        seconds=round(seconds, 1),
        seeds=seeds_of(part, int(key["worlds"])),
        of=part.of,
        scenarios={name: load_scenario(name).fingerprint() for name in part.scenarios()},
        files={name: sha256(contents) for name, contents in sorted(files.items())},
    )


def _unfinished(path: Path, part: Part, key: Mapping[str, Any]) -> Document | None:
    """Results that were written when the command ended before their pages were; None unless they
    are what is asked.
    """
    if not path.is_file() or key["inputs"]:
        return None
    try:
        held = read_document(path)
    except InputError:
        return None
    return (
        held
        if held["part"] == part.name
        and all(held[name] == key[name] for name in key if name != "inputs")
        else None
    )


def key_of(part: Part, worlds: int, quick: bool) -> dict[str, Any]:
    """What the numbers of a part depend on: the same key, the same numbers."""
    return {
        "coercivity": model_version(),
        "code": part_code(part.module),
        "worlds": worlds,
        "quick": quick,
        "collection": collection_code(),
        "inputs": part.inputs(),
    }


def seeds_of(part: Part, worlds: int) -> list[int]:
    """Seeds of the worlds of a part: those of the draws, or 1 to N."""
    if not worlds:
        return []
    return (
        [draw.seed for draw in draws(worlds)]
        if part.of == "draws"
        else list(range(FIRST_SEED, FIRST_SEED + worlds))
    )


def command_of(part: Part, asked: Plan) -> str:
    """The command that makes a part again."""
    if part.command and not asked.named:
        return part.command
    worlds = f" --draws {asked.worlds}" if asked.worlds is not None and part.worlds else ""
    return (
        f"coercivity paper --out DIR --parts {part.name}{worlds}{' --quick' if asked.quick else ''}"
    )


def sha256(contents: str | bytes) -> str:
    """Sum of a file's contents."""
    return hashlib.sha256(contents.encode() if isinstance(contents, str) else contents).hexdigest()
