// A scheme and a comparison: copies receipts, goes to a part of the page or to another day, prints. `root` is the
// element that cards are put into, and `goTo(address)` shows another address of the view.
function wireSchemes(root, goTo) {
  const TOLD_MS = 3000;
  let telling = 0;
  const dataOf = (node) => node.closest("[data-scheme]").dataset;

  // The text comes from the server, so that it has the day and the version of when it is asked for. What is copied is
  // promised within the click: Safari lets nothing be copied later than that.
  async function copy(button) {
    const { scheme, language } = dataOf(button);
    const query = new URLSearchParams({ "språk": language });
    button.dataset.rules.split(" ").filter(Boolean).forEach((id) => query.append("regel", id));
    if (button.dataset.day) query.set("som-av", button.dataset.day);
    const receipt = fetch(`api/ordninger/${scheme}/kvittering?${query}`).then((response) => {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    });
    const part = (type, write) => receipt.then((told) => new Blob([write(told)], { type }));
    const parts = button.dataset.copy === "apa"
      ? { "text/plain": part("text/plain", (told) => told.references.join("\n")) }
      : { "text/plain": part("text/plain", (told) => told.text), "text/html": part("text/html", (told) => told.html) };
    try {
      await navigator.clipboard.write([new ClipboardItem(parts)]);
      tell(button, "copied");
    } catch {
      tell(button, await receipt.then(() => "notCopied", () => "noReceipt"));
    }
  }
  function tell(button, what) {
    const status = button.closest("[data-scheme]").querySelector("[role=status]");
    status.textContent = "";
    button.dataset.told = what;
    requestAnimationFrame(() => { status.textContent = dataOf(button)[what]; });
    clearTimeout(telling);
    telling = setTimeout(() => { status.textContent = ""; }, TOLD_MS);
    setTimeout(() => { delete button.dataset.told; }, TOLD_MS);
  }

  function show(id) {
    const target = document.getElementById(id);
    if (!target || !root.contains(target)) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  }
  function open(contents, isOpen) {
    contents.setAttribute("aria-expanded", String(isOpen));
  }

  root.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const link = at("a[data-to]"), contents = at("[data-contents]");
    if (at("[data-copy]")) copy(at("[data-copy]"));
    else if (at("[data-print]")) print();
    else if (contents) open(contents, contents.getAttribute("aria-expanded") !== "true");
    else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      history.replaceState(history.state, "", link.href); // the place can be shared, and back leads out of the card
      open(link.closest("nav").querySelector("[data-contents]"), false);
      show(link.dataset.to);
    }
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-go]");
    if (!form) return;
    event.preventDefault();
    goTo(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
  });
  root.addEventListener("keydown", (event) => {
    const contents = event.key === "Escape" && event.target.closest("nav.contents");
    if (!contents) return;
    open(contents.querySelector("[data-contents]"), false);
    contents.querySelector("[data-contents]").focus();
  });
}
