// While a build runs: what it writes, every second; without this the maintainer loads the page anew.
(() => {
  const home = document.querySelector("[data-builds]");
  const status = document.querySelector("[data-build-status]");
  if (!home || !home.querySelector("[data-build=runs]")) return;

  async function look() {
    let html = "";
    try {
      const response = await fetch(home.dataset.builds, { credentials: "same-origin", redirect: "error" });
      if (response.ok) html = await response.text();
    } catch {
      status.textContent = "Serveren svarer ikke, eller dere er logget ut. Last siden på nytt.";
      return;
    }
    if (html) home.innerHTML = html; // our own template, escaped by the server
    const output = home.querySelector(".told");
    if (output) output.scrollTop = output.scrollHeight;
    if (home.querySelector("[data-build=runs]")) {
      setTimeout(look, 1000);
      return;
    }
    document.querySelector("[data-stop]").hidden = true;
    for (const button of document.querySelectorAll("[data-starts] button")) button.disabled = false;
    status.textContent = home.querySelector(".state").textContent;
  }
  setTimeout(look, 1000);
})();
