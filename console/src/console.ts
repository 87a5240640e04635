// What every page of the console does: light or dark, keys, picking a row, the moment, the palette, what is new.
import { keepFresh } from "./fresh";
import { listen } from "./listening";
import { type Does, palette } from "./palette";
import { beginTour } from "./tour";

const root = document.documentElement;
const spoken = document.getElementById("said");

function theme(): void {
  const name = root.dataset.theme === "dark" ? "light" : "dark";
  root.dataset.theme = name;
  try {
    localStorage.setItem("truceline.theme", name);
  } catch {
    // a browser that keeps nothing shows the page all the same
  }
  document.dispatchEvent(new CustomEvent("truceline:theme"));
}

function now(): void {
  const here = new URL(location.href);
  if (!here.searchParams.has("known_at")) return;
  here.searchParams.delete("known_at");
  location.assign(here);
}

function help(): void {
  document.querySelector<HTMLDialogElement>("#keys-help")?.showModal();
}

// The board: a row opens its detail beside it.
function pickRow(id: string): void {
  for (const row of document.querySelectorAll<HTMLElement>("tr.row")) row.setAttribute("aria-selected", String(row.dataset.row === id));
  for (const article of document.querySelectorAll<HTMLElement>("[data-detail]")) article.hidden = article.dataset.detail !== id;
  for (const hint of document.querySelectorAll<HTMLElement>(".pane .pick")) hint.hidden = true;
}

// The watch: a row or a mark opens its evidence in the pane; the address says which, so that it can be handed on.
function picked(id: string): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-row-id]")) {
    if (row.dataset.rowId === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  for (const card of document.querySelectorAll<HTMLElement>(".card[data-pick]")) card.classList.toggle("picked", card.dataset.pick === id);
  document.getElementById("evidence")?.classList.add("shown");
}

/** Writes into the address which case is open, and returns the address. */
function named(id: string): URL {
  const here = new URL(location.href);
  here.searchParams.set("at", id);
  history.replaceState(null, "", here);
  return here;
}

function openCase(id: string): void {
  picked(id);
  const main = document.querySelector<HTMLElement>("[data-page=incident]");
  if (main) {
    location.reload();
    return;
  }
  const here = named(id);
  const asked = new URLSearchParams({ lang: root.lang });
  const moment = here.searchParams.get("known_at");
  if (moment) asked.set("known_at", moment);
  if (document.getElementById("evidence")) {
    void window.htmx?.ajax("GET", `/evidence/${encodeURIComponent(id)}?${asked}`, { target: "#evidence", swap: "innerHTML show:#evidence:top" });
  }
}

function move(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".qrow, tr.row")];
  const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true" || row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (!next) return;
  (next.querySelector<HTMLElement>(".rowbtn") ?? next).focus();
  if (next.dataset.row) pickRow(next.dataset.row);
  else if (next.dataset.pick) document.dispatchEvent(new CustomEvent("truceline:pick", { detail: next.dataset.pick }));
  else if (next.dataset.rowId) picked(next.dataset.rowId);
}

function position(): void {
  const field = document.querySelector<HTMLElement>("form.position input[name=happened]");
  (field ?? document.querySelector<HTMLElement>("[data-propose]"))?.focus();
}

// The slider says the moment while it moves, and shows it once it is let go.
function slideTo(input: HTMLInputElement, isDone: boolean): void {
  const box = input.closest<HTMLElement>(".slide");
  const words = (input.dataset.words ?? "").split("|")[Number(input.value)] ?? "";
  const says = box?.querySelector<HTMLElement>("[data-slide-says]");
  if (says) says.textContent = words;
  input.setAttribute("aria-valuetext", words);
  const day = (box?.dataset.days ?? "").split(" ")[Number(input.value)];
  if (!isDone || !day) return;
  const here = new URL(location.href);
  if (here.searchParams.get("known_at") === day) return;
  here.searchParams.set("known_at", day);
  location.assign(here);
}

const does: Does = { theme, help, tour: () => beginTour() };
const openPalette = palette(does);

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open], details.layers[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  const act = target.closest<HTMLElement>("[data-act]")?.dataset.act;
  if (act === "theme") theme();
  else if (act === "help") help();
  else if (act === "tour") beginTour();
  else if (act === "sheet") document.getElementById("evidence")?.classList.remove("shown");
  else if (act === "palette" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openPalette();
  }
  const row = target.closest<HTMLElement>("tr.row, [data-act=pick]");
  if (row?.dataset.row) pickRow(row.dataset.row);
  const chosen = target.closest<HTMLElement>("[data-pick]");
  if (!chosen?.dataset.pick || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("truceline:pick", { detail: chosen.dataset.pick }));
});
document.addEventListener("truceline:pick", (event) => {
  const id = (event as CustomEvent<string>).detail;
  const row = document.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(id)}"][hx-get]`);
  picked(id);
  // a row says itself where its evidence comes from; without one, a mark of the map asks for it
  if (row && window.htmx) {
    named(id);
    window.htmx.trigger(row, "truceline-open");
  } else openCase(id);
});
document.addEventListener("input", (event) => {
  const input = event.target as HTMLInputElement;
  if (input.dataset.slide !== undefined) slideTo(input, false);
});
document.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  if (input.dataset.slide !== undefined) slideTo(input, true);
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape") document.getElementById("evidence")?.classList.remove("shown");
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if ((event.target as Element).matches("select, textarea, input")) return;
  // Where pages have keys of their own for moving, they move; the code of a key stands for its letter on any keyboard.
  const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  if (key === "j" && !document.querySelector("[data-review]")) move(1);
  else if (key === "k" && !document.querySelector("[data-review]")) move(-1);
  else if (key === "t") now();
  else if (key === "d") theme();
  else if (key === "v") position();
  else if (key === "o") document.querySelector<HTMLAnchorElement>("[data-opens]")?.click();
  else if (event.key === "/") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "?") help();
  else document.querySelector<HTMLElement>(`#palette [data-jump="${CSS.escape(key)}"]`)?.click();
});

// The clocks go on while a page stands.
const clock = document.querySelector<HTMLElement>(".clock");
if (clock) {
  const zone = clock.dataset.zone;
  const write = (name: string, timeZone: string | undefined, tail: string): void => {
    const place = clock.querySelector<HTMLElement>(`[data-clock=${name}]`);
    const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone, numberingSystem: "latn" };
    if (place) place.textContent = new Intl.DateTimeFormat("en-GB", options).format(new Date()) + tail;
  };
  setInterval(() => {
    write("local", zone, "");
    write("utc", "UTC", "Z");
  }, 5_000);
}

for (const [name, isBusy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]] as const) {
  document.addEventListener(name, (event) => {
    const target = (event as CustomEvent<{ target?: HTMLElement }>).detail.target;
    if (!isBusy) target?.classList.remove("loading");
    else setTimeout(() => target?.classList.toggle("loading", target.matches(".htmx-request") || Boolean(document.querySelector(".htmx-request"))), 400);
  });
}

if (document.body.dataset.listen) listen(document.body.dataset.listen, spoken, openCase);

const rows = [...document.querySelectorAll<HTMLElement>("tr.row")].map((row) => row.dataset.row ?? "");
const anchor = decodeURIComponent(location.hash.slice(1));
if (rows[0]) pickRow(rows.includes(anchor) ? anchor : rows[0]);
const shown = document.querySelector<HTMLElement>("#evidence [data-case]");
if (shown && new URLSearchParams(location.search).has("at")) document.getElementById("evidence")?.classList.add("shown");
for (const part of document.querySelectorAll<HTMLElement>("[data-fresh]")) keepFresh(part);
