// Review: one claim after another, by mouse or by single keys. An act is written before the next claim is shown, and can be taken
// back for thirty seconds; where somebody else acted meanwhile, nothing is written over.
import { act as write, type Body, type Written } from "./ours";

const main = document.querySelector<HTMLElement>("[data-review]");
const cards = [...document.querySelectorAll<HTMLElement>(".claimcard")];
let at = 0;
let last: { card: HTMLElement; written: Written } | undefined;

function shown(): HTMLElement | undefined {
  return cards[at];
}

function show(index: number): void {
  at = Math.max(0, Math.min(cards.length - 1, index));
  cards.forEach((card, n) => {
    card.hidden = n !== at;
  });
  shown()?.querySelector("mark.now")?.scrollIntoView({ block: "nearest" });
  step("choose");
  offerUndo();
}

function step(name: "choose" | "reject" | "mend"): void {
  for (const part of shown()?.querySelectorAll<HTMLElement>("[data-step]") ?? []) {
    part.hidden = part.dataset.step !== name && part.dataset.step !== "choose";
  }
  if (name === "mend") shown()?.querySelector<HTMLElement>("form.mendform select")?.focus();
  if (name === "reject") shown()?.querySelector<HTMLElement>("[data-reason]")?.focus();
}

function say(text: string, isBad = false): void {
  const line = shown()?.querySelector<HTMLElement>(".reviewsays");
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("bad", isBad);
}

async function post(address: string, body: Body): Promise<Written | undefined> {
  const told = await write(address, body);
  if ("entry" in told) return told;
  if (!told.status) say(main?.dataset.wordsOffline ?? "", true);
  else say(told.status === 409 ? (main?.dataset.wordsConflict ?? "") : [told.what, told.todo].filter(Boolean).join(" · "), true);
  return undefined;
}

async function decide(body: Body, words: string): Promise<void> {
  const card = shown();
  if (!card || card.dataset.done) return;
  const written = await post(`/api/v1/claims/${encodeURIComponent(card.dataset.claim ?? "")}/review`, { ...body, seen: Number(card.dataset.version) });
  if (!written) return;
  card.dataset.done = "1";
  last = { card, written };
  const next = cards.findIndex((one, n) => n > at && !one.dataset.done);
  const rest = next >= 0 ? next : cards.findIndex((one) => !one.dataset.done);
  if (rest >= 0) show(rest);
  say(words);
  offerUndo();
  // the item is done: the next one is opened once there was time to take the last act back
  if (rest < 0 && main?.dataset.next) setTimeout(() => last?.card === card && location.assign(main.dataset.next ?? ""), 2_500);
}

function offerUndo(): void {
  const button = shown()?.querySelector<HTMLElement>("[data-undo]");
  if (!button) return;
  const left = last ? Date.parse(last.written.undo_until) - Date.now() : 0;
  button.hidden = left <= 0;
  if (left > 0) setTimeout(() => (button.hidden = !last || Date.parse(last.written.undo_until) <= Date.now()), left + 50);
}

async function undo(): Promise<void> {
  if (!last) return;
  const { card, written } = last;
  const back = await post("/api/v1/corrections", { entry: written.entry, step: "undo", seen: written.version });
  if (!back) return;
  last = undefined;
  delete card.dataset.done;
  card.dataset.version = String(back.version);
  show(cards.indexOf(card));
  say(main?.dataset.wordsUndone ?? "");
}

async function mend(form: HTMLFormElement): Promise<void> {
  const card = form.closest<HTMLElement>(".claimcard");
  const answer = await fetch(`/api/v1/claims/${encodeURIComponent(card?.dataset.claim ?? "")}`, { headers: { accept: "application/json" } });
  const claim = (await answer.json()) as { quantities: { value: number | string }[]; when: object | null };
  const fields = new FormData(form);
  const was = (name: string): string => [...(form.elements.namedItem(name) as HTMLSelectElement).options].find((one) => one.defaultSelected)?.value ?? "";
  const mended: Body = {};
  for (const name of ["type", "polarity"]) {
    const value = String(fields.get(name));
    if (value !== (was(name) || "affirmed")) mended[name] = value;
  }
  const place = form.elements.namedItem("place") as HTMLSelectElement;
  if (place.value !== was("place")) mended.places = place.value ? [{ id: place.value, label: place.selectedOptions[0]?.text ?? place.value }] : [];
  const figures = [...form.querySelectorAll<HTMLInputElement>("input[name=figure]")].filter((one) => one.value !== one.defaultValue);
  if (figures.length) {
    mended.quantities = claim.quantities.map((quantity, n) => {
      const typed = figures.find((one) => Number(one.dataset.at) === n);
      return typed ? { ...quantity, value: typeof quantity.value === "string" ? typed.value : Number(typed.value) } : quantity;
    });
  }
  const [start, end] = ["start", "end"].map((name) => form.elements.namedItem(name) as HTMLInputElement);
  if (start && end && (start.value !== start.defaultValue || end.value !== end.defaultValue)) {
    mended.when = { start: start.value || null, end: end.value || start.value || null, precision: start.value ? "day" : "unknown", basis: "a person read it" };
  }
  await decide({ step: "supersede", mended }, main?.dataset.wordsSupersede ?? "");
}

function act(name: string): void {
  if (name === "accept") void decide({ step: "accept" }, main?.dataset.wordsAccept ?? "");
  else step(name === "reject" ? "reject" : "mend");
}

document.addEventListener("click", (event) => {
  const target = (event.target as Element).closest<HTMLElement>("[data-go], [data-decide], [data-reason], [data-undo]");
  if (!target) return;
  if (target.dataset.go) show(at + Number(target.dataset.go));
  else if (target.dataset.decide) act(target.dataset.decide);
  else if (target.dataset.reason) void decide({ step: "reject", reason: target.dataset.reason }, main?.dataset.wordsReject ?? "");
  else void undo();
});
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches(".mendform")) return;
  event.preventDefault();
  void mend(form);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if ((event.target as Element).matches("select, textarea, input")) return;
  const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const reasons = shown()?.querySelector<HTMLElement>(".reasonlist:not([hidden])");
  const reason = /^[1-9]$/.test(key) ? reasons?.querySelectorAll<HTMLElement>("[data-reason]")[Number(key) - 1] : undefined;
  if (reason) reason.click();
  else if (key === "a") act("accept");
  else if (key === "r") act("reject");
  else if (key === "m") act("mend");
  else if (key === "j") show(at + 1);
  else if (key === "k") show(at - 1);
  else if (key === "u") void undo();
  else if (key === "Escape") step("choose");
  else return;
  event.preventDefault();
});
if (cards.length) show(0);
