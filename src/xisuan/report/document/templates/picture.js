// A figure as a file: an SVG of its markup and the style of the page, a PNG that the browser draws from it twice as large,
// and its numbers as CSV.
const PICTURE_SCALE = 2;

function drawing(figure) {
  const box = figure.getBoundingClientRect(), width = Math.ceil(box.width), height = Math.ceil(box.height);
  const copy = figure.cloneNode(true);
  copy.querySelectorAll(".saves, .numbers, select").forEach((part) => part.remove());
  const body = document.createElement("body");
  body.className = document.body.className;
  body.style.cssText = "margin:0;padding:0;background:var(--paper)";
  body.append(copy);
  copy.style.margin = "0";
  const page = document.createElement("html");
  page.lang = document.documentElement.lang;
  const style = document.createElement("style");
  style.textContent = document.querySelector("style").textContent;
  page.append(style, body);
  const sheet = document.createElement("template");
  sheet.innerHTML = `<svg width="${width}" height="${height}"><foreignObject width="100%" height="100%"></foreignObject></svg>`;
  sheet.content.firstChild.firstChild.append(page);
  const svg = new XMLSerializer().serializeToString(sheet.content.firstChild);
  return { width, height, source: "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg) };
}

function save(figure, kind, source) {
  const title = figure.querySelector("figcaption")?.firstChild?.textContent.trim() || document.title;
  const link = document.createElement("a");
  link.download = `${title.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 60)}.${kind}`;
  link.href = source;
  link.click();
}

async function picture(figure) {
  const { width, height, source } = drawing(figure), image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * PICTURE_SCALE;
  canvas.height = height * PICTURE_SCALE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  save(figure, "png", canvas.toDataURL("image/png"));
}

function table(rows) {
  const cell = (text) => `"${text.trim().replace(/\s+/g, " ").replace(/"/g, '""')}"`;
  const lines = rows.map((row) => row.map((one) => cell(String(one))).join(","));
  return "data:text/csv;charset=utf-8," + encodeURIComponent("\ufeff" + lines.join("\r\n"));
}

// The rows of a figure: all its hours where it has hours, otherwise the table beneath it; null where it has neither.
function rowsOf(figure) {
  const words = [...figure.querySelectorAll("[data-words]")].map((one) => one.dataset.words.split("|"))[0];
  const area = figure.querySelector("[data-hours]"), days = figure.querySelector("[data-days]");
  const slider = figure.querySelector("[data-moments]"), listed = [...figure.querySelectorAll(".numbers tr")];
  if (area) return rowsOfHours(area);
  if (days) return rowsOfDays(days);
  if (slider) return rowsOfMoments(figure, slider.dataset.moments.split(";"), words);
  return listed.length ? listed.map((row) => [...row.cells].map((one) => one.textContent)) : null;
}

// One row an hour, a column for each series.
function rowsOfHours(area) {
  const paths = [...area.querySelectorAll("path[data-name]")].reverse();
  const heads = ["", ...paths.map((path) => `${path.dataset.name}, ${area.dataset.unit}`)];
  return [heads, ...Array.from({ length: +area.dataset.hours }, (_, hour) => [named(area, hour), ...paths.map((path) => hourly(path)[hour])])];
}

// One row a day, a column for each hour of it.
function rowsOfDays(area) {
  const values = hourly(area), names = area.dataset.days.split(";").slice(0, -1).flatMap((month) => {
    const [name, count] = month.split(",");
    return Array.from({ length: +count }, (_, day) => `${name} ${day + 1}`);
  });
  const heads = ["", ...Array.from({ length: 24 }, (_, hour) => `${hour}:00`)];
  return [heads, ...names.map((name, day) => [name, ...values.slice(24 * day, 24 * day + 24)])];
}

// One row for each hour and site of a simulation.
function rowsOfMoments(figure, moments, [busy, waiting, down, hour, site]) {
  const sites = [...figure.querySelectorAll(".pulse")].map(({ dataset }) => (
    { name: dataset.name, ...Object.fromEntries(["busy", "waiting", "up"].map((key) => [key, dataset[key].split(",").map(Number)])) }));
  const heads = [hour, site, `${busy}, %`, waiting, `${down}, %`], share = (value) => +(100 * value).toFixed(1);
  return [heads, ...moments.flatMap((name, at) => sites.map((one) => [name, one.name, share(one.busy[at]), one.waiting[at], share(1 - one.up[at])]))];
}

// A button that saves a figure as a file of one kind.
function offer(figure, kind, make) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-picture";
  button.textContent = kind;
  button.setAttribute("aria-label", `${kind}: ${figure.querySelector("figcaption")?.textContent.trim() ?? ""}`);
  button.addEventListener("click", make);
  figure.querySelector(".saves").append(button);
}

document.querySelectorAll("figure").forEach((figure) => {
  const buttons = document.createElement("div");
  buttons.className = "saves";
  figure.append(buttons);
  offer(figure, "PNG", () => picture(figure));
  offer(figure, "SVG", () => save(figure, "svg", drawing(figure).source));
  if (rowsOf(figure)) offer(figure, "CSV", () => save(figure, "csv", table(rowsOf(figure))));
});
