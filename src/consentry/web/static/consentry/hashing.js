/* The fingerprint of a picture, computed on the device of the person who holds it. Nothing here sends anything anywhere.
 *
 *   hashPicture(file, {onPart(0..1), signal, longest: ms}) -> Promise of one of
 *     {status: "hashed", pdq: 64 hex digits, quality: 50..100}
 *     {status: "too-little-detail", quality}   a fingerprint of it would match many pictures
 *     {status: "device-altered"}               the browser changes what it reads back: no hash is made of changed pixels
 *     {status: "cannot-decode"}                this browser cannot read the file (HEIC, a damaged file)
 *     {status: "too-large"}  {status: "not-supported"}  {status: "stopped"}
 *
 * A Web Worker does it; where a module worker or its canvas is missing, the same code runs in the page in small parts.
 */

import { fingerprintHere } from "./hashing-here.js";

const LONGEST_MS = 60_000;

export async function hashPicture(file, { onPart = () => {}, signal, longest = LONGEST_MS } = {}) {
  const started = workerOrNull();
  const result = started && (await inWorker(started, file, onPart, signal, longest));
  return result ?? fingerprintHere(file, onPart);
}

/** A worker, or null where the browser has no worker that could draw. */
function workerOrNull() {
  if (typeof Worker !== "function" || typeof OffscreenCanvas !== "function") {
    return null;
  }
  try {
    return new Worker(new URL("./hashing-worker.js", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}

/** The worker's result, or null when it never came to life or its canvas is of no use: then the page does the work. */
function inWorker(worker, file, onPart, signal, longest) {
  return new Promise((resolve) => {
    let alive = false;
    const finish = (result) => {
      clearTimeout(timer);
      worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => finish({ status: "not-supported" }), longest);
    signal?.addEventListener("abort", () => finish({ status: "stopped" }));
    worker.addEventListener("error", () => finish(alive ? { status: "not-supported" } : null));
    worker.addEventListener("message", ({ data }) => {
      if (data.ready) {
        alive = true;
        worker.postMessage({ file });
      } else if (data.result) {
        finish(data.result.status === "not-supported" ? null : data.result);
      } else {
        onPart(data.part);
      }
    });
  });
}
