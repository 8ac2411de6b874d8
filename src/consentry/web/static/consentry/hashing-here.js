/* One hashing job in whatever thread this runs in: known picture first, then the person's picture, then PDQ. */

import { pdqOfLuma } from "./pdq.js";
import { NoHash, lumaOf, provenCanary } from "./reading.js";

export const LEAST_QUALITY = 50;

/** A result as described in hashing.js; never throws. `onPart` gets the share done, 0 to 1. */
export async function fingerprintHere(file, onPart) {
  const pause = () => new Promise((resume) => setTimeout(resume, 0));
  if (typeof createImageBitmap !== "function") {
    return { status: "not-supported" };
  }
  try {
    const canary = await provenCanary();
    const { luma, width, height } = await lumaOf(file, canary, (part) => onPart(0.9 * part), pause);
    canary.close();
    const { pdq, quality } = pdqOfLuma(luma, width, height);
    onPart(1);
    return quality < LEAST_QUALITY ? { status: "too-little-detail", quality } : { status: "hashed", pdq, quality };
  } catch (error) {
    return { status: error instanceof NoHash ? error.status : "not-supported" };
  }
}
