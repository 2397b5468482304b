"""Section 18: what this plan does not answer, said before anyone asks."""

from __future__ import annotations

from xisuan.report.document.blocks import Section, Text
from xisuan.report.run_context import Context
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

ANSWERS = {
    "jobs": _("Jobs: how many people halls and their customers employ here."),
    "tax": _("Tax: what the region collects, waives or shares; prices are before tax incentives."),
    "chips": _("Chip export controls: whether accelerators can be bought at the prices and dates assumed."),
    "subsidies": _("Rivals' subsidies: vouchers, land and power deals of other hubs beyond the published prices."),
    "software": _("Software output: whether compute here causes software and manufacturing to grow here."),
    "market": _("What customers pay: the plan minimises cost; it sets no prices and knows no margin."),
    "jobs_of_work": _(
        "Single jobs: work is divisible here; whether real jobs fit is asked by xisuan simulate and verify."
    ),
    "chance": _(
        "Chance: each year has one demand and one price; stress tests and the estimates that are tried "
        "show what else could come, not how likely it is."
    ),
    "later": unfilled(
        "After {last}: capital counts by its years of use, so what outlives {last} costs its years up to then alone and a "
        "last year is no cheaper than others; what later years would need is not seen."
    ),
    "inside": _(
        "Inside a city: one figure stands for the whole of it, its centre and its villages; which "
        "streets come first is not decided here."
    ),
    "parts": _("Single works: amounts may be any number, a third of a station too; a contract rounds them."),
    "reported": _(
        "What cities only report: users on 1,000 Mbps and cases of application have no threshold and are not planned."
    ),
    "subscribers": _("What subscribers pay or want: take-up follows the data given, not prices or campaigns."),
    "odds": _(
        "Chance: odds are as good as the ranges given for the estimates, which are drawn independently of one another."
    ),
}
"""Questions that a plan does not answer, and why not."""
QUESTIONS = ("jobs", "tax", "chips", "subsidies", "software", "market", "jobs_of_work", "chance", "later")
OF_CITIES = ("inside", "parts", "reported", "subscribers", "tax", "odds")


EDGE = "edge"
"""Kind of a site that is all that stands outside clusters in its part of the country."""


def section(context: Context) -> Section:
    """Questions that the model cannot answer, and why not."""
    names = QUESTIONS if context.scenario.settings.capital == "annuity" else QUESTIONS[:-1]
    return _section(context, names, _metros(context))


def of_cities(context: Context) -> Section:
    """Return the section on limitations for a plan of gigabit cities only."""
    return _section(context, OF_CITIES)


def _metros(context: Context) -> str:
    """Return a sentence on what metro sites stand for, and their share of all halls; blank without metro sites."""
    sites = context.scenario["sites"].drop_duplicates("site")
    edges = set(sites.loc[sites["kind"] == EDGE, "site"])
    halls = context.hall_mw
    mine = float(halls[halls.index.isin(edges)].sum())
    if not mine > 0:
        return ""
    share, mw = context.show.share(mine / float(halls.sum())), context.show.mw(mine)
    return context.say(
        _(
            "Where in a part of the country: each of the {n} metro sites stands for all halls and equipment "
            "outside the clusters in its part of the country, taken as one ({mw} of halls in {year}, {share} "
            "of all). What is built, retrofitted or used there is a sum; in which city or hall is not "
            "decided here, nor whether old halls can carry what is put into them.",
            n=len(edges),
            mw=mw,
            share=share,
            year=context.last,
        )
    )


def _section(context: Context, names: tuple[str, ...], *more: str) -> Section:
    say = context.say
    said = (say(_(ANSWERS[name], last=context.last) if name == "later" else ANSWERS[name]) for name in names)
    items = (*said, *(text for text in more if text))
    return Section(
        "unanswered",
        say(_("What this plan does not answer")),
        say(
            _(
                "A plan of capacity, cost, power and carbon says nothing of the following, and should not be "
                "quoted as if it did."
            )
        ),
        (Text(items=items),),
    )
