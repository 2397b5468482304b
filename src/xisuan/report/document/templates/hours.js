// The map by the hour: everything is in the page, an hour is a matter of widths, radii and words.
const given = JSON.parse(document.getElementById("data").textContent);
const slider = document.getElementById("hour"), strip = document.getElementById("strip"), play = document.getElementById("play");
const count = +strip.dataset.hours;
const BEAT = 140;  // milliseconds an hour while it plays

// Two bytes a value, as shares of the largest.
function values([most, packed]) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  return Float64Array.from(new Uint16Array(bytes.buffer), (step) => (step * most) / 65535);
}

const years = given.years.map((year, at) => {
  const group = document.querySelectorAll("svg .year")[at], lists = document.querySelectorAll(".lists .year")[at];
  return {
    group, lists, year: year.year,
    mw: values(year.mw), gbps: values(year.gbps), mostMw: year.mw[0], mostGbps: year.gbps[0],
    streams: [...group.querySelectorAll(".stream")].map((path, n) => (
      { path, name: path.dataset.name, most: +path.dataset.most, wide: +path.dataset.wide, gbps: values(year.streams[n]), band: "" })),
    beats: [...group.querySelectorAll(".beat")].map((mark, n) => (
      { mark, disc: mark.querySelector(".stood"), name: mark.dataset.name, r: +mark.dataset.r, top: year.beats[n][0][0],
        mw: values(year.beats[n][0]), price: values(year.beats[n][1]), priced: year.beats[n][1][0] > 0,
        row: lists.querySelectorAll(".beat-row")[n]?.cells })),
    fullest: [...lists.querySelectorAll(".fullest tr")].map((row) => row.cells),
  };
});
let year = years.at(-1);

function moveTo(hour) {
  const words = given.words;
  document.getElementById("when").textContent = named(strip, hour);
  slider.setAttribute("aria-valuetext", named(strip, hour));
  strip.querySelector(".now").setAttribute("d", `M${hour + 0.5} 0V100`);
  document.getElementById("mw").textContent = `${round(year.mw[hour])} MW`;
  if (year.streams.length) document.getElementById("gbps").textContent = `${round(year.gbps[hour])} Gbps`;
  for (const one of year.streams) {
    const gbps = one.gbps[hour], load = gbps / one.most;
    const band = `l${Math.min(4, Math.floor(load * 5))}`;
    one.path.setAttribute("stroke-width", gbps > 0 ? Math.max(0.5, one.wide * Math.sqrt(load)) : 0);
    if (band !== one.band) one.path.setAttribute("class", `stream ${(one.band = band)}`);
    one.path.dataset.tip = `${one.name}\n${round(gbps)} / ${round(one.most)} Gbps\n${words.load}: ${round(100 * load)} %`;
  }
  for (const one of year.beats) {
    const mw = one.mw[hour], price = one.priced ? `${round(one.price[hour])}` : words.no_price;
    one.disc.setAttribute("r", one.top > 0 ? one.r * Math.sqrt(mw / one.top) : 0);
    one.mark.dataset.tip = `${one.name}\n${words.power}: ${round(mw)} MW\n${words.price}: ${price} ${one.priced ? words.price_unit : ""}`;
    if (one.row) { one.row[1].textContent = round(mw); one.row[2].textContent = price; }
  }
  const order = [...year.streams].sort((a, b) => b.gbps[hour] / b.most - a.gbps[hour] / a.most);
  year.fullest.forEach((cells, n) => {
    const one = order[n];
    cells[0].textContent = one.name;
    cells[1].textContent = round(one.gbps[hour]);
    cells[2].textContent = `${round((100 * one.gbps[hour]) / one.most)} %`;
  });
}

// The strip under the slider: power as an area, traffic as a line.
function drawStrip() {
  const steps = (list, most) => [...list].map((value) => `V${(97 - 92 * (most > 0 ? value / most : 0)).toFixed(1)}h1`).join("");
  strip.querySelector(".mw").setAttribute("d", `M0 100${steps(year.mw, year.mostMw)}V100z`);
  const line = steps(year.gbps, year.mostGbps);
  strip.querySelector(".gbps").setAttribute("d", year.streams.length ? `M0 ${line.slice(1, line.indexOf("h"))}${line}` : "");
}

function choose(at) {
  years.forEach((one, n) => {
    one.group.toggleAttribute("hidden", n !== at);
    one.lists.toggleAttribute("hidden", n !== at);
  });
  year = years[at];
  drawStrip();
  moveTo(+slider.value);
}

let timer = 0;
function stop() {
  clearInterval(timer);
  timer = 0;
  play.setAttribute("aria-pressed", "false");
  play.firstElementChild.textContent = "▶";
  play.querySelector("b").textContent = given.words.play;
}
play.addEventListener("click", () => {
  if (timer) return stop();
  timer = setInterval(() => {
    slider.value = (+slider.value + 1) % count;
    moveTo(+slider.value);
  }, BEAT);
  play.setAttribute("aria-pressed", "true");
  play.firstElementChild.textContent = "❚❚";
  play.querySelector("b").textContent = given.words.pause;
});
slider.addEventListener("input", () => { stop(); moveTo(+slider.value); });
strip.querySelector("svg").addEventListener("pointerdown", (event) => {
  const box = strip.querySelector("svg").getBoundingClientRect();
  stop();
  slider.value = Math.floor(((event.clientX - box.left) / box.width) * count);
  moveTo(+slider.value);
});
document.getElementById("year").addEventListener("change", (event) => choose(+event.target.value));
choose(years.length - 1);

// All hours of the chosen year, one row an hour: power and price of each site, and traffic of each direction.
offer(document.querySelector("figure"), "CSV", () => {
  const names = year.beats.flatMap((one) => [`${one.name} MW`, ...(one.priced ? [`${one.name} ${given.words.price_unit}`] : [])]);
  const rows = [[given.words.year, given.words.hour, ...names, ...year.streams.map((one) => `${one.name} Gbps`)]];
  const digits = (value) => String(+value.toPrecision(5));
  for (let hour = 0; hour < count; hour++) {
    const powers = year.beats.flatMap((one) => [one.mw[hour], ...(one.priced ? [one.price[hour]] : [])]);
    rows.push([year.year, named(strip, hour), ...[...powers, ...year.streams.map((one) => one.gbps[hour])].map(digits)]);
  }
  save(document.querySelector("figure"), "csv", table(rows));
});
