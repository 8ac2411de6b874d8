/* PDQ of a brightness plane: a 256-bit rough image of a picture, and how much structure it had.
 *
 * Written from the published description (facebook/ThreatExchange, pdq/hashing.pdf and README); docs/spec/on-device-hash.md
 * lists each step. Pure: numbers in, numbers out; it neither decodes pictures nor touches the page.
 */

const GRID = 64;
const WAVES = 16;
const BLUR_PASSES = 2;

/** The hash (64 lower-case hex digits) and quality (0 to 100) of `luma`, rows of `width` values from 0 to 255. */
export function pdqOfLuma(luma, width, height) {
  const grid = sampleGrid(blurred(luma, width, height), width, height);
  return { pdq: hexOf(bitsOf(waves(grid))), quality: qualityOf(grid) };
}

/** Two box blurs in each direction, window about 1/128 of the side: what is finer than the grid goes before sampling. */
function blurred(luma, width, height) {
  let from = luma.slice();
  let to = new Float32Array(from.length);
  for (let pass = 0; pass < BLUR_PASSES; pass += 1) {
    for (let y = 0; y < height; y += 1) {
      boxMean(from, to, y * width, 1, width);
    }
    for (let x = 0; x < width; x += 1) {
      boxMean(to, from, x, width, height);
    }
  }
  return from;
}

/** Running mean over one line: `count` values from `start`, `stride` apart; the window is cut off at the ends. */
function boxMean(from, to, start, stride, count) {
  const window = Math.floor((count + 2 * GRID - 1) / (2 * GRID));
  const half = Math.floor((window + 2) / 2);
  const before = window - half;
  const after = half - 1;
  let sum = 0;
  for (let i = 0; i < Math.min(after, count); i += 1) {
    sum += from[start + i * stride];
  }
  for (let i = 0; i < count; i += 1) {
    if (i + after < count) {
      sum += from[start + (i + after) * stride];
    }
    if (i - before - 1 >= 0) {
      sum -= from[start + (i - before - 1) * stride];
    }
    const inside = Math.min(i + after, count - 1) - Math.max(i - before, 0) + 1;
    to[start + i * stride] = sum / inside;
  }
}

/** The value in the middle of each of 64 x 64 equal cells. */
function sampleGrid(plane, width, height) {
  const grid = new Float64Array(GRID * GRID);
  for (let i = 0; i < GRID; i += 1) {
    const y = Math.floor(((i + 0.5) * height) / GRID);
    for (let j = 0; j < GRID; j += 1) {
      const x = Math.floor(((j + 0.5) * width) / GRID);
      grid[i * GRID + j] = plane[y * width + x];
    }
  }
  return grid;
}

/** Sum of the whole-percent steps between neighbours, scaled so that an ordinary photograph reaches 100. */
function qualityOf(grid) {
  let steps = 0;
  for (let i = 0; i < GRID; i += 1) {
    for (let j = 0; j < GRID; j += 1) {
      const here = grid[i * GRID + j];
      if (i + 1 < GRID) {
        steps += Math.abs(Math.trunc(((here - grid[(i + 1) * GRID + j]) * 100) / 255));
      }
      if (j + 1 < GRID) {
        steps += Math.abs(Math.trunc(((here - grid[i * GRID + j + 1]) * 100) / 255));
      }
    }
  }
  return Math.min(100, Math.floor(steps / 90));
}

/** The 16 x 16 slowest cosine waves of the grid, without the constant one. */
function waves(grid) {
  const basis = new Float64Array(WAVES * GRID);
  for (let k = 0; k < WAVES; k += 1) {
    for (let n = 0; n < GRID; n += 1) {
      basis[k * GRID + n] = Math.sqrt(2 / GRID) * Math.cos((Math.PI / 2 / GRID) * (k + 1) * (2 * n + 1));
    }
  }
  const columns = new Float64Array(WAVES * GRID);
  for (let k = 0; k < WAVES; k += 1) {
    for (let j = 0; j < GRID; j += 1) {
      let sum = 0;
      for (let n = 0; n < GRID; n += 1) {
        sum += basis[k * GRID + n] * grid[n * GRID + j];
      }
      columns[k * GRID + j] = sum;
    }
  }
  const out = new Float64Array(WAVES * WAVES);
  for (let k = 0; k < WAVES; k += 1) {
    for (let l = 0; l < WAVES; l += 1) {
      let sum = 0;
      for (let n = 0; n < GRID; n += 1) {
        sum += columns[k * GRID + n] * basis[l * GRID + n];
      }
      out[k * WAVES + l] = sum;
    }
  }
  return out;
}

/** Which waves lie above the lower median of all: 256 booleans. */
function bitsOf(values) {
  const median = Float64Array.from(values).sort()[values.length / 2 - 1];
  return Array.from(values, (value) => value > median);
}

/** Bit 255 first, as every PDQ tool prints it. */
function hexOf(bits) {
  let text = "";
  for (let top = bits.length - 1; top > 0; top -= 4) {
    const digit = (bits[top] ? 8 : 0) + (bits[top - 1] ? 4 : 0) + (bits[top - 2] ? 2 : 0) + (bits[top - 3] ? 1 : 0);
    text += digit.toString(16);
  }
  return text;
}
