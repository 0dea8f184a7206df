# %% [markdown]
# # 3. Two hundred runs, to a corner
#
# Under which conditions does Japan lose much? A design of 100 points and two seeds, run
# by two workers into a folder that survives being killed; then which parameters matter, and the
# corner in which it happens. A minute and a half on two cores.

# %%
import coercivity

# %% [markdown]
# ## A design
#
# Five parameters move together over their documented ranges, spread by a Latin hypercube; the
# world is small (one firm a sector and state) so that this is quick. [Sweeps](../sweeps.md)
# explains every key; as a YAML file the same design goes to a cluster.

# %%
design = coercivity.load_design(
    {
        "name": "japan-corner",
        "why": "Under which conditions does Japan lose much?",
        "scenario": "japan-2026",
        "months": 48,
        "seeds": 2,
        "method": "lhs",
        "samples": 100,
        "parameters": {
            "licence_months": "table",
            "licence_office_months": "table",
            "over_compliance": "table",
            "cover_spread": "table",
            "swap_elasticity": "table",
            "firms_per_sector": 1,
        },
        "outcomes": ["output_lost_24m", "firms_stopped_share", "first_stop_days"],
    }
)
design.run_count

# %% [markdown]
# ## Run it
#
# The same call takes up where it stopped, whatever killed it; on a cluster
# `dask="tcp://HOST:PORT"` or `coercivity sweep submit`.

# %%
swept = coercivity.sweep(design, "japan-corner", workers=2)
swept.ok, swept.done, swept.failed

# %%
swept.outcomes()

# %%
rows = swept.table()
rows.head()

# %% [markdown]
# ## Which parameters matter
#
# For a Latin hypercube PAWN compares what the outcome does when a parameter is held with what it
# does when all move; bars are 95% intervals, and the dashed line is what five columns of pure
# luck reach.

# %%
found = coercivity.sensitivity(
    swept, ["output_lost_24m", "firms_stopped_share"], corner="output_lost_24m>1.5"
)
matters = found.table().query("outcome == 'output_lost_24m'").set_index("parameter")
matters[["value", "low", "high"]].round(3)

# %%
least_first = matters[::-1]
axes = least_first["value"].plot.barh(
    xerr=[least_first["value"] - least_first["low"], least_first["high"] - least_first["value"]],
    title="Output lost in 24 months: PAWN index",
)
floor = axes.axvline(found["output_lost_24m"].indices.floor, color="#D55E00", linestyle="--")

# %% [markdown]
# How much of a single run is luck, whatever the parameters (0-1)? Where it is most of it, two
# seeds a point are too few to say anything about parameters.

# %%
found.outcomes()[["outcome", "median", "p05", "p95", "luck"]]

# %% [markdown]
# ## The corner
#
# PRIM looks for a box on few parameters in which the condition mostly holds. `as_good` is the
# share of shuffled targets whose box is as good: above one in twenty nothing is claimed.

# %%
found.corner.condition, found.corner.hits, found.corner.points, found.corner.as_good

# %%
found.bounds()

# %%
points = found.points()
first, second = matters["value"].nlargest(2).index
axes = points.plot.scatter(
    first,
    second,
    c=points["hit"].map({True: "#D55E00", False: "#56B4E9"}),
    title=found.corner.condition,
)

# %% [markdown]
# ## What these numbers allow to say
#
# Sentences are made from the intervals; what they do not bear is not said.

# %%
for sentence in found.sentences:
    print("-", sentence)

# %% [markdown]
# The runs go on to other tools: `swept.export("runs.csv")`, `found.export_ema("runs.tar.gz")` for
# the EMA workbench, `found.sample.problem` for SALib.
