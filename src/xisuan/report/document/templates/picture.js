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

const numbers = (figure) => table([...figure.querySelectorAll(".numbers tr")].map((row) => [...row.cells].map((one) => one.textContent)));

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
  if (figure.querySelector(".numbers")) offer(figure, "CSV", () => save(figure, "csv", numbers(figure)));
});
