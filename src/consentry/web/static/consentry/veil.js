/* A picture on the desk: nothing is loaded until somebody asks, and it is clear only while the button or the space bar is held.
 *
 * The reviewer asks first ("load"), which the server writes into the log; then it lies there grey and blurred. Colour is one
 * step more. Leaving the window covers it again.
 */

for (const veil of document.querySelectorAll("[data-veil]")) {
  const picture = veil.querySelector("img");
  const load = veil.querySelector("[data-veil-load]");
  const hold = veil.querySelector("[data-veil-hold]");
  const colour = veil.querySelector("[data-veil-colour]");

  const open = (clear) => {
    veil.classList.toggle("open", clear);
    hold.setAttribute("aria-pressed", String(clear));
  };
  load.hidden = false;
  load.addEventListener("click", () => {
    picture.src = picture.dataset.src;
    picture.hidden = false;
    load.hidden = true;
    hold.hidden = false;
    colour.hidden = false;
    hold.focus();
  });
  hold.addEventListener("pointerdown", () => open(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    hold.addEventListener(end, () => open(false));
  }
  hold.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      open(true);
    }
  });
  hold.addEventListener("keyup", () => open(false));
  window.addEventListener("blur", () => open(false));
  colour.addEventListener("click", () => {
    const on = veil.classList.toggle("colour");
    colour.setAttribute("aria-pressed", String(on));
  });
}
