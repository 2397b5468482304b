"use strict";
// Table by year: one line a key, one column a year, laid out from the rows of the grid. An edit there is an edit of those
// rows (sheet, of spreadsheet.js), so that undo, check and save are those of the grid.
{
  const OURS = "_key", START = "y"; // a row without a year holds from the start
  const state = { api: null, seen: "" };
  const column = () => document.getElementById("pivot-chosen")?.textContent;
  const setup = () => { const found = document.getElementById("pivot-setup"); return found ? JSON.parse(found.textContent) : null; };
  const text = (value) => String(value ?? "").trim();
  const keyOf = (row, keys) => JSON.stringify(keys.map((name) => text(row[name])));
  const lay = (plan, name) => {
    const lines = new Map(), years = new Set(plan.years.map(String));
    for (const row of window.sheet.rows()) {
      if (!plan.keys.some((key) => text(row[key]))) continue;
      const key = keyOf(row, plan.keys), line = lines.get(key) ?? { [OURS]: key, ...Object.fromEntries(plan.keys.map((one) => [one, text(row[one])])) };
      const year = text(row.period);
      if (year) years.add(year); else line.start = true;
      line[`y${year}`] ??= text(row[name]);
      lines.set(key, line);
    }
    const rowData = [...lines.values()], begun = rowData.some((line) => line.start);
    const dated = [...years].sort((a, b) => Number(a) - Number(b)).map((year) => [`y${year}`, year]);
    const columnDefs = [
      ...plan.keys.map((key, at) => ({ field: key, headerName: plan.heads[key], cellClass: "key", pinned: at || innerWidth <= 760 ? null : "left", valueFormatter: { function: "codeAndName(params)" }, width: 170 })),
      ...[...(begun ? [[START, plan.start]] : []), ...dated].map(([field, headerName]) => ({
        field, headerName, editable: plan.edit, type: "rightAligned", width: 110, comparator: { function: "byNumber" },
      })),
    ];
    return { rowData, columnDefs };
  };
  const YEAR = /^y\d*$/; // columns of years
  // Values by key and year, put into the rows of the grid as one change.
  const put = (cells) => {
    const plan = setup(), name = column(), sheet = window.sheet;
    if (!plan || !name) return;
    const blank = sheet.addRows(cells.length);
    let all = sheet.rows();
    cells.forEach(([key, year, given], at) => {
      const same = all.filter((row) => keyOf(row, plan.keys) === key), value = sheet.cleaned(given ?? "", name);
      const found = same.find((row) => text(row.period) === year);
      if (found && text(found[name]) !== value) all = all.map((row) => (row === found ? { ...row, [name]: value } : row));
      if (found || !value) return;
      // A new year continues the row before it: its other columns are the same.
      const before = same.filter((row) => !text(row.period) || Number(row.period) < Number(year)).sort((a, b) => Number(a.period || 0) - Number(b.period || 0)).pop() ?? same[0];
      const fresh = { ...before, ...blank[at], period: year, [name]: value };
      all = all.flatMap((row) => (row === before ? [row, fresh] : [row]));
    });
    sheet.change(all);
  };
  const edited = (event) => {
    const field = event.column.getColId();
    if (YEAR.test(field)) put([[event.data[OURS], field.slice(1), event.newValue]]);
  };
  // A block from a spreadsheet, from the focused cell on; cells beyond the last line or year are left out.
  document.addEventListener("paste", (event) => {
    const focused = document.activeElement, api = state.api, at = api?.getFocusedCell();
    if (!at || !focused?.closest("#pivot .ag-cell") || focused.matches("input, textarea") || !setup()?.edit) return;
    event.preventDefault();
    const fields = api.getAllDisplayedColumns().map((one) => one.getColId()), first = fields.indexOf(at.column.getColId());
    put(window.sheet.block(event.clipboardData).flatMap((line, down) => {
      const key = api.getDisplayedRowAtIndex(at.rowIndex + down)?.data[OURS];
      return line.map((value, across) => [key, fields[first + across] ?? "", value]).filter(([, field]) => key && YEAR.test(field));
    }).map(([key, field, value]) => [key, field.slice(1), value]));
  });
  const show = () => {
    const box = document.querySelector("details.by-year[open]"), plan = box && window.sheet?.ready() ? setup() : null, name = plan && column();
    if (!name || !window.dash_ag_grid) return;
    const found = window.dash_ag_grid.getApi("pivot");
    if (!found) return;
    if (found !== state.api) { Object.assign(state, { api: found, seen: "" }); found.addEventListener("cellValueChanged", edited); }
    const next = lay(plan, name), seen = JSON.stringify(next);
    if (seen === state.seen || found.getEditingCells().length) return;
    state.seen = seen;
    window.dash_clientside.set_props("pivot", next);
  };
  setInterval(show, 300);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.pivot = { choose: (name) => name };
}
