"use strict";
// One small script for board and map: language, theme, the slider over known_at, picking, keys. No address is ever asked for.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("steps").textContent);
  const last = data.steps.length - 1;
  const editions = [...document.querySelectorAll(".edition")];
  const ranged = [...document.querySelectorAll("[data-from]")].map((node) => [node, +node.dataset.from, +node.dataset.to]);
  const lines = [...document.querySelectorAll(".nowline")].map((node) => [node.firstElementChild, node.dataset.x.split(" ")]);
  let step = last;
  let picked = null;
  const keep = (key, value) => { try { localStorage.setItem("truceline." + key, value); } catch { /* a file may keep nothing */ } };
  const kept = (key) => { try { return localStorage.getItem("truceline." + key); } catch { return null; } };
  const current = () => editions.find((e) => !e.hidden) || editions[0];

  function language(code) {
    const chosen = editions.find((e) => e.lang === code) || editions[0];
    for (const e of editions) e.hidden = e !== chosen;
    root.lang = chosen.lang; root.dir = chosen.dir; document.title = chosen.dataset.title;
    keep("language", chosen.lang);
    document.dispatchEvent(new CustomEvent("edition"));
  }
  function theme(name) {
    if (name) root.dataset.theme = name; else delete root.dataset.theme;
    if (name) keep("theme", name);
  }
  function go(to) {
    step = Math.max(0, Math.min(last, to));
    for (const [node, from, until] of ranged) {
      const off = step < from || step > until;
      if (off) node.setAttribute("hidden", "hidden"); else node.removeAttribute("hidden");
    }
    for (const [node, places] of lines) node.setAttribute("transform", `translate(${places[step]} 0)`);
    for (const e of editions) {
      e.dataset.known = step < last ? "past" : "now";
      for (const input of e.querySelectorAll('[data-act="step"]')) input.value = String(step);
      for (const button of e.querySelectorAll('[data-act="now"]')) button.hidden = step === last;
    }
    document.dispatchEvent(new CustomEvent("step", { detail: step }));
  }
  function pick(id, focus) {
    picked = id;
    for (const row of document.querySelectorAll("tr.row")) row.setAttribute("aria-selected", String(row.dataset.row === id));
    for (const article of document.querySelectorAll("[data-detail]")) article.hidden = article.dataset.detail !== id;
    for (const hint of document.querySelectorAll(".pane .pick")) hint.hidden = true;
    const pane = current().querySelector(".pane");
    if (pane) { pane.scrollTop = 0; if (focus && innerWidth <= 1100) pane.scrollIntoView(); }
  }
  function move(by) {
    const rows = [...current().querySelectorAll("tr.row")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.dataset.row === picked);
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    pick(row.dataset.row, false);
    row.querySelector(".rowbtn").focus();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-act], tr.row");
    if (!target) return;
    const act = target.dataset.act || "pick";
    if (act === "language") language(target.dataset.language);
    else if (act === "theme") theme((root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark" ? "light" : "dark");
    else if (act === "now") go(last);
    else if (act === "pick" && target.dataset.row) pick(target.dataset.row, true);
  });
  document.addEventListener("input", (event) => { if (event.target.dataset.act === "step") go(+event.target.value); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("select, input:not([type=range])")) return;
    if (event.key === "t" || event.key === "T") go(last);
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "[") go(step - 1);
    else if (event.key === "]") go(step + 1);
  });

  theme(kept("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : ""));
  language(new URLSearchParams(location.search).get("lang") || kept("language") || editions[0].lang);
  const asked = new URLSearchParams(location.search).get("step");
  go(asked === null ? last : +asked);
  const rows = [...document.querySelectorAll("tr.row")].map((row) => row.dataset.row);
  const named = decodeURIComponent(location.hash.slice(1));
  if (rows.length) pick(rows.includes(named) ? named : rows[0], false);
})();
