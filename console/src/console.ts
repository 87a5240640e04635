// What every page of the console does: light or dark, keys, picking a row, going back to now.
const root = document.documentElement;

function kept(key: string): string | null {
  try {
    return localStorage.getItem(`truceline.${key}`);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`truceline.${key}`, value);
  } catch {
    // a browser that keeps nothing shows the page all the same
  }
}

function isDark(): boolean {
  return (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function theme(name: string): void {
  root.dataset.theme = name;
  keep("theme", name);
}

const wanted = kept("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "");
if (wanted) root.dataset.theme = wanted;

function now(): void {
  const here = new URL(location.href);
  if (!here.searchParams.has("known_at")) return;
  here.searchParams.delete("known_at");
  location.assign(here);
}

// The board: a row opens its detail beside it.
function pickRow(id: string): void {
  for (const row of document.querySelectorAll<HTMLElement>("tr.row")) row.setAttribute("aria-selected", String(row.dataset.row === id));
  for (const article of document.querySelectorAll<HTMLElement>("[data-detail]")) article.hidden = article.dataset.detail !== id;
  for (const hint of document.querySelectorAll<HTMLElement>(".pane .pick")) hint.hidden = true;
}

// The watch: a row or a mark opens its evidence in the pane; the address says which, so that it can be handed on.
async function pickCase(id: string): Promise<void> {
  for (const row of document.querySelectorAll<HTMLElement>(".qrow")) {
    if (row.dataset.pick === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  const pane = document.getElementById("evidence");
  if (!pane || !id.startsWith("incident")) return;
  const here = new URL(location.href);
  here.searchParams.set("at", id);
  history.replaceState(null, "", here);
  const asked = new URL(`/evidence/${encodeURIComponent(id)}`, location.origin);
  for (const name of ["known_at", "lang"]) {
    const value = here.searchParams.get(name);
    if (value) asked.searchParams.set(name, value);
  }
  const answer = await fetch(asked);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  pane.replaceChildren(...page.body.childNodes);
  pane.scrollTop = 0;
}

function move(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".qrow, tr.row")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true" || row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (!next) return;
  (next.querySelector<HTMLElement>(".rowbtn") ?? next).focus();
  if (next.dataset.row) pickRow(next.dataset.row);
  else if (next.dataset.pick) document.dispatchEvent(new CustomEvent("truceline:pick", { detail: next.dataset.pick }));
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target.closest("[data-act=theme]")) theme(isDark() ? "light" : "dark");
  const row = target.closest<HTMLElement>("tr.row, [data-act=pick]");
  if (row?.dataset.row) pickRow(row.dataset.row);
  const picked = target.closest<HTMLElement>("[data-pick]");
  if (picked?.dataset.pick && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("truceline:pick", { detail: picked.dataset.pick }));
  }
});
document.addEventListener("truceline:pick", (event) => void pickCase((event as CustomEvent<string>).detail));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as Element).matches("select, textarea, input:not([type=range])")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "t") now();
  else if (event.key === "d") theme(isDark() ? "light" : "dark");
  else if (event.key === "?") document.querySelector<HTMLDialogElement>("#keys-help")?.showModal();
});

const rows = [...document.querySelectorAll<HTMLElement>("tr.row")].map((row) => row.dataset.row ?? "");
const named = decodeURIComponent(location.hash.slice(1));
if (rows[0]) pickRow(rows.includes(named) ? named : rows[0]);
