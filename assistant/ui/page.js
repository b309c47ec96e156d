// Opens the source that a [n] in an answer points to, shows only the sources of one answer at a time, and puts a
// suggested question into the box.
(function () {
  function show(turn) {
    document.querySelectorAll("#sources section.turn").forEach(function (section) {
      const chosen = section.id === "kilder-" + turn;
      section.hidden = !chosen;
      section.classList.toggle("shown", chosen);
    });
  }
  function open(id) {
    const number = document.getElementById(id);
    if (!number) return;
    show(id.split("-")[1]);
    const card = number.closest("details");
    card.open = true;
    document.querySelectorAll("#sources details.chosen").forEach((other) => other.classList.remove("chosen"));
    card.classList.add("chosen");
    card.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    card.querySelector("summary").focus({ preventScroll: true });
  }
  // A suggested question goes into the box, for the user to change or send.
  function fill(question) {
    const box = document.querySelector("#question textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }
  document.addEventListener("click", function (event) {
    const suggested = event.target.closest("[data-ask]");
    if (suggested) return fill(suggested.dataset.ask);
    const link = event.target.closest('a[href^="#kilde-"]');
    if (!link) return;
    event.preventDefault();
    open(link.getAttribute("href").slice(1));
  });
})();
