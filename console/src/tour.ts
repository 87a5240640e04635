// The tour for newcomers: a card beside the thing that it speaks of, page after page. In an exercise it begins by itself once.
const CARD = document.getElementById("tour");
const KEPT = "truceline.tour";
const GAP = 12;

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    // a browser that keeps nothing is not led from page to page
    return "left";
  }
}

function keep(word: "on" | "left"): void {
  try {
    localStorage.setItem(KEPT, word);
  } catch {
    // then it ends with the page
  }
}

function part<T extends HTMLElement>(name: string): T | null {
  return CARD?.querySelector<T>(`[data-tour=${name}]`) ?? null;
}

interface Step {
  at: HTMLElement;
  title: string;
  text: string;
}

function step(item: HTMLElement, at: HTMLElement): Step {
  return { at, title: item.querySelector("b")?.textContent ?? "", text: item.querySelector("p")?.textContent ?? "" };
}

/** What the page holds of the tour: a step whose thing is not there now (no round, nothing to review) is passed over. */
function steps(): Step[] {
  const items = [...(CARD?.querySelectorAll<HTMLElement>("ol > li") ?? [])];
  const found = items.flatMap((item) => {
    const at = document.querySelector<HTMLElement>(item.dataset.at ?? "");
    return at?.getClientRects().length ? [step(item, at)] : [];
  });
  // a page that is empty is told of all the same, or the tour would end there
  const whole = document.getElementById("main");
  return found.length || !items[0] || !whole ? found : [step(items[0], whole)];
}

// Beneath, above, or beside the thing, wherever the card fits; inside it where it fills the window.
function place(card: HTMLElement, at: HTMLElement): void {
  const [thing, own] = [at.getBoundingClientRect(), card.getBoundingClientRect()];
  const [width, height] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
  const isRtl = document.documentElement.dir === "rtl";
  let top = Math.max(thing.top, GAP) + GAP;
  let left = isRtl ? thing.right - own.width - GAP : thing.left + GAP;
  const [before, after] = [thing.left - own.width - GAP, thing.right + GAP];
  if (thing.bottom + GAP + own.height <= height) top = thing.bottom + GAP;
  else if (thing.top - GAP - own.height >= 0) top = thing.top - GAP - own.height;
  else if (after + own.width <= width) left = after;
  else if (before >= 0) left = before;
  card.style.top = `${Math.max(GAP, Math.min(top, height - own.height - GAP))}px`;
  card.style.left = `${Math.max(GAP, Math.min(left, width - own.width - GAP))}px`;
}

let here: Step[] = [];
let now = 0;
let before: Element | null = null;

function show(): void {
  const shown = here[now];
  const [title, text, of, next, on, back] = [part("title"), part("text"), part("of"), part("next"), part("on"), part("back")];
  if (!CARD || !shown || !title || !text || !of || !next || !back) return;
  for (const one of document.querySelectorAll(".toured")) one.classList.remove("toured");
  shown.at.classList.add("toured");
  // a thing that is taller than the window is not scrolled away under the top bar
  const { top, bottom } = shown.at.getBoundingClientRect();
  if (top < 0 || top > innerHeight - 80 || (bottom > innerHeight && bottom - top < innerHeight)) shown.at.scrollIntoView({ block: "nearest" });
  title.textContent = shown.title;
  text.textContent = shown.text;
  of.textContent = (CARD.dataset.of ?? "").replace("{at}", String(now + 1)).replace("{all}", String(here.length));
  const isLast = now === here.length - 1;
  next.hidden = isLast;
  if (on) on.hidden = !isLast;
  back.hidden = now === 0;
  CARD.hidden = false;
  place(CARD, shown.at);
  (isLast ? (on ?? part("leave")) : next)?.focus({ preventScroll: true });
}

function leave(): void {
  if (!CARD || CARD.hidden) return;
  keep("left");
  CARD.hidden = true;
  for (const one of document.querySelectorAll(".toured")) one.classList.remove("toured");
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

function go(by: number): void {
  now = Math.max(0, Math.min(here.length - 1, now + by));
  show();
}

export function beginTour(): void {
  here = steps();
  now = 0;
  before = document.activeElement;
  if (!here.length) return;
  keep("on");
  show();
}

part("next")?.addEventListener("click", () => go(1));
part("back")?.addEventListener("click", () => go(-1));
part("leave")?.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
});
window.addEventListener("resize", () => {
  const shown = here[now];
  if (CARD && shown && !CARD.hidden) place(CARD, shown.at);
});

const begun = kept();
if (CARD && (begun === "on" || (begun === null && document.documentElement.dataset.realm === "exercise"))) beginTour();
