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
    "precision-not-fp16": (
        "reach_eflops_fp16 counts FP16 alone, so that this technology adds nothing to it",
        "check the precision",
    ),
    "eflops-blank": ("blank, but reach_eflops_fp16 needs it", "give EFLOPS of a unit at its precision"),
    "cap-without-sites": (
        "it caps data centres, not gigabit access, and the scenario has no sites, so that it limits nothing",
        "remove it",
    ),
    "rule-limits-nothing": ("the scenario has no {missing}, so it limits nothing", "give {missing}, or remove it"),
}
