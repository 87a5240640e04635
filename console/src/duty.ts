// Acts of the watch: a form says where it goes; what looks wrong is asked about before anything is written; what was written can
// be taken back for thirty seconds. Where somebody else acted meanwhile, nothing is written over.
import { act, type Body, handIn, type Refused, type Written } from "./ours";

type Asked = NonNullable<Refused["questions"]>[number];

const KEPT = "duty.written";
const main = document.querySelector<HTMLElement>("[data-duty]");
const line = main?.querySelector<HTMLElement>(".dutysays span");
const undoButton = main?.querySelector<HTMLButtonElement>("[data-undo]");
const confirmed = new WeakMap<HTMLFormElement, Set<string>>();
let last: (Written & { words: string }) | undefined;

function say(text: string, isBad = false): void {
  if (!line) return;
  line.textContent = text;
  line.parentElement?.classList.toggle("bad", isBad);
}

function words(name: string): string {
  return main?.dataset[name] ?? "";
}

function put(body: Body, path: string, value: unknown): void {
  const [head, ...rest] = path.split(".");
  if (!head) return;
  if (!rest.length) body[head] = value;
  else put((body[head] ??= {}) as Body, rest.join("."), value);
}

function bodyOf(form: HTMLFormElement, by: HTMLElement | null): Body {
  const body: Body = {};
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) || !field.name) continue;
    const value = field.value.trim();
    if (field.dataset.many !== undefined) {
      if ((field as HTMLInputElement).checked) body[field.name] = [...((body[field.name] as string[]) ?? []), value];
    } else if (field.dataset.json !== undefined) put(body, field.name, JSON.parse(value || "null"));
    else if (value) put(body, field.name, field.dataset.number === undefined ? value : Number(value.replace(",", ".")));
  }
  if (by instanceof HTMLButtonElement && by.name) body[by.name] = by.value;
  if (form.dataset.seen) body.seen = Number(form.dataset.seen);
  const codes = confirmed.get(form);
  if (codes?.size) body.confirmed = [...codes];
  return body;
}

async function send(form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const told = await act(form.dataset.act ?? "", bodyOf(form, by));
  delete form.dataset.busy;
  if ("entry" in told) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...told, words: form.dataset.said ?? "" }));
    location.reload();
  } else if (told.questions) ask(form, by, told.questions);
  else if (told.code === "act.changed" || told.code === "act.state" || told.code?.startsWith("watch.")) say([words("wordsConflict"), told.what].join(" "), true);
  else refuse(told);
}

// Files go in one after the other: each says by itself what was taken of it.
async function hand(form: HTMLFormElement): Promise<void> {
  const files = [...(form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [])];
  const list = form.querySelector<HTMLElement>(".refusals");
  const told = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string");
  if (form.dataset.busy || !files.length || !list) return;
  form.dataset.busy = "1";
  list.replaceChildren();
  let taken = 0;
  for (const [at, file] of files.entries()) {
    say(`${at + 1} / ${files.length} · \u2068${file.name}\u2069`);
    const became = await handIn(form.dataset.act ?? "", file, told);
    taken += Array.isArray(became.taken) ? became.taken.length : became.taken;
    for (const one of became.refused) {
      const row = document.createElement("li");
      row.textContent = [`\u2068${one.file}\u2069: ${one.what || words("wordsOffline")}`, one.todo].filter(Boolean).join(" · ");
      list.append(row);
    }
  }
  list.hidden = !list.childElementCount;
  say((form.dataset.said ?? "").replace("{n}", String(taken)), !taken);
  form.reset();
  delete form.dataset.busy;
}

function refuse(told: Refused): void {
  say(told.status ? [told.what, told.todo].filter(Boolean).join(" · ") : words("wordsOffline"), true);
}

function question(one: Asked): string {
  const kind = one.code.startsWith("ampm") ? "Ampm" : one.code.startsWith("future") ? "Future" : one.code.includes("swapped") ? "Swapped" : one.code === "position.outside" ? "Outside" : "";
  return kind ? words(`ask${kind}`).replace("{x}", `\u2068${one.code.slice(one.code.indexOf(":") + 1)}\u2069`) : one.what;
}

function choice(text: string, does: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = text;
  button.addEventListener("click", does);
  return button;
}

function ask(form: HTMLFormElement, by: HTMLElement | null, questions: Asked[]): void {
  const box = form.querySelector<HTMLElement>(".asks");
  if (!box) return;
  const head = document.createElement("h3");
  head.textContent = words("askTitle");
  box.replaceChildren(head);
  for (const one of questions) {
    const row = document.createElement("p");
    row.append(`${question(one)} `);
    for (const [text, fill] of instead(form, one)) row.append(choice(words("askRather").replace("{x}", `\u2068${text}\u2069`), () => (fill(), void send(form, by))), " ");
    if (one.field === "pasted" || !Array.isArray(one.instead)) {
      row.append(
        choice(words("askYes"), () => {
          const codes = confirmed.get(form) ?? new Set<string>();
          confirmed.set(form, codes.add(one.code));
          void send(form, by);
        }),
      );
    }
    box.append(row);
  }
  box.hidden = false;
  box.querySelector("button")?.focus();
}

function instead(form: HTMLFormElement, one: Asked): [string, () => void][] {
  const field = (name: string): HTMLInputElement | null => form.elements.namedItem(name) as HTMLInputElement | null;
  if (Array.isArray(one.instead)) {
    const time = field("when") ?? field("since");
    const day = time?.value.match(/^\d{4}-\d{2}-\d{2}[ T]/)?.[0] ?? "";
    return time ? one.instead.map((text) => [text, () => (time.value = day + text)]) : [];
  }
  const place = one.instead;
  const [lon, lat] = [field("where.lon"), field("where.lat")];
  if (!place || !lon || !lat) return [];
  return [
    [
      `${place.lat} ${place.lon}`,
      () => {
        lon.value = String(place.lon);
        lat.value = String(place.lat);
      },
    ],
  ];
}

function offerUndo(): void {
  if (!undoButton) return;
  const left = last ? Date.parse(last.undo_until) - Date.now() : 0;
  undoButton.hidden = left <= 0;
  if (left > 0) setTimeout(offerUndo, left + 50);
}

async function undo(): Promise<void> {
  if (!last) return;
  const told = await act("/api/v1/corrections", { entry: last.entry, step: "undo", seen: last.version });
  if ("entry" in told) {
    sessionStorage.setItem(KEPT, JSON.stringify({ entry: 0, version: 0, undo_until: "", words: words("wordsUndone") }));
    location.reload();
  } else refuse(told);
}

function allConfirmed(form: HTMLFormElement): void {
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[data-many]")];
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (button) button.disabled = boxes.some((box) => !box.checked);
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches(".actform")) return;
  event.preventDefault();
  if (form.dataset.files !== undefined) void hand(form);
  else void send(form, event.submitter);
});
document.addEventListener("change", (event) => {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-all]");
  if (form) allConfirmed(form);
});
document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLElement;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") field.closest<HTMLFormElement>(".actform")?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || field.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const phrase = main?.querySelector<HTMLButtonElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (phrase) phrase.click();
  else if (event.key === "u" && undoButton && !undoButton.hidden) void undo();
  else return;
  event.preventDefault();
});
undoButton?.addEventListener("click", () => void undo());
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-all]")) allConfirmed(form);
const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  last = JSON.parse(kept) as Written & { words: string };
  say(last.words);
  offerUndo();
}
