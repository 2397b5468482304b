"""What `xisuan certify` says, and what other commands say of results that they did not check, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from xisuan.results.certification import Certification, Difference, Signed
from xisuan.text.translation import Language

TEXTS: Mapping[str, tuple[str, str]] = {
    "not_rechecked": (
        "These figures are read from the saved run and were not re-checked. To re-check them: {commands}",
        "以上数字取自已保存的运行结果，未重新核验。重新核验请执行：{commands}",
    ),
    "capacity_not_rechecked": (
        "The capacity is that of the saved run {run}, which was not re-checked. To re-check it: xisuan certify {run}",
        "容量取自已保存的运行结果 {run}，该结果未重新核验。重新核验请执行：xisuan certify {run}",
    ),
    "and": (" and ", "、"),
    # verdicts
    "holds": (
        "{run} holds: its files are as they were sealed, and what it says is what its scenario and its values give.",
        "{run} 核验通过：文件与封存时一致，内容与其情景和变量值相符。",
    ),
    "changed": (
        "{run} was changed after it was saved, but what it says is still what its scenario and its values give.",
        "{run} 保存后被改动，但内容仍与其情景和变量值相符。",
    ),
    "changed_wrong": (
        "{run} was changed after it was saved, and is wrong. Get the folder again from whoever made it, or plan again.",
        "{run} 保存后被改动，且内容有误。请向编制单位重新索取，或重新规划。",
    ),
    "wrong": (
        "{run} is wrong, although its files are as they were sealed. Do not use it: ask whoever made it, or plan again.",
        "{run} 内容有误，尽管文件与封存时一致。请勿使用：向编制单位查询，或重新规划。",
    ),
    "mistrusted": ("The signature is not the one that was asked for.", "签名与所要求的不符。"),
    # lines
    "files": ("files", "文件"),
    "as_sealed": ("as they were sealed", "与封存时一致"),
    "file_changed": ("changed", "已改动"),
    "file_missing": ("missing", "缺失"),
    "file_added": ("added", "后加"),
    "certificate": ("certificate", "验证"),
    "good": (
        "holds: {families} families of constraints, largest violation {violation}",
        "通过：{families} 类约束，最大偏差 {violation}",
    ),
    "bad": ("DOES NOT HOLD: {findings}", "未通过：{findings}"),
    "tables": ("tables", "表格"),
    "recomputed": ("{count} recomputed: {names}", "重新计算 {count} 张：{names}"),
    "unchecked": ("not re-checked", "未重新核验"),
    "signature": ("signature", "签名"),
    "more": ("{count} more (--json lists all)", "另有 {count} 项（--json 列出全部）"),
    "signed_now": ("{run} is signed: {file}", "已签名 {run}：{file}"),
    "not_signed": ("Not signed: only a run that holds is signed.", "未签名：仅对核验通过的结果签名。"),
    # signatures
    "unsigned": ("unsigned", "无签名"),
    "signed": ("signed by {by}, {when}, key {key}", "{by} 于 {when} 签名，密钥 {key}"),
    "other": ("by another key than the one given: {by}, {when}, key {key}", "与所给公钥不符：{by}，{when}，密钥 {key}"),
    "broken_sums": (
        "BROKEN: signed by {by}, {when}, key {key}, but the checksums are no longer those that were signed",
        "已失效：{by} 于 {when} 签名，密钥 {key}，但校验和已不是签名时的校验和",
    ),
    "broken_claim": (
        "BROKEN: it is no signature of key {key}, which it names",
        "已失效：并非所称密钥 {key} 的签名",
    ),
    "broken": ("BROKEN: the file cannot be read: {why}", "已失效：文件无法读取：{why}"),
    "unknown": ("present, not verified: {why}", "有签名，未验证：{why}"),
    "nobody": ("somebody unnamed", "未署名者"),
    # differences
    "cell": (
        "{table}, {row}, {column}: {stored} is stored, {right} is right{rows}",
        "{table}，{row}，{column}：存为 {stored}，应为 {right}{rows}",
    ),
    "figure": (
        "{table}, {column}: {stored} is stored, {right} is right",
        "{table}，{column}：存为 {stored}，应为 {right}",
    ),
    "bound": (
        "{table}, {column}: {stored} is stored, the duals prove {right}",
        "{table}，{column}：存为 {stored}，对偶值证明的是 {right}",
    ),
    "sum": (
        "{table}, {row}, {column}: the rows add up to {stored}, {right} is right",
        "{table}，{row}，{column}：各行合计为 {stored}，应为 {right}",
    ),
    "missing_table": ("{table}: the table is missing", "{table}：缺少此表"),
    "missing_row": ("{table}, {row}: the row is missing{rows}", "{table}，{row}：缺少此行{rows}"),
    "unknown_row": ("{table}, {row}: there should be no such row{rows}", "{table}，{row}：不应有此行{rows}"),
    "twice": ("{table}, {row}: the row is there more than once{rows}", "{table}，{row}：此行重复{rows}"),
    "missing_column": ("{table}, {column}: the column is missing", "{table}，{column}：缺少此列"),
    "unknown_column": ("{table}, {column}: there should be no such column", "{table}，{column}：不应有此列"),
    "column_twice": ("{table}, {column}: the column is there more than once", "{table}，{column}：此列重复"),
    "not_a_number": ("{table}, {column}: it holds no numbers", "{table}，{column}：所存并非数字"),
    "not_a_text": ("{table}, {column}: it holds no names", "{table}，{column}：所存并非名称"),
    "other_scenario": ("{table}: this is not the scenario of the member", "{table}：并非该未来情景"),
    "unreadable": ("cannot be read: {stored}", "无法读取：{stored}"),
    "rows": (" (in {count} rows)", "（共 {count} 行）"),
    "nothing": ("nothing", "空"),
    # reasons
    "needs_solving": ("found by solving again", "须重新求解"),
    "duals_not_kept": ("the duals that they come from are not kept", "其所依据的对偶值未保存"),
    "branch_and_bound": (
        "branch and bound says more than the duals prove; only solving again can confirm it",
        "分支定界所称高于对偶值所证，须重新求解方可确认",
    ),
    "not_kept": ("the gap that was asked for is not kept", "当时要求的差距未保存"),
    "machine": ("what the solve took is the word of the machine", "求解耗用为当时机器所记"),
    "no_column": ("no such order is possible, so there is nothing to price", "此类订购不可能发生，无从定价"),
    "circles": (
        "work runs in circles, so whose it is is open; the sums by site were checked",
        "部分流量成环，归属不定；各站点合计已核验",
    ),
    "wrong_plan": ("they rest on tables that are wrong", "其所依据的表格有误"),
}


AS_SAVED = "no: these are the figures of the saved run; xisuan certify RUN checks them again"
"""Note of a run whose page is drawn from its folder; the report has its twin in Chinese."""


def as_saved(*runs: object) -> dict[str, object]:
    """What a command says as JSON of figures that it read from run folders without checking them again."""
    return {"rechecked": False, "recheck": [f"xisuan certify {run}" for run in runs]}


def said(key: str, language: Language, /, **values: object) -> str:
    """The text of `key` in a language, filled in."""
    return TEXTS[key][("en", "zh").index(language)].format(**values)


def difference(one: Difference, language: Language) -> str:
    """A difference in one line: where, what is stored, what is right."""
    rows = said("rows", language, count=f"{one.rows:,}") if one.rows > 1 else ""
    table = f"{one.part}/{one.table}" if one.part else one.table
    row = one.row.replace(" /  / ", " / ").strip(" /")
    values = [value(cell, language) for cell in (one.stored, one.right)]
    return said(
        one.what, language, table=table, row=row, column=one.column, stored=values[0], right=values[1], rows=rows
    )


def value(cell: object, language: Language) -> str:
    """A stored cell as people read it: every digit that matters."""
    if cell is None or cell == "":
        return said("nothing", language)
    return f"{cell:,.12g}" if isinstance(cell, float) else str(cell)


def signature(one: Signed, language: Language) -> str:
    """What a signature is worth, in one line."""
    key = f"broken_{one.why}" if one.state == "broken" and one.why in ("sums", "claim") else one.state
    return said(key, language, by=one.by or said("nobody", language), when=one.when, key=one.key, why=one.why)


def verdict(found: Certification, language: Language) -> str:
    """The finding on a run in one sentence."""
    key = "changed_wrong" if found.verdict == "wrong" and found.changed else found.verdict
    return said(key, language, run=found.folder)


def of_capacity(language: Language, run: object) -> str:
    """One sentence: the capacity that is operated was not re-checked, and how to do that."""
    return said("capacity_not_rechecked", language, run=run)


def not_rechecked(language: Language, *runs: object) -> str:
    """One sentence: what is shown was not re-checked, and how to do that."""
    commands = said("and", language).join(f"xisuan certify {run}" for run in runs)
    return said("not_rechecked", language, commands=commands)
