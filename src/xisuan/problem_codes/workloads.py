"""Problems of demand and workloads: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "no-assets-to-plan": (
        "nothing is planned here: the scenario has no demand, sites, links or cities",
        "add demand and the sites that serve it, or compare its published figures with its targets (track)",
    ),
    "technologies-missing": (
        "is missing or has no rows, and demand asks for work that nothing else can run",
        "give it",
    ),
    "demand-missing": ("is missing or has no rows, so that no work is asked for and none is planned", "give it"),
    "distances-missing": (
        (
            "a latency limit, and neither links nor latency say how far places are apart, so that {pairs} are "
            "out of reach"
        ),
        "give one of these tables, or leave latency_ms blank where the network does not matter",
    ),
    "pair-out-of-reach": (
        "no latency is listed for the pair, and no links join them, so that it is out of reach of {workload}",
        "give a row if it is not",
    ),
    "sites-missing": ("is missing or has no rows, and demand asks for work that is done at sites", "give it"),
    "penalty-without-use": (
        "no plan uses it, because the objective carbon serves all work",
        "leave it blank, or choose the objective cost to let work go unserved at this penalty",
    ),
    "class-unknown": ("neither a class nor a technology of technologies", "{hint}"),
    "stock-cannot-wait": ("held through the period, so it cannot wait", "leave it blank"),
    "wait-beyond-horizon": (
        (
            "longer than the {horizon} hours that the rolling horizon looks ahead, so that no window sees all hours in "
            "which this work may run, which may cost more"
        ),
        "give a horizon that covers the wait, such as {windows}, or nothing if a real controller looks no further",
    ),
    "stock-without-profile": ("held through the period, so it has no profile", "leave it blank"),
    "demand-between-years-missing": (
        "no row for {periods}",
        "give the demand, 0 where there is none; between the years that are given it would be {values}",
    ),
    "regions-without-demand": (
        "without a row of demand, so that no work comes from there",
        "give demand rows, with 0 units where there is none",
    ),
    "demand-of-period-missing": ("no row for {periods}", "give the demand, 0 where there is none"),
    "node-blank": ("blank, but work that moves data could run here", "give its backbone node"),
    "serving-cost-incomplete": (
        "of {count} eligible pairs, {pairs} lack a cost",
        "a workload that lists any pair must list all, so add them",
    ),
    "all-periods-past-unserved": (
        (
            "every period has ended by then (the last: {last}), so that nothing can be built, and what stands "
            "does not serve the demand"
        ),
        "give an earlier day, or later periods",
    ),
    "profile-negative": (
        "the profile falls to {least:g}, and work and traffic are not negative",
        "give a profile of 0 or more",
    ),
    "traffic-ends-apart": (
        "no links that stand or can be built by {period} join its ends",
        "add a link, or leave the row out",
    ),
    "profile-all-zero": ("the profile is 0 in every hour and cannot be normalised to mean 1", "give another profile"),
    "demand-of-other-years": ("no row is of {periods}, they are of {years}", "give the demand, 0 where there is none"),
    "pairs-not-joined": (
        "no links join {pairs}, so that they are out of reach of this latency limit",
        "add links, give the table latency, or leave latency_ms blank where the network does not matter",
    ),
    "demand-without-links": (
        (
            "{result}: no links that stand or can be built by then join {region} and {sites}, where its "
            "equipment can stand"
        ),
        "add links, or let them be built earlier{otherwise}",
    ),
    "demand-without-path": (
        "{result}: neither links nor rows of latency join {region} and {sites}, where its equipment can stand",
        "add a link or a row of latency, or leave latency_ms blank where the network does not matter{otherwise}",
    ),
    "demand-beyond-latency": (
        (
            "{result}: the nearest site that can run it, {site}, is {latency:g} ms from {region}, beyond "
            "latency_ms {limit:g}"
        ),
        "raise latency_ms, or give a shorter link or equipment nearer to it{otherwise}",
    ),
    "demand-before-lead": (
        "{result}: nothing stands in reach, and {name} takes {years:g} years from order to use (lead_years)",
        "shorten lead_years in technologies, or give equipment that stands in fleet{otherwise}",
    ),
    "demand-before-offer": (
        (
            "{result}: nothing stands in reach, and {name} cannot be ordered by then (available_from, "
            "available_until, as_of)"
        ),
        "let it be ordered then, or give equipment that stands in fleet{otherwise}",
    ),
    "demand-without-room": (
        "{result}: {sites} may not hold equipment for it by then (limits, halls, it_limit_mw)",
        "raise these limits, or shorten lead_years of halls{otherwise}",
    ),
    "demand-of-fixed-period": (
        "as_of {day} fixes {periods}, and what stood then does not serve it",
        "give an earlier as_of, what stood then (fleet, halls), or no demand then",
    ),
}
