// A part of a page that is shown anew by itself, as long as nobody is at it.
const EVERY_MS = 2_000;

export function keepFresh(part: HTMLElement): void {
  const look = async (): Promise<void> => {
    const isUsed = part.contains(document.activeElement) || part.querySelector("details[open]");
    if (document.hidden || isUsed || !part.dataset.fresh) return;
    const answer = await fetch(part.dataset.fresh);
    if (answer.ok) part.innerHTML = await answer.text();
  };
  setInterval(() => void look().catch(() => undefined), EVERY_MS);
}
