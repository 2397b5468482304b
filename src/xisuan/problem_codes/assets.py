"""Problems of places, equipment, names and numbers of a scenario: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "halls-beyond-plan": (
        (
            "together with {sites} there may be {total:,.0f} standard racks at this place, and the plans on record hold "
            "{plan:,.0f}: the limit of {sites} may already contain this site"
        ),
        "lower that limit if it does, or give the range of this limit in estimates",
    ),
    "site-beside-hub": (
        "stands at the node of {site}, and belongs to no hub: rules, budgets and reports of {hub} leave it out",
        "give {hub} in the column hub if it belongs to it",
    ),
    "traffic-without-links": ("has no effect without the table links, which carry it", "give links, or remove it"),
    "supply-without-power": ("has no effect without the table power", "give prices, or remove it"),
    "class-units-differ": ("others of class {class_} are in {unit}", "use one unit a class"),
    "class-kinds-differ": ("others of class {class_} are {kind}", "a class runs work or holds it, so give one kind"),
    "available-until-before-from": ("before available_from", "swap them"),
    "retires-before-opened": ("not after opened ({opened:.0f}), so it would never be used", "correct one of them"),
    "fleet-above-site-limit": ("the fleet of {period} takes {power:g} MW", "raise the limit or let fleet retire"),
    "contract-zone-unknown": ("not a zone of power", "{hint}"),
    "contract-not-paid": (
        "the contract price is not paid, because the list price holds here",
        'say [plan] power_price = "contract", with contract_zones where it holds in some zones only',
    ),
    "zone-blank": ("blank", "give the grid zone that supplies the site"),
    "contract-of-free-power": (
        "the contract price has the hourly shape of the list price, whose mean over the year is {mean:.6g}",
        "give a list price with a mean above 0, or leave the contract price blank",
    ),
    "green-profile-without-premium": (
        "blank, but green_profile is given, and a contract needs a price",
        "give the premium for each kWh that the contract delivers, or leave green_profile blank",
    ),
    "green-profile-never-produces": ("0 in every modelled hour", "give the output of plants, or model other hours"),
    "link-to-itself": ("the same as from", "give another end, as a link joins two places"),
    "existing-capacity-blank": ("blank", "give the capacity that stands, 0 where there is none"),
    "length-and-latency-blank": ("blank, and so is latency_ms, by which routes are chosen", "give one"),
    "traffic-at-one-node": ("at the same node as from, so that it uses no link", "remove the row, or correct an end"),
    "battery-without-energy": ("a battery without energy does nothing", "give it energy, or remove it"),
    "energy-not-for-batteries": ("energy columns are for batteries and are not used here", "leave it blank"),
    "output-always-full": ("full output in every hour", "give the profile of sun or wind"),
    "asset-life-blank": ("blank, but capital is an annuity and it has a capital cost", "give the years of use"),
    "below-other-column": ("below {other} ({amount:g})", "correct one of them"),
    "retrofit-half-given": ("blank, but {other} is given, and a retrofit needs both", "give it, or leave both blank"),
    "zone-without-row": ("has no row that holds in {period}", "give one"),
    "keep-means-mixed": ("the year's means are those of all blocks together", "say yes for each of them, or for none"),
    "weights-not-a-year": ("hours × weight sum to {total:.15g}, and they must make {wanted}", "scale the weights"),
    "block-beyond-year": ("runs beyond the last hour of the year", "shorten it"),
    "blocks-overlap": ("overlaps another block", "let each hour be in one block at most"),
    "low-above-high": ("above high ({high:g})", "swap them"),
    "table-unknown": ("no such table", "{hint}"),
    "column-of-table-unknown": ("no such column of {name}", "give one of its columns"),
    "estimate-without-row": ("matches no row of {name}", "give the key of a row"),
    "range-without-value": (
        "the range does not contain the value {given:.15g}",
        "give low and high in the unit of the column",
    ),
    "low-not-below-high": ("not below high_percent ({high:g})", "swap them"),
    "source-unknown": ("not in sources", "{hint}"),
    "hours-miss-work": (
        "the modelled hours have {percent:.3g} % of the year's {workload}",
        "give blocks of other hours or weights, or keep_means = yes",
    ),
    "hours-miss-peak": (
        (
            "the largest modelled hour of {workload} is {percent:.3g} % of that of the year, so that less may "
            "be built than that hour needs"
        ),
        "model other hours, as days:N has the day of most work",
    ),
    "title-zh-missing": ("blank, so that Chinese pages show {title}", "give the title in Chinese"),
    "site-named-as-hub": (
        "is also the name of a hub of other sites, and policies and payers could mean either",
        "rename one of them",
    ),
    "region-named-as-node": (
        (
            "is also the name of a node, and the region stands at another ({node}), so that links, traffic "
            "and sites could mean either"
        ),
        "rename one of them",
    ),
    "technology-named-as-class": (
        "is also the name of a class, that of {other}, and workloads could mean either",
        "rename one of them",
    ),
    "profile-named-as-number": (
        "looks like a number, and a cell with it is read as that number",
        "give the profile another name",
    ),
    "keys-joined-alike": ("{one} and {other} have the same key once joined by /", "rename one of them without /"),
    "all-periods-past": (
        "every period has ended by then (the last: {last}), so that nothing is left to plan",
        "give an earlier day, or later periods",
    ),
    "residents-below-households": (
        "below urban_households ({households:.15g})",
        "give persons, not ten thousands (万)",
    ),
    "price-negative": (
        "its mean over the year is below 0, so that whoever uses power would be paid for it",
        "check the sign",
    ),
    "carbon-not-kg": ("more than {most:g} kg per kWh", "check the unit, which may be grams"),
    "unit-not-mw": ("more than 1,000 MW a unit", "check the unit, which may be kW or W"),
    "site-not-mw": ("more than 20,000 MW, several times the largest cluster", "check the unit, which may be kW"),
    "capital-per-mw-not-mcny": (
        "more than {most:,.0f} million CNY for each MW it draws",
        "check the unit, which may be CNY",
    ),
    "place-far-from-others": (
        "far from all other places, but among them as {lat:g}, {lon:g}",
        "swap lat and lon if they are swapped",
    ),
    "count-looks-like-share": ("looks like a share of {whole} ({amount:.15g})", "give the number of {unit}"),
    "residents-below-users": ("for {users:.15g} {name}", "give persons, not ten thousands (万), or correct {name}"),
    "price-not-per-kwh": ("more than {most:g} CNY per kWh", "check the unit, which may be per MWh"),
    "latency-not-ms": (
        "more than 1,000 ms one way, longer than any cable on Earth takes",
        "check the unit, which may be microseconds",
    ),
    "capital-per-unit-not-mcny": ("more than {most:,.0f} million CNY a unit", "check the unit, which may be CNY"),
    "life-below-a-year": ("less than a year of use", "check the unit, which may be decades"),
    "numbers-far-apart": ("from {least:g} to {largest:g}, so that solvers lose digits", "check the units"),
    "life-above-a-century": ("more than 100 years of use", "check the unit, which may be months"),
    "days-miss-peak": (
        (
            "the largest modelled hour of {workload} is {percent:.3g} % of that of the year, so that less may "
            "be built than that hour needs"
        ),
        "model more days than {count}, or weeks:N or year",
    ),
    "blocks-miss-peak": (
        (
            "the largest modelled hour of {workload} is {percent:.3g} % of that of the year, so that less may "
            "be built than that hour needs"
        ),
        "give a block with the hour of most work",
    ),
    "lead-not-whole-years": (
        "use and its cost begin with the first full calendar year, as after {years} years",
        "give whole years",
    ),
    "life-not-whole-years": (
        "each calendar year that is begun pays the full annuity of {years:g} years, more than it should",
        "give whole years",
    ),
    "fleet-above-limit": ("the fleet of {period} has {units:g} units that may not retire", "raise the limit"),
    "fleet-above-halls": (
        "the fleet of {period} takes {power:g} MW, and no more halls can stand by then",
        "give the halls it is in",
    ),
    "name-reserved": ("{name} has a meaning of its own in {tables}", "give it another name"),
    "site-without-row": (
        "no row holds in {periods}",
        "leave the period of its first row blank; to open it later, give limits with max_units 0 until then",
    ),
    "halls-without-row": (
        "no row holds in {periods}",
        (
            "leave the period of its first row blank, with existing_mw 0 where nothing stands yet: without a "
            "row the site needs no halls"
        ),
    ),
    "place-without-row": ("no row holds in {periods}", "leave the period of its first row blank"),
    "workload-without-row": (
        "no row holds in {periods}",
        "leave the period of its first row blank, or drop the demand of that year",
    ),
    "base-year-after-periods": (
        "after the last period ({last}), so that costs before it are counted up",
        "give the year in whose money costs are stated",
    ),
    "base-year-long-before": (
        "more than {years} years before the first period ({first}), so that costs are discounted to little",
        "give the year in whose money costs are stated",
    ),
}
