"""What the command line says of results, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.report.words import Words
from xisuan.text.numbers import Figures
from xisuan.text.translation import Language

TEXTS: dict[str, tuple[str, str]] = {
    "cost": ("cost", "成本"),
    "discounted": ("{amount}, discounted to {year}", "{amount},折现到 {year} 年"),
    "as_annuities": (
        "; of the capital only its annuities within the horizon",
        ";投资只计规划期内的年金",
    ),
    "emissions": ("emissions", "排放"),
    "tonnes": ("{amount} over the horizon, location-based", "规划期内 {amount},按位置法"),
    "proven": ("proven", "证明"),
    "within": ("within {gap} of the least possible", "与最小值相差不超过 {gap}"),
    "unproven": ("no lower bound could be proven", "未能证明下界"),
    "branched": (
        "; by the word of branch and bound, which nothing checks, {gap}",
        ";分支定界称差距为 {gap},无从核验",
    ),
    "certificate": ("certificate", "验证"),
    "holds": (
        "holds: {families} families of constraints, largest violation {violation}, cost recomputed",
        "通过:{families} 类约束,最大偏差 {violation},成本复算一致",
    ),
    "no_bound": ("; it proves NO lower bound", ";未证明下界"),
    "fails": ("DOES NOT HOLD: {findings}", "未通过:{findings}"),
    "unchecked": ("not made", "未做"),
    "effort": ("effort", "求解"),
    "solved": (
        "{rows} rows, {columns} columns, {nonzeros} non-zeros; built in {build} s, solved in {seconds} s by {solver}",
        "{rows} 行,{columns} 列,{nonzeros} 个非零元;建模 {build} 秒,{solver} 求解 {seconds} 秒",
    ),
    "expected": (
        " (expected: {seconds} s and {memory} MB of memory; taken: {peak} MB)",
        "(预计 {seconds} 秒、内存 {memory} MB;实际内存 {peak} MB)",
    ),
    "expected_alone": (
        " (expected: {seconds} s and {memory} MB of memory)",
        "(预计 {seconds} 秒、内存 {memory} MB)",
    ),
    "warning": ("Warning", "警告"),
    "level_error": ("error", "错误"),
    "level_warning": ("warning", "提示"),
    "gave_up": (
        "the structured method has no proof, or none that is confirmed ({why}); the plan and its proof are those of HiGHS"
        " ({solver})",
        "结构化方法未能给出证明,或其证明未获核验确认({why});本规划及其证明由 HiGHS({solver})给出",
    ),
    "reach": (
        "Target {indicator}: {target} by the end of {year}; the plan has {level}.",
        "目标 {indicator}：{year} 年末 {target}；方案为 {level}。",
    ),
    "reach_costs": ("At the margin {unit} more costs {money}, discounted.", "边际上再多 {unit} 的折现成本为 {money}。"),
    "reach_whole": (
        "Cities come whole and have no margin: compare the cost with that of a plan with one city less.",
        "城市数为整数，没有边际价格：可与少 1 个城市的方案比较成本。",
    ),
    "reach_free": ("It costs nothing: the plan of least cost reaches it.", "无额外成本：最小成本方案已可达到。"),
    "one_more": ("one", "1 个"),
    "one_million": ("one million CNY", "100 万元"),
    "cny": ("{amount} CNY", "{amount} 元"),
    "served": ("served", "满足需求"),
    "all_served": ("all work in every period", "各期全部满足"),
    "not_served": ("{share} of {workload} is not served in {period}", "{period} 年 {workload} 有 {share} 未满足"),
    "own": ("own hours", "本方案各时段"),
    "others": ("other days", "其他日期"),
    "week": ("typical week", "典型周"),
    "serves": ("all is served (hours a period: {hours})", "全部满足(每期 {hours} 小时)"),
    "short": (
        "short: {share} of {workload} from {region} in {period} is the largest shortfall",
        "有缺口:最大为 {period} 年 {region} 的 {workload},缺 {share}",
    ),
    "operating_cost": ("operating cost", "运行成本"),
    "penalties": (
        "{amount}; besides it {penalty} of penalties, which weigh what is not done and are paid to nobody",
        "{amount};另计罚金 {penalty}:用于衡量未完成部分,并非实际支出",
    ),
    "excess": ("exceeded", "超限"),
    "planned_cost": ("beside plan", "与规划相比"),
    "without_penalties": (", penalties left out of both", "(均不含罚金)"),
    "as_planned": ("{amount}, as the plan expected", "{amount},与规划预期一致"),
    "more_than_planned": ("{share} more than the {amount} that the plan expected", "比规划预期的{amount}高 {share}"),
    "less_than_planned": ("{share} less than the {amount} that the plan expected", "比规划预期的{amount}低 {share}"),
    "hardest_week": ("hardest week", "最紧张的一周"),
    "week_short": (
        "week {number} of {period}: {amount} unit-hours are not served in time",
        "{period} 年第 {number} 周:{amount} 单位小时未能按时满足",
    ),
    "week_full": (
        "week {number} of {period}: {share} of {of} at work in its fullest hour; nothing is late",
        "{period} 年第 {number} 周:最忙时段 {of} 使用率 {share};无逾期",
    ),
    "kept_periods": (
        "Interrupted. The periods that are done are kept in {folder}: the same command goes on with the others.",
        "已中断。已完成的各期保存在 {folder},再次运行同一命令即可继续其余各期。",
    ),
    "built": ("Built", "建设"),
    "largest": ("Largest builds", "最大的建设项目"),
    "more": ("{count} more in {place}", "另有 {count} 项,见 {place}"),
    "asset": ("asset", "资产"),
    "where": ("where", "地点"),
    "technology": ("technology", "技术"),
    "period": ("year", "年份"),
    "amount": ("amount", "数量"),
    "unit": ("unit", "单位"),
    "capex": ("million CNY", "百万元"),
    "capital": ("capital, million CNY", "投资,百万元"),
    "nothing": ("nothing is built", "不新建"),
    "halls": ("halls", "机房"),
    "compute": ("equipment", "算力设备"),
    "links": ("links", "链路"),
    "total": ("total", "合计"),
    "report": ("report", "报告"),
    "tables": ("tables", "表格"),
    "folder": ("run folder", "结果目录"),
    "planned": ("planned", "方案值"),
    "least": ("least", "最小"),
    "most": ("most", "最大"),
    "verdict": ("verdict", "结论"),
    "within_cost": (
        "What stands in {period} at up to {share} more than the least {objective}:",
        "{objective}最多增加 {share} 时,{period} 年可有的规模:",
    ),
    "robust": ("robust", "稳健"),
    "interchangeable": ("interchangeable", "可替换"),
    "none": ("nothing built", "未新建"),
    "carbon": ("emissions", "排放"),
    "residents": ("residents outside gigabit cities", "非千兆城市人口"),
    "resident_years": ("{amount} resident-years over the horizon", "规划期合计 {amount} 人年"),
    "gigabit": ("gigabit cities", "千兆城市"),
    "gigabit_of": ("{count} of {all} in {period}, for {amount}", "{period} 年 {all} 个中有 {count} 个,投资 {amount}"),
    "access": ("gigabit access", "千兆接入"),
    "workload": ("workload", "业务"),
    "site": ("site", "站点"),
    "wrong": ("{errors} to mend.", "{errors} 项需修改。"),
    "wrong_and": ("{errors} to mend, {warnings} worth knowing.", "{errors} 项需修改,{warnings} 项提示。"),
    "right": (
        "Nothing wrong was found in {name}. Whether a plan exists is for `xisuan plan` to say.",
        "{name} 未发现问题。是否存在可行规划,由 xisuan plan 判断。",
    ),
    "right_and": (
        "Nothing has to be mended in {name}, {warnings} worth knowing. Whether a plan exists is for `xisuan plan` to say.",
        "{name} 没有必须修改之处,有 {warnings} 项提示。是否存在可行规划,由 xisuan plan 判断。",
    ),
    "periods": ("periods", "规划期"),
    "hours": ("hours", "时段"),
    "hour_choice": ("{count} modelled a period ({hours})", "每期 {count} 个小时({hours})"),
    "data": ("data", "数据"),
    "jobs": ("jobs", "作业"),
    "jobs_line": (
        "{jobs} arrived: {finished} finished, {running} running, {waiting} waiting, {dropped} dropped",
        "到达 {jobs} 个:完成 {finished},运行中 {running},等待 {waiting},放弃 {dropped}",
    ),
    "wait": ("waiting", "等待"),
    "response": ("response", "响应"),
    "slowdown": ("slowdown", "减速比"),
    "spread": (
        "mean {mean}, half within {p50}, 95 % within {p95}, 99 % within {p99}, longest {max}",
        "平均 {mean},中位 {p50},95% 在 {p95} 内,99% 在 {p99} 内,最长 {max}",
    ),
    "deadlines": ("deadlines", "截止时间"),
    "missed": ("{missed} of {due} missed ({share})", "{due} 个中有 {missed} 个逾期({share})"),
    "use": ("utilisation", "利用率"),
    "use_line": ("{share} of what was up, over {span}", "可用算力的 {share},历时 {span}"),
    "stuck": ("fragments", "碎片"),
    "stuck_line": (
        "{share} of it free in pieces too small for the first in line",
        "其中 {share} 空闲但过于零散,队首作业放不下",
    ),
    "hit": ("failures", "故障"),
    "hit_line": ("{hits} runs were ended by a failure", "{hits} 次运行因故障中断"),
    "policy": ("placement", "调度"),
    "difference": ("{policy} less {against}", "{policy} 减 {against}"),
    "difference_line": ("energy {money}, emissions {carbon}", "电费 {money},排放 {carbon}"),
    "between": ("{value} (95 %: {low} to {high})", "{value}(95% 区间 {low} 至 {high})"),
    "policy_line": (
        "energy {money} a year (no policy runs as much here for less than {least}), {carbon} location-based,"
        " {late} of jobs late",
        "每年电费 {money}(同样的工作在此不可能低于 {least}),按位置法排放 {carbon},{late} 的作业逾期",
    ),
    "own_schedule": ("the plan's schedule", "方案自身的安排"),
    "schedule_line": (
        "energy {money} a year (no policy runs as much here for less than {least}), {carbon} location-based",
        "每年电费 {money}(同样的工作在此不可能低于 {least}),按位置法排放 {carbon}",
    ),
    "queue": ("queue", "排队规则"),
    "queue_line": (
        "waiting {mean_wait} in the mean, 95 % within {p95_wait}; response {mean_response} in the mean",
        "平均等待 {mean_wait},95% 在 {p95_wait} 内;平均响应 {mean_response}",
    ),
    "bound": ("no queue can", "任何规则"),
    "bound_line": (
        "have a mean response below {response}, or end before {end}",
        "平均响应都不低于 {response},结束都不早于 {end}",
    ),
    "bound_none": ("be compared: not all jobs were done", "无从比较:并非全部作业都已完成"),
    "holds_yes": ("holds", "成立"),
    "holds_no": ("DOES NOT HOLD", "不成立"),
    "case": ("case", "情形"),
    "within_limit": ("within the limit", "在限度内"),
    "nothing_down": ("nothing down", "全部正常"),
    "is_down": ("{name} down", "{name} 停运"),
    "spare": ("cheapest spare for the plan as given", "原方案所需的最低投资备用"),
    "left_unserved": ("unserved, at worst", "无法承接(最严重的业务)"),
    "late_of_day": ("late, ÷ a day's jobs", "逾期(与一天作业之比)"),
    "extra_cost": ("extra cost of the day", "当天多花"),
    "spare_cost": ("cheapest spare", "最低投资备用"),
    "lever": ("lever", "因素"),
    "low_end": ("cost at the low end", "低端成本变动"),
    "high_end": ("at the high end", "高端成本变动"),
    "margin": ("±", "±"),
    "built_in": ("built in", "出现频率"),
    "built_of": (
        "built in: of all {members} members, of which {plans} have a plan; the amounts are those of these",
        "出现频率以全部 {members} 个情景为分母,其中 {plans} 个有方案;数量仅计有方案的情景",
    ),
    "no_plan": ("member {member} has no plan: {why}", "情景 {member} 没有方案:{why}"),
    "leaves": ("member {member} cannot serve all: {why}", "情景 {member} 无法满足全部需求:{why}"),
    "member": ("future", "未来"),
    "probability": ("probability", "概率"),
    "known": ("if it were known", "已知时"),
    "after_mean": ("after orders for the mean", "按平均值订购后"),
    "no_plan_left": ("no plan left", "没有可行方案"),
    "not_told": ("unknown", "未知"),
    "note": ("note", "提示"),
    "made": ("{path} is yours now. Next:  xisuan check {path}", "已建立 {path}。下一步:xisuan check {path}"),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """The texts in one language, with the report's figures and names."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, filled in."""
        return TEXTS[key][("en", "zh").index(self.language)].format(**values)

    @property
    def figures(self) -> Figures:
        """Quantities with their units."""
        return Figures(self.language)

    def asset(self, name: str) -> str:
        """What people call an asset."""
        return Words(self.language).known("asset", name)

    def status(self, name: str) -> str:
        """The status of a plan or schedule; in English the word that the data has."""
        return name if self.language == "en" else Words(self.language).known("page", f"status_{name}")

    def solver(self, name: str) -> str:
        """What solved it: a program by its name, our own method in words."""
        return name if self.language == "en" else Words(self.language).known("method", name)

    def kind(self, name: str) -> str:
        """What people call a class of computing power."""
        return Words(self.language).known("class_plain", name)
