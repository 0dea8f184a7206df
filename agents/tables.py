"""Firms, needs, offers and links: every column is declared here once, with its unit, its meaning
and the symbol that the rules use.

A column without a declaration is refused. The notation in docs/ is made from these declarations.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.table import Table, column, flag, label, rows

OPTION, OPEN, MOTHBALLED, BANKRUPT = range(4)  # firms.status
ROUNDING = 1e-6  # t of a tonne, by which sums may miss a stock


class Firms(Table):
    """Every firm: plants that run, planned plants, end users, and plants that may be built."""

    state: IntArray = column("row of STATES", "state in which a firm stands")
    process: IntArray = column(
        "row of PROCESSES then SECTORS", "what a firm does: one of the processes or an end use"
    )
    sector: IntArray = column("row of SECTORS", "end-use sector; -1 for plants")
    capacity: FloatArray = column("t/month of run", "capacity: the most that a plant can run", "K")
    base_run: FloatArray = column(
        "t/month of run", "run at the balanced start; 1 for end users", "y0"
    )
    conversion: FloatArray = column(
        "USD/kg", "conversion cost: what a tonne of run costs beside its inputs", "v"
    )
    military: FloatArray = column("share", "military part of a firm's orders", "mu")
    size: FloatArray = column(
        "share", "size of an end user: its part of its sector in its state; 1 for plants"
    )
    trend: FloatArray = column("log per year", "growth of orders that a firm plans for", "g")
    desired: FloatArray = column(
        "t/month of run (end users: share of the start)",
        "desired run: how hard a firm would like to run",
        "y*",
    )
    run: FloatArray = column(
        "t/month of run (end users: share of the start)", "run: how hard it did run", "y"
    )
    plan: FloatArray = column(
        "share of the start", "plan of an end user: what its customers want this month"
    )
    backlog: FloatArray = column(
        "months of normal output", "backlog: output owed to customers", "B"
    )
    finished: FloatArray = column(
        "months of normal output", "finished goods that an end user can still sell"
    )
    base_cost: FloatArray = column("USD/kg", "cost of a tonne of run at the start")
    cost: FloatArray = column("USD/kg", "cost of a tonne of run: inputs as paid and conversion")
    margin: FloatArray = column("share of cost", "margin: revenue over cost less one", "m")
    base_margin: FloatArray = column("share of cost", "margin at the start")
    available: FloatArray = column("share", "share of capacity that no shock has taken")
    barred: FloatArray = column("share", "part of a firm that a control list bars")
    watched: FloatArray = column("share", "part of a firm that is on a watch list")
    orders_year: FloatArray = column(
        "t/month of run", "orders of a plant in run, smoothed over a year", "Q"
    )
    last_year: FloatArray = column("t/month of run", "those orders at its last yearly decision")
    status: IntArray = column(
        "code", "status: 0 an option to build, 1 open, 2 mothballed, 3 bankrupt"
    )
    capex: FloatArray = column(
        "USD million per t/month of run", "what capacity costs to build", "k"
    )
    idle: FloatArray = column("t/month of run", "capacity of a closed plant")
    poor: FloatArray = column("quarters", "quarters in a row with a margin too low")
    good: FloatArray = column(
        "quarters", "quarters in a row in which a closed plant could earn enough"
    )
    failed: FloatArray = column("month", "month of a failure; 0 for none")
    purse: FloatArray = column("USD million", "money in hand that decides whether a plant fails")
    value_added: FloatArray = column(
        "USD million a month", "value added that stops with an end user at full activity"
    )
    funded: FloatArray = column(
        "t/month of run", "largest output that its owners have put working money into"
    )
    cash: FloatArray = column("USD million", "cash, as the accounts leave it")
    carried: FloatArray = column("USD/kg", "loss per tonne at the start, carried by the owners")
    names: tuple[str, ...] = label("names of the firms")
    is_end: BoolArray = flag("firms that put goods into products")
    adds_hours: BoolArray = flag(
        "end users whose lines can work overtime, as they do not run all day"
    )
    is_maker: BoolArray = flag("plants that work to order: metal, magnets, motors")
    is_fringe: BoolArray = flag("mines and separators outside the swing producer")
    has_quota: BoolArray = flag("holders of the exporter's mining quota")
    inside: BoolArray = flag("firms that stand behind the exporter's border")
    needs_technology: BoolArray = flag("plants that do what the exporter's technology bans name")
    addition: FloatArray = column(
        "t/month of run", "capacity that a firm has decided to add at its last yearly look"
    )
    verdict: IntArray = column(
        "code",
        "what the last review of a plant said: 0 go on, 1 stand still, 2 give up, 3 run again",
    )
    project: IntArray = column(
        "code", "what was last decided about a planned plant: 0 wait, 1 begin, 2 give up"
    )
    is_mine: BoolArray = flag("mines")
    is_press: BoolArray = flag("plants that press magnets, or build them into motors")
    is_separator: BoolArray = flag("plants that separate oxides")
    may_build: BoolArray = flag(
        "plants that may be enlarged: no end users and no holders of the mining quota"
    )
    decision_month: IntArray = column(
        "row of the year", "month of the year in which a firm decides whether to build"
    )
    wish: FloatArray = column("t/month of run", "run that a firm wants and has the capacity for")
    lasts: FloatArray = column(
        "share of the month", "part of the month that passes before a line lacks an input"
    )
    patient: BoolArray = flag("owners who wait: they neither fail nor close early")
    debt_service: FloatArray = column(
        "USD million a month per t/month", "debt service of a new plant"
    )
    reach: FloatArray = column(
        "share", "share of what was paid for that ever runs; nobody knows it before", "r"
    )
    mine_of: IntArray = column("row of firms", "mine of the same owner; -1 for none")
    option_size: FloatArray = column(
        "t/month of run", "size of the plant that may be built here; 0 for none"
    )
    option_from: IntArray = column("month", "month from which that can be decided")
    pledged: FloatArray = column(
        "0 or 1", "plants that an act of a firm has begun; they are not given up on the way"
    )
    loss_short: FloatArray = column("months of normal output", "output missed this month")
    loss_absorbed: FloatArray = column(
        "months of normal output", "the part of it that finished goods covered"
    )
    loss_gone: FloatArray = column(
        "months of normal output", "output lost this month, as customers went elsewhere"
    )
    loss_made_up: FloatArray = column(
        "months of normal output", "output of the month that makes up for what was missed"
    )
    loss_linkage: FloatArray = column(
        "USD million a month",
        "value added that suppliers of stopped lines lose, net of the made up",
    )
    loss_postponed: FloatArray = column(
        "USD million a month", "investment that uncertainty puts off"
    )
    outlay: FloatArray = column("USD million", "capital cost of the month")
    option_rows: IntArray = rows("plants that nobody has decided to build")
    closable_rows: IntArray = rows(
        "plants that may close: all but end users and holders of the quotas of mining and "
        "separation"
    )


class Stocked(Table):
    """A table whose rows hold a stock (t)."""

    stock: FloatArray

    def put(self, tonnes: FloatArray, rows: IntArray | None = None) -> None:
        """Tonnes enter stock, at some rows or at all: S <- S + q; a row that is named twice gets
        both. The whole column is made anew, for others may still look at the old one.
        """
        if rows is None:
            self.stock = self.stock + tonnes
            return
        stock = self.stock.copy()
        np.add.at(stock, rows, tonnes)
        self.stock = stock

    def take(self, tonnes: FloatArray, rows: IntArray | None = None) -> None:
        """Tonnes leave stock, at some rows or at all: S <- max(S - q, 0), the whole column anew;
        the bound takes away rounding only.

        Raises ValueError where more is to leave than there is.
        """
        if rows is None:
            left = self.stock - tonnes
            self._not_below(left, left)
            self.stock = np.maximum(left, 0.0)
            return
        left = self.stock.copy()
        np.subtract.at(left, rows, tonnes)
        there = left.take(rows)
        self._not_below(left, there)
        left[rows] = np.maximum(there, 0.0)
        self.stock = left

    def _not_below(self, left: FloatArray, changed: FloatArray) -> None:
        """What is left is not below zero by more than rounding; changed: those that something
        left.
        """
        if changed.min(initial=0.0) >= -ROUNDING:  # which is true of nearly every month
            return
        held = self.stock
        wrong = np.flatnonzero(left < -ROUNDING * np.maximum(held, 1.0))
        if len(wrong):
            row = int(wrong[0])
            raise ValueError(
                f"{held[row] - left[row]:g} t are to leave row {row} of {type(self).__name__}, "
                f"which holds {held[row]:g} t; take at most what is in stock"
            )


class Needs(Stocked):
    """Firm x input: what a firm takes in, holds and has on the way. Sorted by firm."""

    firm: IntArray = column("row of firms", "firm that needs")
    good: IntArray = column("row of GOODS", "good that it needs")
    coefficient: FloatArray = column(
        "t per t (end users: t/month at full activity)",
        "coefficient: input per unit of run, now",
        "a",
    )
    recipe: FloatArray = column("as above", "coefficient at the start (the recipe)", "a0")
    thrift: FloatArray = column(
        "share", "thrift: part of the recipe that engineering has left", "t"
    )
    cover: FloatArray = column(
        "months", "normal cover: months of use that a firm wants left in stock in quiet times", "c"
    )
    stock: FloatArray = column("t", "stock of an input after arrivals and before use", "S")
    pipeline: FloatArray = column("t", "pipeline: tonnes on their way to the firm", "P")
    pending: FloatArray = column("t", "tonnes ordered that wait for a licence")
    counted: FloatArray = column("t", "the part of them that the firm takes for what is on its way")
    expected: FloatArray = column("t/month", "expected use", "D")
    base_use: FloatArray = column("t/month", "use at the start")
    arrived: FloatArray = column("t", "tonnes that arrived this month")
    fill: FloatArray = column("share", "part of its orders that a need has lately had delivered")
    paid: FloatArray = column("USD/kg", "what a firm pays, volume-weighted and smoothed")
    replacement: FloatArray = column(
        "USD/kg", "replacement cost: what the input would cost if bought today"
    )
    wanted: FloatArray = column("t/month", "tonnes that a firm orders this month")
    lack: FloatArray = column(
        "t", "what the firm still wants beyond its stock and what ships to it"
    )
    used: FloatArray = column("t", "tonnes used this month")
    documented: FloatArray = column(
        "t/month", "use that an application can show: half a year old, bad years count little", "d"
    )
    lacking: BoolArray = flag("inputs that a line ran out of this month")
    strain: FloatArray = column(
        "number", "strain on an end user's lines by input at the end of the month", "H"
    )
    bill: FloatArray = column("USD thousand", "what was charged for what was shipped this month")
    of_end: BoolArray = flag("needs of end users")
    worth: FloatArray = column("USD/kg", "what one more kilogram is worth to the firm")
    price_start: FloatArray = column("USD/kg", "what it cost at the start")
    swap: FloatArray = column("share", "part of the use that is left out for a while", "x")
    usual_swap: FloatArray = column("share", "what of it has become usual", "x_u")
    redesign: FloatArray = column("log", "use that is left after redesign", "R")
    part: FloatArray = column(
        "share", "part of a line that stops without it, where inputs go into different goods", "w"
    )
    parts: FloatArray = column(
        "number", "parts of a line that hold the input and are not taken for one another", "n"
    )
    adapts: FloatArray = column(
        "ratio", "how readily use is designed out, over magnets' elements; 0: no other way is found"
    )
    link_first: IntArray = rows("first link of each need")
    user_first: IntArray = rows("first need of each firm that needs something")
    users: IntArray = rows("firms that need something, in the order of their needs")
    heavy_rows: IntArray = rows("needs for Dy and Tb in heat-resistant magnets")
    apart_rows: IntArray = rows("needs of firms whose inputs go into different goods, by firm")
    apart_first: IntArray = rows("first of these of each such firm")
    apart_firms: IntArray = rows("these firms")
    end_rows: IntArray = rows("needs of end users")
    end_run: IntArray | slice = rows("the same, as a slice where they follow one another")
    end_users: IntArray = rows("end users, in the order of their needs")
    apart_lines: IntArray = rows("of `apart_rows`: number of those that stop a line together")
    end_lines: IntArray = rows("the same of the first need of each end user")
    stop_together: IntArray = rows(
        "number of those that stop a line together, in order, by need of end users"
    )

    def send(self, tonnes: FloatArray) -> None:
        """Tonnes set out for each need."""
        self.pipeline = self.pipeline + tonnes

    def receive(self, tonnes: FloatArray, earlier: FloatArray | float = 0.0) -> None:
        """Tonnes on their way to each need arrive; earlier: what has arrived in this month."""
        self.arrived = earlier + tonnes
        self.put(tonnes)
        self.pipeline = self.pipeline - tonnes


class Offers(Stocked):
    """Firm x output: what a firm sells, holds and asks. Sorted by firm."""

    firm: IntArray = column("row of firms", "firm that offers")
    good: IntArray = column("row of GOODS", "good that it offers")
    yields: FloatArray = column("t/t", "yield: output per t of run", "Y")
    lead: FloatArray = column(
        "0 or 1", "1 where this product decides how hard its plant runs; 0 for by-products"
    )
    ask: FloatArray = column("USD/kg", "asking price", "p")
    base_price: FloatArray = column("USD/kg", "asking price at the start", "p0")
    floor: FloatArray = column("USD/kg", "price below which a seller does not go")
    stock: FloatArray = column("t", "stock of an output", "S")
    cover: FloatArray = column(
        "months", "normal stock before shipping: the month's sales and what stands on the shelf"
    )
    opening: FloatArray = column("t", "stock before this month's shipping")
    unfinished: FloatArray = column("t", "by-product left unfinished, to be worked up later", "U")
    sales: FloatArray = column("t/month", "sales, smoothed")
    made: FloatArray = column("t/month", "output this month", "q")
    orders: FloatArray = column("t/month", "orders, smoothed", "O")
    of_mine: BoolArray = flag("offers of mines")
    listed: FloatArray = column("USD/kg", "asking price at which this month's sales were ordered")
    sold: FloatArray = column("t", "tonnes shipped this month")
    to_order: BoolArray = flag("goods made to order")
    is_ore: BoolArray = flag("concentrates")
    shut_rows: IntArray = rows("offers of plants that do not run")

    def keep(self, part: FloatArray, rows: IntArray) -> None:
        """A part of the stock stays at some rows; the rest changes hands."""
        stock = self.stock.copy()
        np.multiply.at(stock, rows, part)
        self.stock = stock


class Links(Table):
    """Need x offer: who can buy from whom. Sorted by need."""

    need: IntArray = column("row of needs", "need that a link serves")
    offer: IntArray = column("row of offers", "offer that a link draws on")
    share: FloatArray = column("share", "share of the need that goes to this supplier", "s")
    prior: FloatArray = column("weight", "relationship at the start")
    habit: FloatArray = column(
        "weight", "habit: relationship that a buyer holds to be normal, at first the prior", "w0"
    )
    weight: FloatArray = column("weight", "relationship now", "w")
    exporter: IntArray = column("row of STATES", "state of the seller")
    importer: IntArray = column("row of STATES", "state of the buyer")
    good: IntArray = column("row of GOODS", "good that is traded")
    days: FloatArray = column("days", "days from the seller's door to the buyer's (lanes.csv)")
    fill: FloatArray = column("share", "part of orders that this supplier has lately delivered")
    seek: FloatArray = column("months", "months of seeking so far")
    qualify: FloatArray = column("months", "months of seeking after which a new supplier counts")
    pending: FloatArray = column("t", "tonnes that wait for a licence")
    licence: FloatArray = column("t", "tonnes that may still go under a licence")
    licence_until: IntArray = column("month", "month in which the licence has run out")
    under_licence: FloatArray = column("t", "tonnes that use up a licence this month")
    refused: FloatArray = column(
        "share", "part of an order that measures refuse on the last day of the month before"
    )
    vat: FloatArray = column("share of price", "value-added tax not refunded on exports")
    freight: FloatArray = column("USD/kg", "freight")
    blocked: FloatArray = column("share", "part of an order that a measure holds back")
    base_cost: FloatArray = column("USD/kg", "delivered cost at the start", "q0")
    cost: FloatArray = column("USD/kg", "delivered cost, as paid on average", "q")
    spot: FloatArray = column("USD/kg", "delivered cost of a tonne that is bought today")
    sensitivity: FloatArray = column(
        "log/log", "sensitivity of supplier choice to delivered cost", "b"
    )
    pair: IntArray = column("row of a states x states table", "pair of importer and exporter")
    due: IntArray = column("row of a lags x needs table", "when and where the tonnes arrive")
    taxed: FloatArray = column("factor", "one plus the tax not refunded")
    user: IntArray = column("row of firms", "firm that buys")
    travel: FloatArray = column("months", "months that the goods travel: days / 30", "L")
    late: FloatArray = column(
        "share", "part of a shipment that arrives a month after the first: decimals of L"
    )
    nothing: FloatArray = column("t", "amount below which an order counts as nothing")
    orders: FloatArray = column("t/month", "orders of the month", "O")
    applies: FloatArray = column(
        "share", "part of an order that waits for a licence from this month on"
    )
    allowed: FloatArray = column("t/month", "orders that may ship this month")
    shipped: FloatArray = column("t", "tonnes shipped this month")
    licensed: FloatArray = column("t", "tonnes that ship under a licence granted this month")
    qualified: FloatArray = column("0 or 1", "1 where the supplier counts")
    opened: BoolArray = flag("links to plants that are open")
    second: BoolArray = flag(
        "links by which buyers outside the exporting state draw on sellers outside it, ore apart"
    )
    new_rows: IntArray = rows("links without base trade")
    new_needs: IntArray = rows("needs of those links")
    motor_rows: IntArray = rows("links that carry motors")
    own_rows: IntArray = rows("links by which a plant draws on the mine of its owner")
    beside_rows: IntArray = rows("the other links of these plants' needs for ore")
    courted_rows: IntArray = rows("links by which new plants court customers")
    stage_rows: tuple[IntArray, ...] = rows("links by stage of the good, a tuple of indices")
