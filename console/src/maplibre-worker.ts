// The map's helper thread, bundled as a file of our own origin so that the page's policy lets it run.
export { default } from "maplibre-gl/dist/maplibre-gl-worker.mjs";
