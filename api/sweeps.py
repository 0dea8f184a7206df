"""The commands of sweeps: `coercivity sweep designs | new | run | status | submit | row | export |
problem`, and `worker`, which array tasks call.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coercivity.command_output import print_json, print_message
from coercivity.designs import designs, new
from coercivity.interchange import leave_crate, salib_problem
from coercivity.options import JsonForTable, whole_number
from coercivity.progress_output import Teller

if TYPE_CHECKING:
    from coercivity.experiments.sweep.export import Failure, OutcomeSpread, RecomputedRow
    from coercivity.experiments.sweep.run_sweep import SweepSummary
    from coercivity.experiments.sweep.status import Status

MOST_WORKERS = 4096
MOST_TASKS = 100_000
SHOWN_FAILURES = 5

sweep_app = typer.Typer(
    help="Run thousands of worlds from a design, here or on a cluster; a sweep resumes by itself.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DesignFile = Annotated[
    str,
    typer.Argument(
        metavar="DESIGN",
        help="A design that ships (coercivity sweep designs), or a YAML file: scenario, months, "
        "seeds, method, parameters, outcomes.",
    ),
]
Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder of a sweep.")]
Out = Annotated[
    str,
    typer.Option(
        "--out",
        metavar="DIR",
        help="New or empty folder, or the folder of this sweep: then what is missing is run.",
    ),
]
Chunk = Annotated[
    str | None,
    typer.Option(
        "--chunk",
        metavar="N",
        help="Runs in a part; about a minute of work without it. Fixed when the folder is begun.",
    ),
]
Processes = Annotated[
    str,
    typer.Option(
        "--workers",
        metavar="N",
        help="Processes; 0 takes one for each usable core, 1 works in this one.",
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Give the chunks to a Dask cluster: tcp://HOST:PORT, or local.",
    ),
]
Slurm = Annotated[
    bool, typer.Option("--slurm", help="As a SLURM job array (the one kind there is).")
]
Tasks = Annotated[
    str | None,
    typer.Option(
        "--tasks",
        metavar="N",
        help="Tasks of the array; 16 without it, never more than chunks.",
    ),
]
TimeLimit = Annotated[str, typer.Option("--time", metavar="H:M:S", help="Time limit of a task.")]
Memory = Annotated[str, typer.Option("--mem", metavar="SIZE", help="Memory of a task.")]
Partition = Annotated[
    str | None, typer.Option("--partition", metavar="NAME", help="SLURM partition.")
]
Account = Annotated[str | None, typer.Option("--account", metavar="NAME", help="SLURM account.")]
Setup = Annotated[
    str | None,
    typer.Option(
        "--setup",
        metavar="COMMAND",
        help="Shell lines to run first, for example 'module load python'.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write the file and submit nothing.")]
sweep_app.command("problem")(salib_problem)
for one in (designs, new):
    sweep_app.command()(one)


@sweep_app.command("run")
def run(
    design: DesignFile,
    out: Out,
    workers: Processes = "0",
    chunk: Chunk = None,
    dask: Dask = None,
    as_json: JsonForTable = False,
) -> None:
    """Run a sweep, or what is missing of it; running the same command again resumes."""
    from coercivity.experiments.studies.sweep import sweep
    from coercivity.experiments.sweep.design import load_design

    processes, size = whole_number(workers, "--workers", 0, MOST_WORKERS), _chunk(chunk)
    wanted = load_design(design)  # other facts are for this command in a process with them
    with _stops(), Teller() as teller:
        done = sweep(wanted, out, workers=processes, chunk=size, dask=dask, progress=teller)
    leave_crate(done.folder)
    _say_finished(done, as_json)


@sweep_app.command("status")
def status(folder: Folder, as_json: JsonForTable = False) -> None:
    """Say how far a sweep is, who is writing and how long it will take; also while it runs."""
    from coercivity.experiments.sweep.status import sweep_status
    from coercivity.viz.words.terminal import print_lines

    state = sweep_status(folder)
    if as_json:
        print_json(state.to_dict())
    else:
        print_lines(status_lines(state))


def status_lines(state: Status) -> list[str]:
    """The status as lines for a terminal."""
    from coercivity.experiments.sweep.finished_parts import damage_line
    from coercivity.viz.words.sweep_text import left_in_words

    damaged = f", {len(state.damaged):,} of them damaged" if state.damaged else ""
    lines = [
        (
            f"runs      {state.runs:,}: {state.done:,} done, {state.failed:,} failed, "
            f"{state.missing:,} missing"
        ),
        (
            f"chunks    {state.chunks:,} of {state.chunk_size:,} runs, "
            f"{state.chunks_missing:,} missing{damaged}"
        ),
    ]
    if state.rate is not None:
        lines.append(f"rate      {state.rate:,.3g} runs/s over the last chunks")
    if state.missing and state.writing:
        lines.append(f"left      {left_in_words(state.left).removesuffix(' left')}")
    elif state.missing:
        lines.append("left      nobody is at it; run the same command again")
    for writer in state.writing:
        lines.append(
            f"writing   chunk {writer.chunk}: {writer.done} of {writer.runs} runs, "
            f"{writer.machine} process {writer.process}, last sign {writer.silent:.0f} s ago"
        )
    lines.append(f"written   {state.last_write or 'nothing yet'}")
    if state.damaged:
        lines.append(
            f"note      {damage_line(state.damaged)}; run the same command again, it "
            "computes them anew"
        )
    if state.packages_differ:
        lines.append(
            "note      parts were written with different packages; values may differ in "
            "the last digits"
        )
    return lines


@sweep_app.command("row")
def row(
    folder: Folder,
    run_number: str = typer.Argument(..., metavar="RUN", help="Number of a run, from 0."),
    as_json: JsonForTable = False,
) -> None:
    """Compute one run of a sweep again, alone, and compare it with what is stored; exit code 1
    where they differ.
    """
    from coercivity.experiments.sweep.export import recompute_row

    with _stops():
        computed = recompute_row(folder, whole_number(run_number, "RUN", 0, 2**53))
    if as_json:
        print_json(_row_document(computed))
    else:
        _print_row(computed)
    if not computed.all_equal:
        raise typer.Exit(1)


def _row_document(again: RecomputedRow) -> dict[str, Any]:
    """A run computed again as one JSON document."""
    return {
        "run": again.run,
        "equal": again.all_equal,
        "values": again.values,
        "stored": again.stored,
        "trouble": again.trouble.why if again.trouble else None,
    }


def _print_row(again: RecomputedRow) -> None:
    """Print every value now and as it is stored, and the verdict."""
    from coercivity.viz.words.terminal import print_lines, print_table

    stored = again.stored or {}
    cells = [
        (
            name,
            _exact_text(again.values[name]),
            _exact_text(stored.get(name)),
            "equal" if again.equal[name] else "differs",
        )
        for name in again.columns
    ]
    print_table(("column", "now", "stored", ""), cells)
    print_lines([_verdict(again)])


def _verdict(again: RecomputedRow) -> str:
    """Whether a run came out as it is stored, in a sentence."""
    if again.stored is not None:
        different = sum(not equal for equal in again.equal.values())
        if again.all_equal:
            return "Every value is equal."
        return f"{different} of {len(again.columns)} values differ."
    if again.trouble is not None and again.trouble.damaged:
        return f"The part of this run is damaged: {again.trouble.line()}."
    return "This run is not stored yet."


@sweep_app.command("export")
def export(
    folder: Folder,
    to: str = typer.Option(
        ..., "--to", metavar="FILE", help="A new file that ends in .csv or .parquet."
    ),
    as_json: JsonForTable = False,
) -> None:
    """Write all runs of a sweep into one tidy file."""
    from coercivity.experiments.sweep.export import export as write
    from coercivity.viz.words.terminal import print_lines

    path, rows, missing = write(folder, to)
    if as_json:
        print_json({"file": str(path), "rows": rows, "missing": missing})
    else:
        print_lines(
            [f"{rows:,} runs in {path}" + (f"; {missing:,} runs are missing" if missing else "")]
        )


@sweep_app.command("worker", hidden=True)
def worker(
    folder: Folder,
    task: str = typer.Option(..., "--task", metavar="K", help="Number of this task, from 0."),
    tasks: str = typer.Option(..., "--tasks", metavar="N", help="How many tasks there are."),
) -> None:
    """Do one task's share of the chunks that are missing: what a task of a job array runs."""
    from coercivity.experiments.sweep.slurm import share
    from coercivity.experiments.sweep.sweep_folder import open_sweep
    from coercivity.experiments.sweep.worker import remove_dead_files, work_on

    total_tasks = whole_number(tasks, "--tasks", 1, MOST_TASKS)
    number = whole_number(task, "--task", 0, total_tasks - 1)
    with _stops():
        sweep = open_sweep(folder)
        remove_dead_files(sweep)
        mine = share(folder, number, total_tasks, sweep.chunks)
        written = work_on(sweep, mine)
    failed = sum(note.failed for note in written)
    print(
        (
            f"task {number} of {total_tasks}: {len(mine)} chunks, {len(written)} written now, "
            f"{sum(note.runs for note in written)} runs, {failed} failed"
        ),
        file=sys.stderr,
    )


@sweep_app.command("submit")
def submit(
    design: DesignFile,
    out: Out,
    slurm: Slurm = False,
    tasks: Tasks = None,
    time_limit: TimeLimit = "01:00:00",
    memory: Memory = "2G",
    partition: Partition = None,
    account: Account = None,
    setup: Setup = None,
    chunk: Chunk = None,
    dry_run: DryRun = False,
    as_json: JsonForTable = False,
) -> None:
    """Write a job array for what is missing of a sweep, and submit it; again to resume."""
    from dataclasses import asdict

    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.sbatch import Wishes
    from coercivity.experiments.sweep.slurm import submit as send
    from coercivity.model.basis.errors import InputError

    if not slurm:
        raise InputError("say to whom", "write --slurm", where="sweep submit")
    count = None if tasks is None else whole_number(tasks, "--tasks", 1, MOST_TASKS)
    size = _chunk(chunk)
    wishes = Wishes(
        tasks=count,
        time=time_limit,
        memory=memory,
        partition=partition,
        account=account,
        setup=setup,
    )
    with _stops():
        submission = send(load_design(design), out, wishes, dry_run=dry_run, chunk=size)
    if as_json:
        print_json(
            {
                **asdict(submission),
                "directory": str(submission.directory),
                "script": str(submission.script),
            }
        )
    else:
        from coercivity.viz.words.sweep_text import submission_lines

        # not wrapped: there are commands to copy in it
        print("\n".join(submission_lines(submission)))


def _chunk(text: str | None) -> int | None:
    return None if text is None else whole_number(text, "--chunk", 1, 5_000)


def _exact_text(value: Any) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


@contextmanager
def _stops() -> Iterator[None]:
    """A sweep that has to end early says so in one line, and exit code 1; what was written
    stays.
    """
    import signal

    from coercivity.experiments.sweep.pool import leave
    from coercivity.experiments.worlds.atomic import SweepStopped

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread
        before = None
    try:
        yield
    except SweepStopped as error:
        print(f"coercivity: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print(
            "coercivity: stopped; what was written is safe, run the same command again",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _say_finished(done: SweepSummary, as_json: bool) -> None:
    """Say how a sweep ended and what came out; exit code 1 where runs failed or are missing."""
    from coercivity.experiments.sweep.export import failures, outcome_spreads

    spreads, failed = outcome_spreads(done.folder), failures(done.folder)[:SHOWN_FAILURES]
    for problem in done.problems:
        print_message(f"coercivity: {problem}")
    if as_json:
        print_json(_finished_document(done, spreads, failed))
    else:
        _print_spreads(done, spreads)
        _print_ending(done, failed)
    if not done.ok:
        raise typer.Exit(1)


def _rate(done: SweepSummary) -> float | None:
    """Runs a second, None where nothing was computed."""
    return done.computed / done.seconds if done.computed and done.seconds else None


def _finished_document(
    done: SweepSummary, spreads: Sequence[OutcomeSpread], failed: Sequence[Failure]
) -> dict[str, Any]:
    """The end of a sweep as one JSON document."""
    from dataclasses import asdict

    return {
        "folder": str(done.folder),
        "runs": done.runs,
        "done": done.done,
        "failed": done.failed,
        "missing": done.missing,
        "computed": done.computed,
        "seconds": round(done.seconds, 3),
        "rate": _rate(done),
        "problems": list(done.problems),
        "failures": [asdict(one) for one in failed],
        "outcomes": [
            {
                "scenario": spread.scenario,
                "id": spread.outcome,
                "unit": spread.unit,
                **asdict(spread.spread),
                "runs": spread.runs,
                "undefined": spread.undefined,
            }
            for spread in spreads
        ],
    }


def _print_spreads(done: SweepSummary, spreads: Sequence[OutcomeSpread]) -> None:
    """Print the table of the outcomes, with their scenario where there are several."""
    from coercivity.viz.words.terminal import print_table

    several = len({spread.scenario for spread in spreads}) > 1
    head = ("scenario",) if several else ()
    rows = [
        (
            *((spread.scenario,) if several else ()),
            spread.outcome,
            *spread.cells(),
            spread.unit,
            spread.undefined,
        )
        for spread in spreads
    ]
    print_table(
        (*head, "outcome", "median", "p05", "p95", "unit", "undefined"),
        rows,
        title=f"{done.done:,} runs",
    )


def _print_ending(done: SweepSummary, failed: Sequence[Failure]) -> None:
    """Print how many runs there are, how fast they went, what failed, and where the parts are."""
    from coercivity.viz.words.terminal import print_lines

    rate = _rate(done)
    pace = (
        f"; {done.computed:,} computed now in {done.seconds:,.1f} s, {rate:,.3g} runs/s"
        if rate
        else "; nothing was left to compute"
    )
    print_lines(
        [
            (
                f"{done.runs:,} runs: {done.done:,} done, {done.failed:,} failed, "
                f"{done.missing:,} missing{pace}"
            )
        ]
    )
    print_lines(
        [
            (
                f"failed: {one.runs:,} with {one.message}; the first is run {one.first}, seed "
                f"{one.seed}"
            )
            for one in failed
        ]
    )
    print_lines([f"Parts: {done.folder / 'parts'}"])
