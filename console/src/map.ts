// The map: ground and marks as the service gives them, drawn by MapLibre in the colours of the page.
// It asks no other address. Shapes and letters carry the meaning; colour never does alone.
import {
  Map as Drawing,
  ScaleControl,
  setWorkerUrl,
  type ExpressionSpecification,
  type FilterSpecification,
  type GeoJSONSource,
  type LayerSpecification,
  type MapGeoJSONFeature,
  type StyleSpecification,
} from "maplibre-gl";
import { type Colours, drawMark, drawPost, MARK_PX } from "./marks";

type Features = GeoJSON.FeatureCollection & { box?: [number, number, number, number] };

const FONTS = {
  "Plain Regular": [
    { url: "/fonts/NotoSansArabic-Regular.woff2", "unicode-range": ["U+0600-06FF", "U+FB50-FEFF"] },
    { url: "/fonts/NotoSans-Regular.woff2", "unicode-range": ["U+0000-05FF", "U+1E00-2FFF"] },
  ],
  "Plain Bold": [
    { url: "/fonts/NotoSansArabic-Bold.woff2", "unicode-range": ["U+0600-06FF", "U+FB50-FEFF"] },
    { url: "/fonts/NotoSans-Bold.woff2", "unicode-range": ["U+0000-05FF", "U+1E00-2FFF"] },
  ],
};
const FOLLOWED_MS = 1_000; // how often tracks are asked for
const PLAYED_MS = 200; // how long one picture of a replay stands; there is one of every five seconds
const CLUSTERED = 2000; // marks in view above which they are gathered (DESIGN, Map symbology)
const EMPTY: Features = { type: "FeatureCollection", features: [] };

setWorkerUrl("/static/maplibre-worker.js");

export class CentreMap {
  private readonly drawing: Drawing;
  private marks: Features = EMPTY;
  private picked = "";
  isReplaying = false;
  private readonly begun: Promise<unknown>;

  constructor(private readonly box: HTMLElement, private readonly onPick: (id: string) => void) {
    this.drawing = new Drawing({
      container: box,
      style: style(this.colours()),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      fadeDuration: 0,
      locale: { "Map.Title": box.dataset.title ?? "" },
    });
    this.begun = this.drawing.once("style.load");
    this.drawing.touchZoomRotate.disableRotation();
    this.drawing.keyboard.disableRotation();
    this.drawing.addControl(new ScaleControl({ unit: "metric", maxWidth: 90 }), "bottom-right");
    this.drawing.setMissingStyleImageResolver((id) => this.image(id));
    this.drawing.on("click", (event) => this.click(event.point));
    this.drawing.on("mousemove", (event) => {
      this.drawing.getCanvas().style.cursor = this.at(event.point) ? "pointer" : "";
    });
    this.drawing.on("idle", () => {
      this.box.dataset.idle = "true";
    });
    new MutationObserver(() => this.restyle()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.restyle());
  }

  async show(query: string): Promise<void> {
    const tail = query ? `?${query}` : "";
    const [ground, marks] = await Promise.all([json(`/map/ground.json${tail}`), json(`/map/marks.json${tail}`)]);
    await this.begun;
    this.source("ground").setData(ground);
    this.place(marks);
    if (ground.box && !this.box.dataset.framed) {
      this.box.dataset.framed = "true";
      this.frame(marks, ground.box);
    }
  }

  async filter(query: string): Promise<void> {
    const marks = await json(`/map/marks.json${query ? `?${query}` : ""}`);
    await this.begun;
    this.place(marks);
  }

  pick(id: string): void {
    this.picked = id;
    const found = this.marks.features.find((one) => one.properties?.id === id);
    this.source("picked").setData(found ? { type: "FeatureCollection", features: [found] } : EMPTY);
    this.drawing.setFilter("incident", not(id));
    if (found?.geometry.type === "Point") {
      const [lon, lat] = found.geometry.coordinates as [number, number];
      if (!this.drawing.getBounds().contains([lon, lat])) this.drawing.easeTo({ center: [lon, lat], animate: !still() });
    }
  }

  zoom(by: number): void {
    this.drawing.easeTo({ zoom: this.drawing.getZoom() + by, animate: !still() });
  }

  layer(name: string, isShown: boolean): void {
    for (const one of LAYERS[name] ?? []) this.drawing.setLayoutProperty(one, "visibility", isShown ? "visible" : "none");
  }

  /** Shows tracks as they move, as long as somebody looks; the layer's box hides them. Of an earlier moment they stand still. */
  follow(address: string, isNow: boolean): void {
    const look = async (): Promise<void> => {
      if (document.hidden || this.isReplaying) return;
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      await this.begun;
      if (answer.ok && !this.isReplaying) this.source("tracks").setData((await answer.json()) as Features);
    };
    const again = (): void => void look().catch(() => undefined).then(() => isNow && setTimeout(again, FOLLOWED_MS));
    again();
  }

  /** Plays pictures of an earlier stretch of time; ends with the last one, or when it is stopped. Says how many there were. */
  async replay(address: string, shows: (at: number) => void): Promise<number> {
    this.isReplaying = true;
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    await this.begun;
    const told = answer.ok ? ((await answer.json()) as { frames: (Features & { at_s: number })[]; heard: string[] }) : { frames: [], heard: [] };
    for (const frame of told.heard.length ? told.frames : []) {
      if (!this.isReplaying) break;
      this.source("tracks").setData(frame);
      shows(frame.at_s);
      await new Promise((done) => setTimeout(done, PLAYED_MS));
    }
    this.isReplaying = false;
    return told.heard.length;
  }

  stop(): void {
    this.isReplaying = false;
  }

  private place(marks: Features): void {
    this.marks = marks;
    const incidents = marks.features.filter((one) => one.properties?.layer === "incident");
    const others = marks.features.filter((one) => one.properties?.layer !== "incident");
    this.source("marks").setData({ type: "FeatureCollection", features: others });
    const isMany = incidents.length > CLUSTERED;
    this.source("incidents").setData({ type: "FeatureCollection", features: isMany ? [] : spread(incidents) });
    this.source("crowd").setData({ type: "FeatureCollection", features: isMany ? incidents : [] });
    if (this.picked) this.pick(this.picked);
  }

  private frame(marks: Features, box: [number, number, number, number]): void {
    const around: [number, number][] = [];
    for (const one of marks.features) if (one.geometry.type === "Point") around.push(one.geometry.coordinates as [number, number]);
    const inside = around.filter(([lon, lat]) => lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3]);
    const lons = inside.length ? inside.map((one) => one[0]) : [box[0], box[2]];
    const lats = inside.length ? inside.map((one) => one[1]) : [box[1], box[3]];
    this.drawing.setMaxBounds([[box[0] - 2, box[1] - 2], [box[2] + 2, box[3] + 2]]);
    this.drawing.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 48, animate: false });
  }

  private click(point: { x: number; y: number }): void {
    const found = this.at(point);
    if (!found) return;
    if (found.properties.cluster_id !== undefined && found.geometry.type === "Point") {
      const at = found.geometry.coordinates as [number, number];
      void this.source("crowd")
        .getClusterExpansionZoom(found.properties.cluster_id as number)
        .then((zoom) => this.drawing.easeTo({ center: at, zoom, animate: !still() }));
      return;
    }
    this.onPick(String(found.properties.id));
  }

  private at(point: { x: number; y: number }): MapGeoJSONFeature | undefined {
    const near: [[number, number], [number, number]] = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const layers = ["incident", "picked", "one", "cluster"].filter((name) => this.drawing.getLayer(name));
    return this.drawing.queryRenderedFeatures(near, { layers })[0];
  }

  private image(id: string): void {
    const [what, kind = "", letter = "", state = ""] = id.split("|");
    const ratio = Math.max(2, Math.ceil(devicePixelRatio));
    const picture = what === "post" ? drawPost(kind === "manned", ratio, this.colours()) : drawMark(kind, letter, state, ratio, this.colours());
    if (!this.drawing.hasImage(id)) this.drawing.addImage(id, picture, { pixelRatio: ratio });
  }

  private restyle(): void {
    const kept = ["ground", "marks", "incidents", "crowd", "tracks", "picked"].map((name) => [name, this.source(name).serialize().data] as const);
    for (const id of this.drawing.listImages()) this.drawing.removeImage(id);
    this.drawing.setStyle(style(this.colours()), { diff: false });
    this.drawing.once("styledata", () => {
      for (const [name, data] of kept) this.source(name).setData(data);
    });
  }

  private source(name: string): GeoJSONSource {
    return this.drawing.getSource(name) as GeoJSONSource;
  }

  private colours(): Colours {
    const found = getComputedStyle(document.documentElement);
    return (name) => found.getPropertyValue(`--${name}`).trim();
  }

}

const LAYERS: Record<string, string[]> = {
  posts: ["post"],
  zones: ["zone", "zone-edge", "zone-name", "corridor", "corridor-edge", "centre"],
  lines: ["line", "line-dotted", "line-name"],
  names: ["name", "name-dot"],
  tracks: ["trail", "trail-air", "track", "track-doubt", "track-name"],
};

async function json(address: string): Promise<Features> {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as Features;
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function not(id: string): FilterSpecification {
  return ["!=", ["get", "id"], id];
}

// Incidents at one place stand side by side: a mark hides no other.
function spread(features: GeoJSON.Feature[]): GeoJSON.Feature[] {
  const counted = new Map<string, number>();
  return features.map((one) => {
    const key = one.geometry.type === "Point" ? one.geometry.coordinates.join() : "";
    const nth = counted.get(key) ?? 0;
    counted.set(key, nth + 1);
    const column = nth % 5;
    const row = Math.floor(nth / 5);
    return { ...one, properties: { ...one.properties, shift: [column * (MARK_PX + 2), row * (MARK_PX + 2)] } };
  });
}

function style(colour: Colours): StyleSpecification {
  const empty = { type: "geojson" as const, data: EMPTY };
  return {
    version: 8,
    "font-faces": FONTS,
    sources: {
      ground: empty,
      marks: empty,
      incidents: empty,
      crowd: { ...empty, cluster: true, clusterRadius: 44, clusterMaxZoom: 12 },
      tracks: empty,
      picked: empty,
    },
    layers: layers(colour),
  } as StyleSpecification;
}

function layers(colour: Colours): LayerSpecification[] {
  const of = (layer: string, ...more: ExpressionSpecification[]): FilterSpecification => ["all", ["==", ["get", "layer"], layer], ...more];
  const kind = (...words: string[]): ExpressionSpecification => ["in", ["get", "kind"], ["literal", words]];
  const halo = { "text-halo-color": colour("map-label-halo"), "text-halo-width": 1.6 };
  const mark: ExpressionSpecification = ["concat", "mark|", ["get", "kind"], "|", ["get", "letter"], "|", ["get", "state"]];
  // A metre on the ground in pixels doubles with each zoom; 78271.5 is a pixel in metres at zoom 0 on the equator, 512-pixel tiles.
  const radius: ExpressionSpecification = [
    "interpolate", ["exponential", 2], ["zoom"],
    0, ["/", ["get", "radius_m"], 78271.5 * 0.77],
    20, ["*", ["/", ["get", "radius_m"], 78271.5 * 0.77], 1048576],
  ];
  return [
    { id: "away", type: "background", paint: { "background-color": colour("map-land-away") } },
    { id: "land", type: "fill", source: "ground", filter: of("land", kind("district")), paint: { "fill-color": colour("map-land") } },
    { id: "district", type: "line", source: "ground", filter: of("land", kind("district")), paint: { "line-color": colour("map-district"), "line-width": 0.8 } },
    { id: "river", type: "line", source: "ground", filter: of("border", kind("river")), paint: { "line-color": colour("map-river"), "line-width": 1.2 } },
    { id: "country", type: "line", source: "ground", filter: of("land", kind("country")), paint: { "line-color": colour("map-country"), "line-width": 1.5 } },
    { id: "zone", type: "fill", source: "ground", filter: of("zone"), paint: { "fill-color": colour("map-coverage") } },
    { id: "zone-edge", type: "line", source: "ground", filter: of("zone"), paint: { "line-color": colour("map-zone"), "line-width": 1 } },
    { id: "corridor", type: "fill", source: "ground", filter: of("corridor"), paint: { "fill-color": colour("map-corridor-fill") } },
    { id: "corridor-edge", type: "line", source: "ground", filter: of("corridor"), paint: { "line-color": colour("map-corridor"), "line-width": 1 } },
    { id: "centre", type: "line", source: "ground", filter: of("centre"), paint: { "line-color": colour("map-corridor"), "line-width": 1.4 } },
    {
      id: "line", type: "line", source: "ground", filter: of("line", ["!=", ["get", "kind"], "administrative"]),
      paint: { "line-color": colour("map-line-disputed"), "line-width": 2, "line-dasharray": [3.5, 2] },
    },
    {
      id: "line-dotted", type: "line", source: "ground", filter: of("line", ["==", ["get", "kind"], "administrative"]),
      layout: { "line-cap": "round" }, paint: { "line-color": colour("map-line-disputed"), "line-width": 1.4, "line-dasharray": [0.1, 2.4] },
    },
    {
      id: "line-name", type: "symbol", source: "ground", filter: of("line"),
      layout: { "symbol-placement": "line", "text-field": ["get", "label"], "text-font": ["Plain Regular"], "text-size": 11, "text-offset": [0, -0.9], "symbol-spacing": 600, "text-max-angle": 30 },
      paint: { "text-color": colour("map-line-disputed"), ...halo },
    },
    {
      id: "halo", type: "circle", source: "incidents", filter: [">=", ["get", "radius_m"], 1000],
      paint: { "circle-radius": radius, "circle-color": colour("map-halo"), "circle-blur": 1, "circle-pitch-alignment": "map" },
    },
    {
      id: "name-dot", type: "circle", source: "ground", filter: of("place", ["get", "has_dot"]),
      paint: { "circle-radius": 2.6, "circle-color": colour("map-post-fill"), "circle-stroke-color": colour("map-label"), "circle-stroke-width": 1.2 },
    },
    {
      id: "trail", type: "line", source: "tracks", filter: of("trail", ["==", ["get", "band"], "ground"]),
      paint: { "line-color": colour("map-track"), "line-width": 1.6 },
    },
    {
      id: "trail-air", type: "line", source: "tracks", filter: of("trail", ["!=", ["get", "band"], "ground"]),
      paint: { "line-color": colour("map-track"), "line-width": ["match", ["get", "band"], "low", 1.2, "middle", 1.6, 2.2], "line-dasharray": [3, 2] },
    },
    {
      id: "track", type: "circle", source: "tracks", filter: of("track"),
      paint: {
        "circle-radius": ["case", ["==", ["get", "band"], "ground"], 3.2, 4.2], "circle-color": colour("map-track"),
        "circle-stroke-color": colour("map-label-halo"), "circle-stroke-width": 1.4, "circle-opacity": ["case", [">", ["get", "seen_s"], 3], 0.45, 1],
      },
    },
    {
      id: "track-doubt", type: "circle", source: "tracks", filter: of("track", [">", ["length", ["get", "anomalies"]], 0]),
      paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-color": colour("map-track"), "circle-stroke-width": 1.6 },
    },
    {
      id: "track-name", type: "symbol", source: "tracks", filter: of("track", ["!=", ["get", "band"], "ground"]),
      layout: { "text-field": ["case", [">", ["length", ["get", "anomalies"]], 0], ["concat", ["get", "name"], " ?"], ["get", "name"]], "text-font": ["Plain Regular"], "text-size": 10.5, "text-variable-anchor-offset": ["left", [0.7, 0], "right", [-0.7, 0], "top", [0, 0.6], "bottom", [0, -0.6]], "text-optional": true },
      paint: { "text-color": colour("map-track"), ...halo },
    },
    {
      id: "track-convoy", type: "symbol", source: "tracks", filter: of("track", [">", ["get", "n_convoy"], 0]),
      layout: { "text-field": ["concat", "×", ["to-string", ["get", "n_convoy"]]], "text-font": ["Plain Regular"], "text-size": 10.5, "text-offset": [0, 1], "text-optional": true },
      paint: { "text-color": colour("map-track"), ...halo },
    },
    // From here on the order is also that of giving way: what stands lower is left out where there is no room.
    {
      id: "zone-name", type: "symbol", source: "ground", filter: of("zone"),
      layout: { "text-field": ["get", "label"], "text-font": ["Plain Regular"], "text-size": 12, "text-max-width": 12 },
      paint: { "text-color": colour("map-zone"), ...halo },
    },
    {
      id: "name", type: "symbol", source: "ground", filter: of("place"),
      layout: {
        "text-field": ["get", "label"], "text-font": ["case", ["<=", ["get", "rank"], 2], ["literal", ["Plain Bold"]], ["literal", ["Plain Regular"]]],
        "text-size": ["match", ["get", "rank"], 1, 13, 2, 12.5, 3, 12, 11], "symbol-sort-key": ["get", "rank"],
        "text-variable-anchor-offset": [
          "left", [0.55, 0], "right", [-0.55, 0], "top", [0, 0.5], "bottom", [0, -0.5],
          "top-left", [0.5, 0.5], "top-right", [-0.5, 0.5], "bottom-left", [0.5, -0.5], "bottom-right", [-0.5, -0.5],
        ],
        "text-max-width": 11, "text-padding": 2,
      },
      paint: { "text-color": colour("map-label"), ...halo },
    },
    {
      id: "post", type: "symbol", source: "marks", filter: of("post"),
      layout: {
        "icon-image": ["concat", "post|", ["case", ["get", "is_manned"], "manned", "not"]], "icon-allow-overlap": true, "text-optional": true,
        "text-field": ["get", "code"], "text-font": ["Plain Bold"], "text-size": 11,
        "text-variable-anchor-offset": ["left", [0.8, 0], "right", [-0.8, 0], "top", [0, 0.6], "bottom", [0, -0.6]],
      },
      paint: { "text-color": colour("map-post"), ...halo },
    },
    {
      id: "restriction", type: "symbol", source: "marks", filter: of("restriction"),
      layout: { "icon-image": ["concat", "mark|restriction|", ["get", "letter"], "|reported"], "icon-allow-overlap": true, "icon-size": 0.86 },
    },
    {
      id: "cluster", type: "symbol", source: "crowd", filter: ["has", "point_count"],
      layout: { "icon-image": "mark|crowd||", "text-field": ["get", "point_count_abbreviated"], "text-font": ["Plain Bold"], "text-size": 11, "icon-allow-overlap": true, "text-allow-overlap": true, "icon-text-fit": "width", "icon-text-fit-padding": [0, 4, 0, 4] },
      paint: { "text-color": colour("map-incident") },
    },
    { id: "one", type: "symbol", source: "crowd", filter: ["!", ["has", "point_count"]], layout: { "icon-image": mark, "icon-allow-overlap": true } },
    {
      id: "incident", type: "symbol", source: "incidents", filter: not(""),
      layout: { "icon-image": mark, "icon-allow-overlap": true, "icon-ignore-placement": false, "icon-offset": ["get", "shift"] },
    },
    {
      id: "picked", type: "symbol", source: "picked",
      layout: {
        "icon-image": mark, "icon-size": 1.3, "icon-allow-overlap": true, "text-field": ["concat", ["get", "title"], "\n", ["get", "precision"]],
        "text-font": ["Plain Bold"], "text-size": 12.5, "text-offset": [0, -1.6], "text-anchor": "bottom", "text-allow-overlap": true, "text-max-width": 16,
      },
      paint: { "text-color": colour("map-picked"), "text-halo-color": colour("map-label-halo"), "text-halo-width": 3 },
    },
  ];
}
