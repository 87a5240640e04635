"use strict";
// The map: dragging, zooming, names of each profile, labels that make room for each other, the picked incident.
(() => {
  const maps = [...document.querySelectorAll("svg.map")].map((svg) => ({
    svg, w: +svg.dataset.w, h: +svg.dataset.h, box: [0, 0, +svg.dataset.w, +svg.dataset.h],
    labels: [...svg.querySelectorAll(".lb")].sort((a, b) => a.dataset.rank - b.dataset.rank),
    blocks: [...svg.querySelectorAll(".inc, .post, .dot")],
  }));
  const shown = () => maps.find((map) => !map.svg.closest(".edition").hidden);
  const pixel = (map) => { const r = map.svg.getBoundingClientRect(); return r.width ? Math.max(map.box[2] / r.width, map.box[3] / r.height) : 1; };

  function draw(map) {
    if (!map) return;
    const [x, y, w, h] = map.box;
    map.svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    map.svg.style.setProperty("--k", String(pixel(map)));
    arrange(map);
    scale(map);
  }
  // Each label takes the first free place beside its mark, important ones first; without a place it waits for a closer look.
  function arrange(map) {
    const frame = map.svg.parentElement.getBoundingClientRect();
    const taken = [];
    for (const node of map.blocks) {
      if (node.closest("[hidden]")) continue;
      const mark = (node.classList.contains("inc") ? node.querySelector(".mo") : node).getBoundingClientRect();
      taken.push([mark.left, mark.top, mark.right, mark.bottom]);
    }
    for (const label of map.labels) {
      label.classList.remove("off");
      if (label.closest("[hidden]")) continue;
      const at = label.parentNode.parentNode.getScreenCTM();
      const width = label.getComputedTextLength(), size = +label.getAttribute("font-size"), gap = +label.dataset.gap;
      const places = gap
        ? [[gap, size * .36, "start"], [-gap, size * .36, "end"], [0, -gap, "middle"], [0, gap + size * .8, "middle"],
           [gap * .7, -gap * .7, "start"], [gap * .7, gap * .7 + size * .6, "start"], [-gap * .7, -gap * .7, "end"], [-gap * .7, gap * .7 + size * .6, "end"],
           [gap * .7, -gap * .7 - size, "start"], [-gap * .7, -gap * .7 - size, "end"]]
        : [[0, size * .36, "middle"], [0, -size * .7, "middle"], [0, size * 1.4, "middle"]];
      let found = null;
      for (const [dx, dy, anchor] of places) {
        const left = at.e + (anchor === "start" ? dx : anchor === "end" ? dx - width : dx - width / 2);
        const box = [left - 2, at.f + dy - size, left + width + 2, at.f + dy + size * .35];
        if (box[0] < frame.left || box[2] > frame.right || box[1] < frame.top || box[3] > frame.bottom) continue;
        if (taken.some((o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) continue;
        found = box; label.setAttribute("x", dx); label.setAttribute("y", dy); label.setAttribute("text-anchor", anchor);
        break;
      }
      if (found) taken.push(found); else label.classList.add("off");
    }
  }
  function scale(map) {
    const node = map.svg.closest(".edition").querySelector(".scale");
    const km = +node.dataset.km * pixel(map) * 90;
    const round = [0.5, 1, 2, 5, 10, 20, 50, 100].filter((n) => n <= km).pop() || 0.5;
    node.firstElementChild.textContent = `${round} km`;
    node.lastElementChild.style.inlineSize = `${Math.round(round / km * 90)}px`;
  }
  function zoom(map, by, cx, cy) {
    let [x, y, w, h] = map.box;
    if (!by) map.box = [0, 0, map.w, map.h];
    else {
      const width = Math.min(map.w * 2.5, Math.max(map.w / 24, w * by)), k = width / w;
      cx = cx ?? x + w / 2; cy = cy ?? y + h / 2;
      map.box = [cx - (cx - x) * k, cy - (cy - y) * k, width, h * k];
    }
    draw(map);
  }
  function spot(map, event) {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.svg.getScreenCTM().inverse());
    return [p.x, p.y];
  }
  function pick(id, from) {
    for (const node of document.querySelectorAll(".inc")) node.classList.toggle("picked", node.dataset.id === id);
    for (const card of document.querySelectorAll(".card")) {
      card.classList.toggle("picked", card.dataset.card === id);
      if (from === "map" && card.dataset.card === id && card.offsetParent) card.scrollIntoView({ block: "nearest" });
    }
  }

  for (const map of maps) {
    let drag = null;
    map.svg.addEventListener("pointerdown", (e) => { drag = [e.clientX, e.clientY, ...map.box]; });
    addEventListener("pointermove", (e) => {
      if (!drag) return;
      const k = pixel(map);
      map.box = [drag[2] - (e.clientX - drag[0]) * k, drag[3] - (e.clientY - drag[1]) * k, drag[4], drag[5]];
      draw(map);
    });
    addEventListener("pointerup", () => { drag = null; });
    map.svg.addEventListener("wheel", (e) => { e.preventDefault(); zoom(map, e.deltaY < 0 ? 0.85 : 1.1765, ...spot(map, e)); }, { passive: false });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-act="zoom"]');
    if (button) zoom(shown(), +button.dataset.by);
    const mark = event.target.closest(".inc");
    if (mark) pick(mark.dataset.id, "map");
    const card = event.target.closest(".card");
    if (card) pick(card.dataset.card, "list");
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.act !== "names") return;
    for (const other of document.querySelectorAll('[data-act="names"]')) other.value = event.target.value;
    for (const label of document.querySelectorAll(".lb")) {
      const words = label.getAttribute(`data-n${event.target.value}`);
      if (words !== null) label.textContent = words;
    }
    draw(shown());
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("select, input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const map = shown(), step = map.box[2] / 12;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === "+" || event.key === "=") zoom(map, 0.7);
    else if (event.key === "-") zoom(map, 1.4286);
    else if (event.key === "0") zoom(map, 0);
    else if (event.target.closest("svg.map") && moves[event.key]) {
      event.preventDefault();
      map.box[0] += moves[event.key][0]; map.box[1] += moves[event.key][1]; draw(map);
    } else if (event.key === "Enter" && event.target.closest(".inc, .card")) {
      const node = event.target.closest(".inc, .card");
      pick(node.dataset.id || node.dataset.card, node.dataset.id ? "map" : "list");
    }
  });
  const all = () => draw(shown());
  document.addEventListener("edition", all);
  document.addEventListener("step", all);
  addEventListener("resize", all);
  (document.fonts ? document.fonts.ready : Promise.resolve()).then(all);
  all();
})();
