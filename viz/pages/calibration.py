"""The page of the calibration: which vectors no episode to 2024 rules out, what is identifiable,
and what the model cannot reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from coercivity.experiments.calibration.calm import MOST_LOST
from coercivity.experiments.calibration.office import ERRORS, WINDOWS
from coercivity.model.basis.parameters import Parameter, load_parameters
from coercivity.viz.pages.calibration_rows import (
    bulk_rows,
    office_rows,
    parameter_rows,
    profile_rows,
    range_text,
    recovery_rows,
    spread_rows,
    target_rows,
)
from coercivity.viz.pages.text import Document, Row, table
from coercivity.viz.words.findings import short

NEAREST = 7  # numbers of the office that are shown


def pages(document: Document) -> dict[str, str]:
    """The one page; it says itself what made it."""
    return {"calibration.md": calibration_page(dict(document["found"]))}


def tables(document: Document) -> dict[str, list[Row]]:
    """Targets and parameters."""
    return {f"calibration-{name}": document["found"][name] for name in ("targets", "parameters")}


def calibration_page(results: dict[str, Any]) -> str:
    """The page, from the record of a calibration (`calibration.json`)."""
    sections = (
        _made(results),
        _objective(results),
        _missed(results),
        _screened(results),
        _stand_in(results),
        _left(results),
        _central(results),
        _targets(results),
        *([_office(results["office"])] if "office" in results else []),
        _truths(results),
    )
    return "\n\n".join(sections) + "\n"


def _made(results: Mapping[str, Any]) -> str:
    """How many vectors are left, and the commands that found them."""
    setting = results["setting"]
    options = (
        f"--vectors {setting['vectors']} --waves {setting['waves']} --seeds {setting['seeds']} "
        f"--trajectories {setting['trajectories']}"
        + (f" --office {setting['office']}" if "office" in setting else "")
    )
    passed, kept = results["passed"], results["kept"]
    others = (
        ""
        if passed == kept
        else f"; the {kept} least implausible are kept all the same (up to {results['level']:.2f}, where {results['cut']:g} rules out), as "
        "bands need as many"
    )
    return f"""# Calibration by history matching

**{passed} of {results["runs"]} parameter vectors are not ruled out** by the outcomes to December 2024, all episodes at once{others}. They are the collection
(`model/data/collection.csv`) that every band, claim and score is drawn from. A vector is a value of each of the {len(results["screening"])} parameters that are not measured; each was run as it stands.{_calm(results)}{_judged(results)}{_anew(results)}
Version {results["version"]}{_carried(results)}. Made by

```sh
coercivity calibrate --out runs/calibration {options}
python -m tools.docs.adopt_calibration runs/calibration{"" if results.get("central") else f" {results.get('adopted', '')}"}
```"""


def _calm(results: Mapping[str, Any]) -> str:
    """How many were left out for what their calm world does; nothing of a record that does not
    say.
    """
    gone = results.get("restless")
    return (
        ""
        if gone is None
        else f" {gone or 'None'} of the least implausible {'was' if gone == 1 else 'were'} left out before, as more than {MOST_LOST:g} USD bn of output "
        "is lost in fifteen calm years with them, without an act or a shock: a belief, and no outcome after 2024 "
        f"(but projects that were known in 2026 are in it). As they stand the members lose {results['calm']['median']:.2g} in the median and {results['calm']['most']:.3g} at most."
    )


def _judged(results: Mapping[str, Any]) -> str:
    """How many hold by seeds that did not choose them; nothing of a record that does not say."""
    judged = results.get("judged")
    return (
        f" The seeds of the waves alone do not rule out {judged['before']}; of these {judged['alone']} are not ruled out by as many fresh seeds alone, and {judged['together']} vectors by all of them ({judged['runs']} were run again)."
        if judged
        else ""
    )


def _anew(results: Mapping[str, Any]) -> str:
    """Which parameters the record tells nothing of; nothing of a record that does not say."""
    unfelt = results.get("unfelt")
    if unfelt is None:
        return ""
    if not unfelt:
        return " No parameter is drawn anew for a member."
    few = "parameter that no target feels at either end of its range is"
    many = "parameters that no target feels at either end of their ranges are"
    said = few if len(unfelt) == 1 else many
    return f" {len(unfelt)} {said} drawn anew for each member: {', '.join(unfelt)}."


def _carried(results: Mapping[str, Any]) -> str:
    """That the code has changed since and the targets have not felt it."""
    carried = results.get("carried")
    return (
        f" (the code is younger: {carried['members']} members, run again, give every target the value that they gave)"
        if carried
        else ""
    )


def _objective(results: Mapping[str, Any]) -> str:
    """The written objective in words."""
    cut = f"{results['cut']:g}"
    return f"""## The objective, written before the first run

Targets, weights and tolerances are the rows of [the evidence](evidence.md) with sample `in`, and [bounds](evidence.md#bounds) on where the world of 2009 arrives and on stocks, which are no test. A target of value z and tolerance t is met by a vector whose
mean over seeds is f with implausibility I = |f - z| / sqrt((t/2)² + v (1 + 1/R)): v variance between histories, R histories of the model and one of the record. A vector is ruled out when its second-largest implausibility is above {cut}, or when
the sum of the squares of all but the largest is above what 199 in 200 sums of as many normal deviates stay below (`experiments/calibration/objective.py`). That quantile does not know that the largest was dropped: if deviates are
independent and normal, a true vector is ruled out by the sum in 0.05% of cases with 34 targets and 0.02% with 11, where one in 200 would be 0.5%, and by either measure in 0.42% and 0.05%. So the sum adds little, and it was left so, as the fit was made with it. A target that no vector of the
wide first wave meets is a structural miss: it is named below, and it leaves the measure. After a first run, a review found the luck too small (v/R, pooled by a median); it was
mended, and everything was run again. What a start is balanced to is no target."""


def _missed(results: Mapping[str, Any]) -> str:
    """The structural misses."""
    heading = "## What the model cannot reach\n\n"
    missed = [row for row in results["targets"] if row["structural"]]
    if not missed:
        return heading + "Every target is met by some vector of the first wave."
    rows = [
        (row["id"], short(row["record"]), range_text(row["wide"]), f"{row['least']:.1f}")
        for row in missed
    ]
    said = (
        f"{len(missed)} of {len(results['targets'])} targets are met by no vector of the wide "
        "first wave, whatever the calibrated parameters are:"
    )
    return (
        heading
        + said
        + "\n\n"
        + table(["target", "record", "first wave: median (5-95%)", "least implausibility"], rows)
    )


def _screened(results: Mapping[str, Any]) -> str:
    """The parameters that move the targets most, and which of them are calibrated."""
    names = {row["name"] for row in results["parameters"]}
    most = sorted(results["screening"].items(), key=lambda item: -item[1])[: 2 * len(names)]
    shares = table(
        ["parameter", "share of movement", "calibrated"],
        [(name, f"{100 * share:.1f}%", "yes" if name in names else "") for name, share in most],
    )
    return f"""## Which parameters

A Morris screening of {len(results["screening"])} parameters over all targets; the {len(names)} that move them most are calibrated, without those that a shipped scenario sets: they
are spread evenly over their ranges and closed in on. All others are drawn with each vector, densest at the shipped value, and stay with it. Share of the movement of a target, mean over targets:

{shares}"""


def _stand_in(results: Mapping[str, Any]) -> str:
    """Whether the emulator that proposed a wave foretold it."""
    rows = [
        (
            str(wave),
            f"{100 * float(np.median(list(one['explained'].values()))):.0f}%",
            f"{100 * float(np.median(list(one['covered'].values()))):.0f}%",
            min(one["covered"], key=lambda name: one["covered"][name]),
            f"{100 * min(one['covered'].values()):.0f}%",
        )
        for wave, one in enumerate(results.get("emulator", ()), start=1)
    ]
    if not rows:
        return "## The stand-in, checked\n\nOne wave was run: nothing was foretold."
    head = [
        "wave",
        "explained, median target",
        "within two errors",
        "least honest target",
        "within",
    ]
    return f"""## The stand-in, checked

Each wave after the first is proposed by a regression a target, fitted to all runs before it: quadratic in the calibrated parameters, linear in the others. What it had foretold is laid beside the runs of that wave: share of the
variance between its vectors that it explains (below nothing where the mean of the wave would have been better), and share of vectors within two of its own standard errors (95% if it
is honest). Vectors are kept by their runs alone.

{table(head, rows)}"""


def _bounds(row: Parameter | None) -> str:
    """The documented range of a parameter; the rule of one that was fitted then may be gone."""
    return f"{row.low:g} to {row.high:g}" if row else "gone since (decisions 0017 to 0020)"


def _left(results: Mapping[str, Any]) -> str:
    """What the record leaves of each parameter's range."""
    documented = {row.name: row for row in load_parameters()}
    identified = [row["name"] for row in results["parameters"] if row["identified"]]
    others = [row["name"] for row in results["parameters"] if not row["identified"]]
    shipped = results["shipped"]
    again = "and is one of them" if shipped["worst"] <= results["cut"] else "and is ruled out"
    adopted, now = results.get("adopted"), results.get("now")
    since = (
        f" Shipped since: {'none of the candidates' if adopted == 'none' else f'candidate {adopted}'}."
        if adopted
        else ""
    )
    if now:
        ruled = "and is not ruled out" if now["worst"] <= results["cut"] else "and is ruled out"
        since += f" The vector that is shipped now has implausibility {now['worst']:.2f} {ruled}."
    waves = ", ".join(f"{100 * share:.1f}%" for share in results["share_passed"])
    ranges = table(
        [
            "parameter",
            "documented",
            "shipped before",
            "shipped",
            "5%",
            "median",
            "95%",
            "range left",
        ],
        [(name, _bounds(documented.get(name)), *rest) for name, *rest in parameter_rows(results)],
    )
    tenths = [f"{10 * cell}-{10 * cell + 10}%" for cell in range(10)]
    known = f"Identified: {', '.join(identified)}." if identified else "No parameter is identified."
    return f"""## What is left of each

Share of vectors not ruled out, wave by wave: {waves}. A parameter counts as identified when the 5-95% range that is left is below half of the documented one; at its bound,
the documented range and not the record stops it. Percentiles are of the vectors that were run and kept, and later waves run where it fits.

{ranges}

{known} Not identifiable by these targets: {", ".join(others) or "none"}. The
vector shipped then has implausibility {shipped["worst"]:.2f} {again}.{since}

Least implausibility of any vector run in each tenth of a parameter's documented range (above {results["cut"]:g}: that tenth is ruled out as far as it was looked at):

{table(["parameter", *tenths], profile_rows(results))}"""


def _targets(results: Mapping[str, Any]) -> str:
    """Target by target: the record and what is left, and what else spreads it."""
    inside = sum(row["inside"] for row in results["targets"])
    ranges = table(
        [
            "target",
            "record",
            "shipped vector" if results.get("now") else "vector shipped before the fit",
            "what is left: median (5-95%)",
            "record inside",
            "within 3 deviations of the record (first wave)",
        ],
        target_rows(results),
    )
    return f"""## Target by target

{ranges}

{inside} of {len(results["targets"])} records lie within the 5-95% range of what is left. Where luck spreads a target far more than the record's tolerance, that target rules little
out; standard deviations in the target's scale:

{table(["target", "record", "luck"], spread_rows(results))}"""


def _office(office: Mapping[str, Any]) -> str:
    """The licensing office, matched apart with licences for other metals."""
    passed, kept, together = office["passed"], office["kept"], office["together"]
    more = (
        f"{kept} are kept"
        if passed == kept
        else f"the {kept} least implausible are kept (up to {office['level']:.2f})"
    )
    targets = table(
        [
            "target, share of usual trade",
            "record",
            "tolerance (95%)",
            "vector shipped before the fit",
            "what is left: median (5-95%)",
            "record inside",
            "within 3 deviations of the record",
        ],
        [(name, value, _tolerance(name), *rest) for name, value, *rest in target_rows(office)],
    )
    outside = sum(not row["inside"] for row in office["targets"])
    numbers = table(
        ["number", "shipped before the fit", "drawn: 5-95%", "kept: 5-95%", "range left"],
        office_rows(office),
    )
    lefts = [row["left"] for row in office["parameters"]]
    said = f"""## The licensing office

No rare earth needed a licence before 2025, so the targets above do not feel the office; gallium, germanium, graphite and antimony did in 2023 and 2024. {office["runs"]} vectors of its numbers, all else as shipped,
{office["setting"]["seeds"]} seeds each, are run against 56 recorded shares of usual trade by month and destination (`experiments/calibration/office.py`, written before the first run; decision 0052). **{passed} are not ruled out**, {more}. The
vector shipped before the fit has implausibility {office["shipped"]["worst"]:.2f}. Single numbers keep {100 * min(lefts):.0f} to {100 * max(lefts):.0f}% of the range that was drawn: offices that are not refuted by so few rows, rather than fitted ones. {outside} of the {len(office["targets"])} records lie outside the 5-95% range of what is left and are within three deviations of it
only because one metal of one rule says little of another: what is said of single destinations under licences is a range of stories, no forecast."""
    return f"""{said}

{targets}

{numbers}

Each member of the collection is given the office of one that is kept, each office about equally often: what it says of rare earths to 2024 stays what it was. With all its other values a member
has another trade than the one the office was matched with: by the record of licences {together["passed"]} of {together["members"]} members are not ruled out as they stand, {together["within"]} lie within what was kept
(median {range_text(together["worst"])}).{_asked(office)}"""


def _tolerance(name: str) -> str:
    """Room that a target of the office has on either side, as written before the first run."""
    known = {**{key: window[-1] for key, window in WINDOWS.items()}, **ERRORS}
    return f"± {known[name]:g}" if name in known else ""


def _asked(office: Mapping[str, Any]) -> str:
    """Whether the record of licences asks for other numbers than the table's."""
    asked = office.get("asked")
    if not asked:
        return ""
    taken = [f"{row['name']} {row['value']:g}" for row in asked["taken"]]
    rows = [
        (
            row["name"],
            short(asked["table"][row["name"]]),
            f"{row['value']:g}",
            f"{row['fall']:.1f} ({row['error']:.1f})",
        )
        for row in asked["nearest"][:NEAREST]
    ]
    return f"""

By seeds {asked["seeds"][0]} to {asked["seeds"][-1]}, which the match did not use, the numbers that the table has now (version {asked["version"]}) give a sum of squared implausibilities S of {asked["before"]:.1f} over all targets. A number is asked to move where S falls by more than 4 and by more than
twice the standard error of that (`tools/docs/office_shipped.py`). {f"Asked for: {', '.join(taken)}." if taken else "None is."} Nearest to it, one at a time:

{table(["number", "table", "tried", "S falls by (standard error)"], rows)}"""


def _truths(results: Mapping[str, Any]) -> str:
    """How well the method finds vectors that are known."""
    recovery = results["recovery"]
    names = [row["name"] for row in results["parameters"]]
    found_again = table(
        [
            "parameter",
            "truth inside what is left",
            "range left",
            "correlation with the median left",
        ],
        recovery_rows(names, recovery),
    )
    error = " and an error of the record" if results.get("judged") else ""
    return f"""## Known truths

{recovery["truths"]} vectors of the first wave were put in the record's place, one history each with a seed that the fit did not use{error}, and matched again through the emulator.
The truth itself was ruled out in {100 * recovery["ruled_out"]:.0f}% of cases.

{found_again}

This looks through the emulator once, over 5,000 candidates, and runs no waves: with many parameters it finds less again than the waves above do. What it shows is whether a truth is ruled out."""


def _central(results: Mapping[str, Any]) -> str:
    """Which vector is shipped, and how it lies in the bands of the draws."""
    now, bulk = results.get("now", {}), results.get("now", {}).get("bulk")
    parts = [
        "## Which vector is shipped",
        *([_chosen(results)] if results.get("central") else []),
        f"Shipped: {results.get('adopted') or 'none'}. By the measure the values of the parameter table have {now.get('worst', float('nan')):.2f}, where {results['level']:.2f} is the most that was kept.",
    ]
    values = {row["id"]: row["values"] for row in results.get("candidates", [])}
    own = values.get(results.get("adopted", ""), {})
    moved = [
        f"{name} {now['values'][name]:g} ({own[name]:.3g})"
        for name in own
        if name in now.get("values", {}) and abs(now["values"][name] / own[name] - 1.0) > 0.006
    ]
    if moved:
        parts.append(f"Moved by hand since, the candidate's value in brackets: {', '.join(moved)}.")
    if bulk:
        parts.append(
            "A line out of the middle of the draws lies below their band from the 10th to the 90th percentile in a tenth of the months and above it in another. "
            f"The shipped vector ({bulk['draws']} draws, seeds {', '.join(map(str, bulk['seeds']))}):"
        )
        parts.append(table(["scenario", "series", "below the band", "above it"], bulk_rows(bulk)))
    return "\n\n".join(parts)


def _chosen(results: Mapping[str, Any]) -> str:
    """How the candidate was chosen."""
    central, missed = results["central"], results["central"]["missed"]
    near = sum(row["worst"] <= results["level"] for row in results["candidates"])
    nearest = sorted(central["distance"].items(), key=lambda item: item[1])[:5]
    looked = [
        f"{name} ({', '.join(f'{figure} {value:.3g}' for figure, value in found.items()) or 'none'})"
        for name, found in missed.items()
    ]
    return f"""Two waves more moved the calibrated parameters alone, with all others at the values of the parameter table; {near} of the {len(results["candidates"])} least implausible of these are as near to the record as the collection
({results["level"]:.2f}). Of them, or of the ten least implausible where they are fewer, the one is taken whose worlds lie in the bulk of what all draws show (`tools/docs/central.py`: the shares below differ least from a tenth, mean over prices, stocks
and loss in two scenarios) and which misses no figure of [what is believed](believed.md) that the vector shipped before meets; where all do, the one that misses fewest. Only simulated worlds are compared: no outcome after December 2024 is read.
Nearest to the bulk: {", ".join(f"{name} ({value:.3f})" for name, value in nearest)}. Looked at, with what they miss: {"; ".join(looked)}."""
