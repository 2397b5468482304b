"""What the page and the command say of a track, in English and Chinese."""

from __future__ import annotations

import math

from xisuan.text.numbers import GAP, MISSING, MOST_DIGITS, Figures, plain
from xisuan.text.translation import Language

SPAN_DIGITS = 3
"""Significant digits of the ends of an interval: a forecast is not known to the station."""

STATUSES: dict[str, tuple[str, str]] = {
    "reached": ("reached", "已实现"),
    "on track": ("on track", "进展顺利"),
    "at risk": ("at risk", "存在风险"),
    "off track": ("off track", "难以实现"),
    "missed": ("missed", "未实现"),
    "short so far": (
        "deadline passed, outcome not published (short by the last figure)",
        "已到期，结果未公布（最新数据未达到）",
    ),
    "deadline passed, outcome not published": ("deadline passed, outcome not published", "已到期，结果未公布"),
    "not enough data": ("not enough data", "数据不足"),
}
NOTES: tuple[tuple[str, str], ...] = (
    (
        r"by the path of what it counts, with as many residents as at its latest level",
        "按所计数指标的走势推算，常住人口按最新值时计",
    ),
    (
        r"by the path of published growths from the time that it counts from",
        "按公布增速自基期起的走势推算",
    ),
    (r"by the path from the time that it counts from", "按自基期起的走势推算"),
    (r"by the path of published growths", "按公布增速的走势推算"),
    (r"counted from ([\d,.e+]+(?:\s(?!in )\S+)?) in (\d{4}(?!-))", r"以 \2 年的 \1为基数"),
    (r"counted from ([\d,.e+]+(?:\s(?!in )\S+)?) in (\S+)", r"以 \2 的 \1为基数"),
    (r"no level of (\d{4}) is published that it could count from", r"未公布可作基数的 \1 年水平值"),
    (r"no level of (\S+) is published that it could count from", r"未公布可作基数的 \1 水平值"),
    (r"growth of (\S+ %) is worked out from two levels", r"增速 \1 由两个公布值推算"),
    (r"published growth (\S+ %)", r"公布增速 \1"),
    (r"two levels only: the interval is wide", "仅有两个数据点，区间较宽"),
    (r"to month (\d+) of (\d+), taken as ([\d,.]+(?:\s\S+(?: CNY)?)?) for the year", r"\2 年 1-\1 月；全年按 \3 计"),
    (r"only (\S+) to (\S+) was published", r"仅公布 \1 至 \2"),
    (r"(\d+) multiplied a small beginning by ([\d,]+), which is no pace", r"\1 年由很小基数增至 \2 倍，不作增速参考"),
    (r"growth needed is for the (\d+) days left, not for a year", r"所需增速为剩余 \1 天的，并非年增速"),
    (r"([+-][\d.]+) points to go", r"尚差 \1 个百分点"),
    (r"best growth is worked out from two published levels", "最高增速由两个公布值推算"),
    (r"projected over", "预计超过"),
    (r"projected (?:at|about)", "预计"),
    (r"actual over", "超过"),
    (r"actual (?:at|about)", "为"),
    (r"(\d+) % of the target, if the scopes match", r"为目标的 \1%（若口径一致）"),
    (
        r"at most ([\d,.]+\s\S+) in (\d+) \((.*)\), so at least this growth is needed",
        r"\2 年至多 \1（\3），故至少需此增速",
    ),
    (r"at least", "至少"),
    (r"about", "约"),
)
"""Notes of a track, as patterns, and what a Chinese reader sees of them."""
REASONS: dict[str, str] = {
    "a change in percentage points of something that is not said": "是百分点的变动，未说明对象",
    "a change over the month before, not over the year before": "是比上月的变动，不是比上年的",
    "a change, not a level": "是变动，不是水平",
    "a growth or a change in points, of which the table does not say which": "是增速还是百分点变动，表中未说明",
    "a multiple of something that is not said": "倍数的对象未说明",
    "a part that is larger than its whole": "部分大于整体",
    "a period that ends before it begins": "时期的终止早于起始",
    "a second figure of the same thing": "同一指标的第二个数据",
    "a second growth of the same figure": "同一数据的第二个增速",
    "a second share of the same figure": "同一数据的第二个占比",
    "a sentence of more than 4,000 signs; break it up": "句子超过 4,000 字，请拆分",
    "a share of something that is not in the vocabulary": "占比的对象不在词表中",
    "a status that says it is missing, or is not known": "状态代码表示缺失或无法识别",
    "another figure of the same days stands beside it": "旁边另有同一时期的数字",
    "by how much one is more than another, not a growth": "是相差多少，不是增速",
    "growth over several years, not of one period": "是多年的增长，不是一个时期的",
    "growth over something else than the same period of the year before": "不是与上年同期相比的增速",
    "it may be of the months so far or of the last month": "可能是累计值的，也可能是当月值的",
    "it may be of two indicators": "可能属于两个指标",
    "its deadline is not said": "未说明目标期限",
    "its period is not said": "没有说明时期",
    "its region is not said; where the text names none, give it with --region": "未说明地区；全文未提及时可用 --region 给出",
    "its unit multiplier cannot be applied": "单位乘数无法使用",
    "its year is not said; give the date of publication": "未说明年份，请给出发布日期",
    "no date": "没有日期",
    "no indicator": "没有指标",
    "no indicator of the vocabulary has this unit here": "此处词表中没有以此为单位的指标",
    "no indicator of the vocabulary is near that has this unit": "附近没有以此为单位的词表指标",
    "no number": "没有数字",
    "no region": "没有地区",
    "no such indicator": "没有此指标",
    "no such region": "没有此地区",
    "of a city that is not named": "所属城市未点名",
    "of each of several, not of all": "是每一个的，不是全部的",
    "of one firm, park or project, not of a region": "是一家企业、一个园区或项目的，不是地区的",
    "of several places together": "是几个地区合计的",
    "of several things together": "是几项合计",
    "of some of them, not of all": "是其中一部分的，不是全部的",
    "of something that the vocabulary does not have": "对象不在词表中",
    "one of several in a list, of which the text does not say which is which": "是并列数据之一，文中未说明各自对应",
    "points by which a growth sped up or slowed, not a change of a ratio": "是增速加快或放缓的百分点，不是比率的变动",
    "points by which one thing is above or below another, not a change": "是与其他对象相差的百分点，不是变动",
    "points contributed to the growth of something, not a change": "是对增长的拉动百分点，不是变动",
    "progress against a plan, not growth": "是计划完成进度，不是增速",
    "said of a year that is not over": "所述年份尚未结束",
    "said to have happened, with a day after that of the text": "说是已发生，而日期晚于文本",
    "ten or more times the figure told before of the same thing": "是同一指标前一数据的十倍以上",
    "the figure before a change, whose day is not said": "是变动前的数据，时间未说明",
    "the text has two levels of the same figure": "文中同一数据有两个数值",
    "the unit is not one of the indicator": "单位与指标不符",
    "what is served or covered, not how many there are": "是服务或覆盖的数量，不是总数",
    "words that the vocabulary does not have stand beside its name": "指标名称旁有词表中没有的词",
}
"""Why a figure of a text was left over, in Chinese."""
TEXTS: dict[str, tuple[str, str]] = {
    "kicker": ("xisuan 西算 · indicators and targets", "西算 · 指标与目标"),
    "heading": ("Is the region on track?", "目标进展如何？"),
    "as_of": ("as of {day}; nothing published later is used", "截至 {day}；此后公布的数据均未使用"),
    "late": (
        "--as-of {day} lies more than a year after all that is known: observations and targets were published from"
        " {first} to {last}",
        "--as-of {day} 比已知数据晚一年以上：观测值和目标的发布日期为 {first} 至 {last}",
    ),
    "targets": ("Targets", "目标"),
    "target": ("target", "目标"),
    "a_year": ("{growth} a year", "年均 {growth}"),
    "growth_to_level": ("{growth} ({level})", "{growth}（{level}）"),
    "indicator": ("indicator", "指标"),
    "region": ("region", "地区"),
    "deadline": ("by", "期限"),
    "status": ("status", "状态"),
    "probability": ("chance", "概率"),
    "latest": ("latest", "最新"),
    "latest_end": ("of", "截至"),
    "interval": ("expected, 80 %", "预计区间(80%)"),
    "required": ("needs a year", "所需年均增速"),
    "needs": ("a year", "需年增"),
    "best": ("best year", "历史最高增速"),
    "index": ("gap left (ESCAP)", "预计剩余差距"),
    "index_note": (
        "Gap left: ESCAP's anticipated progress index. Of the gap between the latest level and the target, the part that is"
        " expected to be open at the deadline if the path goes on: 100 % where nothing of it is expected to close, 0 % where"
        " the median reaches the target, which need not have been reached yet.",
        "预计剩余差距：联合国亚太经社会（ESCAP）预期进展指数，即按现有走势，最新值与目标之间的差距到期时仍将剩余的比例："
        "100 % 表示预计毫无缩小，0 % 表示预计中位数达到目标（并不表示现已实现）。",
    ),
    "bounds_note": (
        ">, ≈, <: as the source words it; > is a lower bound.",
        ">、≈、< 为来源的表述，> 为下限。",
    ),
    "grade_note": ("(D): source of the weakest grade.", "(D)：目标出处为最低等级。"),
    "bound_only": (
        "the last figure, {level}, is a bound from one side and decides nothing",
        "最新数据 {level} 仅为单侧界限，不能据以判定",
    ),
    "reached_late": ("reached late: by {day} at the latest", "逾期达到：最迟 {day} 已达到"),
    "reached_since": (
        "reached by {day} at the latest; whether in time is not on record",
        "最迟 {day} 已达到；是否按期达到无记录",
    ),
    "weak_source": ("the target is from a source of grade {grade}, the weakest", "目标出处为最低等级（{grade} 级）"),
    "worked_out": ("the target is worked out from what was published", "目标值由公布数推算"),
    "figure_worked_out": ("worked out from published figures", "由公布数推算"),
    "latest_worked_out": ("the latest level is worked out from what was published", "最新值由公布数推算"),
    "note": ("note", "说明"),
    "charts": ("Paths", "走势"),
    "charts_lead": (
        "Filled dots are the figures used, hollow ones stand beside them; the band holds 80 %; a diamond is a target.",
        "实心点为采用值，空心点为并存的其他公布值；色带为 80% 区间；菱形为目标。",
    ),
    "sources": ("Sources", "来源"),
    "source_of": ("Source ({what}): {sources}.", "来源（{what}）：{sources}。"),
    "other_language": ("中文", "English"),
    "run_rate": ("the rest of {year} needs {level} a month", "{year} 年余下各月平均需 {level}"),
    "cities": ("Gigabit cities: which are on time", "千兆城市：哪些按时"),
    "cities_lead": (
        "The standard that each city holds, with the first record of it. Reached: named under the standard that the date"
        " asks for, as far as that was public. What is to come follows from the plan given with --with, and from its draws"
        " of the estimates; without it the table says of what each city is short before anything is built.",
        "各城市已达到的标准及其最早记录。“已实现”指截至该日已按时限所要求的标准命名。其余依据 --with 给出的规划"
        "及其对估计值的抽样；未给出规划时，列出各城市在未建设情况下尚未达到的指标。",
    ),
    "city": ("city", "城市"),
    "holds": ("standard held", "已达标准"),
    "since": ("on record", "最早记录"),
    "short": ("short of, if nothing is built", "若不建设，未达"),
    "ask_plan": (
        "Whether they are in time follows from a plan: xisuan run {name} --out RUN, then xisuan track {name} --with RUN.",
        "能否按时须依据规划：先运行 xisuan run {name} --out RUN，再运行 xisuan track {name} --with RUN。",
    ),
    "short_of": (
        "If nothing is built, short of standard {version} in {indicator}: {cities}",
        "若不建设，未达 {version} 标准的{indicator}：{cities}",
    ),
    "standard_version": (
        "Standard {version}: {thresholds}. Thresholds that are estimates: {count} of {all}.",
        "{version} 标准：{thresholds}。门槛中的估计值：{count}/{all}。",
    ),
    "standard_since": (
        "Standard {version}, from {year}: {thresholds}. Thresholds that are estimates: {count} of {all}.",
        "{version} 标准（{year} 年起）：{thresholds}。门槛中的估计值：{count}/{all}。",
    ),
    "planned": ("in the plan", "规划年份"),
    "binding": ("most often in the way", "最常见制约"),
    "money_short": ("the budgets", "预算"),
    "parts": ("Parts and wholes", "总量与分项"),
    "parts_note": (
        "What is subtracted was published of that year; where it says about, it may be nine months or more, taken as a year."
        " A figure that was worked out, though higher, counts only where none is: the bound would then be no bound.",
        "所减各项均为该年公布数；标“约”的或由前九个月以上的数折算。推算数即使更高，也仅在没有公布数时采用，否则所得不再是界限。",
    ),
    "part": (
        "{part}, {region}: at most {most} in {year} ({how}). From there its target needs at least {growth} a year;"
        " best year on record {best}.",
        "{region}{part}：{year} 年至多 {most}（{how}）。实现目标至少需年均增长 {growth}；历史最高增速 {best}。",
    ),
    "followed": ("What followed", "后续结果"),
    "followed_lead": (
        "Published after that day; the interval is the one given then, from what was known then.",
        "均为该日之后公布；区间为当时仅凭已知数据给出的区间。",
    ),
    "followed_level": ("published", "公布值"),
    "followed_held": ("interval held", "区间是否包含"),
    "held": ("yes", "是"),
    "not_held": ("no", "否"),
    "one_sided": ("a bound, undecided", "单侧界限，不能判定"),
    "ask_then": (
        "Published since and not used: {count} figures of what has a target. How they fit:"
        " xisuan track {name} --then {day}",
        "此后另公布了 {count} 项与目标有关的数据，均未使用。对照查看：xisuan track {name} --then {day}",
    ),
    "planned_paths": ("In the plan given with --with", "--with 所给规划中的数值"),
    "planned_line": ("{name}: {levels}", "{name}：{levels}"),
    "planned_of": (
        "The run was planned from other tables than this scenario has now: {tables}. Plan it again for a path of this one.",
        "该运行所用的表与本场景现有的不同：{tables}。请重新规划，以得到本场景的数值。",
    ),
    "planned_mark": ("in the plan", "规划值"),
    "planned_legend": (
        "The violet line with squares is the plan given with --with.",
        "紫线和方块为 --with 所给的规划。",
    ),
    "precision_none": ("numeric precision not stated", "未注明计算精度"),
    "precision_of": ("numeric precision: {parts}", "计算精度：{parts}"),
    "precision_part": ("{what} {precision}", "{what} {precision}"),
    "not_stated": ("not stated", "未注明"),
    "projected": ("projected only", "仅为预计"),
    "if_scopes_match": ("if the scopes match", "若口径一致"),
    "contradictions": ("Sources that contradict one another", "相互矛盾的来源"),
    "used": ("used", "采用"),
    "other": ("also published", "另有公布"),
    "source": ("source", "来源"),
    "restated": ("Growth and changes that the levels do not bear out", "增速或变动与总量不一致"),
    "restated_lead": (
        "Growth is real or like for like and bases are restated: both are kept, neither is corrected.",
        "增速按可比口径或不变价计算，基数有修订：两者并存，互不更正。",
    ),
    "singles": ("Single stretches of a year", "年内各时段"),
    "singles_lead": (
        "Published levels run from January on: what came between two of them is the one less the other, and nothing says"
        " which month had what. January and February stay one where January was not published.",
        "公布数均自 1 月累计；相邻两个累计数之差即该时段数，无法再分到各月。未公布 1 月时，1–2 月不拆分。",
    ),
    "stretch": ("stretch", "时段"),
    "came": ("in it", "当期"),
    "to_date": ("from January to its end", "累计至期末"),
    "to_before": ("from January to before it", "累计至期初"),
    "published_growth": ("published growth", "公布增速"),
    "levels_growth": ("growth of the levels", "总量之比"),
    "points": ("points", "百分点"),
    "period": ("to", "截至"),
    "drivers": ("Multipliers, shown and never used", "乘数（仅供参考，不参与计算）"),
    "variable": ("for one of", "每单位"),
    "range": ("range", "范围"),
    "unit": ("unit", "单位"),
    "how": ("who says so, and what it leaves out", "出处与局限"),
    "scopes": ("Levels of different scopes or price bases are not joined.", "口径或价格基期不同的数据不相连。"),
    "per_10k": ("per 10,000 residents", "每万人"),
    "thousand": ("thousand", "千"),
    "footer": ("Made offline by xisuan; every figure carries its source.", "由西算离线生成；每个数字均注明来源。"),
    "page": ("page", "页面"),
    "data": ("data", "数据"),
    "more_cities": ("{count} more cities in {place}", "另有 {count} 个城市，见 {place}"),
    "more": ("{count} more targets in {place}", "另有 {count} 项目标，见 {place}"),
    "unplaced": ("Seen and not placed", "已见但未能归类"),
    "nothing": ("nothing was read", "未读出任何数据"),
    "value": ("value", "数值"),
    "growth": ("growth", "增速"),
    "change": ("change", "变动"),
    "so_many_points": ("{change} points", "{change} 个百分点"),
    "share": ("share", "占比"),
    "rank": ("rank", "位次"),
    "words": ("words", "原文"),
    "why": ("why", "原因"),
    "place": ("place", "位置"),
    "read": ("figures read: {count}; seen and not placed: {left}", "读出 {count} 项，{left} 项未能归类"),
    "when": ("period", "时间"),
}


def speak(language: Language, key: str, **values: object) -> str:
    """The text of a key in a language, filled in."""
    return TEXTS[key][1 if language == "zh" else 0].format(**values)


def reason(language: Language, why: str) -> str:
    """Why a figure was left over, in a language; what has no Chinese twin (a place in a table) stays as it is."""
    head, colon, words = why.partition(": ")
    if language != "zh" or head not in REASONS:
        return why
    return f"{REASONS[head]}：{words}" if colon else REASONS[head]


def status(language: Language, name: str) -> str:
    """A status in a language."""
    return STATUSES[name][1 if language == "zh" else 0]


FIGURES = {"actual": "实际", "preliminary": "初步", "projected": "预计", "target": "目标", "planned": "计划"}
"""Statuses of published figures in Chinese."""


def figure_status(name: str, language: Language) -> str:
    """The status of a published figure in a language."""
    return FIGURES.get(name, name) if language == "zh" else name


MEASURES: dict[str, tuple[str, str]] = {
    "output": ("output", "产值"),
    "revenue": ("revenue", "营业收入"),
    "value_added": ("value added", "增加值"),
}
"""What an indicator counts of its industry."""
VARIABLES: dict[str, tuple[str, str]] = {
    "eflops_fp16": ("EFLOPS FP16", "智能算力"),
    "eflops_pct": ("computing power", "算力规模"),
    "racks": ("racks", "标准机架"),
    "occupancy": ("occupancy", "上架率"),
    "pue": ("PUE", "PUE"),
    "investment": ("investment", "投资"),
    "gigabit_cities": ("gigabit cities", "千兆城市"),
}
"""What drivers tie indicators to."""
RATIOS: dict[str, tuple[str, str]] = {
    "mCNY per mCNY": ("CNY per CNY", "元/元"),
    "% per %": ("% per %", "%/%"),
}
"""Units of multipliers."""


def variable(name: str, language: Language) -> str:
    """What a driver ties an indicator to."""
    return VARIABLES.get(name, (name, name))[1 if language == "zh" else 0]


def ratio(unit: str, language: Language) -> str:
    """The unit of a multiplier."""
    return RATIOS.get(unit, (unit, unit))[1 if language == "zh" else 0]


def amount(value: float | None, unit: str, language: Language) -> str:
    """A level with the unit that people see."""
    if value is None or not math.isfinite(value):
        return MISSING
    if unit == "mCNY":
        return Figures(language).money(value) if value else "0"
    shown = {
        "1": "",
        "pct": "%" if language == "zh" else f"{GAP}%",
        "per_10k": "",
        "ratio": "",
        "mUSD": " million USD" if language == "en" else " 百万美元",
    }.get(unit, f" {unit}")
    if unit == "1" and language == "zh" and abs(value) >= 1e4:
        return f"{plain(value / 1e4)} 万"
    return f"{plain(value)}{shown}"


def span(low: float, high: float, unit: str, language: Language) -> str:
    """An interval of a forecast: no more digits than tell its ends apart, three at least."""
    digits = next((n for n in range(SPAN_DIGITS, MOST_DIGITS) if _to(low, n) != _to(high, n)), SPAN_DIGITS)
    return " – ".join(amount(_to(end, digits), unit, language) for end in (low, high))


def _to(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def changed(value: float) -> str:
    """A change with its sign, to a tenth."""
    return f"{value:+.1f}".replace("-", "−")
