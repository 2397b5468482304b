"use strict";
// The map that is edited: draws what the server laid out, and tells it what was chosen, moved or pointed at.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const STEP = 2, FAR = 20, NEAR = 12;
  let view = null, count = 0, shown = null;

  const make = (name, attributes, parent) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (parent) parent.append(node);
    return node;
  };
  const tell = (what) => window.dash_clientside.set_props("map-act", { data: { ...what, count: ++count } });
  const at = (svg, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());

  function ground(svg, data) {
    const base = make("g", { id: "map-base" }, svg);
    for (const [name, path] of Object.entries(data.ground)) if (path) make("path", { d: path, class: `ground ${name}` }, base);
    if (!data.inset) return;
    const box = data.inset, frame = { x: box.x, y: box.y, width: box.width, height: box.height };
    make("rect", frame, make("clipPath", { id: "map-clip" }, svg));
    make("rect", { ...frame, class: "inset" }, svg);
    make("use", { href: "#map-base", transform: box.transform }, make("g", { "clip-path": "url(#map-clip)" }, svg));
    make("rect", { ...frame, class: "inset frame" }, svg);
    make("text", { x: box.x + box.width / 2, y: box.y + box.height - 6, class: "inset-title" }, svg).textContent = box.title;
  }

  function mark(node, item) {
    node.classList.toggle("bad", item.bad);
    node.classList.toggle("chosen", item.chosen);
    node.addEventListener("click", (event) => { event.stopPropagation(); });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); tell({ do: "choose", kind: item.kind, name: item.name }); }
    });
  }

  function spot(svg, item, edit) {
    const node = make("g", { class: `spot ${item.kind}`, tabindex: 0, role: "button", "aria-label": item.title,
      "aria-pressed": item.chosen, transform: `translate(${item.x} ${item.y})`, "data-name": item.name, "data-kind": item.kind }, svg);
    make("circle", { r: NEAR, class: "hit" }, node);
    if (item.kind === "sites") make("circle", { r: 6 }, node);
    else if (item.kind === "regions") make("rect", { x: -7, y: -7, width: 14, height: 14 }, node);  // its corners are seen beside a site that lies on it
    else make("circle", { r: 3.5 }, node);
    make("text", {}, node).textContent = item.title;
    make("title", {}, node).textContent = item.title;
    mark(node, item);
    let from = null, moved = false, x = item.x, y = item.y;
    const to = (u, v) => { x = u; y = v; node.setAttribute("transform", `translate(${x} ${y})`); };
    node.addEventListener("pointerdown", (event) => { event.stopPropagation(); from = at(svg, event); moved = false; node.setPointerCapture(event.pointerId); });
    node.addEventListener("pointermove", (event) => {
      if (!from || !edit) return;
      const now = at(svg, event);
      if (moved || Math.hypot(now.x - from.x, now.y - from.y) > 3 * scale(svg)) { moved = true; to(now.x, now.y); }
    });
    node.addEventListener("pointerup", () => {
      if (from) tell(moved ? { do: "move", kind: item.kind, name: item.name, x, y } : { do: "choose", kind: item.kind, name: item.name });
      from = null;
    });
    node.addEventListener("pointercancel", () => { from = null; to(item.x, item.y); });
    node.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way || !edit) return;
      event.preventDefault();
      const step = event.shiftKey ? FAR : STEP;
      to(x + way[0] * step * scale(svg), y + way[1] * step * scale(svg));
      moved = true;
    });
    node.addEventListener("keyup", (event) => {
      if (event.key.startsWith("Arrow") && moved && edit) { moved = false; tell({ do: "move", kind: item.kind, name: item.name, x, y }); }
    });
  }

  function line(svg, item) {
    const [x1, y1, x2, y2] = item.line;
    const node = make("g", { class: "link", "data-name": item.name }, svg);
    make("line", { x1, y1, x2, y2, class: "hit" }, node);
    make("line", { x1, y1, x2, y2 }, node);
    make("title", {}, node).textContent = item.title;
    mark(node, item);
    node.addEventListener("pointerup", () => tell({ do: "choose", kind: item.kind, name: item.name }));
  }

  const scale = (svg) => svg.viewBox.baseVal.width / svg.clientWidth || 1;

  function look(svg, data) {
    svg.setAttribute("viewBox", view.join(" "));
    svg.style.setProperty("--big", Math.min(3, scale(svg)).toFixed(3));
    const spots = [...svg.querySelectorAll(".spot")];
    // A name gives way to dots, those of others first: only where there is room is it written.
    const dots = spots.map((node) => [node, node.querySelector("circle:not(.hit), rect").getBoundingClientRect()]);
    const taken = [], order = { sites: 1, regions: 2, nodes: 3 };
    const rank = (node) => (node.classList.contains("chosen") ? 0 : order[node.dataset.kind]);
    for (const node of spots.sort((one, other) => rank(one) - rank(other))) {
      const text = node.querySelector("text");
      text.classList.remove("hid");
      const box = text.getBoundingClientRect();
      const clash = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      const covers = ([other, dot]) => other !== node && !node.classList.contains("chosen") && clash(dot);
      if (taken.some(clash) || dots.some(covers)) text.classList.add("hid");
      else taken.push(box);
    }
  }

  function zoom(svg, data, by, x, y) {
    const [width, height] = data.size, wide = Math.min(width, Math.max(width / 40, view[2] * by));
    const tall = wide * height / width, share = [(x - view[0]) / view[2], (y - view[1]) / view[3]];
    const left = Math.min(width - wide, Math.max(0, x - share[0] * wide)), top = Math.min(height - tall, Math.max(0, y - share[1] * tall));
    view = [left, top, wide, tall];
    look(svg, data);
  }

  function draw(data) {
    const here = document.getElementById("map-here");
    if (!data || !here) return null;
    const focus = document.activeElement && here.contains(document.activeElement) ? document.activeElement.dataset : null;
    const size = data.size.join(" ");
    if (!view || shown !== location.pathname + size) view = [0, 0, ...data.size];
    shown = location.pathname + size;
    const edit = here.dataset.edit === "yes";
    here.replaceChildren();
    const svg = make("svg", { class: "editable", role: "group", "aria-label": here.getAttribute("aria-label") }, here);
    ground(svg, data);
    for (const item of data.lines) line(svg, item);
    for (const item of data.spots) spot(svg, item, edit);
    look(svg, data);
    let from = null, start = null;
    svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; start = [...view]; });
    svg.addEventListener("pointermove", (event) => {
      if (!from || !event.buttons || view[2] >= data.size[0]) return;
      const by = scale(svg), [width, height] = data.size;
      view[0] = Math.min(width - view[2], Math.max(0, start[0] - (event.clientX - from[0]) * by));
      view[1] = Math.min(height - view[3], Math.max(0, start[1] - (event.clientY - from[1]) * by));
      look(svg, data);
    });
    svg.addEventListener("pointerup", (event) => {
      if (from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < 4) { const p = at(svg, event); tell({ do: "point", x: p.x, y: p.y }); }
      from = null;
    });
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const p = at(svg, event);
      zoom(svg, data, event.deltaY < 0 ? 0.8 : 1.25, p.x, p.y);
    }, { passive: false });
    for (const [id, by] of [["map-in", 0.6], ["map-out", 1 / 0.6]]) {
      const button = document.getElementById(id);
      if (!button) continue;
      button.onclick = () => {
        const chosen = data.spots.find((item) => item.chosen);
        const [x, y] = chosen ? [chosen.x, chosen.y] : [view[0] + view[2] / 2, view[1] + view[3] / 2];
        if (by < 1 && chosen) view = [x - view[2] / 2, y - view[3] / 2, view[2], view[3]];
        zoom(svg, data, by, x, y);
      };
    }
    if (focus && focus.name) {
      const again = [...svg.querySelectorAll("[tabindex]")].find((node) => node.dataset.name === focus.name && node.dataset.kind === focus.kind);
      if (again) again.focus();
    }
    return data.spots.length;
  }

  // Of something new, a link has ends and a place has coordinates.
  const kind = (value) => [value === "links", value !== "links"];

  window.dash_clientside = Object.assign({}, window.dash_clientside, { map: { draw, kind } });
})();
