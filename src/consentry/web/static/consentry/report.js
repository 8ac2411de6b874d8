/* The report form: one step at a time, and the fingerprint of a chosen picture. Without it the form works as one long page.
 *
 * The file field has no name and the form is not multipart, so no browser can send the file even where this script is absent.
 * Written into the form: claimed_pdq and claimed_quality. The form tells of it by the event "consentry:hashed"
 * (detail: the result of hashPicture).
 */

import { hashPicture } from "./hashing.js";

const form = document.querySelector("form[data-report]");
if (form) {
  watchPicture(form);
  walkSteps(form);
  matchCountry(form);
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
  const fromAddress = () => Math.max(0, steps.findIndex((step) => `#${step.id}` === location.hash));
  const here = () => steps.findIndex((step) => !step.hidden);

  function forwardTo(index) {
    for (let at = here(); at < index; at += 1) {
      if (!complete(form, steps[at])) {
        if (at !== here()) {
          location.hash = steps[at].id;
        }
        return;
      }
    }
    location.hash = steps[index].id;
  }

  window.addEventListener("hashchange", () => open(fromAddress(), true));
  for (const link of [...marks, ...form.querySelectorAll("[data-go]")]) {
    link.addEventListener("click", (event) => {
      const target = steps.findIndex((step) => `#${step.id}` === link.getAttribute("href"));
      event.preventDefault();
      if (target <= here()) {
        location.hash = steps[target].id;
      } else {
        forwardTo(target);
      }
    });
  }
  form.addEventListener("submit", (event) => {
    const last = steps.length - 1;
    if (here() !== last) {
      event.preventDefault();
      forwardTo(here() + 1);
    } else if (!complete(form, steps[last])) {
      event.preventDefault();
    } else {
      form.querySelector("[data-send]").setAttribute("aria-disabled", "true");
    }
  });
  const wrong = steps.findIndex((step) => step.querySelector("[aria-invalid=true], .error"));
  open(wrong >= 0 ? wrong : fromAddress(), false);
}

/** Whether the step can be left; where not, the browser says what is missing. */
function complete(form, step) {
  const lack = step.querySelector("[data-need-one]");
  if (lack) {
    const nothing = !form.elements.content_ref.value.trim() && !form.elements.claimed_pdq.value;
    lack.hidden = !nothing;
    if (nothing) {
      form.elements.content_ref.focus();
      return false;
    }
  }
  const bad = [...step.querySelectorAll("input, select, textarea")].find((field) => !field.closest("[hidden]:not([data-step])") && !field.checkValidity());
  bad?.reportValidity();
  return !bad;
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

/** Questions that only one country's law asks are shown for that country only. */
function matchCountry(form) {
  const country = form.elements.country;
  const show = () => {
    for (const block of form.querySelectorAll("[data-country]")) {
      block.hidden = !block.dataset.country.split(" ").includes(country.value);
    }
  };
  country?.addEventListener("change", show);
  show();
}
