/* A picture whose every pixel is known, to find out whether this device tells the truth about pixels.
 *
 * Browsers that resist fingerprinting alter canvas reads by small amounts and say nothing. The known picture is a real PNG
 * file, made here byte by byte, so that it goes through the same decoder and the same canvas as the person's picture.
 */

export const CANARY_SIDE = 64;

/** The known pixels, row by row, 3 bytes each: every value of every channel comes up, no two rows are alike. */
export function canaryPixels() {
  const pixels = new Uint8Array(CANARY_SIDE * CANARY_SIDE * 3);
  let state = 20260101;
  for (let i = 0; i < pixels.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = state >>> 24;
  }
  return pixels;
}

/** The known picture as a PNG file (8-bit RGB, no colour profile, stored without compression). */
export function canaryFile() {
  const rowBytes = 1 + CANARY_SIDE * 3;
  const raw = new Uint8Array(CANARY_SIDE * rowBytes);
  const pixels = canaryPixels();
  for (let y = 0; y < CANARY_SIDE; y += 1) {
    raw.set(pixels.subarray(y * CANARY_SIDE * 3, (y + 1) * CANARY_SIDE * 3), y * rowBytes + 1);
  }
  const header = [...bigEndian(CANARY_SIDE), ...bigEndian(CANARY_SIDE), 8, 2, 0, 0, 0];
  return new Blob(
    [new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", zlibStored(raw)), chunk("IEND", [])],
    { type: "image/png" },
  );
}

/** A 16 x 8 JPEG, its left half black, marked "turn right": upright it is 8 x 16 with the black half on top. */
export function turnedCanaryFile() {
  const text = atob(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcg" +
      "LikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAUEAEAAAAAAAAAAAAA" +
      "AAAAAAAA/9oACAEBAAA/ADBTr//Z",
  );
  return new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0))], { type: "image/jpeg" });
}

/** Whether `rows` rows of RGBA bytes, `width` wide, hold the known picture repeated side by side, to the last bit. */
export function isCanary(rgba, width, rows) {
  const known = canaryPixels();
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const from = ((y % CANARY_SIDE) * CANARY_SIDE + (x % CANARY_SIDE)) * 3;
      if (rgba[at] !== known[from] || rgba[at + 1] !== known[from + 1] || rgba[at + 2] !== known[from + 2] || rgba[at + 3] !== 255) {
        return false;
      }
    }
  }
  return true;
}

function bigEndian(number) {
  return [(number >>> 24) & 255, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}

function chunk(name, data) {
  const body = Uint8Array.from([...[...name].map((letter) => letter.charCodeAt(0)), ...data]);
  return Uint8Array.from([...bigEndian(data.length), ...body, ...bigEndian(crc32(body))]);
}

function zlibStored(raw) {
  const length = [raw.length & 255, raw.length >>> 8];
  const inverse = length.map((byte) => byte ^ 255);
  return Uint8Array.from([0x78, 0x01, 1, ...length, ...inverse, ...raw, ...bigEndian(adler32(raw))]);
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return ~crc >>> 0;
}

function adler32(bytes) {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}
