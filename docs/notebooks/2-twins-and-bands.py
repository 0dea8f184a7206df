# %% [markdown]
# # 2. A question, with twins and bands
#
# What does the ban of January 2026 cost Japan, how sure is that, and what is luck in it? A world
# and its *twin* share their luck, so that their difference is the policy; many pairs, over
# parameters that nobody knows, make a band. A minute to run on two cores.

# %%
import coercivity

# %% [markdown]
# ## Twins
#
# Eight seeds, each lived twice: with the ban on Japan (`japan-2026`) and without it
# (`licences-2026`).

# %%
pairs = coercivity.compare("licences-2026", "japan-2026", seeds=range(8), months=48, workers=2)
pairs

# %%
pairs.plot("loss")

# %% [markdown]
# A difference has one value a pair. Where all have one sign it is no accident of one history.

# %%
lost = pairs.headlines()["output_lost_24m"]["difference"]
[round(value) for value in lost]

# %% [markdown]
# In any table of twins `quantity` names the column that a row is about. What China asks for
# dysprosium at home and for export, by year:

# %%
prices = pairs.table("prices", dates="period")
china = prices.query(
    "good == 'dysprosium_oxide' and state == 'China' and quantity in ('home', 'export')"
)
china.groupby([china["month"].dt.year, "quantity"], observed=True)[
    ["base", "scenario"]
].median().round(0)

# %% [markdown]
# And why the first line stands: the trail of one pair, from the act to the day.

# %%
pairs.explain("first_stop_days")

# %% [markdown]
# ## Bands
#
# Luck is one thing that is not known. The other is how the world behaves: the record to 2025
# leaves many vectors of parameters standing ([the calibration](../calibration.md)). An *ensemble*
# draws vectors, each with two seeds, and gives every vector its twin.

# %%
bands = coercivity.ensemble(
    "japan-2026", draws=16, replications=2, base="licences-2026", months=48, workers=2
)
bands

# %%
bands.plot("prices")

# %%
bands.plot("dependence-difference")

# %% [markdown]
# Median with the 5th and 95th percentile: with the acts, without, and the difference run by run.

# %%
for kind in bands.kinds:
    print(f"{kind:11}", bands.spread("output_lost_24m", kind))

# %% [markdown]
# How much of the width is parameters, how much is luck? Two seeds a vector can tell them apart;
# sixteen vectors say it roughly, and say how roughly.

# %%
bands.shares("output_lost_24m")

# %% [markdown]
# Each run stands in a table with the vector that made it, for whatever else you ask of it.

# %%
bands.table().groupby("twin")[["firms_stopped_share", "output_lost_24m"]].describe().T

# %% [markdown]
# *What is not in the band*: rules that are wrong in all vectors. [The backtest](../backtest.md)
# says where the record lies outside. *Which* parameters make the width is the question of [the
# third notebook](3-sweep-to-a-corner.md).
