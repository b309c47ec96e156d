// The buttons of feedback.py anywhere below `root`. `post` gets {turn, rating, reason, language} and returns a promise
// of what `fetch` returns; a response that is not ok, or a promise that fails, is told as not saved and can be tried again.
function wireFeedback(root, post) {
  function send(form, button) {
    if (form.dataset.state) return; // on its way, or there
    const status = form.querySelector("[role=status]");
    form.dataset.state = "sending";
    status.textContent = "";
    Promise.resolve({
      turn: Number(form.dataset.feedback),
      rating: button.dataset.rating,
      reason: button.dataset.reason || null,
      language: form.dataset.language,
    })
      .then(post)
      .then(function (response) {
        if (response && response.ok === false) throw new Error(response.status);
        form.dataset.state = "sent";
        form.querySelectorAll("fieldset").forEach(function (fieldset) { fieldset.hidden = true; });
        status.textContent = form.dataset.thanks;
        status.focus({ preventScroll: true }); // the button that had it is gone
      })
      .catch(function () {
        delete form.dataset.state;
        status.textContent = form.dataset.failed;
      });
  }
  root.addEventListener("click", function (event) {
    const button = event.target.closest("[data-feedback] button");
    if (!button) return;
    const form = button.closest("[data-feedback]");
    if (button.dataset.rating) return send(form, button);
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    form.querySelector("#" + button.getAttribute("aria-controls")).hidden = !opens;
  });
}
