// Map and timeline on a page: what one changes, the address and the others follow.
//
// The page's own parts speak by two events on the document: "truceline:pick" with an incident's id, and
// "truceline:filter" with the query that now holds.
import { CentreMap } from "./map";
import { Timeline, type Mode } from "./timeline";

const FILTER = ["kind", "state", "zone", "since", "until", "known_at", "box", "q", "order", "names", "lang"];

function query(): string {
  const here = new URLSearchParams(location.search);
  const kept = new URLSearchParams();
  for (const name of FILTER) {
    const value = here.get(name);
    if (value) kept.set(name, value);
  }
  return kept.toString();
}

function change(values: Record<string, string>): void {
  const here = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value) here.set(name, value);
    else here.delete(name);
  }
  const tail = here.toString();
  history.replaceState(null, "", tail ? `${location.pathname}?${tail}` : location.pathname);
  document.dispatchEvent(new CustomEvent("truceline:filter", { detail: query() }));
}

function pick(id: string): void {
  document.dispatchEvent(new CustomEvent("truceline:pick", { detail: id }));
}

const mapBox = document.getElementById("map");
const map = mapBox ? new CentreMap(mapBox, pick) : undefined;
const timeBox = document.getElementById("timeline");
const timeline = timeBox ? new Timeline(timeBox, (since, until) => change({ since, until })) : undefined;

void map?.show(query()).catch((error: unknown) => fail(mapBox, error));
void timeline?.load(query()).catch((error: unknown) => fail(timeBox, error));
if (mapBox?.dataset.tracks) map?.follow(mapBox.dataset.tracks, mapBox.dataset.follows !== undefined);

const player = document.querySelector<HTMLButtonElement>("[data-replay]");
player?.addEventListener("click", async () => {
  const clock = document.querySelector<HTMLOutputElement>(".replayclock");
  if (!map || !clock) return;
  if (map.isReplaying) return map.stop();
  const [plays, zone] = [player.textContent, timeBox?.dataset.zone];
  const text = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  player.textContent = player.dataset.stop ?? "";
  clock.hidden = false;
  clock.textContent = "…";
  const heard = await map.replay(player.dataset.replay ?? "", (at) => (clock.textContent = text.format(at * 1000))).catch(() => 0);
  if (!heard) clock.textContent = player.dataset.none ?? "";
  player.textContent = plays;
});

document.addEventListener("truceline:filter", (event) => {
  void map?.filter((event as CustomEvent<string>).detail).catch((error: unknown) => fail(mapBox, error));
});
// what is read comes first: the map draws what was picked once the evidence stands, for its frames hold up everything else
document.addEventListener("truceline:pick", (event) => {
  const pane = document.getElementById("evidence");
  const show = () => map?.pick((event as CustomEvent<string>).detail);
  if (pane) pane.addEventListener("htmx:afterSettle", () => requestAnimationFrame(show), { once: true });
  else show();
});
document.addEventListener("truceline:changed", () => {
  void map?.filter(query()).catch(() => undefined);
  void timeline?.load(query()).catch(() => undefined);
});

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-map], [data-mode], [data-step]");
  if (!button) return;
  if (button.dataset.map === "in") map?.zoom(1);
  if (button.dataset.map === "out") map?.zoom(-1);
  if (button.dataset.step) timeline?.step(Number(button.dataset.step));
  if (button.dataset.mode === "whole") timeline?.whole();
  else if (button.dataset.mode) {
    timeline?.setMode(button.dataset.mode as Mode);
    for (const one of document.querySelectorAll<HTMLElement>("[data-mode]")) one.setAttribute("aria-pressed", String(one === button));
  }
});
document.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement | HTMLSelectElement;
  if (field instanceof HTMLInputElement && field.dataset.layer) map?.layer(field.dataset.layer, field.checked);
  if (field instanceof HTMLSelectElement && field.dataset.names !== undefined) {
    change({ names: field.value });
    void map?.show(query()).catch((error: unknown) => fail(mapBox, error));
  }
});

// What cannot be loaded is said where it would stand; the list beside it still works.
function fail(box: HTMLElement | null, error: unknown): void {
  console.error(error);
  if (!box) return;
  const line = document.createElement("p");
  line.className = "unavailable";
  line.setAttribute("role", "status");
  line.textContent = box.dataset.unavailable ?? String(error);
  box.append(line);
}
