// Review of a reading: draws the passages with their figures, and saves the accepted ones as observations.csv.
for (const root of document.querySelectorAll(".review")) {
  const data = JSON.parse(root.querySelector("script").textContent);
  // The key holds a digest (FNV-1a) of the reading, since decisions are restored by position.
  let digest = 2166136261;
  for (const sign of JSON.stringify([data.observations, data.unplaced])) digest = Math.imul(digest ^ sign.codePointAt(0), 16777619) >>> 0;
  const store = "xisuan-review:" + data.bulletins.map(one => one.source).join(",") + ":" + digest.toString(16);
  let language = data.language;
  const items = [
    ...data.observations.map(one => ({ ...one, state: "open", read: true })),
    ...data.unplaced.map(one => ({ ...one, state: "left", read: false, row: null })),
  ];
  try {
    const held = JSON.parse(localStorage.getItem(store) || "[]");
    held.forEach((one, at) => { if (items[at] && one) Object.assign(items[at], one); });
  } catch { /* the page works without a memory */ }

  const say = name => data.texts[name][language];
  const title = (kind, key) => data[kind][key] ? data[kind][key][language] || key : key;
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const button = (name, className, act) => {
    const node = make("button", className, say(name));
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  };
  const decide = (some, state) => {
    for (const one of some) one.state = state;
    keep();
  };
  const keep = () => {
    try {
      localStorage.setItem(store, JSON.stringify(items.map(one => one.state === "open" || one.state === "left" ? 0
        : { state: one.state, row: one.row, changed: one.changed })));
    } catch { /* as above */ }
    draw();
  };

  // A text with its marked stretches; stretches that several figures share are marked once.
  const marked = (text, some, key) => {
    const out = document.createDocumentFragment();
    let at = 0;
    const spans = some.flatMap(one => one.marks.map(([from, to]) => ({ from, to, one })))
      .sort((a, b) => a.from - b.from || b.to - a.to);
    for (const { from, to, one } of spans) {
      if (from < at) continue;
      out.append(text.slice(at, from));
      const node = make("mark", one.state, text.slice(from, to));
      node.dataset.of = key(one);
      out.append(node);
      at = to;
    }
    out.append(text.slice(at));
    return out;
  };

  const words = (passage, some) => {
    if (!passage.cells.length) {
      const node = make("div", "words");
      node.append(marked(passage.text, some, one => items.indexOf(one)));
      return node;
    }
    const node = make("div", "words row");
    passage.cells.forEach((cell, at) => {
      const span = make("span");
      const one = some.find(item => item.marks.some(([from, to]) => from <= at && at < to));
      if (one) {
        const mark = make("mark", one.state, cell);
        mark.dataset.of = items.indexOf(one);
        span.append(mark);
      } else span.textContent = cell;
      node.append(span);
    });
    return node;
  };

  const lines = one => {
    const row = one.row;
    const when = row.period_start && row.period_start !== row.period_end ? row.period_start + " – " + row.period_end : row.period_end;
    const bound = { over: ">", about: "≈", under: "<" }[row.bound] || "";
    const level = one.changed ? (row.value ? bound + row.value + (row.unit === "1" ? "" : " " + row.unit) : "") : one.level[language];
    const more = [
      row.growth_pct && say("grew").replace("#", row.growth_pct), row.change_points && say("moved").replace("#", row.change_points),
      row.share_pct && say("part").replace("#", row.share_pct), row.rank && say("place").replace("#", row.rank),
    ].filter(Boolean);
    const first = make("p");
    first.append(make("b", "", title("indicators", row.indicator)), " · " + title("regions", row.region));
    const second = make("p");
    second.append(make("span", "level", level), (level && more.length ? " · " : "") + more.join(" · "));
    const third = make("p");
    const status = data.statuses[row.status] ? data.statuses[row.status][language] : row.status;
    third.append(make("small", "", [when, status, row.scope].filter(Boolean).join(" · ")));
    return [first, second, third];
  };

  // A form keeps what is typed in `one.typed`, so that a decision on another figure, which draws the page again, loses nothing.
  const field = (name, one, value) => {
    const label = make("label", name === "indicator" || name === "region" ? "wide" : "", say(name));
    let input;
    const choices = { status: Object.keys(data.statuses), bound: ["", "over", "about", "under"] }[name];
    if (choices) {
      input = make("select");
      for (const key of choices) {
        const option = make("option", "", name === "status" ? data.statuses[key][language] : { over: ">", about: "≈", under: "<" }[key] || "");
        option.value = key;
        input.append(option);
      }
    } else {
      input = make("input");
      if (name === "indicator" || name === "region") input.setAttribute("list", "review-" + name);
      if (["value", "growth_pct", "change_points", "share_pct", "rank"].includes(name)) input.inputMode = "decimal";
    }
    input.value = (one.typed && name in one.typed ? one.typed[name] : value) || "";
    input.name = name;
    input.addEventListener("input", () => { one.typed = { ...one.typed, [name]: input.value }; });
    label.append(input);
    return label;
  };

  const isDay = text => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text + "T00:00Z").toJSON()?.startsWith(text);
  const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]\d\d?)?$/i;
  const isWrong = row => {
    const numbers = ["value", "growth_pct", "change_points", "share_pct", "rank"].filter(name => row[name]);
    return !data.indicators[row.indicator] || !data.regions[row.region] || !isDay(row.period_end) || !numbers.length || !row.unit
      || (row.period_start && (!isDay(row.period_start) || row.period_start > row.period_end))
      || (row.published && !isDay(row.published)) || (row.rank && !/^[1-9]\d*$/.test(row.rank))
      || numbers.some(name => !NUMBER.test(row[name]));
  };

  const form = one => {
    const source = data.bulletins[0] || { source: "", published: "" };
    const near = items.filter(item => item.row && item.passage <= one.passage).pop();
    const start = one.row || {
      region: near ? near.row.region : "", period_start: near ? near.row.period_start : "", period_end: near ? near.row.period_end : "",
      status: "actual", source: near ? near.row.source : source.source, published: near ? near.row.published : source.published,
      words: data.passages[one.passage] ? data.passages[one.passage].text || data.passages[one.passage].cells.join(" | ") : one.words,
    };
    const node = make("div", "form");
    for (const name of data.form) node.append(field(name, one, start[name]));
    const wrong = make("p", "wrong");
    const acts = make("div", "acts");
    acts.append(button("keep", "yes", () => {
      const row = { ...start };
      for (const input of node.querySelectorAll("input, select")) row[input.name] = input.value.trim();
      if (isWrong(row)) { wrong.textContent = say("lacking"); return; }
      row.basis = row.period_start === row.period_end || !row.period_start ? "point" : row.period_start.endsWith("-01-01") ? "cumulative" : "single";
      Object.assign(one, { row, changed: true, editing: false, typed: null });
      decide([one], "accepted");
    }), button("cancel", "", () => { Object.assign(one, { editing: false, typed: null }); draw(); }));
    node.append(wrong, acts);
    return node;
  };

  const card = one => {
    const node = make("div", "card " + one.state);
    if (one.row) node.append(...lines(one));
    else node.append(make("p", "", say("left") + ": " + one.words), make("small", "", one.why[language]));
    const acts = make("div", "acts");
    if (one.editing) node.append(form(one));
    else if (one.state === "open") acts.append(button("accept", "yes", () => decide([one], "accepted")), edit(one, "change"), button("reject", "no", () => decide([one], "rejected")));
    else if (one.state === "left") acts.append(edit(one, "add"));
    else acts.append(edit(one, "change"), button("undo", "", () => {
      if (!one.read) Object.assign(one, { row: null, changed: false });
      else if (one.changed) Object.assign(one, { row: data.observations[items.indexOf(one)].row, changed: false });
      decide([one], one.read ? "open" : "left");
    }));
    node.append(acts);
    node.addEventListener("pointerenter", () => near(one, true));
    node.addEventListener("pointerleave", () => near(one, false));
    return node;
  };
  const edit = (one, name) => button(name, "", () => { one.editing = true; draw(); });
  const near = (one, on) => {
    for (const mark of root.querySelectorAll(`mark[data-of="${items.indexOf(one)}"]`)) mark.classList.toggle("near", on);
  };

  const csv = () => {
    const quoted = text => /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    const rows = items.filter(one => one.state === "accepted").map(one => data.columns.map(name => quoted(one.row[name] || "")).join(","));
    return [data.columns.join(","), ...rows].join("\n") + "\n";
  };
  const save = () => {
    if (data.in_studio) {
      parent.postMessage({ observations: csv() }, "*");
      return;
    }
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    link.download = "observations.csv";
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const draw = () => {
    const page = document.createDocumentFragment();
    const head = make("header", "head");
    const other = make("button", "", language === "zh" ? "English" : "中文");
    other.type = "button";
    other.lang = language === "zh" ? "en" : "zh-CN";
    other.addEventListener("click", () => {
      language = language === "zh" ? "en" : "zh";
      document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
      draw();
    });
    const from = data.bulletins.map(one => [one.title, one.published].filter(Boolean).join(", ")).join("; ");
    head.append(make("h1", "", say("title")), ...(data.in_studio ? [] : [other]), make("p", "", from), make("p", "", say("lead")));
    page.append(head);
    data.passages.forEach((passage, at) => {
      const some = items.filter(one => one.passage === at);
      const node = make("section", "passage" + (passage.begins ? " begins" : ""));
      const beside = make("div", "cards");
      some.forEach(one => beside.append(card(one)));
      const open = some.filter(one => one.state === "open");
      if (open.length > 1) beside.append(button("all", "", () => decide(open, "accepted")));
      node.append(words(passage, some), beside);
      page.append(node);
    });
    for (const kind of ["indicator", "region"]) {
      const list = make("datalist");
      list.id = "review-" + kind;
      for (const key of Object.keys(data[kind + "s"])) {
        const option = make("option");
        option.value = key;
        option.label = title(kind + "s", key);
        list.append(option);
      }
      page.append(list);
    }
    const count = state => items.filter(one => one.state === state).length;
    const bar = make("footer", "bar");
    bar.append(...["open", "accepted", "rejected", "left"].map(state => make("span", "", `${say(state)} ${count(state)}`)));
    const saving = button(data.in_studio ? "store" : "save", "yes", save);
    saving.disabled = !count("accepted");
    bar.append(saving);
    if (!data.in_studio) bar.append(make("small", "", say("next")));
    page.append(bar);
    const held = root.querySelector("script");
    root.replaceChildren(held, page);
  };
  draw();
}
