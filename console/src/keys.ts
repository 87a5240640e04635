// Positions from the page: sealed, taken back and opened by a key that this browser holds. What is signed is made here, byte for
// byte as the command line makes it (statement.ts); the service only takes it in. In the demo the key is the published one.
import { ours } from "./ours";
import { type Desk, demoKey, held, type Json, type Key, newKey, open, recall, seal, sign, type Signed } from "./statement";

interface SideDesk extends Desk {
  role: string;
  round: string;
  incident: string;
  number: number;
  next: { commitment: number; position: number; determination: number };
}

const STORE = "openings";
const KEYS = "keys";

function database(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("truceline", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(STORE);
      asked.result.createObjectStore(KEYS);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error ?? new Error("this browser keeps nothing"));
  });
}

async function kept<T>(store: string, key: string): Promise<T | undefined> {
  const found = (await database()).transaction(store).objectStore(store).get(key);
  return new Promise((done, failed) => {
    found.onsuccess = () => done(found.result as T | undefined);
    found.onerror = () => failed(found.error ?? new Error("this browser keeps nothing"));
  });
}

async function keep(store: string, key: string, value: unknown): Promise<void> {
  const change = (await database()).transaction(store, "readwrite");
  change.objectStore(store).put(value, key);
  return new Promise((done, failed) => {
    change.oncomplete = () => done();
    change.onerror = () => failed(change.error ?? new Error("this browser keeps nothing"));
  });
}

async function deskOf(subject: string): Promise<SideDesk> {
  const answer = await fetch(`/api/v1/rounds/${encodeURIComponent(subject)}/desk`, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(((await answer.json()) as { what?: string }).what ?? String(answer.status));
  return (await answer.json()) as SideDesk;
}

/** The side's key: in a demo or an exercise the published one, else one that this browser made and cannot give away. */
async function keyOf(desk: SideDesk): Promise<Key> {
  if (desk.realm !== "live") return demoKey(desk.realm, desk.mission, `${desk.letter}/${desk.role}`);
  const name = `${desk.origin}/${desk.letter}/browser`;
  const pair = await kept<CryptoKeyPair>(KEYS, name);
  if (pair) return held(name, pair);
  const made = await newKey(name);
  await keep(KEYS, name, made.pair);
  return made.key;
}

async function handOver(signed: Signed): Promise<number> {
  const answer = await fetch("/api/v1/positions", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...ours() },
    body: JSON.stringify(signed),
  });
  const told = (await answer.json()) as { entry?: number; what?: string; todo?: string };
  if (!answer.ok || told.entry === undefined) throw new Error([told.what, told.todo].filter(Boolean).join(" · "));
  return told.entry;
}

function at(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

function instant(text: string): string {
  return `${text}:00Z`;
}

function fieldsOf(form: HTMLFormElement): { [name: string]: Json } {
  const data = new FormData(form);
  const word = (name: string): string | null => {
    const value = data.get(name);
    return typeof value === "string" && value.trim() ? value.trim() : null;
  };
  const happened = word("happened") ?? "unable";
  const [start, end, place] = [word("start"), word("end"), word("place")];
  return {
    happened,
    kind: word("kind"),
    where: place ? { place, lon_e7: null, lat_e7: null, precision_m: 0 } : null,
    when: start && end ? { start: instant(start), end: instant(end) } : null,
    clause: word("clause"),
    breach: word("breach") ?? "unable",
    standard: word("standard") ?? "",
    basis: (word("basis") ?? "").split(" ").filter(Boolean),
    reasons: word("reasons") ?? "",
    responsible: form.dataset.question === "responsibility" ? word("responsible") : null,
  };
}

async function sealPosition(form: HTMLFormElement): Promise<number> {
  const desk = await deskOf(form.dataset.seal ?? "");
  const made = await seal(desk, await keyOf(desk), desk.round, desk.next.commitment, at(), fieldsOf(form));
  // Kept before it goes out: a seal that nobody can open would hinder the round.
  await keep(STORE, `${desk.origin} ${desk.round}:${desk.letter.toLowerCase()}`, made.disclosures);
  return handOver(made.signed);
}

async function openSeal(round: string): Promise<number> {
  const desk = await deskOf(round);
  const disclosures = await kept<string[]>(STORE, `${desk.origin} ${desk.round}:${desk.letter.toLowerCase()}`);
  if (!disclosures) throw new Error(document.body.dataset.lost ?? "what opens this seal is not kept in this browser");
  return handOver(await open(desk, await keyOf(desk), desk.round, desk.next.position, at(), disclosures));
}

async function takeBack(round: string): Promise<number> {
  const desk = await deskOf(round);
  return handOver(await recall(desk, await keyOf(desk), desk.round, desk.next.commitment, at(), "taken back on the console"));
}

async function propose(button: HTMLElement): Promise<number> {
  const desk = await deskOf(button.dataset.propose ?? "");
  const evidence = (button.dataset.evidence ?? "").split(" ").filter(Boolean);
  const body = {
    step: "propose", incident: desk.incident, number: desk.number, question: "happening", meeting: "apart", level: "preliminary",
    urgency: "routine", matters: [], evidence,
  };
  return handOver(await sign(desk, await keyOf(desk), "determination", desk.round, desk.next.determination, at(), body));
}

async function act(source: Element, what: () => Promise<number>): Promise<void> {
  const says = source.closest("form, .keypanel, .keyfoot")?.querySelector(".formsays");
  try {
    const entry = await what();
    if (says) {
      says.classList.add("good");
      says.textContent = `✓ ${entry}`;
    }
    const shown = source.closest<HTMLElement>("[data-case]")?.dataset.case;
    if (shown) document.dispatchEvent(new CustomEvent("truceline:pick", { detail: shown }));
  } catch (error) {
    says?.classList.remove("good");
    if (says) says.textContent = error instanceof Error ? error.message : String(error);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.dataset.seal) return;
  event.preventDefault();
  void act(form, () => sealPosition(form));
});
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-open], [data-recall], [data-propose]");
  if (!button) return;
  const { open: opened, recall: recalled } = button.dataset;
  if (opened) void act(button, () => openSeal(opened));
  else if (recalled) void act(button, () => takeBack(recalled));
  else void act(button, () => propose(button));
});

// A round in which all are in opens by itself: nobody has to ask, and nobody is asked to wait for it.
function openWhatWaits(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-open]")) {
    if (button.dataset.tried) continue;
    button.dataset.tried = "true";
    void act(button, () => openSeal(button.dataset.open ?? ""));
  }
}

new MutationObserver(openWhatWaits).observe(document.getElementById("evidence") ?? document.body, { childList: true });
openWhatWaits();
