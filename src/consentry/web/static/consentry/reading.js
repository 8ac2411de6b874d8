/* From a chosen file to a brightness plane, on the device, with proof that the read-back was not altered.
 *
 * The picture is drawn in strips of its full size and averaged down here, in plain arithmetic: browsers scale pictures each
 * in their own way, which would move bits of the hash. Under every strip the known picture is drawn as well and read back in
 * the same call, so that a browser which alters only large or only some reads is noticed too.
 */

import { CANARY_SIDE, canaryFile, isCanary, turnedCanaryFile } from "./canary.js";

export const LONGEST_SIDE = 2048;
export const MOST_BYTES = 100_000_000;
export const MOST_PIXELS = 120_000_000;
const STRIP_PIXELS = 1_000_000;
const WITNESS_ROWS = 8;
const WEIGHTS = [0.299, 0.587, 0.114];

/** A reason why no hash was made: `status` is one of the words of docs/spec/on-device-hash.md. */
export class NoHash extends Error {
  constructor(status) {
    super(status);
    this.status = status;
  }
}

/** Throws `NoHash("device-altered")` unless the known pictures come back exactly; returns the decoded known picture. */
export async function provenCanary() {
  const canary = await decoded(canaryFile());
  const turned = await decoded(turnedCanaryFile());
  const read = surface(CANARY_SIDE, CANARY_SIDE);
  read.drawImage(canary, 0, 0);
  const upright = turned.width === 8 && turned.height === 16;
  if (!upright || !isCanary(read.getImageData(0, 0, CANARY_SIDE, CANARY_SIDE).data, CANARY_SIDE, CANARY_SIDE)) {
    throw new NoHash("device-altered");
  }
  read.drawImage(turned, 0, 0);
  const [top, bottom] = [read.getImageData(4, 3, 1, 1).data[0], read.getImageData(4, 12, 1, 1).data[0]];
  turned.close();
  if (!(top < 64 && bottom > 192)) {
    throw new NoHash("device-altered");
  }
  return canary;
}

/** `{luma, width, height}` of `file`, upright, over white, longest side at most LONGEST_SIDE; `onPart(0..1)` as it goes. */
export async function lumaOf(file, canary, onPart, pause) {
  if (file.size > MOST_BYTES) {
    throw new NoHash("too-large");
  }
  const picture = await decoded(file);
  try {
    if (picture.width * picture.height > MOST_PIXELS) {
      throw new NoHash("too-large");
    }
    return await averaged(picture, canary, onPart, pause);
  } finally {
    picture.close();
  }
}

async function averaged(picture, canary, onPart, pause) {
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * shrink));
  const height = Math.max(1, Math.round(picture.height * shrink));
  const across = shares(picture.width, width);
  const down = shares(picture.height, height);
  const luma = new Float32Array(width * height);
  const stripRows = Math.max(1, Math.floor(STRIP_PIXELS / picture.width));
  const board = surface(picture.width, Math.min(stripRows, picture.height) + WITNESS_ROWS);
  const line = new Float64Array(width);
  for (let top = 0; top < picture.height; top += stripRows) {
    const rows = Math.min(stripRows, picture.height - top);
    const pixels = strip(board, picture, canary, top, rows);
    for (let y = 0; y < rows; y += 1) {
      narrowed(pixels, y * picture.width * 4, across, line);
      spread(line, down, top + y, luma, width);
    }
    onPart((top + rows) / picture.height);
    await pause();
  }
  return { luma, width, height };
}

/** RGBA bytes of `rows` rows of the picture; throws when the known picture drawn below them did not come back exactly. */
function strip(board, picture, canary, top, rows) {
  const width = picture.width;
  board.fillStyle = "#fff";
  board.fillRect(0, 0, width, rows);
  board.drawImage(picture, 0, top, width, rows, 0, 0, width, rows);
  for (let x = 0; x < width; x += CANARY_SIDE) {
    board.drawImage(canary, 0, 0, CANARY_SIDE, WITNESS_ROWS, x, rows, CANARY_SIDE, WITNESS_ROWS);
  }
  const pixels = board.getImageData(0, 0, width, rows + WITNESS_ROWS).data;
  if (!isCanary(pixels.subarray(width * rows * 4), width, WITNESS_ROWS)) {
    throw new NoHash("device-altered");
  }
  return pixels;
}

/** How each of `from` places spreads over `to` wider ones: first target, and the share that falls into it (the rest: the next). */
function shares(from, to) {
  const first = new Int32Array(from);
  const share = new Float64Array(from);
  const scale = to / from;
  for (let i = 0; i < from; i += 1) {
    const start = i * scale;
    first[i] = Math.min(to - 1, Math.floor(start));
    const inside = Math.min(start + scale, first[i] + 1) - start;
    share[i] = first[i] === to - 1 ? scale : inside;
  }
  return { first, share, scale };
}

function narrowed(pixels, at, across, line) {
  line.fill(0);
  for (let x = 0; x < across.first.length; x += 1, at += 4) {
    const bright = WEIGHTS[0] * pixels[at] + WEIGHTS[1] * pixels[at + 1] + WEIGHTS[2] * pixels[at + 2];
    const target = across.first[x];
    line[target] += bright * across.share[x];
    if (across.share[x] < across.scale) {
      line[target + 1] += bright * (across.scale - across.share[x]);
    }
  }
}

function spread(line, down, row, luma, width) {
  const target = down.first[row];
  const share = down.share[row];
  for (let x = 0; x < width; x += 1) {
    luma[target * width + x] += line[x] * share;
    if (share < down.scale) {
      luma[(target + 1) * width + x] += line[x] * (down.scale - share);
    }
  }
}

/** A decoded picture, upright, its colour numbers as stored in the file (as the server's decoder takes them). */
async function decoded(file) {
  const wish = { imageOrientation: "from-image", colorSpaceConversion: "none" };
  try {
    return await createImageBitmap(file, wish);
  } catch (refused) {
    if (!(refused instanceof TypeError)) {
      throw new NoHash("cannot-decode");
    }
  }
  return createImageBitmap(file).catch(() => {
    throw new NoHash("cannot-decode");
  });
}

/** A drawing surface that is read often, so that it stays in memory instead of on the graphics card. */
function surface(width, height) {
  let canvas;
  if (typeof OffscreenCanvas === "function") {
    canvas = new OffscreenCanvas(width, height);
  } else {
    canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new NoHash("not-supported");
  }
  context.imageSmoothingEnabled = false;
  return context;
}
