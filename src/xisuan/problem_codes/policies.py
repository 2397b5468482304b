"""Problems of policies, budgets and payers: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "scope-of-rule-unknown": ("not a scope of this rule", "{hint}"),
    "carbon-objective-without-power": (
        "the carbon objective needs the table power",
        "give zones with price and carbon",
    ),
    "rule-without-power": ("needs the table power", "give zones with price and carbon"),
    "no-green-power": (
        (
            "no zone offers green power (green_premium_cny_per_kwh) and no site has sun or wind, so that it "
            "cannot be met"
        ),
        "give one of them, or leave the rule out",
    ),
    "rule-unknown": ("no such rule", "{hint}"),
    "fraction-above-one": ("above 1", "give a fraction: 60 % is 0.6"),
    "pue-below-one": ("below 1, and facility power is never less than IT power", "give 1 or more"),
    "target-applies-to-some": ("a target counts all there is", "give all"),
    "more-cities-than-there-are": ("more cities than the scenario has", "give at most as many"),
    "scope-unknown": ("no such scope", "{hint}"),
    "carbon-factor-blank": ("blank, but {rule} needs it", "give the carbon of grid power"),
    "fp32-blank": ("blank, but {rule} needs it", "give EFLOPS at FP32 of a unit"),
    "precision-blank": ("blank, but reach_eflops_fp16 needs it", "give the precision of eflops_per_unit, such as FP16"),
    "policy-replaces-another": (
        ("from {period} on it takes the place of the one that applies to {applies}, for both have one rule and scope"),
        "where both should hold, give one of them the scope all, a hub, or its sites",
    ),
    "payer-shares-not-one": ("the shares of {scope} in {period} add up to {total:g}", "give shares that add up to 1"),
    "residual-payer-not-in-scope": ("no other payer of this scope", "{hint}"),
    "residual-payer-has-another": (
        "{payer} has a residual payer itself, so that nobody is sure to pay",
        "name a payer whose own residual_payer is blank",
    ),
    "residual-payer-of-access": (
        "orders of gigabit access are not taken over, because each city's date is proven within its own budgets",
        "leave it blank",
    ),
    "payer-without-budget": (
        "others have a budget, but what {payer} pays counts against none, so that its spending is unlimited",
        "give budgets.csv a row with the scope investor:{payer}; a blank limit_mcny says that none is meant",
    ),
    "precision-not-fp16": (
        "reach_eflops_fp16 counts FP16 alone, so that this technology adds nothing to it",
        "check the precision",
    ),
    "eflops-blank": ("blank, but reach_eflops_fp16 needs it", "give EFLOPS of a unit at its precision"),
    "cap-without-sites": (
        "it caps data centres, not gigabit access, and the scenario has no sites, so that it limits nothing",
        "remove it",
    ),
    "rules-file-key-unknown": (
        "not a key of rules.toml",
        "write each rule as [[rule]], and its terms as [[rule.term]]",
    ),
    "rules-file-key-given-by-place": (
        "the place in the file gives it",
        "remove it; the name of a rule is `name`, and its terms stand below it",
    ),
    "rule-period-twice": ("value is a table by year already", "remove the period, or give one value"),
    "rule-never-holds": ("it has no value in any period", "give a value, or remove the rule"),
    "rules-file-misnamed": ("rules are read from rules.toml alone", "rename it to rules.toml"),
    "rules-file-shape": ("not a rule with terms", "write each rule as [[rule]], and its terms as [[rule.term]]"),
    "rule-of-base-in-part": (
        "the rule is stated by what this scenario extends, and a rule is replaced as a whole",
        "state it in rules.csv too, with all its terms, or give these terms to a rule of another name",
    ),
    "rule-without-terms": ("it sums nothing", "give at least one term, or remove the rule"),
    "rule-changes": ("was {before} in an earlier row of the rule", "give the same in all its rows, or another rule"),
    "rule-variable-unknown": ("no such variable", "{hint}"),
    "rule-variable-route": (
        "own rules cannot name routes: free work of all regions travels as one, so that flows may go in circles",
        "name serve, absorb, load or capacity",
    ),
    "rule-variable-access": (
        "own rules cannot name gigabit access, which is planned city by city",
        "use budgets or city_targets",
    ),
    "rule-variable-recourse": (
        "it is decided during a contingency only, and rules hold in normal operation",
        "name the variable of normal operation, or what is in use",
    ),
    "rule-variable-payer": (
        "own rules cannot name what a residual payer takes over",
        "limit the budget of the residual payer in budgets",
    ),
    "rule-variable-contract-power": (
        "own rules cannot name the capacity behind green contracts",
        "limit contract or contract_use",
    ),
    "rule-variable-peak": ("own rules cannot name the peak", "limit grid in a rule by hour"),
    "rule-term-of-nothing": (
        "no such variable matches all filters of the term",
        "correct a filter, or remove the term",
    ),
    "rule-filter-not-of-variable": ("not a filter of this variable", "use {columns}"),
    "rule-weight-without-hours": (
        "a weight needs hours, and neither the variable nor the rule has any",
        "leave it blank, or name an hourly variable",
    ),
    "rule-weight-zero": ("0 in all modelled hours, so that the term is empty", "choose other hours or another profile"),
    "rule-lag-in-operation": (
        "the period before is known of orders and capacity only, in rules by period that name nothing else",
        "leave it blank",
    ),
    "rule-by-hour-without-hours": ("none of its variables has hours", "give period"),
    "rule-equal-in-operation": (
        "a rule with = cannot name what operation decides ({variable}), for operation reports what exceeds a rule",
        "give two rules, <= and >=",
    ),
    "rule-orders-in-operation": (
        "a rule that names what operation decides ({variable}) cannot name orders, for operation has none",
        "name what is in use instead, such as installed or hall",
    ),
    "rule-units-mixed": ("adds up units of several kinds: {units}", "give one term for each, with its coefficient"),
    "rule-units-differ": (
        "blank, but the variable is in {unit} and the rule in {wanted}",
        "give the coefficient that converts one into the other (1 if they are the same)",
    ),
    "rule-cannot-be-kept": (
        "no plan can keep it in {period}: variables are 0 or more, so that the sum is {sign} 0",
        "correct the value, the sense or a coefficient",
    ),
    "rule-always-kept": (
        "every plan keeps it in {period}, because variables are 0 or more",
        "check the value and the sense, or remove the rule",
    ),
    "limit-for-own-rule": (
        "blank, but the rule {rule} may ask for any amount at this site, which must be opened first",
        "give the limit",
    ),
    "pypsa-own-rules": ("rules of your own are not exported to PyPSA", "remove them from the scenario that you export"),
    "months-without-hours": (
        "no modelled hour lies in months {months}; the other months stand for the whole year, and its energy counts in them",
        "give blocks in every month, or hours = year",
    ),
    "contingency-changes": ("was {before} in an earlier row of the contingency", "give the same in all its rows"),
    "contingency-of-one-place": (
        "a contingency is the failure of one site or one link",
        "give a site or a link, not both",
    ),
    "contingency-workload-unknown": ("not a workload", "{hint}"),
    "contingency-of-stock": (
        "it is held, not run by the hour, and its copies are not modelled",
        "name work that runs by the hour",
    ),
    "contingency-of-work-that-waits": (
        "it may wait in normal operation, but during the failure it runs in its hour, which needs more equipment",
        "leave it out if it may wait until the failure is over",
    ),
    "contingency-never-holds": (
        "it has no share in any period that is planned",
        "give share_lost, or remove the contingency",
    ),
    "contingency-protects-nothing": (
        "no work with demand must survive it",
        "name workloads with demand, or remove the contingency",
    ),
    "contingency-without-hours": (
        "no modelled hour is within its hours of the day, so that it limits nothing",
        "give other hours, or model whole days",
    ),
    "pypsa-contingencies": (
        "contingencies are not exported to PyPSA, and without them the plan costs less",
        "remove them from the scenario that you export",
    ),
    "rule-limits-nothing": ("the scenario has no {missing}, so it limits nothing", "give {missing}, or remove it"),
}
