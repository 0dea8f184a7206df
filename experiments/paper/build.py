"""The paper kit: parts are built one after another into one folder, each written whole when it is
done and kept while what made it is the same.

`manifest.json` has a stamp a part: what its numbers depend on (version, code, worlds, collection),
what drew its pages, the sums of its files. A part counts once its stamp is there; results are
written before anything is drawn, so that no fault in a page loses them.
"""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from operator import methodcaller
from pathlib import Path, PurePath
from time import monotonic
from types import ModuleType
from typing import Any, Final

from coercivity.experiments.paper.documents import (
    Document,
    Order,
    Progress,
    document,
    read_document,
    to_text,
)
from coercivity.experiments.paper.fingerprints import (
    ROOM,
    collection_code,
    room_code,
    sha256,
)
from coercivity.experiments.sweep.folder import model_code
from coercivity.experiments.worlds.atomic import write_text, write_whole
from coercivity.experiments.worlds.draws import check_count, draws
from coercivity.experiments.worlds.output import PACKAGES, check_new_folder, package_versions
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.basis.errors import InputError, Phrase, shorten, suggest
from coercivity.model.basis.inputs import place_of
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from coercivity.model.scenario.scenario import load_scenario

Files = Mapping[str, str | bytes]  # path within the folder -> contents
Render = Callable[[Document], Files]
Bar = Callable[[str], AbstractContextManager[Progress | None]]
Stamp = dict[str, Any]
BUILT, DRAWN, KEPT, NOTHING = "built", "drawn again", "kept", "nothing to show"
MANIFEST, README, KIT = "manifest.json", "README.md", "paper"
MARK: Final = "quick: not for citation"
README_TEXT: Final = """# Tables, figures and verdicts, with what made them
{mark}
Everything here was made from scenarios by one command and is made again by it: parts that are here and whole are kept.
`manifest.json` has for each part the command, seeds, scenarios with their fingerprints, seconds, and the sum of every file.
Times stand in the manifest and in `ro-crate-metadata.json` alone: two runs of one version give the same results, pages and tables byte for byte.

    coercivity paper --out DIR

- `results/*.json`: all values of a part, with version, code and number of worlds; pages, tables and figures are drawn from these alone
- `pages/*.md`: the pages of the documentation
- `tables/*.csv`: the same numbers, one row a case
- `figures/*`: what the pages show
- `sweeps/*`: the runs of the sensitivity analysis (`coercivity sensitivity DIR`)
"""


# ---------------------------------------------------------------- the parts


@dataclass(frozen=True)
class Part:
    """One part: a module of this package with `build(order) -> values or None`, `scenarios()`, and
    `inputs()` where it reads more than scenarios and model data.

    worlds, quick: how many draws or seeds (`of`) it takes, and with --quick; 0 where it takes none.
    command: what makes its numbers where that is not the kit.
    """

    name: str
    title: str
    worlds: int
    quick: int
    of: str = "draws"
    command: str = ""

    @property
    def module(self) -> str:
        """Where it is built."""
        return f"{ROOM}.paper.{self.name}"

    @property
    def home(self) -> ModuleType:
        """The module that builds it."""
        return import_module(self.module)

    @property
    def results(self) -> str:
        """Where its results stand in the folder."""
        return f"results/{self.name}.json"

    def in_words(self, worlds: int) -> str:
        """'16 draws', '1 seed'; '' for none."""
        return f"{worlds} {self.of if worlds != 1 else self.of.removesuffix('s')}" if worlds else ""


PARTS: Final[Mapping[str, Part]] = {
    part.name: part
    for part in (
        Part("claims", "The claims, put to the model: verdicts, evidence and a page each", 32, 2),
        Part(
            "questions",
            "What each rule is worth, dependence after an episode, leverage over time",
            12,
            1,
        ),
        Part("policy", "When governments tighten, and what public money buys", 4, 1, "seeds"),
        Part("episodes", "What the scenarios show beside the record", 8, 2, "seeds"),
        Part("starts", "The two starts of the model against the facts", 0, 0),
        Part("backtest", "The model against the record, and against reckonings without it", 30, 2),
        Part("sensitivity", "Which parameters move the headlines", 0, 0),
        Part(
            "calibration",
            "The vectors that no episode to 2024 rules out",
            0,
            0,
            command="coercivity calibrate --out DIR",
        ),
    )
}


@dataclass(frozen=True)
class Plan:
    """All that is asked, checked whole before anything runs; named: whether parts were named."""

    parts: tuple[Part, ...]
    worlds: int | None = None
    quick: bool = False
    workers: int = 0
    named: bool = False

    def count(self, part: Part) -> int:
        """Number of worlds of a part: as asked, else its own; 0 for one that takes none."""
        own = part.quick if self.quick else part.worlds
        return (own if self.worlds is None else self.worlds) if part.worlds else 0

    def command(self, part: Part) -> str:
        """The command that makes a part again."""
        if part.command and not self.named:
            return part.command
        worlds = f" --draws {self.worlds}" if self.worlds is not None and part.worlds else ""
        quick = " --quick" if self.quick else ""
        return f"coercivity paper --out DIR --parts {part.name}{worlds}{quick}"


def plan(
    parts: str | Sequence[str] | None = None,
    worlds: int | None = None,
    quick: bool = False,
    workers: int = 0,
) -> Plan:
    """A checked plan of the parts named in 'claims,questions' or a list, in their order; of all
    without any. Raises InputError for an unknown part or a count that does not fit.
    """
    asked = [*PARTS] if parts is None else parts.split(",") if isinstance(parts, str) else parts
    names = [name.strip() for name in asked]
    some = Phrase.of("name some of {names}", names=tuple(PARTS))
    for name in names:
        if name not in PARTS:
            fix = suggest(name, PARTS) if name else some
            raise InputError("--parts '{value}' is not a part", fix, value=name)
    if not names:
        raise InputError("--parts is empty", some)
    count_workers(workers, 1)
    count = None if worlds is None else check_count(worlds)
    chosen = tuple(part for part in PARTS.values() if part.name in names)
    return Plan(chosen, count, quick, workers, parts is not None)


# ---------------------------------------------------------------- what a part rests on


def key_of(part: Part, asked: Plan) -> Stamp:
    """What the numbers of a part depend on: the same key, the same numbers. code: the model and
    every module of `experiments/` that the part reaches by its imports.
    """
    code = f"{model_code()} {room_code(part.module, ROOM)}"
    return {
        "coercivity": model_version(),
        "code": sha256(code)[:16],
        "worlds": asked.count(part),
        "quick": asked.quick,
        "collection": collection_code(),
        "inputs": getattr(part.home, "inputs", str)(),
    }


# ---------------------------------------------------------------- building


@dataclass(frozen=True)
class Made:
    """What became of a part: built, drawn again from its results, kept, or nothing to show; its
    files.
    """

    name: str
    state: str
    files: tuple[str, ...]


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
    InputError, before anything runs, for a folder that does not fit.
    """
    kit = Kit(out, asked)
    outcome = []
    for number, part in enumerate(asked.parts, start=1):
        place, began = f"{part.name} ({number} of {len(asked.parts)})", monotonic()
        begins = partial(say, f"{place}: {part.in_words(asked.count(part)) or 'begins'}")
        state = kit.make(part, render, pages_code(part.name), begins, bar)
        took = f" in {monotonic() - began:.0f} s" if state in (BUILT, DRAWN) else ""
        hint = f"; its numbers are made by: {part.command}" if part.command else ""
        say(f"{place}: {state}{hint if state == NOTHING else took}")
        written = () if state == NOTHING else tuple(kit.stamps[part.name]["files"])
        outcome.append(Made(part.name, state, written))
    return outcome


class Kit:
    """An open folder and the stamps of its parts. Raises InputError, one line, for a folder that
    holds something else, is of the other kind (quick or whole) or was made by another version.
    """

    def __init__(self, out: str | Path, asked: Plan) -> None:
        self.asked, self.path = asked, place_of(out, "--out")
        self.shown = Phrase(shorten(out, 200))
        self.stamps: dict[str, Stamp] = {}
        self.made: set[str] = set()  # parts that this command has stamped
        if (self.path / MANIFEST).is_file():
            self.stamps = self._stamps_on_disk()
            return
        check_new_folder(out)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write_manifest()
        except OSError as error:
            raise self._refused(
                "--out '{folder}' cannot be written ({reason})",
                "give a folder where you may write",
                reason=str(error.strerror),
            ) from None

    def _refused(self, what: str, fix: str, **fields: str) -> InputError:
        return InputError(what, fix, folder=self.shown, manifest=MANIFEST, **fields)

    def _stamps_on_disk(self) -> dict[str, Stamp]:
        """What the manifest says now; another command may have added to it."""
        damaged = self._refused("--out '{folder}': {manifest} is damaged", "give a new folder")
        try:
            manifest = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise damaged from None
        wanted = {"kit", "coercivity", "quick", "parts"}
        if not isinstance(manifest, dict) or wanted - set(manifest) or manifest["kit"] != KIT:
            raise self._refused(
                "--out '{folder}' is in use (its {manifest} is none of the paper kit)",
                "give a new or empty folder",
            )
        if manifest["coercivity"] != (here := model_version()):
            raise self._refused(
                "--out '{folder}' was made by coercivity {version} and this is {here}",
                "give a new folder, or use that version",
                version=manifest["coercivity"],
                here=here,
            )
        if manifest["quick"] != self.asked.quick:
            kind, other = ("quick", "without") if manifest["quick"] else ("whole", "with")
            raise self._refused(
                "--out '{folder}' holds a {kind} kit",
                "give another folder for one {other} --quick",
                kind=kind,
                other=other,
            )
        try:
            stamps = {name: manifest["parts"][name] for name in PARTS if name in manifest["parts"]}
            for stamp in stamps.values():
                _ = stamp["files"].items(), stamp["key"]["worlds"], stamp["command"]
                _ = stamp["pages"], float(stamp["seconds"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise damaged from None
        for name in (name for stamp in stamps.values() for name in stamp["files"]):
            self._check_inside(name)
        return stamps

    def _check_inside(self, name: str) -> None:
        """Raise InputError for a file that a manifest says we wrote outside the folder."""
        path = PurePath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            raise self._refused(
                "--out '{folder}': {manifest} names '{name}', which is outside the folder",
                "give a new folder",
                name=name,
            )

    def make(
        self, part: Part, render: Render, pages: str, begins: Callable[[], None], bar: Bar
    ) -> str:
        """Keep a part, draw it again from its results, or build it, and stamp it; return which."""
        key, stamp = key_of(part, self.asked), self.stamps.get(part.name)
        answers = self._answers(part, key, stamp)
        if answers and stamp and stamp["pages"] == pages and self._whole(stamp, stamp["files"]):
            return KEPT
        state, seconds = DRAWN, float(stamp["seconds"]) if stamp else 0.0
        if answers is None:
            begins()
            began, state = monotonic(), BUILT
            answers = self._build(part, key, bar)
            seconds = monotonic() - began
        if answers is None:
            return NOTHING
        written = {part.results: to_text(answers), **render(answers)}
        self._write(written)
        self._stamp(part, key, written, pages=pages, seconds=seconds)
        return state

    def _answers(self, part: Part, key: Stamp, stamp: Stamp | None) -> Document | None:
        """Results that are there and are what is asked: of a part with its stamp, or of a command
        that ended before the pages were written.
        """
        if stamp is None and key["inputs"]:  # results do not say which inputs they are from
            return None
        if stamp and (key != stamp["key"] or not self._whole(stamp, [part.results])):
            return None
        try:
            answers = read_document(self.path / part.results)
        except InputError:
            return None
        asked = {"part": part.name, **key}
        return answers if all(answers[k] == asked[k] for k in asked if k != "inputs") else None

    def _build(self, part: Part, key: Stamp, bar: Bar) -> Document | None:
        """Run a part and write its results; None where there is nothing to show."""
        asked = self.asked
        with bar(part.name) as progress:
            sweeps = self.path / "sweeps"
            values = part.home.build(
                Order(key["worlds"], asked.quick, asked.workers, sweeps, progress, asked.named)
            )
        if values is None:
            return None
        answers = document(
            part.name,
            key["coercivity"],
            key["code"],
            key["worlds"],
            key["quick"],
            key["collection"],
            values,
        )
        self._write({part.results: to_text(answers)})
        return answers

    def _write(self, contents: Files) -> None:
        """Write files, each whole or not at all."""
        try:
            for name, content in contents.items():
                path = self.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                data = content.encode() if isinstance(content, str) else content
                write_whole(path, methodcaller("write_bytes", data))
        except OSError as error:
            raise self._unwritten(error) from None

    def _unwritten(self, error: OSError) -> InputError:
        return self._refused(
            "--out '{folder}' cannot be written ({reason})",
            "finished parts are safe, run the same command again",
            reason=str(error.strerror),
        )

    def _whole(self, stamp: Stamp, names: Iterable[str]) -> bool:
        """Whether files of a part are there as they were written."""
        sums = stamp["files"]
        with contextlib.suppress(OSError):
            return all(sha256((self.path / name).read_bytes()) == sums.get(name) for name in names)
        return False

    def _stamp(self, part: Part, key: Stamp, written: Files, *, pages: str, seconds: float) -> None:
        """Make a part count, and take away what an earlier one left."""
        before = self.stamps.get(part.name, {"files": {}})["files"]
        drawn = (
            [one.seed for one in draws(key["worlds"])]
            if part.of == "draws" and key["worlds"]
            else range(1, 1 + key["worlds"])
        )
        self.stamps[part.name] = {
            "key": key,
            "command": self.asked.command(part),
            "pages": pages,
            "seconds": round(seconds, 1),
            "seeds": [*drawn],
            "of": part.of,
            "scenarios": {
                name: load_scenario(name).fingerprint() for name in part.home.scenarios()
            },
            "files": {name: sha256(content) for name, content in sorted(written.items())},
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self.made.add(part.name)
        self._save()
        for gone in set(before) - set(written):
            with contextlib.suppress(OSError):
                (self.path / gone).unlink()

    def _save(self) -> None:
        """Write manifest and README, with what another command has stamped meanwhile."""
        try:
            if (self.path / MANIFEST).is_file():
                mine = {name: self.stamps[name] for name in self.made}
                self.stamps = {**self._stamps_on_disk(), **mine}
            self._write_manifest()
        except OSError as error:
            raise self._unwritten(error) from None

    def _write_manifest(self) -> None:
        stamps = {name: self.stamps[name] for name in PARTS if name in self.stamps}
        manifest = {
            "kit": KIT,
            "coercivity": model_version(),
            "model_code": model_code(),
            "parameter_hash": load_parameters().defaults().hash,
            "collection": collection_code(),
            "quick": self.asked.quick,
            "python": platform.python_version(),
            "packages": package_versions((*PACKAGES, "scipy", "SALib", "matplotlib")),
            "parts": stamps,
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        write_text(self.path / MANIFEST, text + "\n")
        mark = f"\n**{MARK}.** Few worlds and short runs, to try the kit.\n"
        lines = [README_TEXT.format(mark=mark if self.asked.quick else "")]
        for name, stamp in stamps.items():
            words = PARTS[name].in_words(int(stamp["key"]["worlds"]))
            again = f"{words and f'{words}. '}Again: `{stamp['command']}`"
            lines += [f"## {PARTS[name].title}", "", again, ""]
            lines += [*(f"- `{file}`" for file in stamp["files"]), ""]
        write_text(self.path / README, "\n".join(lines))
