# %% [markdown]
# # 1. A first run
#
# One world of rare earths from January 2026, one measure, and what became of it: load, run, look,
# plot, take a table, change a parameter. Ten minutes to read; half a minute to run.

# %%
import coercivity

# %% [markdown]
# ## What there is to ask
#
# A *scenario* is a start, a length, and dated acts of governments. These ship; [one of your
# own](../first-scenario.md) is a page of YAML.

# %%
coercivity.scenarios()[["title", "start", "months", "events"]]

# %% [markdown]
# `japan-2026` holds the acts of the record, the ban on goods for military users in Japan of
# January 2026 among them.

# %%
scenario = coercivity.load_scenario("japan-2026")
scenario

# %% [markdown]
# ## Run it
#
# A run is a function of scenario and seed: the same two give the same tables anywhere. The seed
# is the world's luck.

# %%
result = coercivity.run(scenario, seed=7, months=60)
result

# %% [markdown]
# The card has the numbers that a minister would ask for; `headlines()` has them all by name. Days
# and losses count from the measure in question, and `None` is a stop that never came.

# %%
asked = ("first_stop_days", "first_stop_days_automotive", "firms_stopped_share", "output_lost_24m")
{name: result.headlines()[name] for name in asked}

# %% [markdown]
# ## Look
#
# `result.plots` names the figures that are drawn already.

# %%
result.plots

# %%
result.plot("prices")

# %% [markdown]
# Why did the first line stand when it did? The trail goes back from the day on which it stopped,
# through stocks, orders and licences, to the act that began it, in this world and not in its twin
# without the measure.

# %%
result.explain("first_stop_days")

# %% [markdown]
# ## Tables
#
# Everything that is drawn stands in a table, with its units. With `dates="period"` months are
# ordered, so that they can be cut, compared and resampled as pandas does it.

# %%
prices = result.table("prices", dates="period")
prices.attrs["units"]

# %%
dysprosium = prices.query("good == 'dysprosium_oxide' and state == 'China'").set_index("month")
dysprosium[["home", "export"]].resample("Y").mean().round(0)

# %% [markdown]
# Which tables there are, and whose lines in Japan stopped in the months after the ban:

# %%
result.tables

# %%
stopped = result.table("stoppages", dates="period")
japan = stopped[(stopped["state"] == "Japan") & (stopped["first_day"] >= "2026-01-06")]
japan[["firm", "stage", "first_day", "last_day", "missing"]].sort_values("first_day").head(8)

# %% [markdown]
# ## Change a parameter
#
# Every number of behaviour has a range, a source and a status; a keyword of `run` sets it. Would
# it have helped if the licensing office needed four months where the rules give it two?

# %%
coercivity.parameters().loc[
    "licence_clock_months", ["value", "low", "high", "unit", "status", "source"]
]

# %%
slower = coercivity.run(scenario, seed=7, months=60, licence_clock_months=4)
{name: (result.headlines()[name], slower.headlines()[name]) for name in asked}

# %% [markdown]
# One world is one history. Whether four months *matter* is a question to many worlds with the
# same luck on both sides: [the second notebook](2-twins-and-bands.md).
#
# ## Keep it
#
# A saved run is a folder with its scenario, versions and hashes, and comes back to the last bit.

# %%
folder = result.save("first-run")
coercivity.load(folder).headlines() == result.headlines()
