/* Quick exit: the button, or Esc twice within a second. A classic script in the head, so that it acts before the page is drawn.
 *
 * It leaves by replacing this page in the tab's history. A page of ours further back in that history, reached by the back
 * button afterwards, leaves again at once. Every page is sent with "no-store", so the browser has no copy of it. What it
 * cannot do is clear the browser's own list of visited pages; the guidance page says how.
 */

(() => {
  const MARK = "left";
  const root = document.documentElement;

  function remember(left) {
    try {
      if (left) {
        sessionStorage.setItem(MARK, "1");
      } else {
        sessionStorage.removeItem(MARK);
      }
    } catch {
      /* a browser without storage: the back button then shows the page before, freshly loaded */
    }
  }

  function hasLeft() {
    try {
      return sessionStorage.getItem(MARK) === "1";
    } catch {
      return false;
    }
  }

  function leave() {
    remember(true);
    root.hidden = true;
    document.title = "";
    for (const form of document.forms) {
      form.reset();
    }
    location.replace(root.dataset.exitTo);
  }

  const arrival = performance.getEntriesByType("navigation")[0];
  if (hasLeft() && arrival?.type === "back_forward") {
    leave();
  } else {
    remember(false);
  }
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && root.hidden) {
      leave();
    }
  });

  let pressed = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) {
      return;
    }
    if (event.timeStamp - pressed < 1000) {
      leave();
    }
    pressed = event.timeStamp;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-quick-exit]")) {
      event.preventDefault();
      leave();
    }
  });
})();
