"""`run --draws` and `compare --draws`: a scenario over draws of parameter vector and seed, with
bands and what gives them their width.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from coercivity.command_output import print_json
from coercivity.options import MOST_DRAWS, REPLICATIONS, whole_number, workers_option

if TYPE_CHECKING:
    from coercivity.experiments.worlds.ensemble import Ensemble
    from coercivity.model.scenario.scenario import Scenario


def check_options(context: typer.Context, draws: str | None) -> None:
    """Raise InputError where options of worlds and of draws were mixed."""
    from coercivity.model.basis.errors import InputError

    def given(name: str) -> bool:
        source = context.get_parameter_source(name)
        return source is not None and source.name == "COMMANDLINE"

    if draws is None:
        for name in ("replications", "design_seed", "workers"):
            if given(name):
                raise InputError(
                    "{option} '{value}' goes with --draws",
                    "add for example --draws 32",
                    option=f"--{name.replace('_', '-')}",
                    value=context.params[name],
                )
        return
    if given("worlds"):
        raise InputError(
            "--worlds '{worlds}' and --draws '{draws}' do not go together: worlds are seeds of one "
            "vector, draws move the vector too",
            "give one of them (--replications sets the seeds of each draw)",
            worlds=context.params["worlds"],
            draws=draws,
        )
    if given("seed"):
        raise InputError(
            "--seed '{value}' does not go with --draws, whose vectors bring their seeds",
            "use --design-seed for other draws",
            value=context.params["seed"],
        )


def run_draws(
    scenario: Scenario,
    base: Scenario | None,
    draws: str,
    replications: str | None,
    design_seed: str | None,
    workers: str | None,
    out: str | None,
    as_json: bool,
    state: str,
    world: str | None,
) -> None:
    """Run the ensemble, save it where asked, and print it."""
    from coercivity.experiments.worlds.ensemble import MOST_DESIGN, MOST_REPLICATIONS, ensemble
    from coercivity.experiments.worlds.output_tables import check_new_folder
    from coercivity.model.basis.extras import SAVING, require_packages
    from coercivity.viz.words.ensemble_summary import ensemble_lines, share_note, table_of
    from coercivity.viz.words.terminal import print_lines, print_table, progress_bar

    count = whole_number(draws, "--draws", 1, MOST_DRAWS)
    seeds = (
        REPLICATIONS
        if replications is None
        else whole_number(replications, "--replications", 1, MOST_REPLICATIONS)
    )
    design = (
        0 if design_seed is None else whole_number(design_seed, "--design-seed", 0, MOST_DESIGN)
    )
    processes = 0 if workers is None else workers_option(workers)
    if out is not None:
        require_packages(SAVING, "sweep", "--out")
    folder = None if out is None else check_new_folder(out)
    with progress_bar(scenario.name) as progress:
        spreads = ensemble(
            scenario,
            count,
            seeds,
            base=base,
            design_seed=design,
            workers=processes,
            series=folder is not None,
            progress=progress,
            state=state,
            world=world,
        )
    files = (
        []
        if folder is None
        else [str(Path(out or folder) / name) for name in save(spreads, folder)]
    )
    if as_json:
        print_json(document(spreads, files))
        return
    columns, rows = table_of(spreads)
    print_lines([*ensemble_lines(spreads), ""])
    print_table(columns, rows)
    print_lines([share_note(spreads), *([f"Saved: {Path(out or '')}"] if files else [])])


def save(ensemble: Ensemble, folder: Path) -> list[str]:
    """Write manifest.json, draws.parquet, series.parquet, the figures and the crate that describes
    them into a new folder; return the names of the files.
    """
    from coercivity.experiments.interchange.crate import write_crate
    from coercivity.experiments.worlds.output_tables import new_folder, write_frames, write_manifest
    from coercivity.viz.figures.ensemble_figures import ensemble_figures

    with new_folder(folder) as partial:
        units = {"draws": write_frames([ensemble.table()], partial / "draws.parquet")}
        units["series"] = write_frames([ensemble.series_frame()], partial / "series.parquet")
        for name, draw in ensemble_figures(ensemble).items():
            draw().savefig(partial / f"{name}.png", dpi=150, metadata={"Software": None})
        write_manifest(manifest(ensemble, units), partial)
        write_crate(partial)
        return sorted(path.name for path in partial.iterdir())


def manifest(ensemble: Ensemble, units: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Provenance of a saved ensemble as plain values: enough to make it again, and nothing that
    changes by itself.
    """
    import platform

    from coercivity.experiments.worlds.output_tables import package_versions

    def told(scenario: Scenario) -> dict[str, str]:
        return {
            "name": scenario.name,
            "fingerprint": scenario.fingerprint(),
            "yaml": scenario.to_yaml(),
        }

    return {
        "coercivity": ensemble.version,
        "python": platform.python_version(),
        "packages": package_versions((*_packages(), "scipy", "matplotlib")),
        "scenario": told(ensemble.scenario),
        **({"base": told(ensemble.base)} if ensemble.base else {}),
        "draws": len(ensemble.draws),
        "replications": ensemble.replications,
        "design_seed": ensemble.design_seed,
        "collection": {
            "parameters": list(ensemble.calibrated_names),
            "members": len({draw.member for draw in ensemble.draws} - {""}),
        },
        "months": len(ensemble.months),
        "since": ensemble.since,
        "state": ensemble.state,
        "world": ensemble.world,
        "tables": {
            name: {"file": f"{name}.parquet", "units": unit} for name, unit in units.items()
        },
        "headlines": document(ensemble, [])["headlines"],
    }


def document(ensemble: Ensemble, files: list[str]) -> dict[str, Any]:
    """The ensemble as one JSON document: every headline with its range, how many runs define it,
    and the shares of its variance.
    """
    from dataclasses import asdict

    import numpy as np

    def told(name: str, kind: str) -> dict[str, Any]:
        defined = int(np.isfinite(ensemble.values(name, kind)).sum())
        return {
            **asdict(ensemble.spread(name, kind)),
            "defined": defined,
            "shares": asdict(ensemble.shares(name, kind)),
        }

    rows = [
        {
            "id": row.id,
            "unit": row.unit,
            **told(row.id, "scenario"),
            **{kind: told(row.id, kind) for kind in ensemble.kinds[1:]},
        }
        for row in ensemble.rows
    ]
    return {
        "scenario": ensemble.scenario.name,
        **({"base": ensemble.base.name} if ensemble.base else {}),
        "version": ensemble.version,
        "draws": len(ensemble.draws),
        "replications": ensemble.replications,
        "design_seed": ensemble.design_seed,
        "months": len(ensemble.months),
        "since": ensemble.since,
        "state": ensemble.state,
        "world": ensemble.world,
        "headlines": rows,
        "files": files,
    }


def _packages() -> tuple[str, ...]:
    from coercivity.experiments.worlds.output_tables import PACKAGES

    return PACKAGES
