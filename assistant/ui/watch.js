// For an editor: a strip that tells what came of the last save. It is in the page only where the server follows files.
(function () {
  "use strict";
  const strip = document.querySelector("[data-watch]");
  if (!strip) return;
  const $ = (name) => strip.querySelector(`[data-watch-${name}]`);
  const announce = document.querySelector("[data-watch-announce]");
  let seen = null; // the number of what is shown: what stood there when the page came is not announced
  const source = new EventSource("redigering?sprak=" + document.querySelector(".abc").dataset.language);
  source.onmessage = (event) => {
    const { number, state, text, lines = [], note = "" } = JSON.parse(event.data);
    if (number === seen) return; // sent again after a break
    strip.dataset.state = state;
    $("text").textContent = text;
    $("lines").replaceChildren(...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }));
    $("note").textContent = note;
    strip.hidden = false;
    if (seen !== null && state !== "building") announce.textContent = [text, ...lines].join(" ");
    seen = number;
  };
  $("close").addEventListener("click", () => { strip.hidden = true; }); // until there is something new
})();
