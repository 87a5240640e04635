// Marks as pictures: the shape says the kind, the letter says it again, the fill says the state of the determination.
// No shape mirrors, none is a ring round a place (DESIGN, Map symbology). Outlines are those of publish/marks.py.
/** Gives the colour that a name of the design has on this page. */
export type Colours = (name: string) => string;

export const MARK_PX = 24;

const OUTLINES: Record<string, string> = {
  fire: "M9.5 0A9.5 9.5 0 1 1 -9.5 0A9.5 9.5 0 1 1 9.5 0Z",
  air: "M0 -11L10.5 8H-10.5Z",
  position: "M-8.5 -8.5H8.5V8.5H-8.5Z",
  detained: "M0 -10.5L10 -3.2L6.2 8.6H-6.2L-10 -3.2Z",
  restriction: "M-4 -9.6H4L9.6 -4V4L4 9.6H-4L-9.6 4V-4Z",
  site: "M0 -11L9.5 -2.5V8.5H-9.5V-2.5Z",
  other: "M0 -10L10 0L0 10L-10 0Z",
  crowd: "M-9 -9H9Q11 -9 11 -7V7Q11 9 9 9H-9Q-11 9 -11 7V-7Q-11 -9 -9 -9Z",
};
const LIFT: Record<string, number> = { air: 5.6, site: 4.6 };

export function drawMark(kind: string, letter: string, state: string, ratio: number, colour: Colours): ImageData {
  const pen = sheet(MARK_PX + 4, ratio);
  const shape = new Path2D(OUTLINES[kind] ?? OUTLINES.other);
  const ink = colour("map-incident");
  const paper = colour("map-incident-paper");
  const isFull = state === "agreed";
  pen.fillStyle = isFull ? ink : paper;
  pen.strokeStyle = ink;
  pen.lineWidth = 1.7;
  pen.fill(shape);
  if (state === "one_in") {
    pen.save();
    pen.clip(shape);
    pen.fillStyle = ink;
    pen.fillRect(-14, 3, 28, 14); // a level, not a side: it needs no mirroring
    pen.restore();
  }
  if (state === "could not be attributed") pen.setLineDash([2.2, 2.2]);
  pen.stroke(shape);
  pen.setLineDash([]);
  if (state === "differing") {
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(-2.2, 7);
    pen.lineTo(2.2, -7);
    pen.stroke();
  } else if (letter) {
    pen.fillStyle = isFull ? paper : ink;
    pen.font = `700 10.5px "Noto Sans", "Noto Sans Arabic", sans-serif`;
    pen.textAlign = "center";
    pen.fillText(letter, 0, LIFT[kind] ?? 3.8);
  }
  return taken(pen, MARK_PX + 4, ratio);
}

export function drawPost(isManned: boolean, ratio: number, colour: Colours): ImageData {
  const pen = sheet(12, ratio);
  pen.fillStyle = isManned ? colour("map-post") : colour("map-post-fill");
  pen.strokeStyle = colour("map-post");
  pen.lineWidth = 1.2;
  if (!isManned) pen.setLineDash([2, 1.5]);
  pen.fillRect(-4, -4, 8, 8);
  pen.strokeRect(-4, -4, 8, 8);
  return taken(pen, 12, ratio);
}

function sheet(size: number, ratio: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("this browser draws nothing");
  pen.scale(ratio, ratio);
  pen.translate(size / 2, size / 2);
  return pen;
}

function taken(pen: CanvasRenderingContext2D, size: number, ratio: number): ImageData {
  return pen.getImageData(0, 0, size * ratio, size * ratio);
}
