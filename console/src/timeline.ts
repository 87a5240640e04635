// The timeline: squares for what happened, ticks beneath for when it was entered, a window that two handles open.
// It runs in the direction of reading; each handle is a slider for the keyboard too.

type Row = { id: string; happened: string | null; entered: string | null };
export type Mode = "window" | "cumulative" | "intervals";

const SVG = "http://www.w3.org/2000/svg";
const FOOT = 34; // under the line on which squares stand: entries, what nobody could see, days
const SQUARE = 8;
const EDGE = 14; // room at both ends, pixels
const DAY = 86_400_000;

export class Timeline {
  private rows: Row[] = [];
  private start = 0;
  private end = 1;
  private from = 0;
  private to = 1;
  private mode: Mode = "window";

  constructor(
    private readonly box: HTMLElement,
    private readonly onWindow: (since: string, until: string) => void,
  ) {
    new ResizeObserver(() => this.draw()).observe(box);
  }

  async load(query: string): Promise<void> {
    const answer = await fetch(`/timeline.json${query ? `?${query}` : ""}`);
    if (!answer.ok) throw new Error(`/timeline.json: ${answer.status}`);
    const told = (await answer.json()) as { rows: Row[]; now: string };
    this.rows = told.rows;
    const times = this.rows.flatMap((row) => [row.happened, row.entered]).filter((one): one is string => one !== null).map(Date.parse);
    this.start = floor(Math.min(...times, Date.parse(told.now)));
    this.end = floor(Math.max(...times, this.start + DAY)) + DAY;
    const asked = new URLSearchParams(query);
    this.from = asked.has("since") ? Date.parse(asked.get("since") ?? "") : this.start;
    this.to = asked.has("until") ? Date.parse(asked.get("until") ?? "") : this.end;
    this.draw();
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    if (mode === "cumulative") this.from = this.start;
    if (mode === "intervals") this.to = Math.min(this.end, this.from + this.interval());
    this.tell();
  }

  step(by: number): void {
    const width = this.to - this.from;
    this.from = clamp(this.from + by * width, this.start, this.end - width);
    this.to = this.from + width;
    this.tell();
  }

  whole(): void {
    this.from = this.start;
    this.to = this.end;
    this.tell();
  }

  private interval(): number {
    return Math.max(DAY, Math.ceil((this.end - this.start) / 12 / DAY) * DAY);
  }

  private tell(): void {
    this.draw();
    const since = this.from <= this.start ? "" : iso(this.from);
    const until = this.to >= this.end ? "" : iso(this.to);
    this.onWindow(since, until);
  }

  private get isMirrored(): boolean {
    return getComputedStyle(this.box).direction === "rtl";
  }

  private x(time: number): number {
    const width = this.box.clientWidth - 2 * EDGE;
    const share = (time - this.start) / (this.end - this.start);
    return EDGE + width * (this.isMirrored ? 1 - share : share);
  }

  private time(x: number): number {
    const share = clamp((x - EDGE) / Math.max(1, this.box.clientWidth - 2 * EDGE), 0, 1);
    return this.start + (this.end - this.start) * (this.isMirrored ? 1 - share : share);
  }

  private get base(): number {
    return this.box.clientHeight - FOOT;
  }

  private draw(): void {
    const width = this.box.clientWidth;
    const base = this.base;
    if (!width) return;
    const picture = node("svg", { width, height: base + FOOT, class: "tl", role: "group", "aria-label": this.box.dataset.label ?? "" });
    picture.append(node("rect", { class: "tl-window", ...span(this.x(this.from), this.x(this.to)), y: 2, height: base + 14 }));
    picture.append(node("path", { class: "tl-base", d: `M${EDGE} ${base}H${width - EDGE}` }));
    // Until coverage is worked out nobody knows what could be seen: the whole strip is hatched, never left blank.
    picture.append(node("rect", { class: "tl-unseen", x: EDGE, y: base + 13, width: Math.max(0, width - 2 * EDGE), height: 5 }));
    const stacked = new Map<number, number>();
    for (const row of this.rows) {
      if (row.happened) {
        const at = Date.parse(row.happened);
        const slot = Math.round(this.x(at) / (SQUARE + 2));
        const nth = stacked.get(slot) ?? 0;
        stacked.set(slot, nth + 1);
        if ((nth + 1) * (SQUARE + 2) < base) {
          const isIn = at >= this.from && at < this.to;
          picture.append(node("rect", { class: isIn ? "tl-happened in" : "tl-happened", x: slot * (SQUARE + 2) - SQUARE / 2, y: base - 2 - (nth + 1) * (SQUARE + 2), width: SQUARE, height: SQUARE, rx: 1.5 }));
        }
      }
      if (row.entered) picture.append(node("path", { class: "tl-entered", d: `M${this.x(Date.parse(row.entered))} ${base + 3}v7` }));
    }
    for (const tick of this.ticks(width)) {
      const x = this.x(tick.at);
      const edge = x < 44 ? "left" : x > width - 44 ? "right" : "";
      const anchor = edge === "" ? "middle" : (edge === "left") === this.isMirrored ? "end" : "start";
      const mark = node("text", { class: "tl-tick", x: edge === "left" ? 2 : edge === "right" ? width - 2 : x, y: base + FOOT - 4, "text-anchor": anchor, direction: this.isMirrored ? "rtl" : "ltr" });
      mark.textContent = tick.label;
      picture.append(mark);
    }
    if (this.mode !== "cumulative") picture.append(this.handle("from"));
    picture.append(this.handle("to"));
    const focused = document.activeElement?.getAttribute("data-end");
    this.box.replaceChildren(picture);
    if (focused) this.box.querySelector<SVGElement>(`[data-end="${focused}"]`)?.focus();
  }

  private ticks(width: number): { at: number; label: string }[] {
    const most = Math.max(2, Math.floor(width / 110));
    const every = Math.max(1, Math.ceil((this.end - this.start) / DAY / most));
    const isLong = this.end - this.start > 300 * DAY;
    // the catalogue's months, for browsers lack those of some languages; Intl finds the day in the mission's zone
    const cut = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "numeric", year: "numeric", timeZone: this.box.dataset.zone ?? "UTC" });
    const months = (this.box.dataset.months ?? "").split("|");
    const shape = (isLong ? this.box.dataset.day : this.box.dataset.short) ?? "";
    const label = (at: number): string => {
      const parts = Object.fromEntries(cut.formatToParts(at).map((part) => [part.type, part.value]));
      return shape.replace("{day}", parts.day ?? "").replace("{month}", months[Number(parts.month) - 1] ?? "").replace("{year}", parts.year ?? "");
    };
    const out = [];
    for (let at = this.start; at <= this.end; at += every * DAY) out.push({ at, label: label(at) });
    return out;
  }

  private handle(end: "from" | "to"): SVGElement {
    const at = this.x(this[end]);
    const grip = node("g", {
      class: "tl-handle", "data-end": end, tabindex: 0, role: "slider", "aria-orientation": "horizontal",
      "aria-label": this.box.dataset[end] ?? end, "aria-valuemin": this.start, "aria-valuemax": this.end, "aria-valuenow": this[end],
      "aria-valuetext": iso(this[end]),
    });
    grip.append(node("rect", { class: "tl-target", x: at - 12, y: 0, width: 24, height: this.base + 18 }));
    grip.append(node("rect", { class: "tl-grip", x: at - 3, y: this.base - 44 > 4 ? this.base - 44 : 4, width: 6, height: 36, rx: 2 }));
    grip.addEventListener("pointerdown", (event) => this.drag(event as PointerEvent, end));
    grip.addEventListener("keydown", (event) => this.key(event as KeyboardEvent, end));
    return grip;
  }

  private drag(event: PointerEvent, end: "from" | "to"): void {
    event.preventDefault();
    const move = (next: PointerEvent): void => {
      this.move(end, this.time(next.clientX - this.box.getBoundingClientRect().left));
      this.draw();
    };
    const stop = (): void => {
      removeEventListener("pointermove", move);
      this.tell();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", stop, { once: true });
  }

  private key(event: KeyboardEvent, end: "from" | "to"): void {
    const later = this.isMirrored ? "ArrowLeft" : "ArrowRight";
    const earlier = this.isMirrored ? "ArrowRight" : "ArrowLeft";
    const by = { [later]: DAY, ArrowUp: DAY, [earlier]: -DAY, ArrowDown: -DAY, PageUp: 7 * DAY, PageDown: -7 * DAY }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.move(end, this[end] + by);
    this.tell();
  }

  private move(end: "from" | "to", time: number): void {
    if (end === "from") this.from = clamp(floor(time), this.start, this.to - DAY);
    else this.to = clamp(floor(time), this.from + DAY, this.end);
  }
}

function node(name: string, facts: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, String(value));
  return made;
}

function span(a: number, b: number): { x: number; width: number } {
  return { x: Math.min(a, b), width: Math.abs(b - a) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function floor(time: number): number {
  return Math.floor(time / DAY) * DAY;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
