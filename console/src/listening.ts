// What changes is told, and nothing moves by itself: a pill counts it, and a click shows it. The open case alone is shown anew,
// for a round in which all are in opens for both at once.
const ROUNDS = ["determination", "commitment", "position", "disclosure"];
const TOLD = ["report", "claim", "incident", "notice", "correction", "track", ...ROUNDS];

export function listen(address: string, spoken: HTMLElement | null, show: (id: string) => void): void {
  const pill = document.querySelector<HTMLButtonElement>("[data-new]");
  const alerts = document.querySelector<HTMLElement>("[data-alerts]");
  const things = new Set<string>();
  const stream = new EventSource(address);
  pill?.addEventListener("click", () => location.reload());

  const say = (): void => {
    if (!pill) return;
    const words = (pill.dataset.new ?? "{n}").replace("{n}", String(things.size));
    pill.textContent = words;
    pill.hidden = false;
    if (spoken) spoken.textContent = words;
  };
  const told = (event: MessageEvent<string>): void => {
    const { type, id } = JSON.parse(event.data) as { type: string; id: string };
    if (ROUNDS.includes(type)) refresh(show);
    if (type === "notice" && alerts) alerts.textContent = String(Number(alerts.textContent) + (things.has(id) ? 0 : 1));
    things.add(id.split(":")[0] ?? id);
    say();
    document.dispatchEvent(new CustomEvent("truceline:changed"));
  };
  for (const type of TOLD) stream.addEventListener(type, told as EventListener);
  stream.addEventListener("reset", () => location.reload());
  addEventListener("pagehide", () => stream.close());
}

let waiting: ReturnType<typeof setTimeout> | undefined;

function refresh(show: (id: string) => void): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const open = document.querySelector<HTMLElement>("#evidence [data-case], [data-page=incident]");
    const typed = [...(open?.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("form.position textarea, form.position input:checked") ?? [])];
    // whoever is writing a position is not disturbed
    const isWriting = typed.some((field) => (field instanceof HTMLTextAreaElement ? field.value : field.name === "happened"));
    if (open?.dataset.case?.startsWith("incident") && !isWriting) show(open.dataset.case);
  }, 300);
}
