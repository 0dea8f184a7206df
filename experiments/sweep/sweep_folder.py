"""The folder of a sweep: `sweep.json` says what was asked, with which model, and how the runs are
cut into chunks.

It is written once, before the first run, and sealed. Whoever works on the sweep opens it, and is
refused when the model here is another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.design_paths import check_world, from_folder, to_folder
from coercivity.experiments.sweep.layout import PARTS, SWEEP, part_number, read_sealed, seal_content
from coercivity.experiments.sweep.outcome_checks import check_defined, doubts, undefined_line, warn
from coercivity.experiments.worlds.atomic import SweepStopped, hidden_name, write_new, write_text
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.extras import require_packages
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import path_of, place_of
from coercivity.model.results.provenance import code_hash, facts_hash, hash_of
from coercivity.model.scenario.files import read_data, scenario_folder

if TYPE_CHECKING:
    from coercivity.experiments.sweep.design import Design
    from coercivity.experiments.sweep.runs import Runs

FORMAT: Final = 2
# the format of version 0.4.0 and before: can be read, with what can be checked in it
UNSEALED: Final = 1
PART_AT_MOST: Final = 5_000  # runs
PACKAGES: Final = ("numpy", "pandas", "pyarrow", "mesa", "scipy", "SALib")
# What can change a value in a row; the rest of the code may change without spoiling a sweep that
# has begun.
QUESTIONS: Final = (
    "quantities/headlines.py",
    "worlds/world_class.py",
    "quantities/outcomes.py",
    "quantities/catalogue.py",
    "quantities/static_quantities.py",
    "quantities/recording.py",
    "quantities/target_catalogue.py",
    "quantities/record_target.py",
    "sweep/evaluate.py",
    "sweep/rows.py",
    "sweep/sampling.py",
    "sweep/runs.py",
    "backtest/evidence_targets.py",
)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A sweep that has been opened: its folder, its design, its runs, and how they are cut into
    chunks.
    """

    folder: Path
    design: Design
    runs: Runs
    chunk: int  # runs in each chunk but the last
    version: str
    fingerprint: str
    code: str
    sealed: bool = True  # whether its sidecars bear a seal

    @property
    def total(self) -> int:
        """Number of runs."""
        return len(self.runs)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.total // self.chunk)

    def rows(self, chunk: int) -> range:
        """Indices of the runs of one chunk."""
        return range(chunk * self.chunk, min((chunk + 1) * self.chunk, self.total))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that the design moves, in the order of the columns."""
        return tuple(self.runs[0].parameters)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes, in the order of the columns."""
        return tuple(self.design.outcomes)


def open_sweep(folder: str | Path, *, reading: bool = False) -> Sweep:
    """Open a folder in which a sweep has begun; *reading* opens one that another version of the
    model has left, too: it can be read, not gone on with.

    Raises InputError, one line, when there is none, when `sweep.json` cannot be read, or when the
    model here is not the one that began it.
    """
    require_packages("pyarrow", "sweep")
    shown = shorten(folder, 200)
    try:
        path = path_of(folder, "folder").resolve()
        data = (path / SWEEP).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            "folder '{folder}' holds no sweep ({file} is missing)",
            "begin one with: coercivity sweep run DESIGN.yaml --out {folder}",
            folder=Phrase(shown),
            file=SWEEP,
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead round in a circle
        raise InputError(
            "folder '{folder}' cannot be read ({why})",
            "give a folder where you may read",
            folder=Phrase(shown),
            why=Phrase(str(getattr(error, "strerror", None) or error)),
        ) from None
    return _open_description(path, data, reading)


@lru_cache(
    maxsize=4
)  # a worker opens the same folder for every chunk; the bytes are part of the question
def _open_description(path: Path, data: bytes, reading: bool) -> Sweep:
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.runs import Runs

    try:
        stored = description(data)
        chunk, version, fingerprint, code = (
            int(stored["chunk"]),
            str(stored["version"]),
            str(stored["fingerprint"]),
            str(stored["code"]),
        )
        form, raw = stored["format"], stored["design"]
        check_chunk(chunk)
    except (ValueError, KeyError, TypeError, OverflowError):  # OverflowError: 1e999 runs
        raise InputError(
            "{file} is damaged",
            "run the same sweep again, which writes it anew if a part is there, or put "
            "the file back",
            file=path / SWEEP,
        ) from None
    if form not in (FORMAT, UNSEALED):
        raise InputError(
            "format {form} is not {format}",
            "use the version of coercivity that began the sweep ({version})",
            where=str(path / SWEEP),
            form=form,
            format=FORMAT,
            version=version,
        )
    facts = Facts.default()
    if isinstance(raw, Mapping):  # first: the code's mark holds that of the facts
        facts, raw = read_data(raw, str(path / SWEEP), path), to_folder(path, raw)
    if not reading:
        _check_model(path, version, code, facts)
        check_world(path, raw)
    # Whoever reads results asks for no class: it may lie elsewhere now, or on another machine.
    world = str(raw.get("world", "")) if reading and isinstance(raw, Mapping) else ""
    design = load_design({**raw, "world": ""} if world else raw)
    design = replace(design, world=world) if world else design
    if not reading and design.fingerprint() != fingerprint:
        raise InputError(
            "folder '{folder}' holds the sweep of design {fingerprint}, and what it "
            "names (a table of vectors, parameters, a rule's files) now makes {now}",
            "put the files back as they were, or give a new folder with --out",
            folder=path,
            fingerprint=fingerprint,
            now=design.fingerprint(),
        )
    return Sweep(path, design, Runs(design), chunk, version, fingerprint, code, form != UNSEALED)


def description(data: bytes) -> dict[str, Any]:
    """What `sweep.json` holds. Raises ValueError where it is not what was written; of a folder of
    version 0.4.0 or before no seal is asked.
    """
    stored = read_sealed(data, strict=False)
    return stored if stored.get("format") == UNSEALED else read_sealed(data)


def _check_model(path: Path, version: str, code: str, facts: Facts) -> None:
    from coercivity.model.results.result import model_version

    here = model_version()
    if version != here:
        raise InputError(
            "folder '{folder}' holds results of coercivity {version} and this is {here}",
            "use that version, or give a new folder with --out",
            folder=path,
            version=version,
            here=here,
        )
    if code != model_code(facts=facts):
        raise InputError(
            "folder '{folder}' holds results of model code {code} and this is {ours} "
            "(both call themselves {here})",
            "use the code that began the sweep, or give a new folder with --out",
            folder=path,
            code=code,
            ours=model_code(facts=facts),
            here=here,
        )


@lru_cache(maxsize=2)
def model_code(*without: str, facts: Facts | None = None) -> str:
    """Return 16 hex digits of everything on disk that can change a row: rules, parameters, facts,
    scenarios, headlines; *without* some tables of facts, which are made from the rest.
    """
    here, scenarios = Path(str(files("coercivity.experiments"))), scenario_folder()
    parts = (
        code_hash(),
        facts_hash(facts or Facts.default(), *without),
        hash_of(scenarios, scenarios.glob("*.yaml")),
        hash_of(here, (here / name for name in QUESTIONS)),
    )
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def prepare_sweep(
    design: Design, out: str | Path, *, chunk: int | None = None, workers: int = 1
) -> Sweep:
    """Open the sweep of *design* in *out*, or begin it: check everything that can be checked before
    a run, and fix the size of a chunk.

    chunk: runs in a chunk; without it a short timing of the first run aims at a minute of work,
    with several chunks for each of *workers*.
    Raises InputError for a folder that holds something else, cannot be written, or was begun with
    another design, version or chunk, and for an outcome that no run can define; what may be meant
    and may not is said on standard error. SweepStopped where the run that is timed cannot be
    computed here.
    """
    require_packages("pyarrow", "sweep")
    path = place_of(out, "--out")
    check_chunk(chunk)
    if not (path / SWEEP).is_file():
        from coercivity.experiments.sweep.runs import Runs

        _check_new(path, out)
        runs = Runs(design)
        _check_columns(design, runs)
        check_defined(design)
        check_writable(path, out)
        for line in doubts(design):
            warn(line)
        size = chunk or chunk_size(len(runs), workers, time_of_a_run(design, runs))
        write_new(
            path / SWEEP, _description(path, design, len(runs), size)
        )  # the first of two that begin at once wins
    else:
        _mend(path, design)
    _check_design(path, design)
    sweep = open_sweep(path)
    if chunk not in (None, sweep.chunk):
        raise InputError(
            "--chunk {value} does not fit: the folder was begun with chunks of {count} runs",
            "leave --chunk out",
            value=chunk,
            count=sweep.chunk,
        )
    check_foreign(sweep)
    check_writable(path, out)
    return sweep


def check_chunk(chunk: int | None) -> None:
    """Raise InputError unless *chunk* is None or a whole number from 1 to 5,000."""
    if chunk is not None and (
        isinstance(chunk, bool) or not isinstance(chunk, int) or not 1 <= chunk <= PART_AT_MOST
    ):
        raise InputError(
            "--chunk '{value}' does not fit",
            "use a whole number from 1 to {high}",
            value=chunk,
            high=PART_AT_MOST,
        )


def chunk_size(runs: int, workers: int, seconds: float, aim: float = 60.0) -> int:
    """Return runs in a chunk: about *aim* seconds of work, at least four chunks a worker where
    there are runs enough, at most 5,000; a round number.
    """
    most = max(1, min(PART_AT_MOST, runs // (4 * max(1, workers))))
    size = max(1, min(most, int(aim / max(seconds, 1e-6))))
    tens = 10 ** (len(str(size)) - 1)
    return max(step * tens for step in (1, 2, 5) if step * tens <= size)


def time_of_a_run(design: Design, runs: Runs) -> float:
    """Seconds of the first run; timed a second time when it was quick, because the first pays for
    imports and caches.

    Says on standard error which of its outcomes are undefined. Raises SweepStopped when there is no
    memory for it or a file cannot be read.
    """
    from time import perf_counter

    from coercivity.experiments.sweep.evaluate import evaluate, failure

    taken, first = 0.0, runs[0]
    for turn in range(2):
        start = perf_counter()
        try:
            row = evaluate(first, design)
        except (MemoryError, OSError) as error:
            raise SweepStopped(
                f"run 0 cannot be computed ({failure(error)}); nothing was begun; mend it "
                "and run the same command again"
            ) from error
        taken = perf_counter() - start
        line = (
            undefined_line(design.facts, row, design.outcomes, first.scenario.months)
            if turn == 0
            else None
        )
        if line:
            warn(line)
        if taken > 5.0:
            break
    return taken


def check_writable(path: Path, out: str | Path) -> None:
    """Make the folders of the sweep and write one small file there and take it away. Raises
    InputError where that cannot be done.
    """
    try:
        (path / PARTS).mkdir(parents=True, exist_ok=True)
        probe = hidden_name(
            path / PARTS / "probe", "tmp"
        )  # the same process id may be at work on another machine
        probe.write_bytes(b"coercivity")
        probe.unlink()
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({why})",
            "give a folder where you may write, on a disk with room",
            folder=Phrase(shorten(out, 200)),
            why=error.strerror,
        ) from None


def check_foreign(sweep: Sweep) -> None:
    """Raise InputError when the folder of parts holds Parquet files that are none of this sweep's:
    whoever reads them all would read those too.
    """
    for item in sorted((sweep.folder / PARTS).glob("*.parquet")):
        number = part_number(item.name)
        if number is None or number >= sweep.chunks:
            raise InputError(
                "folder '{folder}' holds {file}, which is no part of this sweep (design "
                "{fingerprint}, {count} parts)",
                "move it away, or give a new folder with --out",
                folder=sweep.folder / PARTS,
                file=item.name,
                fingerprint=sweep.fingerprint,
                count=sweep.chunks,
            )


def _check_new(path: Path, out: str | Path) -> None:
    if path.exists() and not path.is_dir():
        raise InputError(
            "--out '{folder}' is a file",
            "give the name of a new or empty folder",
            folder=Phrase(shorten(out, 200)),
        )
    names = (
        [item.name for item in sorted(path.iterdir()) if not _of_a_beginning(item)]
        if path.is_dir()
        else []
    )
    if names and not (path / SWEEP).is_file():  # else another command has begun the sweep meanwhile
        raise InputError(
            "--out '{folder}' holds other files ({file}) and no {missing}",
            "give a new or empty folder, or the folder of this sweep",
            folder=Phrase(shorten(out, 200)),
            file=names[0],
            missing=SWEEP,
        )


def _of_a_beginning(item: Path) -> bool:
    """Whether a sweep that is being begun, or whose beginning was interrupted, leaves this: no
    parts yet, at most the file that tries the place.
    """
    if item.name == PARTS and item.is_dir():
        return all(child.name.startswith(".probe.") for child in item.iterdir())
    return item.name.startswith(f".{SWEEP}.")


def _check_design(path: Path, design: Design) -> None:
    there = ""
    with contextlib.suppress(
        OSError, ValueError, KeyError
    ):  # open_sweep says what is wrong with it
        there = str(description((path / SWEEP).read_bytes())["fingerprint"])
    if not there:
        return
    fingerprint = design.fingerprint()
    if there != fingerprint:
        raise InputError(
            "--out '{folder}' holds the results of another design ({there}, and this one "
            "is {fingerprint})",
            "give a new folder, or the design that began it",
            folder=path,
            there=there,
            fingerprint=fingerprint,
        )


def _mend(path: Path, design: Design) -> None:
    """Write a damaged `sweep.json` anew where a sound sidecar shows that this design and this model
    began the sweep. Raises InputError where none does.
    """
    from coercivity.model.results.result import model_version

    try:
        data = (path / SWEEP).read_bytes()
        description(data)
        return
    except OSError:
        return  # open_sweep says why
    except ValueError:
        expected = {
            "fingerprint": design.fingerprint(),
            "version": model_version(),
            "code": model_code(facts=design.facts),
        }
    for item in sorted((path / PARTS).glob("part-*.json")):
        with contextlib.suppress(OSError, ValueError):
            note = read_sealed(item.read_bytes())
            if expected.items() <= note.items():
                damaged_copy = path / f"{SWEEP}.damaged"
                damaged_copy.write_bytes(data)
                write_text(
                    path / SWEEP, _description(path, design, design.run_count, int(note["size"]))
                )
                warn(
                    f"{path / SWEEP} was damaged; written anew from the design and "
                    f"{item.name}, and kept as {damaged_copy.name}"
                )
                return
    raise InputError(
        "{file} is damaged, and no part shows that this design and model began it",
        "give a new folder with --out, or put the file back",
        file=path / SWEEP,
    )


def _check_columns(design: Design, runs: Runs) -> None:
    names = [
        "run",
        "scenario",
        "seed",
        "point",
        *runs[0].parameters,
        *design.outcomes,
        "status",
        "message",
    ]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(
            "column '{value}' would be there twice",
            "name each parameter and each outcome once",
            where="design",
            value=twice,
        )


def _description(path: Path, design: Design, runs: int, size: int) -> str:
    from coercivity.experiments.worlds.output_tables import package_versions
    from coercivity.model.results.result import model_version

    content: dict[str, Any] = {
        "format": FORMAT,
        "fingerprint": design.fingerprint(),
        "version": model_version(),
        "code": model_code(facts=design.facts),
        "python": platform.python_version(),
        "packages": package_versions(PACKAGES),
        "runs": runs,
        "chunk": size,
        "chunks": -(-runs // size),
        "design": from_folder(path, design.to_dict()),
    }
    return seal_content(content, indent=2)
