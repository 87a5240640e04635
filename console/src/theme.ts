// Light or dark, before anything is drawn: what was chosen here, else what the system prefers. Loaded as a plain script; no imports.
let chosen: string | null = null;
try {
  chosen = localStorage.getItem("truceline.theme");
} catch {
  // a browser that keeps nothing follows the system
}
document.documentElement.dataset.theme = chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
