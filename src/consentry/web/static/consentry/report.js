/* The report form (portal/report.html): one step at a time, and the fingerprint of a chosen picture. Without it the form works as one long page.
 *
 * The file field has no name and the form is not multipart, so no browser can send the file even where this script is absent.
 * Written into the form: claimed_pdq and claimed_quality. The form tells of it by the event "consentry:hashed"
 * (detail: the result of hashPicture).
 */

import { hashPicture } from "./hashing.js";

const form = document.querySelector("form[data-report]");
if (form) {
  watchPicture(form);
  matchCountry(form);
  walkSteps(form);
}

function watchPicture(form) {
  const block = form.querySelector("[data-picture]");
  const chooser = block.querySelector("input[type=file]");
  const progress = block.querySelector("progress");
  let running = null;
  block.hidden = false;

  async function take(file) {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    write(form, "", "");
    tell(block, file ? "working" : "none");
    progress.hidden = !file;
    progress.value = 0;
    if (!file) {
      return;
    }
    const result = await hashPicture(file, { signal, onPart: (part) => (progress.value = part) });
    if (signal.aborted) {
      return;
    }
    progress.hidden = true;
    if (result.status === "hashed") {
      write(form, result.pdq, String(result.quality));
    }
    tell(block, result.status);
    form.dispatchEvent(new CustomEvent("consentry:hashed", { detail: result }));
  }

  chooser.addEventListener("change", () => take(chooser.files[0]));
  block.querySelector("[data-picture-clear]").addEventListener("click", () => {
    chooser.value = "";
    take(undefined);
  });
}

function write(form, pdq, quality) {
  form.elements.claimed_pdq.value = pdq;
  form.elements.claimed_quality.value = quality;
}

/** Shows the one prepared sentence that fits; a screen reader hears it, for the sentences lie in a live region. */
function tell(block, status) {
  for (const sentence of block.querySelectorAll("[data-picture-status]")) {
    sentence.hidden = sentence.dataset.pictureStatus !== status;
  }
  block.querySelector("[data-picture-clear]").hidden = status === "none";
}

function walkSteps(form) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const marks = [...document.querySelectorAll("[data-steps] a")];
  form.noValidate = true;
  form.classList.add("stepwise");

  function open(index, focus) {
    steps.forEach((step, at) => (step.hidden = at !== index));
    marks.forEach((mark, at) => {
      mark.parentElement.classList.toggle("done", at < index);
      if (at === index) {
        mark.setAttribute("aria-current", "step");
      } else {
        mark.removeAttribute("aria-current");
      }
    });
    if (steps[index].dataset.step === "check") {
      summarise(form);
    }
    if (focus) {
      steps[index].querySelector("h2").focus();
      window.scrollTo(0, 0);
    }
  }
  const named = (hash) => Math.max(0, steps.findIndex((step) => `#${step.id}` === hash));
  const here = () => steps.findIndex((step) => !step.hidden);
  const lacking = (before) => steps.slice(0, before).findIndex((step) => unanswered(step));

  /** To the step `index`, or to the first one before it that lacks something, which the browser then says. */
  function go(index) {
    const short = lacking(index);
    const target = short < 0 ? Math.min(index, steps.length - 1) : short;
    if (target === here()) {
      unanswered(steps[target])?.reportValidity();
    } else {
      location.hash = steps[target].id;
    }
    return short < 0;
  }

  window.addEventListener("hashchange", () => open(named(location.hash), true));
  for (const link of [...marks, ...form.querySelectorAll("[data-go]")]) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go(named(link.getAttribute("href")));
    });
  }
  form.addEventListener("submit", (event) => {
    const send = form.querySelector("[data-send]");
    const last = here() === steps.length - 1;
    if (!last || !go(steps.length) || send.getAttribute("aria-disabled")) {
      event.preventDefault();
    } else {
      send.setAttribute("aria-disabled", "true");
    }
    if (!last) {
      go(here() + 1);
    }
  });
  const wrong = steps.findIndex((step) => step.querySelector("[aria-invalid=true], .error"));
  const asked = named(location.hash);
  const short = lacking(asked);
  open(wrong >= 0 ? wrong : short < 0 ? asked : short, false);
}

/** The first field of the step that must still be filled in or mended. */
function unanswered(step) {
  const shown = [...step.querySelectorAll("input, select, textarea")].filter((field) => !field.closest("[hidden]:not([data-step])"));
  return shown.find((field) => !field.checkValidity());
}

/** What will be sent, in the person's own words, on the last step. */
function summarise(form) {
  for (const entry of form.querySelectorAll("[data-summary-of]")) {
    const field = form.elements[entry.dataset.summaryOf];
    const value = (field && (shownChoice(field) ?? field.value)) || "";
    entry.textContent = value;
    entry.closest("[data-summary-row]").hidden = !value.trim();
  }
  form.querySelector("[data-summary]").hidden = false;
}

function shownChoice(field) {
  if (field instanceof RadioNodeList) {
    return [...field].find((radio) => radio.checked)?.closest("label")?.textContent.trim() ?? "";
  }
  if (field instanceof HTMLSelectElement) {
    return field.selectedOptions[0]?.textContent.trim() ?? "";
  }
  return null;
}

/** Questions that only one country's law asks are shown, and must be answered, for that country only. */
function matchCountry(form) {
  const country = form.elements.jurisdiction;
  const blocks = [...form.querySelectorAll("[data-jurisdiction]")];
  const show = () => {
    for (const block of blocks) {
      block.hidden = block.dataset.jurisdiction !== country.value;
      for (const field of block.querySelectorAll("[data-asked]")) {
        field.required = !block.hidden;
      }
    }
  };
  country.addEventListener("change", show);
  show();
}
