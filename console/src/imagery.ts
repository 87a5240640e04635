// A frame under review: a thing is pointed at by mouse, finger or arrow keys; parts are drawn that a copy makes unreadable; an earlier
// frame is laid over this one by its footprint and drawn away. Pictures stay grey until somebody asks for their colours.
const SVG = "http://www.w3.org/2000/svg";
const page = document.querySelector<HTMLElement>("[data-imagery]");
const stage = page?.querySelector<HTMLElement>(".stage");
const overlay = stage?.querySelector<SVGSVGElement>(".overlay");
const cross = overlay?.querySelector<SVGGElement>(".cross");
const drawn = overlay?.querySelector<SVGGElement>(".drawn");
const markForm = page?.querySelector<HTMLFormElement>("[data-markform]");
const blurForm = page?.querySelector<HTMLFormElement>("[data-blurform]");
const drawButton = page?.querySelector<HTMLButtonElement>("[data-draw]");
const width = Number(stage?.dataset.width ?? 0);
const height = Number(stage?.dataset.height ?? 0);

type Spot = [number, number];
const boxes: [number, number, number, number][] = [];
let from: Spot | undefined;
let at: Spot = [Math.floor(width / 2), Math.floor(height / 2)];

function spotOf(event: PointerEvent): Spot {
  const edge = (overlay as SVGSVGElement).getBoundingClientRect();
  const along = (value: number, start: number, length: number, most: number): number => Math.min(most - 1, Math.max(0, Math.floor(((value - start) / length) * most)));
  return [along(event.clientX, edge.left, edge.width, width), along(event.clientY, edge.top, edge.height, height)];
}

// How many pixels of the picture are one of the screen: marks keep their size on the screen.
function scale(): number {
  return width / Math.max(1, (overlay as SVGSVGElement).getBoundingClientRect().width);
}

function size(): void {
  if (!overlay) return;
  const unit = scale();
  for (const mark of overlay.querySelectorAll<SVGGElement>(".mark")) {
    mark.querySelector("circle")?.setAttribute("r", String(14 * unit));
    const text = mark.querySelector("text");
    text?.setAttribute("font-size", String(13 * unit));
    text?.setAttribute("dx", String(17 * unit));
    text?.setAttribute("dy", String(-10 * unit));
    mark.setAttribute("stroke-width", String(2 * unit));
  }
  point(at, false);
}

function point(spot: Spot, isMeant = true): void {
  at = spot;
  const [x, y] = spot;
  const arm = 16 * scale();
  const path = cross?.querySelector("path");
  path?.setAttribute("d", `M${x - arm} ${y}h${arm * 2}M${x} ${y - arm}v${arm * 2}`);
  path?.setAttribute("stroke-width", String(2 * scale()));
  if (!isMeant || !markForm) return;
  cross?.setAttribute("visibility", "visible");
  (markForm.elements.namedItem("x_px") as HTMLInputElement).value = String(x);
  (markForm.elements.namedItem("y_px") as HTMLInputElement).value = String(y);
  const said = markForm.querySelector<HTMLElement>("[data-pointed]");
  if (said) said.textContent = `\u2066x ${x}, y ${y} px\u2069`;
  const button = markForm.querySelector<HTMLButtonElement>("button[type=submit]");
  if (button) button.disabled = false;
}

function boxOf(first: Spot, second: Spot): [number, number, number, number] {
  return [Math.min(first[0], second[0]), Math.min(first[1], second[1]), Math.max(first[0], second[0]) + 1, Math.max(first[1], second[1]) + 1];
}

function draw(open?: [number, number, number, number]): void {
  if (!drawn || !blurForm) return;
  drawn.replaceChildren();
  for (const [left, upper, right, lower] of open ? [...boxes, open] : boxes) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: left, y: upper, width: right - left, height: lower - upper, "stroke-width": 2 * scale() })) rect.setAttribute(name, String(value));
    drawn.append(rect);
  }
  (blurForm.elements.namedItem("boxes") as HTMLInputElement).value = JSON.stringify(boxes);
  const button = blurForm.querySelector<HTMLButtonElement>("button[type=submit]");
  if (button) button.disabled = !boxes.length;
}

const isDrawing = (): boolean => drawButton?.getAttribute("aria-pressed") === "true";

function toggled(button: HTMLButtonElement): boolean {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isOn));
  return isOn;
}

// The homography as the browser lays planes: column by column, from pixels of the earlier frame to pixels of this one on the screen.
function lay(): void {
  const before = stage?.querySelector<HTMLImageElement>(".before");
  const found = before?.dataset.laid?.split(" ").map(Number);
  if (!before || found?.length !== 9) return;
  const [a, b, c, d, e, f, g, h] = found as [number, number, number, number, number, number, number, number];
  const shrunk = 1 / scale();
  before.style.transform = `scale(${shrunk}) matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, 1].join(",")})`;
}

function swipe(): void {
  const box = stage?.querySelector<HTMLElement>(".beforebox");
  const slider = page?.querySelector<HTMLInputElement>("[data-swipe]");
  if (box && slider) box.style.clipPath = `inset(0 ${100 - Number(slider.value)}% 0 0)`;
}

function fit(): void {
  size();
  lay();
  swipe();
  draw();
}

if (stage && overlay) {
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (isDrawing()) {
      from = spotOf(event);
      stage.setPointerCapture(event.pointerId);
      event.preventDefault();
    } else point(spotOf(event));
  });
  stage.addEventListener("pointermove", (event) => {
    if (from) draw(boxOf(from, spotOf(event)));
  });
  stage.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = boxOf(from, spotOf(event));
    from = undefined;
    if (box[2] - box[0] > 3 && box[3] - box[1] > 3) boxes.push(box);
    draw();
  });
  stage.addEventListener("keydown", (event) => {
    const way: Record<string, Spot> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = way[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? Math.max(1, Math.round(width / 20)) : Math.max(1, Math.round(width / 400));
    point([Math.min(width - 1, Math.max(0, at[0] + step[0] * far)), Math.min(height - 1, Math.max(0, at[1] + step[1] * far))]);
  });
  new ResizeObserver(fit).observe(stage);
  fit();
}
page?.addEventListener("input", (event) => {
  if ((event.target as HTMLElement).matches("[data-swipe]")) swipe();
});
page?.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
  if (!button) return;
  if (button.dataset.colour !== undefined) page.querySelector(".muted, .coloured")?.classList.replace(...((toggled(button) ? ["muted", "coloured"] : ["coloured", "muted"]) as [string, string]));
  else if (button.dataset.full !== undefined) {
    stage?.classList.toggle("full", toggled(button));
    fit();
  } else if (button.dataset.draw !== undefined && blurForm) blurForm.hidden = !toggled(button);
  else if (button.dataset.undraw !== undefined) {
    boxes.pop();
    draw();
  }
});
document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || field.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const way = event.key === "]" ? "next" : event.key === "[" ? "previous" : "";
  if (way) page?.querySelector<HTMLAnchorElement>(`[data-step="${way}"]`)?.click();
});
export {};
