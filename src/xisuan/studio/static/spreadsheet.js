"use strict";
// Spreadsheet editing of the grid, which its free edition lacks: ranges of cells, copy and paste of blocks, fill down,
// multiplication, undo and redo of every change. A change replaces `rowData` as a whole, then the server checks it.
{
  const OURS = new Set(["_row", "_line", "_bad"]);
  const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
  const CHECK_AFTER = 150; // milliseconds, so that a series of changes is checked once
  const NONE = { curves: {}, ranges: [] }; // mends that are saved with the table: as a page begins
  const state = { api: null, anchor: null, focus: null, dragging: false, extending: false, undo: [], redo: [], kept: NONE, checks: 0, timer: 0 };
  const grid = () => document.getElementById("grid");
  const byId = (name) => document.getElementById(name);
  const settle = () => { // The grid of the page that is shown; a new one starts without history.
    const found = grid() && window.dash_ag_grid ? window.dash_ag_grid.getApi("grid") : null;
    if (!found || found === state.api) return found;
    Object.assign(state, { api: found, anchor: null, focus: null, undo: [], redo: [], kept: NONE });
    found.addEventListener("cellValueChanged", typed);
    found.addEventListener("cellFocused", (event) => {
      if (state.dragging || event.rowIndex === null || !event.column || state.extending) return;
      state.anchor = state.focus = { row: event.rowIndex, column: event.column.getColId() };
      paint();
    });
    for (const kind of ["bodyScroll", "modelUpdated", "columnMoved", "viewportChanged"])
      found.addEventListener(kind, () => requestAnimationFrame(paint));
    goTo(found);
    return found;
  };
  // The cell that the address names, as the findings of a check link to it: by its line in the file, and its column.
  const goTo = (api) => {
    const asked = new URLSearchParams(location.search), line = asked.get("row"), column = asked.get("column");
    if (!line && !column) return;
    api.forEachNodeAfterFilterAndSort((node) => {
      if (line ? String(node.data._line) !== line : node.rowIndex !== 0) return;
      api.ensureIndexVisible(node.rowIndex, "middle");
      if (column && api.getColumn(column)) {
        api.ensureColumnVisible(column);
        api.setFocusedCell(node.rowIndex, column);
      }
    });
  };
  const columns = () => state.api.getAllDisplayedColumns().filter((one) => one.getColDef().field && !OURS.has(one.getColDef().field));
  const editable = () => columns().some((one) => one.getColDef().editable);
  const rows = () => { const out = []; state.api.forEachNode((node) => out.push(node.data)); return out; };
  // The chosen range: its rows as displayed, and its columns.
  const range = () => {
    if (!state.anchor || !state.focus) return null;
    const all = columns(), names = all.map((one) => one.getColId());
    const across = [names.indexOf(state.anchor.column), names.indexOf(state.focus.column)].sort((a, b) => a - b);
    const down = [state.anchor.row, state.focus.row].sort((a, b) => a - b);
    if (across[0] < 0) return null;
    const nodes = [];
    for (let at = down[0]; at <= down[1]; at++) { const node = state.api.getDisplayedRowAtIndex(at); if (node) nodes.push(node); }
    return { nodes, columns: all.slice(across[0], across[1] + 1), top: down[0], left: across[0], all };
  };
  const paint = () => {
    if (!state.api || !grid()) return;
    const found = range(), names = new Set(found ? found.columns.map((one) => one.getColId()) : []);
    const many = found && found.nodes.length * names.size > 1;
    const last = found ? found.top + found.nodes.length : 0;
    for (const cell of grid().querySelectorAll(".ag-cell")) {
      const row = Number(cell.closest(".ag-row")?.getAttribute("row-index"));
      cell.classList.toggle("in-range", Boolean(many && row >= found.top && row < last && names.has(cell.getAttribute("col-id"))));
    }
  };

  // Changes: each knows the rows before and after it, by id, and their order if rows came or went; and the mends that are
  // saved with the table, if it changed these.
  // The grid changes rows in place when a cell is typed into, so that steps hold copies.
  const copyOf = (row) => row && { ...row };
  const ids = (some) => some.map((row) => row._row);
  const show = (next) => window.dash_clientside.set_props("grid", { rowData: next });
  const check = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => window.dash_clientside.set_props("grid-changed", { data: ++state.checks + Date.now() }), CHECK_AFTER);
  };
  const note = (step) => { state.undo.push(step); state.redo = []; };
  const keep = (kept) => { state.kept = kept; window.dash_clientside.set_props("grid-kept", { data: kept }); };
  const change = (next, kept) => {
    const before = rows(), old = new Map(before.map((row) => [row._row, row]));
    const fresh = new Map(next.map((row) => [row._row, row]));
    const touched = [...new Set([...old.keys(), ...fresh.keys()])].filter((id) => old.get(id) !== fresh.get(id));
    if (!touched.length && !kept) return false;
    note({
      before: new Map(touched.map((id) => [id, copyOf(old.get(id))])), after: new Map(touched.map((id) => [id, copyOf(fresh.get(id))])),
      orderBefore: ids(before), orderAfter: ids(next), kept: kept && { before: state.kept, after: kept },
    });
    show(next);
    if (kept) keep(kept);
    check();
    return true;
  };
  const replay = (step, to, order) => {
    const now = new Map(rows().map((row) => [row._row, row]));
    for (const [id, row] of step[to]) if (row) now.set(id, copyOf(row)); else now.delete(id);
    show(step[order].filter((id) => now.has(id)).map((id) => now.get(id)));
    if (step.kept) keep(step.kept[to]);
    check();
  };
  const undo = () => { const step = state.undo.pop(); if (step) { state.redo.push(step); replay(step, "before", "orderBefore"); } };
  const redo = () => { const step = state.redo.pop(); if (step) { state.undo.push(step); replay(step, "after", "orderAfter"); } };
  // A cell that was typed into: the grid has changed the row in place.
  const typed = (event) => {
    const name = event.column.getColDef().field, row = event.data, order = ids(rows());
    const before = { ...row, [name]: event.oldValue };
    note({ before: new Map([[row._row, before]]), after: new Map([[row._row, copyOf(row)]]), orderBefore: order, orderAfter: order });
  };
  const setCells = (cells) => { // [[row id, column, value]]
    const found = new Map();
    for (const [id, name, value] of cells) found.set(id, { ...found.get(id), [name]: value });
    return change(rows().map((row) => {
      const values = found.get(row._row);
      return values && Object.entries(values).some(([name, value]) => (row[name] ?? "") !== value) ? { ...row, ...values } : row;
    }));
  };
  const nextId = () => rows().reduce((most, row) => Math.max(most, Number(row._row)), -1) + 1;
  const addRows = (count) => {
    const first = nextId();
    return Array.from({ length: count }, (_, at) => ({ _row: String(first + at), _line: null, _bad: "" }));
  };

  // Blocks of text: cells apart by tabs, rows by line ends; a cell in quotation marks may hold both.
  const parse = (text) => {
    const out = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at], line = out[out.length - 1];
      if (quoted) {
        if (sign === '"' && text[at + 1] === '"') { line[line.length - 1] += '"'; at++; }
        else if (sign === '"') quoted = false;
        else line[line.length - 1] += sign;
      } else if (sign === '"' && line[line.length - 1] === "") quoted = true;
      else if (sign === "\t") line.push("");
      else if (sign === "\n") out.push([""]);
      else if (sign !== "\r") line[line.length - 1] += sign;
    }
    if (out.length > 1 && out[out.length - 1].length === 1 && out[out.length - 1][0] === "") out.pop();
    return out;
  };
  const block = (clipboard) => {
    const text = clipboard.getData("text/plain"), page = clipboard.getData("text/html");
    if (!text.includes("\t") && page.includes("<t")) { // a table of a web page whose plain text lost its cells
      const lines = [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("tr")];
      if (lines.length) return lines.map((line) => [...line.querySelectorAll("td, th")].map((cell) => cell.textContent.trim()));
    }
    return parse(text);
  };
  const quoted = (value) => (/[\t\n"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const isNumeric = (column) => [column.getColDef().type].flat().includes("rightAligned");
  const cleaned = (value, column) => {
    const text = String(value).replace(/[\r\n\u00a0]+/g, " ").trim();
    const plain = text.replace(/(?<=\d)[,\u202f ](?=\d{3}(\D|$))/g, "");
    return isNumeric(column) && NUMBER.test(plain) ? plain : text;
  };
  // Headings in the first line of a block choose its columns; they are recognised by name or by heading.
  const headed = (lines, all) => {
    const known = new Map(all.flatMap((one) => [one.getColDef().field, one.getColDef().headerName].map((name) => [name.trim().toLowerCase(), one])));
    const found = lines[0].map((cell) => known.get(cell.trim().toLowerCase()));
    return lines.length > 1 && found.length > 1 && found.every(Boolean) ? found : null;
  };
  const paste = (lines) => {
    const found = range();
    const all = found ? found.all : columns(), head = headed(lines, all);
    const body = head ? lines.slice(1) : lines, top = found ? found.top : 0, left = found ? found.left : 0;
    const one = body.length === 1 && body[0].length === 1 && found && found.nodes.length * found.columns.length > 1;
    if (one) return setCells(found.nodes.flatMap((node) => found.columns.map((to) => [node.data._row, to.getColDef().field, cleaned(body[0][0], to)])));
    const nodes = [], shown = state.api.getDisplayedRowCount();
    for (let at = top; at < Math.min(top + body.length, shown); at++) nodes.push(state.api.getDisplayedRowAtIndex(at).data);
    const more = addRows(body.length - nodes.length), values = new Map();
    body.forEach((line, at) => {
      const row = at < nodes.length ? { ...nodes[at] } : more[at - nodes.length];
      line.forEach((cell, nth) => {
        const to = head ? head[nth] : all[left + nth];
        if (to && to.getColDef().editable) row[to.getColDef().field] = cleaned(cell, to);
      });
      values.set(row._row, row);
    });
    const done = change([...rows().map((row) => values.get(row._row) ?? row), ...more]);
    const wide = Math.max(...body.map((line) => line.length));
    state.anchor = { row: top, column: all[head ? 0 : left].getColId() };
    state.focus = { row: top + body.length - 1, column: (head ? head[head.length - 1] : all[Math.min(left + wide, all.length) - 1]).getColId() };
    requestAnimationFrame(paint);
    return done;
  };
  const copy = () => {
    const found = range();
    return found ? found.nodes.map((node) => found.columns.map((one) => quoted(String(node.data[one.getColDef().field] ?? ""))).join("\t")).join("\n") : "";
  };
  const clear = () => { const found = range(); if (found) setCells(found.nodes.flatMap((node) => found.columns.map((one) => [node.data._row, one.getColDef().field, ""]))); };
  const fillDown = () => {
    const found = range();
    if (!found || found.nodes.length < 2) return;
    const first = found.nodes[0].data;
    setCells(found.nodes.slice(1).flatMap((node) => found.columns.map((one) => [node.data._row, one.getColDef().field, first[one.getColDef().field] ?? ""])));
  };
  const multiply = (factor) => {
    const found = range();
    if (!found || !Number.isFinite(factor)) return;
    setCells(found.nodes.flatMap((node) => found.columns.filter(isNumeric).map((one) => {
      const old = String(node.data[one.getColDef().field] ?? "");
      return NUMBER.test(old) ? [node.data._row, one.getColDef().field, String(Number((Number(old) * factor).toPrecision(12)))] : null;
    })).filter(Boolean));
  };
  const add = () => {
    const more = addRows(1);
    change([...rows(), ...more]);
    setTimeout(() => state.api.ensureIndexVisible(state.api.getDisplayedRowCount() - 1, "bottom"), 50);
  };
  const remove = () => {
    const gone = new Set(state.api.getSelectedRows().map((row) => row._row));
    change(rows().filter((row) => !gone.has(row._row)));
  };

  // Keys and pointer, as in a spreadsheet; an open cell editor keeps its own.
  const inGrid = (target) => target instanceof Element && target.closest("#grid .ag-cell") && !target.closest(".ag-cell-inline-editing, .ag-popup-editor");
  const move = (by, across) => {
    const all = columns().map((one) => one.getColId()), from = state.focus;
    const column = all[Math.min(Math.max(all.indexOf(from.column) + across, 0), all.length - 1)];
    const row = Math.min(Math.max(from.row + by, 0), state.api.getDisplayedRowCount() - 1);
    state.focus = { row, column };
    state.extending = true;
    state.api.ensureIndexVisible(row);
    state.api.ensureColumnVisible(column);
    state.extending = false;
    paint();
  };
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const isTyping = (target) => target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select");
  const onKey = (event) => {
    if (!settle() || isTyping(event.target)) return;
    const control = event.ctrlKey || event.metaKey, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const steps = control && (key === "y" || key === "z"); // also right after a click on a button
    if (!steps && !inGrid(event.target)) return;
    let done = true;
    if (event.shiftKey && ARROWS[key] && state.focus) move(...ARROWS[key]);
    else if (control && key === "a") {
      const all = columns();
      state.anchor = { row: 0, column: all[0].getColId() };
      state.focus = { row: state.api.getDisplayedRowCount() - 1, column: all[all.length - 1].getColId() };
      paint();
    } else if (!editable()) done = false;
    else if (control && (key === "y" || (key === "z" && event.shiftKey))) redo();
    else if (control && key === "z") undo();
    else if (control && key === "d") fillDown();
    else if (key === "Delete" || key === "Backspace") clear();
    else done = false;
    if (done) { event.preventDefault(); event.stopImmediatePropagation(); }
  };
  const at = (target) => {
    const cell = target instanceof Element ? target.closest("#grid .ag-cell") : null;
    if (!cell || OURS.has(cell.getAttribute("col-id")) || !columns().some((one) => one.getColId() === cell.getAttribute("col-id"))) return null;
    return { row: Number(cell.closest(".ag-row").getAttribute("row-index")), column: cell.getAttribute("col-id") };
  };
  const onDown = (event) => {
    if (event.button !== 0 || !settle() || !inGrid(event.target)) return;
    const found = at(event.target);
    if (!found) return;
    if (event.shiftKey && state.anchor) { // the grid focuses the cell as well, which must not begin a new range
      Object.assign(state, { focus: found, extending: true });
      setTimeout(() => { state.extending = false; }, 300);
      event.preventDefault();
    }
    else { state.anchor = state.focus = found; state.dragging = true; }
    paint();
  };
  const onOver = (event) => {
    if (!state.dragging || !(event.buttons & 1)) return;
    const found = at(event.target);
    if (found) { state.focus = found; paint(); }
  };
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("mousedown", onDown, true);
  document.addEventListener("mouseover", onOver);
  document.addEventListener("mouseup", () => { state.dragging = false; });
  const onClipboard = (act) => (event) => {
    const focused = document.activeElement;
    if (!settle() || !(inGrid(event.target) || inGrid(focused)) || focused.matches("input, textarea")) return;
    if (act(event) !== false) event.preventDefault();
  };
  document.addEventListener("copy", onClipboard((event) => event.clipboardData.setData("text/plain", copy())));
  document.addEventListener("cut", onClipboard((event) => {
    event.clipboardData.setData("text/plain", copy());
    if (editable()) clear();
  }));
  document.addEventListener("paste", onClipboard((event) => (editable() ? void paste(block(event.clipboardData)) : false)));
  const BUTTONS = {
    "grid-add": add, "grid-delete": remove, "grid-undo": undo, "grid-redo": redo, "grid-fill": fillDown,
    "grid-multiply": () => multiply(Number(byId("grid-factor").value)),
  };
  document.addEventListener("click", (event) => {
    const name = event.target instanceof Element ? event.target.closest("button")?.id : "";
    if (Object.hasOwn(BUTTONS, name) && settle()) BUTTONS[name]();
  });
  setInterval(settle, 300);
  window.sheet = { // of the table by year (pivot.js)
    ready: () => Boolean(settle()), rows, change, addRows, block,
    cleaned: (value, name) => { const found = state.api.getColumn(name); return found ? cleaned(value, found) : String(value).trim(); },
  };

  // What the server and the grid call.
  const numberOf = (value) => { const text = String(value ?? "").trim(); return NUMBER.test(text) ? Number(text) : null; };
  window.dashAgGridFunctions = Object.assign(window.dashAgGridFunctions || {}, {
    // Numbers by size, before texts such as names of profiles; blanks last.
    byNumber: (a, b) => {
      const [x, y] = [numberOf(a), numberOf(b)], [blankX, blankY] = [a, b].map((one) => String(one ?? "").trim() === "");
      if (x !== null && y !== null) return x - y;
      if (blankX || blankY) return Number(blankX) - Number(blankY);
      return x !== null ? -1 : y !== null ? 1 : String(a).localeCompare(String(b));
    },
    numberIn: (params) => numberOf(params.data[params.colDef.field]),
    codeAndName: (params) => {
      const name = (params.context?.names?.[params.colDef.field] ?? {})[params.value];
      return name && name !== params.value ? `${params.value} · ${name}` : params.value;
    },
  });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.spreadsheet = {
    // Lines and faults that the check found, laid on the rows as they are by now.
    mark: (marks) => {
      if (!marks || !settle()) return;
      let changed = false;
      const next = rows().map((row) => {
        const [line, bad] = marks[row._row] ?? [row._line, row._bad];
        if (line === row._line && bad === row._bad) return row;
        changed = true;
        return { ...row, _line: line, _bad: bad };
      });
      if (changed) show(next);
    },
    // What a mend changes in the rows, by their ids, and the mends that are then saved with the table.
    mend: (edit) => {
      if (edit && settle()) change(rows().map((row) => (edit.rows[row._row] ? { ...row, ...edit.rows[row._row] } : row)), edit.kept);
    },
    // What an import changes, removes and adds, by the ids of rows; one step that can be undone.
    take: (clicks, steps) => {
      if (!clicks || !settle()) return [window.dash_clientside.no_update, window.dash_clientside.no_update];
      const gone = new Set(steps.removed), blank = addRows(steps.added.length);
      change([
        ...rows().filter((row) => !gone.has(row._row)).map((row) => ({ ...row, ...steps.changed[row._row] })),
        ...steps.added.map((row, at) => ({ ...blank[at], ...row, _row: blank[at]._row })),
      ]);
      return ["", true];
    },
    search: (said) => {
      const wanted = (said || "").trim().toLowerCase();
      for (const group of document.querySelectorAll(".list .group")) {
        let seen = 0;
        for (const item of group.querySelectorAll("li")) {
          item.hidden = !item.textContent.toLowerCase().includes(wanted);
          seen += item.hidden ? 0 : 1;
        }
        group.hidden = !seen;
      }
    },
  };
}
