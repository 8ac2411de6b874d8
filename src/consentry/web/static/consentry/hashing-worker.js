/* Runs one hashing job away from the page, so that the page never freezes. It has no network code and keeps nothing. */

import { fingerprintHere } from "./hashing-here.js";

self.addEventListener("message", async (event) => {
  const result = await fingerprintHere(event.data.file, (part) => self.postMessage({ part }));
  self.postMessage({ result });
});

self.postMessage({ ready: true });
