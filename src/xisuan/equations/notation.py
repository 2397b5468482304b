"""Names, indices, units and formulas of every variable and constraint: the single definition of the model.

The equations use these names, plans and golden LPs are labelled with them, and the formula page is made from them.

Indices: r region · s site · z zone · n node · l link · a arc (a link in one direction) · w workload · g technology ·
c class (in access: city) · q source · o vintage of the existing fleet · m module (in access: measure) · k quantity
(in recourse: contingency) · i indicator · y period · t hour of a period · t−1 the hour before, cyclic in its block.
Parameters: ω(t) hours of a year that t stands for, D(y) discount factors of the period's years added up, K(y, lead,
life, capex) discounted cost of an order. Every variable is ≥ 0 and exists for every period.

An order made in y is in use in the periods y' with y + lead ≤ y' < y + lead + life, by the row that holds in y. The
upper bound of an order is 0 in a fixed period, without a row that offers it, outside the years in which a technology
is available, and if it would be in use too late for the horizon. A constraint with data for some periods only is free
in the others. Of several scopes of a rule on a site (site_reserve_min, carbon_price_cny_per_t) or a link
(link_load_max) the narrowest holds: its own, else its hub's, else that for all. Of all other rules each is a row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """One family of variables, with its dimensions besides the period (and the hour, where `hourly`)."""

    name: str
    dims: tuple[str, ...]
    unit: str
    meaning: str
    hourly: bool = False
    integer: bool = False


@dataclass(frozen=True, slots=True)
class Constraint:
    """One family of constraints: `formula` states it, `unit` is that of both sides."""

    name: str
    dims: tuple[str, ...]
    unit: str
    formula: str
    why: str
    hourly: bool = False


def _hour(name: str, dims: str, unit: str, meaning: str) -> Variable:
    """Return an hourly variable; `dims` are separated by blanks."""
    return Variable(name, tuple(dims.split()), unit, meaning, hourly=True)


def _year(name: str, dims: str, unit: str, meaning: str, integer: bool = False) -> Variable:
    """Return a variable of a period; `dims` are separated by blanks."""
    return Variable(name, tuple(dims.split()), unit, meaning, integer=integer)


@dataclass(frozen=True, slots=True)
class Cost:
    """One term of the objective: the amount that a unit of `variable` adds to it, million CNY of the base year.

    `term` is its name in the table of costs. `variable` blank: a constant. `operated`: only in operation.
    """

    term: str
    variable: str
    formula: str
    operated: bool = False


VARIABLES: tuple[Variable, ...] = (
    # orders of a period
    _year("build_hall", "site", "MW", "hall capacity ordered"),
    _year("hall_phases", "site", "phases", "phases of halls ordered", integer=True),
    _year("retrofit", "site", "MW", "existing halls ordered to be retrofitted"),
    _year("build", "site technology", "units", "equipment ordered"),
    _year("build_modules", "site technology", "modules", "modules of equipment ordered", integer=True),
    _year("build_link", "link", "Gbps", "link capacity ordered in any amount, each direction"),
    _year("link_modules", "link module", "modules", "link modules ordered", integer=True),
    _year("build_supply", "site source", "MW", "power of solar, wind, battery ordered"),
    _year("build_energy", "site", "MWh", "battery energy ordered"),
    _year("open", "site", "", "1 in the period in which a site with an opening cost is opened", integer=True),
    # capacity in use in a period
    _year("opened", "site", "", "1 once a site with an opening cost has been opened"),
    _year("hall", "site", "MW", "halls in use"),
    _year("retrofitted", "site", "MW", "halls in use that were retrofitted"),
    _year("kept", "site technology opened", "units", "existing units still in use"),
    _year("installed", "site technology", "units", "units in use"),
    _year("capacity", "link", "Gbps", "link capacity in use, each direction"),
    _year("supply", "site source", "MW", "power of solar, wind, battery in use"),
    _year("energy", "site", "MWh", "battery energy in use"),
    _year("peak", "site", "MW", "largest grid power of the period"),
    _year("contract", "site", "MWh", "green power of contracts that counts in a year"),
    _year("contract_power", "site", "MW", "plants behind a green contract by the hour (green_profile)"),
    _year("taken_over", "scope investor", "mCNY", "capital of an investor's share that its residual payer pays"),
    # gigabit access
    _year("deploy", "city measure", "units", "upgrades of access ordered"),
    _year("lay", "city", "km", "duct laid for them"),
    _year("deployed", "city measure", "units", "upgrades of access in use"),
    _year("counted", "city quantity", "", "what is counted in a city at the end of the period (see city_state)"),
    _year("gigabit", "city", "", "1 if the city is declared a gigabit city", integer=True),
    # stock: held through the period
    _year("hold", "region site workload path", "units", "stock of a region held at a site (pairwise)"),
    _year("stock_release", "region workload", "units", "stock of a region placed anywhere (free)"),
    _year("stock_flow", "workload link from to", "units", "stock carried over an arc (free)"),
    _year("stock_absorb", "site workload", "units", "stock held at a site (free)"),
    _year("stock_load", "site technology", "units", "stock held by a technology"),
    _year("stock_unserved", "region workload", "units", "stock that is not held"),
    # by the hour
    _hour("serve", "region site workload path", "units", "work of a region run at a site (pairwise)"),
    _hour("release", "region workload", "units", "work of a region sent to run anywhere (free)"),
    _hour("flow", "workload link from to", "units", "work carried over an arc (free)"),
    _hour("absorb", "site workload", "units", "work run at a site (free)"),
    _hour("backlog", "region workload", "units", "work waiting at the end of the hour"),
    _hour("unserved", "region workload", "units", "work that is not done"),
    _hour("load", "site technology", "units", "work that a technology runs"),
    _hour("traffic_flow", "source link from to", "Gbps", "other traffic of a source node carried over an arc"),
    _hour("traffic_unserved", "source sink", "Gbps", "other traffic not carried (only where a plan is operated)"),
    _hour("it", "site", "MW", "IT power"),
    _hour("it_retrofitted", "site", "MW", "IT power in retrofitted halls"),
    _hour("grid", "site", "MW", "power from the grid"),
    _hour("contract_use", "site", "MW", "the part of it that a green contract by the hour delivers"),
    _hour("generation", "site source", "MW", "power from solar, wind"),
    _hour("charge", "site", "MW", "power into the battery"),
    _hour("discharge", "site", "MW", "power out of the battery"),
    _hour("stored", "site", "MWh", "energy in the battery at the end of the hour"),
    # during a contingency, in the hours in which it must be survived
    _hour("recourse_serve", "contingency region site workload path", "units", "work run at a site (pairwise)"),
    _hour("recourse_flow", "contingency workload link from to", "units", "work carried over an arc (free)"),
    _hour("recourse_absorb", "contingency site workload", "units", "work run at a site (free)"),
    _hour("recourse_load", "contingency site technology", "units", "work that a technology runs"),
    _hour("recourse_grid", "contingency site", "MW", "power from the grid (zones with a limit)"),
)


def _hourly(name: str, dims: str, unit: str, formula: str, why: str) -> Constraint:
    """Return an hourly constraint; `dims` are separated by blanks."""
    return Constraint(name, tuple(dims.split()), unit, formula, why, hourly=True)


def _yearly(name: str, dims: str, unit: str, formula: str, why: str) -> Constraint:
    """Return a constraint of a period; `dims` are separated by blanks."""
    return Constraint(name, tuple(dims.split()), unit, formula, why)


CONSTRAINTS: tuple[Constraint, ...] = (
    # capacity
    _yearly(
        "hall_balance",
        "site",
        "MW",
        "hall[s,y] = existing_mw(s,y) + Σ build_hall[s,y'] over orders y' in use in y",
        "A hall is in use from its order plus lead, for its life.",
    ),
    _yearly(
        "hall_phase",
        "site",
        "MW",
        "build_hall[s,y] = phase_mw(s,y) × hall_phases[s,y]",
        "Halls come in whole phases (sites with phase_mw > 0, in the periods in which it is).",
    ),
    _yearly(
        "retrofit_balance",
        "site",
        "MW",
        "retrofitted[s,y] = Σ retrofit[s,y'] over orders y' in use in y",
        "As hall_balance; retrofitted ≤ existing_mw is a bound.",
    ),
    _yearly(
        "fleet_kept",
        "site technology opened",
        "units",
        "kept[s,g,o,y] ≤ kept[s,g,o,y−1]",
        "What is retired does not come back (fleet that may_retire, from its second period on).",
    ),
    _yearly(
        "installed_balance",
        "site technology",
        "units",
        "installed[s,g,y] = Σ kept[s,g,o,y] + Σ build[s,g,y'] over orders y' in use in y",
        "Existing units and living orders.",
    ),
    _yearly(
        "build_module",
        "site technology",
        "units",
        "build[s,g,y] = module_units(g) × build_modules[s,g,y]",
        "Equipment comes in whole modules (technologies with module_units > 0).",
    ),
    _yearly(
        "fleet_within_hall",
        "site",
        "MW",
        "Σ mw_per_unit(g) × installed[s,g,y] ≤ hall[s,y]",
        "Equipment needs halls (sites with a halls row, from the period of its first row).",
    ),
    _yearly(
        "fleet_within_site",
        "site",
        "MW",
        "Σ mw_per_unit(g) × installed[s,g,y] ≤ it_limit_mw(s)",
        "The site's own limit (sites that have one).",
    ),
    _yearly(
        "fleet_when_open",
        "site technology",
        "units",
        "installed[s,g,y] ≤ most(s,g,y) × opened[s,y]",
        "Nothing stands at a new site with an opening cost before it is opened; some optimal plan keeps to `most`.",
    ),
    _yearly(
        "hall_when_open",
        "site",
        "MW",
        "hall[s,y] ≤ most(s,y) × opened[s,y]",
        "As fleet_when_open, where the site has a halls row.",
    ),
    _yearly(
        "opened_balance",
        "site",
        "",
        "opened[s,y] = Σ open[s,y'] over y' ≤ y",
        "A site is opened at most once: opened ≤ 1 is a bound.",
    ),
    _yearly(
        "capacity_balance",
        "link",
        "Gbps",
        "capacity[l,y] = capacity_gbps(l,y) + Σ (build_link[l,y'] + Σ gbps(l,m,y') × link_modules[l,m,y'])"
        " over orders in use",
        "Link capacity in each direction.",
    ),
    _yearly(
        "module_count",
        "link module",
        "modules",
        "Σ link_modules[l,m,y] over all y ≤ max_count(l,m)",
        "One row, in the last period (modules with max_count).",
    ),
    _yearly(
        "supply_balance",
        "site source",
        "MW",
        "supply[s,q,y] = existing_mw(s,q,y) + Σ build_supply[s,q,y'] over orders in use",
        "As hall_balance.",
    ),
    _yearly(
        "energy_balance",
        "site",
        "MWh",
        "energy[s,y] = existing_mwh(s,y) + Σ build_energy[s,y'] over orders in use",
        "Battery energy.",
    ),
    # service
    _hourly(
        "work_balance",
        "region workload",
        "units",
        "backlog[r,w,t] − backlog[r,w,t−1] + Σ serve[r,s,w,p,t] (pairwise) or release[r,w,t] (free) + unserved[r,w,t]"
        " = demand(r,w,y,t)",
        "Work is run, waits, or is dropped. backlog ≤ demand of the last defer_hours hours, wrapping, is a bound.",
    ),
    _hourly(
        "pool_balance",
        "workload",
        "units",
        "Σ release[r,w,t] = Σ absorb[s,w,t]",
        "Free work that no network limits.",
    ),
    _hourly(
        "node_balance",
        "node workload",
        "units",
        "Σ release[r,w,t] at n + Σ flow[w,a,t] into n = Σ absorb[s,w,t] at n + Σ flow[w,a,t] out of n",
        "Free work travels as one commodity: traffic per unit is the same everywhere and work is divisible.",
    ),
    _hourly(
        "class_balance",
        "site class",
        "units",
        "Σ load[s,g,t] over g of c = Σ serve[r,s,w,p,t] + Σ absorb[s,w,t] over w that c or one of its g runs",
        "Work of a class is split over its vintages. Where all of it is bound, each g is a c of its own.",
    ),
    _hourly(
        "technology_load",
        "site technology",
        "units",
        "load[s,g,t] ≥ Σ serve[r,s,w,p,t] + Σ absorb[s,w,t] over w bound to g",
        "Work bound to one technology runs there (technologies that a workload names).",
    ),
    _hourly(
        "load_within_installed",
        "site technology",
        "units",
        "load[s,g,t] ≤ attainable_utilisation(g) × (1 − site_reserve_min(s,y)) × installed[s,g,y]",
        "No unit runs more than it attains.",
    ),
    _hourly(
        "serve_when_open",
        "region site workload",
        "units",
        "Σ serve[r,s,w,p,t] ≤ demand(r,w,y,t) × opened[s,y]",
        "Implied by the others; it makes the relaxation tight (pairwise work that cannot wait, sites with an opening"
        " cost).",
    ),
    # stock
    _yearly(
        "stock_balance",
        "region workload",
        "units",
        "Σ hold[r,s,w,p,y] (pairwise) or stock_release[r,w,y] (free) + stock_unserved[r,w,y] = units(r,w,y)",
        "Stock has one placement a period.",
    ),
    _yearly(
        "stock_pool_balance", "workload", "units", "Σ stock_release[r,w,y] = Σ stock_absorb[s,w,y]", "As pool_balance."
    ),
    _yearly(
        "stock_node_balance",
        "node workload",
        "units",
        "Σ stock_release at n + Σ stock_flow into n = Σ stock_absorb at n + Σ stock_flow out of n",
        "As node_balance.",
    ),
    _yearly(
        "stock_class_balance",
        "site class",
        "units",
        "Σ stock_load[s,g,y] over g of c = Σ hold + Σ stock_absorb over w that c or one of its g holds",
        "As class_balance.",
    ),
    _yearly(
        "stock_technology_load",
        "site technology",
        "units",
        "stock_load[s,g,y] ≥ Σ hold + Σ stock_absorb over w bound to g",
        "As technology_load.",
    ),
    _yearly(
        "stock_within_installed",
        "site technology",
        "units",
        "stock_load[s,g,y] ≤ attainable_utilisation(g) × (1 − site_reserve_min(s,y)) × installed[s,g,y]",
        "As load_within_installed.",
    ),
    # network
    _hourly(
        "traffic_balance",
        "source node",
        "Gbps",
        "at n: Σ traffic_flow in − Σ traffic_flow out = Σ (gbps − traffic_unserved) to n; at the source: the negative"
        " of what it sends",
        "Other traffic routed freely; one commodity for each source node.",
    ),
    _hourly(
        "traffic_within_link",
        "link from to",
        "Gbps",
        "Σ gbps_per_unit × (serve, hold on paths over a; flow, stock_flow on a) + Σ return_gbps_per_unit × (the same on"
        " the opposite arc) + Σ traffic_flow on a + shortest-path traffic − its traffic_unserved"
        " ≤ link_load_max(l,y) × capacity[l,y]",
        "All traffic shares the link, each direction.",
    ),
    # power
    _hourly(
        "it_balance",
        "site",
        "MW",
        "it[s,t] = Σ mw_per_unit(g) × (idle_share(g) × installed[s,g,y] + (1 − idle_share(g)) × (load[s,g,t] or"
        " stock_load[s,g,y]))",
        "Idle equipment draws power too.",
    ),
    _hourly(
        "retrofitted_within_hall",
        "site",
        "MW",
        "it_retrofitted[s,t] ≤ retrofitted[s,y]",
        "Load that enjoys the better cooling sits in retrofitted halls.",
    ),
    _hourly("retrofitted_within_it", "site", "MW", "it_retrofitted[s,t] ≤ it[s,t]", "It is part of the site's load."),
    _hourly(
        "power_balance",
        "site",
        "MW",
        "grid[s,t] + Σ generation[s,q,t] + discharge[s,t] − charge[s,t]"
        " = pue(s,t) × it[s,t] − max(0, pue(s,t) − retrofit_pue(s)) × it_retrofitted[s,t]",
        "Facility power (sites in a grid zone).",
    ),
    _hourly(
        "generation_within_supply",
        "site source",
        "MW",
        "generation[s,q,t] ≤ profile(s,q,t) × supply[s,q,y]",
        "Sun and wind; the rest is curtailed.",
    ),
    _hourly("charge_within_supply", "site", "MW", "charge[s,t] ≤ supply[s,battery,y]", "Battery power."),
    _hourly("discharge_within_supply", "site", "MW", "discharge[s,t] ≤ supply[s,battery,y]", "Battery power."),
    _hourly("stored_within_energy", "site", "MWh", "stored[s,t] ≤ energy[s,y]", "Battery energy."),
    _hourly(
        "storage_balance",
        "site",
        "MWh",
        "stored[s,t] = stored[s,t−1] + efficiency(s) × charge[s,t] − discharge[s,t] / efficiency(s)",
        "Losses each way.",
    ),
    _hourly(
        "grid_within_zone", "zone", "MW", "Σ grid[s,t] over sites of z ≤ grid_limit_mw(z,y)", "Zones with a limit."
    ),
    _hourly(
        "grid_within_peak",
        "site",
        "MW",
        "grid[s,t] ≤ peak[s,y]",
        "The demand charge is paid on the peak of the period.",
    ),
    _yearly(
        "contract_within_grid",
        "site",
        "MWh",
        "contract[s,y] ≤ Σ ω(t) × grid[s,t]; where z has a green_profile: contract[s,y] ≤ Σ ω(t) × contract_use[s,t]",
        "No more green power counts than is drawn in a year, or delivered and drawn in the same hour.",
    ),
    _hourly(
        "contract_use_within_power",
        "site",
        "MW",
        "contract_use[s,t] ≤ green_profile(z,t) × contract_power[s,y]",
        "Zones with a green_profile. What a contract delivers is paid for whether it is drawn or not.",
    ),
    _hourly(
        "contract_use_within_grid",
        "site",
        "MW",
        "contract_use[s,t] ≤ grid[s,t]",
        "What a contract delivers beyond the grid power of its hour counts nowhere.",
    ),
    # contingencies
    _hourly(
        "recourse_demand",
        "contingency region workload",
        "units",
        "Σ recourse_serve[k,r,s,w,p,t] = demand(r,w,y,t)",
        "k is a contingency, and its constraints hold in its hours and periods only. Pairwise work that must survive is"
        " served in full in its hour: nothing waits. Paths are those of normal operation and, where a link fails, the"
        " shortest without it; the latency limit is raised by extra_latency_ms.",
    ),
    _hourly(
        "recourse_pool",
        "contingency workload",
        "units",
        "Σ recourse_absorb[k,s,w,t] = Σ demand(r,w,y,t)",
        "As pool_balance.",
    ),
    _hourly(
        "recourse_node",
        "contingency node workload",
        "units",
        "Σ recourse_flow[k,w,a,t] into n − Σ recourse_flow[k,w,a,t] out of n − Σ recourse_absorb[k,s,w,t] at n"
        " = − Σ demand(r,w,y,t) at n",
        "As node_balance.",
    ),
    _hourly(
        "recourse_class",
        "contingency site class",
        "units",
        "Σ recourse_load[k,s,g,t] over g of c = Σ recourse_serve[k,r,s,w,p,t] + Σ recourse_absorb[k,s,w,t] over w that c or"
        " one of its g runs",
        "As class_balance.",
    ),
    _hourly(
        "recourse_technology",
        "contingency site technology",
        "units",
        "recourse_load[k,s,g,t] ≥ Σ recourse_serve[k,r,s,w,p,t] + Σ recourse_absorb[k,s,w,t] over w bound to g",
        "As technology_load.",
    ),
    _hourly(
        "recourse_within_installed",
        "contingency site technology",
        "units",
        "recourse_load[k,s,g,t] ≤ attainable_utilisation(g) × left(k,s) × installed[s,g,y]",
        "left(k,i) is 1 − share_lost for the site or link i that fails, 1 for all others. Equipment is common to normal"
        " operation and all contingencies. What site_reserve_min keeps free may be used.",
    ),
    _hourly(
        "recourse_within_link",
        "contingency link from to",
        "Gbps",
        "Σ gbps_per_unit × (recourse_serve on paths over a; recourse_flow on a) + Σ return_gbps_per_unit × (the same on"
        " the opposite arc) + left(k,l) × (traffic of hold, stock_flow, traffic_flow and shortest-path traffic on a, as in"
        " traffic_within_link) ≤ left(k,l) × capacity[l,y]",
        "Links are common too, and may be filled. Traffic of stock and other traffic keep their routes; over the link that"
        " fails they lose the same share.",
    ),
    _hourly(
        "recourse_power",
        "contingency site",
        "MW",
        "recourse_grid[k,s,t] + left(k,s) × Σ profile(s,q,t) × supply[s,q,y] ≥ pue(s,t) × Σ mw_per_unit(g) ×"
        " (left(k,s) × idle_share(g) × installed[s,g,y] + (1 − idle_share(g)) × (recourse_load[k,s,g,t] or"
        " left(k,s) × stock_load[s,g,y]))",
        "Facility power; sun and wind count, batteries and the gain of retrofits do not.",
    ),
    _hourly(
        "recourse_within_zone",
        "contingency zone",
        "MW",
        "Σ recourse_grid[k,s,t] over sites of z ≤ grid_limit_mw(z,y)",
        "The grid connection is common too (zones with a limit).",
    ),
    # gigabit access
    _yearly(
        "deployed_balance",
        "city measure",
        "units",
        "deployed[c,m,y] = Σ deploy[c,m,y'] over orders y' in use in y",
        "As hall_balance. deploy ≤ pace_units_year(m) × years(y) is a bound.",
    ),
    _yearly(
        "deploy_within_crews",
        "city",
        "crew-days",
        "Σ crew_days_per_unit(m) × deploy[c,m,y] ≤ crew_days_year(c) × years(y)",
        "Crews work so many days a year (cities with a limit).",
    ),
    _yearly(
        "lay_for_fibre",
        "city",
        "km",
        "lay[c,y] ≥ Σ route_km_per_unit(m) × deploy[c,m,y] over fixed m"
        " + (1 − route_shared(c)) × Σ route_km_per_unit(m) × deploy[c,m,y] over radio m",
        "Fibre and backhaul share a duct: of the shorter route a share lies in the longer one's.",
    ),
    _yearly(
        "lay_for_backhaul",
        "city",
        "km",
        "lay[c,y] ≥ Σ route_km_per_unit(m) × deploy[c,m,y] over radio m"
        " + (1 − route_shared(c)) × Σ route_km_per_unit(m) × deploy[c,m,y] over fixed m",
        "The other way round; together the two are the cost of the longer and of what is not shared of the shorter.",
    ),
    _yearly(
        "counted_balance",
        "city quantity",
        "",
        "counted[c,k,y] = k(c,y) + Σ k_per_unit(m) × deploy[c,m,y'] over orders y' in use in y",
        "What there would be anyway and what is added (all k but users).",
    ),
    _yearly(
        "users_followed",
        "city quantity",
        "users",
        "counted[c,k,y] ≤ k(c,y) + Σ u(m, y − y' − lead) × k_per_unit(m) × deploy[c,m,y'] over orders y' in use in y,"
        " u(m,n) = 1 − (1 − takeup_first(m)) × (1 − takeup_rate(m))^n",
        "Take-up lags coverage (users_500m, g5_users).",
    ),
    _yearly(
        "part_within_whole",
        "city indicator",
        "",
        "counted[c,numerator(i),y] ≤ counted[c,denominator(i),y]",
        "Shares do not exceed 100 % (not of homes: coverage adds up the capacity of several operators).",
    ),
    _yearly(
        "indicator_min",
        "city indicator",
        "",
        "counted[c,numerator(i),y] ≥ value(c,i) / scale(i) × counted[c,denominator(i),y]",
        "A floor under one indicator, from its deadline on.",
    ),
    _yearly(
        "gigabit_reached",
        "city indicator",
        "",
        "counted[c,numerator(i),y] − v(i,y) × counted[c,denominator(i),y] ≥ least(c,i,y) × (1 − gigabit[c,y]),"
        " v = threshold / scale, times 1.0001 where it must be exceeded",
        "A gigabit city reaches every mandatory indicator; `least` ≤ 0 is what the left side is in the worst plan. Open"
        " where the city has been named under the version in force.",
    ),
    # policies; scope is all, a hub or a site, and sites are those in scope (new ones where it applies to new)
    _yearly(
        "occupancy_min",
        "scope applies",
        "MW",
        "Σ mw_per_unit × installed ≥ v × Σ hall, over sites with halls",
        "Halls must not stand empty (上架率).",
    ),
    _yearly(
        "utilisation_min",
        "scope applies class",
        "unit-hours",
        "Σ ω(t) × load ≥ v × 8760 × Σ installed, over flow technologies of the class",
        "Equipment must not stand idle (算力利用率).",
    ),
    _yearly(
        "hub_share_min",
        "scope applies",
        "EFLOPS FP32",
        "Σ fp32 × build at the sites in scope that belong to a hub ≥ v × Σ fp32 × build at all sites",
        "New compute belongs in the hubs (scope all: in any of them).",
    ),
    _yearly(
        "intelligent_share_min",
        "scope applies",
        "EFLOPS FP32",
        "Σ fp32 × installed of class intelligent ≥ v × Σ fp32 × installed",
        "Share formed at one precision.",
    ),
    _yearly(
        "green_share_min",
        "scope applies",
        "MWh",
        "Σ (Σ ω(t) grid − contract) ≤ (1 − v) × Σ ω(t) × facility power, facility = right side of power_balance",
        "Measured on what the facility consumes, so that battery losses never count as green; v = 0 asks for nothing.",
    ),
    _hourly(
        "clean_share_hourly_min",
        "scope applies",
        "MW",
        "Σ (1 − clean_share(z,t)) × (grid[s,t] − contract_use[s,t]) ≤ (1 − v) × Σ facility power,"
        " facility = right side of power_balance",
        "Hourly matching: clean power is the site's own generation, discharge, green contracts by the hour and the clean"
        " part of the other grid power, less charge; what exceeds the share in one hour counts in no other. v = 0 asks for"
        " nothing.",
    ),
    _yearly(
        "clean_share_monthly_min",
        "scope applies month",
        "MWh",
        "Σ ω(t) × (1 − clean_share(z,t)) × (grid[s,t] − contract_use[s,t]) ≤ (1 − v) × Σ ω(t) × facility power,"
        " over t in the calendar month, facility = right side of power_balance",
        "As clean_share_hourly_min, but what exceeds the share in one hour counts in the others of its month. A modelled"
        " hour counts in the month in which it lies, with its weight; a month without modelled hours has no row.",
    ),
    _hourly(
        "charge_is_clean",
        "site",
        "MW",
        "charge[s,t] ≤ Σ generation[s,q,t] + clean_share(z,t) × grid[s,t] + (1 − clean_share(z,t)) × contract_use[s,t]",
        "Sites within a clean_share_hourly_min or clean_share_monthly_min above 0: a battery is charged with the clean"
        " power of its hour and site, so that all that it discharges is clean.",
    ),
    _yearly("pue_max", "scope applies", "MWh", "Σ ω(t) × facility power ≤ v × Σ ω(t) × it", "Energy-weighted PUE."),
    _yearly("carbon_cap_t", "scope applies", "t", "Σ ω(t) × co2(z,t) × grid ≤ v", "Location-based."),
    _yearly(
        "carbon_cap_market_t",
        "scope applies",
        "t",
        "Σ ω(t) × co2(z,t) × grid − Σ mean co2(z) × contract ≤ v",
        "Market-based; a contract displaces the year's mean factor of its zone (mean over ω).",
    ),
    _yearly("water_cap_m3", "scope applies", "m³", "Σ ω(t) × water_l_per_kwh(s) × it ≤ v", "Cooling water."),
    _yearly(
        "reach_eflops_fp16",
        "scope applies",
        "EFLOPS FP16",
        "Σ fp16(k,y) × installed[s,k,y] ≥ v",
        "A published target for computing power, counted as statistics count it: fp16 is eflops_per_unit of technologies of"
        " class intelligent whose precision is FP16, and 0 of all others.",
    ),
    _yearly(
        "reach_racks",
        "scope applies",
        "MW",
        "Σ hall ≥ v × 0.0025",
        "A published target for standard racks of 2.5 kW.",
    ),
    _yearly(
        "reach_investment_mcny",
        "scope applies",
        "mCNY",
        "Σ overnight capital of build_hall, retrofit and build ≥ v",
        "A published target for investment in computing facilities; undiscounted.",
    ),
    _yearly(
        "reach_gigabit_cities",
        "scope applies",
        "cities",
        "Σ gigabit[c,y] ≥ v",
        "A published number of gigabit cities, whichever they are.",
    ),
    _yearly(
        "budget",
        "scope",
        "mCNY",
        "Σ overnight capital cost of the orders of the period in scope ≤ limit",
        "Undiscounted. Of an investor: Σ share × cost, with the shares of payers; 1 for its own where none are listed;"
        " less taken_over of its shares, plus taken_over of those whose residual payer it is.",
    ),
    _yearly(
        "taken_over_within_share",
        "scope investor",
        "mCNY",
        "taken_over ≤ Σ share × overnight capital cost of the orders of sites and links that the scope's payers pay for",
        "A residual payer pays no more than the whole share. Only for payers with a budget; gigabit access is not taken"
        " over.",
    ),
    # own rules; the sum is over `rule_terms`: coefficient × weight × the variables that the filters of a term match
    _yearly(
        "own_at_most",
        "rule",
        "unit of the rule",
        "Σ coefficient × (variable, or Σ ω(t) × weight(t) × hourly variable) ≤ v",
        "Own rules with sense <=. A term with lag 1 has the variable of y−1, and its rule is open in the first period.",
    ),
    _yearly(
        "own_at_least",
        "rule",
        "unit of the rule",
        "Σ coefficient × (variable, or Σ ω(t) × weight(t) × hourly variable) ≥ v",
        "As own_at_most, with sense >=.",
    ),
    _yearly(
        "own_equal",
        "rule",
        "unit of the rule",
        "Σ coefficient × variable = v",
        "As own_at_most, with sense =. It names orders and what stands, nothing that operation decides.",
    ),
    _hourly(
        "own_at_most_hourly",
        "rule",
        "unit of the rule",
        "Σ coefficient × weight(t) × variable ≤ v",
        "Own rules by hour with sense <=; a variable of a period has the same value in all its hours.",
    ),
    _hourly(
        "own_at_least_hourly",
        "rule",
        "unit of the rule",
        "Σ coefficient × weight(t) × variable ≥ v",
        "As own_at_most_hourly, with sense >=.",
    ),
)

COSTS: tuple[Cost, ...] = (
    # orders: K weighs a unit of overnight capital; life and lead are those of the row named
    Cost("hall_capex", "build_hall", "K(halls s) × capex_factor(s) × capex_mcny_per_mw(s)"),
    Cost("retrofit_capex", "retrofit", "K(halls s) × capex_factor(s) × retrofit_capex_mcny_per_mw(s)"),
    Cost("opening", "open", "δ(y) × fixed_cost_mcny(s), whatever `capital` says"),
    Cost("compute_capex", "build", "K(technologies g) × capex_factor(s) × capex_mcny_per_unit(g)"),
    Cost("link_capex", "build_link", "K(links l) × capex_mcny_per_gbps(l)"),
    Cost("link_capex", "link_modules", "K(links l) × mcny(l,m)"),
    Cost("supply_capex", "build_supply", "K(supply s,q) × capex_mcny_per_mw(s,q)"),
    Cost("supply_capex", "build_energy", "K(supply s,battery) × capex_mcny_per_mwh(s,battery)"),
    Cost("access_capex", "deploy", "K(measures m) × capex_cny_per_unit(m) / 10⁶"),
    Cost("route_capex", "lay", "K(lead 0, route_life_years(c)) × route_capex_mcny_per_km(c)"),
    # capacity in use, year by year, existing units included
    Cost("hall_opex", "hall", "D(y) × opex_mcny_per_mw_year(s)"),
    Cost("compute_opex", "installed", "D(y) × opex_mcny_per_unit_year(g)"),
    Cost("supply_opex", "supply", "D(y) × opex_mcny_per_mw_year(s,q); energy of a battery has no upkeep"),
    Cost("access_opex", "deployed", "D(y) × opex_cny_per_unit_year(m) / 10⁶"),
    Cost("access_energy", "deployed", "D(y) × mean price of the city's zone / 10³ × MWh of a unit in a year"),
    # power
    Cost("energy", "grid", "D(y) × ω(t) × price(z,t) / 10³"),
    Cost("demand_charge", "peak", "D(y) × 12 × demand_charge_cny_per_kw_month(z) / 10³"),
    Cost("green_premium", "contract", "D(y) × green_premium_cny_per_kwh(z) / 10³; 0 where z has a green_profile"),
    Cost(
        "green_premium",
        "contract_power",
        "D(y) × green_premium_cny_per_kwh(z) / 10³ × Σ ω(t) × green_profile(z,t)",
    ),
    Cost("carbon_price", "grid", "D(y) × ω(t) × carbon_price_cny_per_t(s) / 10⁶ × co2_kg_per_kwh(z,t)"),
    Cost(
        "carbon_price",
        "deployed",
        "D(y) × carbon_price_cny_per_t / 10⁶ × mean co2 of the zone × MWh of a unit in a year",
    ),
    Cost("supply_variable", "generation", "D(y) × ω(t) × cost_mcny_per_mwh(s,q)"),
    Cost("supply_variable", "discharge", "D(y) × ω(t) × cost_mcny_per_mwh(s,battery)"),
    # work and traffic; both directions of a unit's traffic pay on every link of the way
    Cost(
        "transmission",
        "serve",
        "D(y) × ω(t) × (gbps + return_gbps)(w) × Σ links of the path cost_mcny_per_gbps_hour(l)",
    ),
    Cost("transmission", "flow", "D(y) × ω(t) × (gbps + return_gbps)(w) × cost_mcny_per_gbps_hour(l)"),
    Cost(
        "transmission",
        "hold",
        "D(y) × 8,760 × (gbps + return_gbps)(w) × Σ links of the path cost_mcny_per_gbps_hour(l)",
    ),
    Cost("transmission", "stock_flow", "D(y) × 8,760 × (gbps + return_gbps)(w) × cost_mcny_per_gbps_hour(l)"),
    Cost("transmission", "traffic_flow", "D(y) × ω(t) × cost_mcny_per_gbps_hour(l)"),
    Cost(
        "transmission", "", "D(y) × Σ hours ω(t) × Gbps on shortest paths × cost_mcny_per_gbps_hour(l) of their links"
    ),
    Cost("serving", "serve", "D(y) × ω(t) × mcny_per_unit_hour(r,s,w)"),
    Cost("serving", "hold", "D(y) × 8,760 × mcny_per_unit_hour(r,s,w)"),
    Cost("unserved", "unserved", "D(y) × ω(t) × unserved_mcny_per_unit_hour(w)"),
    Cost("unserved", "stock_unserved", "D(y) × 8,760 × unserved_mcny_per_unit_hour(w)"),
    Cost("unserved", "traffic_unserved", "D(y) × ω(t) × shortfall_mcny_per_unit_hour", operated=True),
)
"""The objective, term by term. Of a rule that a plan in operation exceeds, D(y) × excess_mcny_per_unit is added to
`unserved`; work without a penalty costs shortfall_mcny_per_unit_hour there."""

VARIABLE = {variable.name: variable for variable in VARIABLES}
CONSTRAINT = {constraint.name: constraint for constraint in CONSTRAINTS}

OWN = {
    ("<=", False): "own_at_most",
    (">=", False): "own_at_least",
    ("=", False): "own_equal",
    ("<=", True): "own_at_most_hourly",
    (">=", True): "own_at_least_hourly",
}
"""Constraint of the own rules of each sense, by period (False) or by hour (True)."""

OPERATING_RULES = (
    "utilisation_min",
    "green_share_min",
    "clean_share_hourly_min",
    "clean_share_monthly_min",
    "pue_max",
    "carbon_cap_t",
    "carbon_cap_market_t",
    "water_cap_m3",
    "own_at_most",
    "own_at_least",
    "own_at_most_hourly",
    "own_at_least_hourly",
)
"""Rules on operation: `operate` reports what exceeds them instead of failing."""
