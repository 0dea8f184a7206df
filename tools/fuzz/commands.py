"""Command lines, good and gone bad, and a stand-in for all that would take long: what gets that far
was accepted.
"""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from tools.fuzz.nasty import argument


class Accepted(Exception):
    """The input was taken, and the work on it would begin here."""


def reached(*_: Any, **__: Any) -> Any:
    """Stands in for what would do the work."""
    raise Accepted


HEAVY: Final = (  # what would run the model, write figures or serve
    "coercivity.experiments.worlds.run.run_scenario",
    "coercivity.experiments.worlds.ensemble.ensemble",
    "coercivity.experiments.questions.leverage.World",
    "coercivity.experiments.questions.licence_pairs.read_pair",
    "coercivity.experiments.questions.applicants.World",
    "coercivity.experiments.claims.run_claims.run_claims",
    "coercivity.experiments.backtest.run_backtest.run_survey",
    "coercivity.experiments.calibration.study.screen",
    "coercivity.experiments.sweep.sweep_folder.time_of_a_run",
    "coercivity.experiments.sweep.export.evaluate",
    "coercivity.experiments.questions.starts.start_report",
    "coercivity.doctor.checks",
    "coercivity.experiments.sweep.dask_pool.run_on_dask",
    "coercivity.sensitivity_command._draw",
    "coercivity.experiments.sweep.slurm._sbatch",
    "coercivity.experiments.sweep.run_sweep.Clock",
    "coercivity.experiments.sweep.slurm._check_nothing_queued",
)


@contextmanager
def nothing_runs() -> Iterator[None]:
    """Let no command do its work: each stops where all that it was given has been checked."""
    from importlib import import_module

    import coercivity
    import coercivity.viz.serve as serve

    for name in coercivity.__all__:
        # kept from the first time that it is asked for, which may not be a stand-in
        getattr(coercivity, name)

    def listen(port: int, host: str) -> Any:
        serve_listen(port, host).close()
        raise Accepted

    serve_listen = serve._listen
    with ExitStack() as stack:
        for name in HEAVY:
            import_module(name.rsplit(".", 1)[0])
            stack.enter_context(patch(name, reached))
        stack.enter_context(patch.object(serve, "_listen", listen))
        yield


# each command, what it is given and its options with good values; ! where it wants the option
COMMANDS: Final = """
run: SCENARIO --months=24 --worlds=2 --seed=7 --set=share_speed=0.2 --out=NEW --json --draws=4
  --replications=2 --design-seed=1 --workers=1
compare: licences-2026 SCENARIO --months=24 --worlds=2 --seed=7 --set=share_speed=0.2 --out=NEW
  --json
scenarios show: SCENARIO
scenarios check: SCENARIO
scenarios new: NEW.yaml
starts: 2024-01 --json
facts: firms --full
parameters: share_speed
leverage: SCENARIO !--at=2026-01 --sender=China --target=Japan --worlds=2 --seed=3 --json
licences: licensing-2025 --from=China --to=Japan,EU --good=heavy_oxides,magnet_smco --months=24
  --worlds=2 --seed=3 --by=year --csv=NEW.csv --json
trace: licensing-2025 TDK --seed=3 --months=24 --month=2025-06 --json
claims: C1 C2 --draws=2 --workers=1 --json
calibrate: !--out=NEW --vectors=20 --waves=1 --seeds=2 --trajectories=2 --workers=1
backtest: --draws=2 --workers=1 --sample=in --figures=NEW --json
sensitivity: SWEEP --outcome=firms_stopped --method=pawn --corner=firms_stopped>1
  --scenario=japan-2026 --figures=NEW --ema=NEW.tar.gz --json
datapackage: firms !--out=NEW
schema: design --out=NEW.json
crate: SWEEP
app: --port=0 --host=127.0.0.1 --no-browser
doctor:
sweep designs: --json
sweep new: NEW.yaml --from=japan-quick
sweep run: DESIGN !--out=NEW --workers=1 --chunk=5 --dask=local --json
sweep status: SWEEP --json
sweep row: SWEEP 0 --json
sweep problem: DESIGN --groups
sweep export: SWEEP !--to=NEW.csv --json
sweep worker: SWEEP !--task=0 !--tasks=2
sweep submit: DESIGN !--out=NEW !--slurm --tasks=2 --time=01:00:00 --mem=2G --partition=short
  --account=me --setup='module load python' --chunk=5 --dry-run
"""


@cache
def commands() -> dict[str, tuple[list[str], dict[str, str], set[str]]]:
    """Of each command: positional arguments, options with good values ('': a flag), and the options
    that it wants.
    """
    found = {}
    for line in COMMANDS.strip().replace("\n  ", " ").splitlines():
        name, _, given = line.partition(":")
        words = shlex.split(given)
        pairs = [word.partition("=") for word in words if word.lstrip("!").startswith("--")]
        found[name] = (
            [word for word in words if not word.lstrip("!").startswith("--")],
            {key.lstrip("!"): value for key, _, value in pairs},
            {key[1:] for key, _, _ in pairs if key.startswith("!")},
        )
    return found


def command_line(rng: random.Random, files: dict[str, str], number: int) -> list[str]:
    """A command with most of its options, of which one or two are wrong. *files*: what SCENARIO,
    DESIGN and SWEEP stand for; NEW is a new name.
    """
    name = rng.choice(tuple(commands()))
    positional, options, needed = commands()[name]

    def filled(word: str) -> str:
        for key, path in files.items():
            word = path if word == key else word
        return word.replace("NEW", f"new-{number}")

    chosen = [key for key in options if key in needed or rng.random() < 0.3]
    parts: list[list[str]] = [[filled(word)] for word in positional]
    parts += [[key, filled(options[key])] if options[key] else [key] for key in chosen]
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        act = rng.random()
        if parts and act < 0.75:
            part = rng.choice(parts)
            part[-1] = wrong(rng, part)
        elif parts and act < 0.85:
            parts.append(list(rng.choice(parts)))
        elif parts and act < 0.92:
            parts.remove(rng.choice(parts))
        else:
            parts.insert(rng.randrange(len(parts) + 1), [argument(rng)])
    rng.shuffle(parts) if rng.random() < 0.2 else None
    return [*name.split(), *(word for part in parts for word in part)]


def wrong(rng: random.Random, part: list[str]) -> str:
    """A wrong value for a part of a command line: sometimes with the beginning or the ending that
    is asked for.
    """
    word = argument(rng)
    if part[0] == "--set" and rng.random() < 0.8:
        return rng.choice((f"share_speed={word}", f"{word}=0.2", word))
    ending = "".join(Path(part[-1]).suffixes)
    inside = not word.startswith(("/", "C:", "~"))
    return f"{word}{ending}" if inside and len(ending) < 10 and rng.random() < 0.5 else word
