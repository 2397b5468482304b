"use strict";
// Tooltips, choices and the hour cursor. Without this script the page still says everything it prints.
const tip = document.getElementById("tip");

function show(text, x, y) {
  tip.textContent = text;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + "px";
  tip.style.top = (y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 18) + "px";
}

function hide() {
  tip.hidden = true;
  document.querySelectorAll(".cursor").forEach((line) => line.remove());
}

// The values of a series, one for each hour.
const hourly = (path) => (path.values ??= path.dataset.values.split(" ").map(Number));

function round(value) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))));
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

// What hour a number on the axis is: its run of hours, the day of the run, the hour of the day.
function named(area, hour) {
  for (const span of area.dataset.spans.split(";")) {
    const [hours, starts, label] = span.split(",");
    if (hour < +hours) {
      if (+starts < 0) return label;  // a run of steps that are no hours
      const at = hour + +starts;
      return `${label}${+hours > 24 ? ` +${Math.floor(at / 24)} d` : ""} ${at % 24}:00`;
    }
    hour -= +hours;
  }
}

function atHour(area, x, y) {
  const box = area.getBoundingClientRect();
  const count = +area.dataset.hours;
  const hour = Math.min(count - 1, Math.max(0, Math.floor(((x - box.left) / box.width) * count)));
  const stacked = [], over = [];
  for (const path of area.querySelectorAll("path[data-name]")) {
    const said = `${path.dataset.name}: ${round(hourly(path)[hour])}`;
    if (path.classList.contains("fill")) stacked.push(said);
    else over.unshift(said);
  }
  area.querySelector(".cursor")?.remove();
  const line = Object.assign(document.createElement("div"), { className: "cursor" });
  line.style.left = (100 * (hour + 0.5)) / count + "%";
  area.append(line);
  show([`${named(area, hour)} · ${area.dataset.unit}`, ...over, ...stacked].join("\n"), x, y);
}

function point(event) {
  const named = event.target.closest?.("[data-tip]");
  const area = event.target.closest?.("[data-hours]");
  if (named) show(named.dataset.tip, event.clientX, event.clientY);
  else if (area) atHour(area, event.clientX, event.clientY);
  else hide();
}
addEventListener("pointermove", point);
addEventListener("pointerdown", point);
addEventListener("scroll", hide, { passive: true });
addEventListener("focusin", (event) => {
  const named = event.target.closest("[data-tip]");
  if (named?.matches(":focus-visible")) {
    const box = named.getBoundingClientRect();
    show(named.dataset.tip, box.right, box.top);
  }
});
addEventListener("focusout", hide);
addEventListener("keydown", (event) => event.key === "Escape" && hide());

addEventListener("change", (event) => {
  const select = event.target;
  if (select.dataset.flows) {
    const flows = select.closest("figure").querySelectorAll(".flow");
    flows.forEach((group) => group.toggleAttribute("hidden", group.dataset.flow !== select.value));
  } else if (select.closest(".choice")) {
    const groups = select.closest(".choice").querySelectorAll(":scope > .group");
    groups.forEach((group, at) => group.toggleAttribute("hidden", at !== +select.value));
  }
});

// A map of hours: the discs of an hour, and what they say.
function atMoment(slider) {
  const at = +slider.value;
  const [busyWord, waitWord, downWord] = slider.dataset.words.split("|");
  slider.closest("label").querySelector("output").textContent = slider.dataset.moments.split(";")[at];
  slider.closest("figure").querySelectorAll(".pulse").forEach((pulse) => {
    const value = (name) => +pulse.dataset[name].split(",")[at];
    const radius = +pulse.dataset.r, busy = value("busy"), up = value("up"), waiting = value("waiting");
    pulse.querySelector(".stood").setAttribute("r", radius * Math.sqrt(busy));
    pulse.querySelector(".crowd").setAttribute("r", waiting < 1 ? 0 : radius + 2 + 4 * Math.log10(waiting));
    pulse.classList.toggle("down", up < 0.001);
    const state = up < 0.001 ? downWord : `${busyWord}: ${round(100 * busy)} %`;
    pulse.dataset.tip = `${pulse.dataset.name}\n${state}\n${waitWord}: ${round(waiting)}`;
  });
}
document.querySelectorAll("[data-moments]").forEach(atMoment);
addEventListener("input", (event) => event.target.dataset?.moments && atMoment(event.target));

// Rows are cards on a phone: each cell carries the heading of its column.
document.querySelectorAll("table").forEach((table) => {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => [...cell.children].map((part) => part.textContent).join(", "));
  for (const row of table.tBodies[0]?.rows ?? []) {
    if (row.cells.length === heads.length) [...row.cells].forEach((cell, at) => at && (cell.dataset.label = heads[at]));
  }
});

// Every chart and table has a link of its own: build-1, build-2, …
document.querySelectorAll("main > section").forEach((section) => {
  section.querySelectorAll("h3, figcaption, .folded > summary").forEach((title, at) => {
    const link = Object.assign(document.createElement("a"), { className: "anchor", href: `#${section.id}-${at + 1}`, textContent: "#" });
    link.setAttribute("aria-label", link.getAttribute("href"));
    title.id = `${section.id}-${at + 1}`;
    title.append(" ", link);
  });
});
function toAnchor() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target?.scrollIntoView();
}
addEventListener("hashchange", toAnchor);
if (location.hash) toAnchor();

// The section that is read is marked in the contents.
const marks = new Map([...document.querySelectorAll("nav a")].map((link) => [link.getAttribute("href").slice(1), link]));
if ("IntersectionObserver" in window) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      marks.forEach((link, name) => {
        link.classList.toggle("here", name === entry.target.id);
        link.toggleAttribute("aria-current", name === entry.target.id);
      });
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
}

// Search: mark the words found and go to the next one with Enter.
const search = document.getElementById("search"), hits = document.getElementById("hits");
let found = [], current = -1;
function unmark() {
  document.querySelectorAll("mark.hit").forEach((mark) => {
    const parent = mark.parentNode;
    mark.replaceWith(mark.textContent);
    parent.normalize();
  });
  [found, current] = [[], -1];
}
function markAll(words) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("script, style, svg, header, [hidden]") || !node.data.toLowerCase().includes(words)
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (let node of nodes) {
    for (let at; (at = node.data.toLowerCase().indexOf(words)) >= 0;) {
      const hit = node.splitText(at);
      node = hit.splitText(words.length);
      const mark = Object.assign(document.createElement("mark"), { className: "hit", textContent: hit.data });
      hit.replaceWith(mark);
      found.push(mark);
    }
  }
}
search?.addEventListener("input", () => {
  unmark();
  const words = search.value.trim().toLowerCase();
  if (words.length > 1) markAll(words);
  hits.textContent = words.length > 1 ? `${found.length}` : "";
});
search?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !found.length) return;
  current = (current + 1) % found.length;
  for (let box = found[current].closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  found[current].scrollIntoView({ block: "center" });
  hits.textContent = `${current + 1} / ${found.length}`;
});

// Paper shows what is folded on the screen.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details.folded:not([open])")];
  folded.forEach((box) => (box.open = true));
});
addEventListener("afterprint", () => folded.forEach((box) => (box.open = false)));
