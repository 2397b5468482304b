"use strict";
// Pages ask by themselves; the server is told when nobody has touched one for a minute, so that sessions end unused.
let touched = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
  addEventListener(kind, () => { touched = Date.now(); }, { capture: true, passive: true });
const plain = window.fetch;
const marked = (where, how) => {
  if (Date.now() - touched < 60000) return plain(where, how);
  const headers = new Headers(how.headers);
  headers.set("X-Unused", "1");
  return plain(where, { ...how, headers });
};
// A request after the end of the session: the page stays with what was changed on it, and says how to sign in again.
window.fetch = async (where, how = {}) => {
  const asked = String(where.url ?? where).includes("/_dash-");
  // Without an answer the framework leaves off what it set while it waited, so that a page would never ask again.
  const answer = await marked(where, how).catch((failure) => { if (asked) return new Response(null, { status: 503 }); throw failure; });
  if (!asked) return answer;
  const ended = answer.status === 401, save = SAVES.find((name) => String(how.body).includes(`"${name}.n_clicks"`));
  document.getElementById("expired").hidden = !ended;
  if (save) unsent = ended ? save : "";
  return answer;
};
// What was to be saved then is saved once the same person has signed in again, in whichever tab.
const SAVES = ["grid-save", "map-save", "options-save"], tabs = new BroadcastChannel("xisuan-signed-in"), person = document.body.dataset.person;
let unsent = "";
tabs.postMessage(person);
tabs.addEventListener("message", (event) => {
  const notice = document.getElementById("expired");
  if (notice.hidden || event.data !== person) return;
  notice.hidden = true;
  document.getElementById(unsent)?.click();
});
// Leaving: the one thing that is neither a link nor a verb of the pages.
document.addEventListener("click", async (event) => {
  if (event.target.id !== "leave") return;
  const name = `${document.body.dataset.csrf}=`;
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(name));
  await fetch("/logout", { method: "POST", headers: { "X-CSRFToken": cookie ? cookie.slice(name.length) : "" } });
  location.assign("/login");
});
// What the components leave without a name for a screen reader, or name twice.
setInterval(() => {
  for (const file of document.querySelectorAll(".upload input[type=file]:not([aria-label])"))
    file.setAttribute("aria-label", file.closest(".upload").textContent);
  for (const head of document.querySelectorAll("header.mantine-Modal-header:not([role])")) head.setAttribute("role", "none");
}, 200);
// On a phone the columns that stand still would leave two thirds of one for all others: the line alone does.
const narrow = matchMedia("(max-width: 760px)");
setInterval(() => {
  if (!narrow.matches || !document.querySelector("#grid .ag-pinned-left-header .ag-header-cell")) return;
  const api = window.dash_ag_grid.getApi("grid"), keys = (column) => [column.getColDef().cellClass].flat().includes("key");
  const still = api.getColumns().filter((column) => column.isPinned() && keys(column));
  if (still.length) api.setColumnsPinned(still, null);
}, 200);
// Nothing that was changed is left behind without a word. Until the check has answered, what was typed tells.
let typed = false;
const unsaved = () => typed || document.querySelector(".unsaved") !== null;
document.addEventListener("input", (event) => { if (event.target.closest("#grid .ag-cell-inline-editing")) typed = true; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && event.target.closest("#grid")) typed = false; });
document.addEventListener("click", (event) => {
  if (event.target.closest("#grid-save, #map-save")) typed = false;
  const way = event.target.closest("a[href], #run-now, #run-quick"), link = way?.matches("a");
  if (!way || !unsaved() || (link && (way.target || way.hasAttribute("download") || way.getAttribute("href").startsWith("#")))) return;
  if (confirm(document.body.dataset.leaving)) {
    typed = false;
    for (const said of document.querySelectorAll(".unsaved")) said.classList.remove("unsaved");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
// A new page is read from its beginning.
let path = location.pathname;
setInterval(() => {
  if (typed && document.querySelector(".unsaved")) typed = false;
  if (location.pathname === path) return;
  path = location.pathname;
  typed = false;
  scrollTo(0, 0);
}, 200);
// A page stands still while the server is away, and says so from the second question on that is not answered.
let missed = 0;
const ask = async () => {
  if (document.hidden) return;
  const answered = await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(4000) }).then((one) => one.ok, () => false);
  missed = answered ? 0 : missed + 1;
  document.getElementById("away").hidden = missed < 2;
};
setInterval(ask, 5000);
// A report is as high as its content, so that the page has one scroll bar. It is a sandboxed document, which tells its
// height, and the place of a heading that was clicked.
addEventListener("message", (event) => {
  const { observations } = event.data ?? {};
  const review = document.querySelector("iframe.report:not(.whole)");
  if (typeof observations === "string" && review?.contentWindow === event.source && /^\/scenarios\/[0-9a-f]+\/read\//.test(location.pathname))
    window.dash_clientside.set_props("review-rows", { data: observations });
  const frame = [...document.querySelectorAll("iframe.report.whole")].find((one) => one.contentWindow === event.source);
  const { height, top } = event.data ?? {};
  if (frame && Number.isFinite(height)) frame.style.height = `${Math.min(Math.max(height, 300), 200000)}px`;
  if (frame && Number.isFinite(top)) scrollTo({ top: frame.getBoundingClientRect().top + scrollY + top - 80 });
});
// The box for a file ignores one above its limit: the message below it is shown then.
for (const kind of ["change", "drop"])
  addEventListener(kind, (event) => {
    const note = document.getElementById(`${event.target.closest?.("[id$=-upload]")?.id}-refused`);
    const files = event.dataTransfer?.files ?? event.target.files ?? [];
    if (note) note.hidden = ![...files].some((file) => file.size > Number(note.dataset.largest));
  }, true);
