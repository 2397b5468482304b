// A figure as a PNG: its markup and the style of the page, drawn by the browser itself, twice as large.
const PICTURE_SCALE = 2;

async function picture(figure) {
  const box = figure.getBoundingClientRect(), width = Math.ceil(box.width), height = Math.ceil(box.height);
  const copy = figure.cloneNode(true);
  copy.querySelectorAll(".as-picture, .numbers, select").forEach((part) => part.remove());
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
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * PICTURE_SCALE;
  canvas.height = height * PICTURE_SCALE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const title = figure.querySelector("figcaption")?.firstChild?.textContent.trim() || document.title;
  const link = document.createElement("a");
  link.download = `${title.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 60)}.png`;
  link.href = canvas.toDataURL("image/png");
  link.click();
}

document.querySelectorAll("figure").forEach((figure) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-picture";
  button.textContent = "PNG";
  button.setAttribute("aria-label", `PNG: ${figure.querySelector("figcaption")?.textContent.trim() ?? ""}`);
  button.addEventListener("click", () => picture(figure));
  figure.append(button);
});
