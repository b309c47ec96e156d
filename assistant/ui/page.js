// The page's own script. It works from the first paint; Gradio calls `abcConnect` when its component is in place, and a
// question asked before that waits for it. The conversation is kept in the tab (sessionStorage) until it is closed.
(function () {
  "use strict";
  const root = document.querySelector(".abc");
  const words = JSON.parse(root.querySelector("[data-words]").textContent);
  const $ = (selector, from = root) => from.querySelector(selector);
  const all = (selector, from = root) => Array.from(from.querySelectorAll(selector));
  const box = $("textarea");
  const conversation = $(".conversation");
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const KEPT = "abc-samtale", SLOW_MS = 1500, PING_MS = 2500, GIVE_UP_PINGS = 2;
  let send = null;       // (name, data): sends an event to Python, when Gradio is there
  let turns = [];        // {question, asks, html, record, copies, link}: what is kept, sent and downloaded
  let waiting = null;    // {id, question, article, timers, data}: the question on its way
  let called = "";       // what the page is called now
  let asked = 0;         // questions sent from this page: an answer that was stopped may still come

  /* Views: each has an address of its own. */
  const home = new URL($(".brand").getAttribute("href"), document.baseURI).pathname.replace(/\/$/, "");
  const site = new URL(document.baseURI).pathname;
  const inside = () => location.pathname.slice(site.length).replace(/^(?:nb|nn|en)(?:\/|$)/, ""); // without the language
  const viewOf = (path) => (all("[data-panel]").find((panel) => panel.dataset.panel === path.split("/")[0]) || $("[data-panel=spor]")).dataset.panel;
  const lookup = wireLookup($("[data-panel=sla-opp]"), moved);
  const loadGradio = wireGradio((text) => waiting && giveBack(text || words.failed));
  function showView(name, kept) {
    all("[data-panel]").forEach((panel) => { panel.hidden = panel.dataset.panel !== name; });
    all(".views [data-view]").forEach((link) => {
      if (link.dataset.view === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    });
    root.dataset.view = name;
    moved(name === "spor" ? "" : $(`[data-panel="${name}"] h1`).textContent);
    if (name === "sla-opp") lookup.show(kept);
    if (name === "spor") loadGradio();
  }
  // The address is another: the page is named for what it shows, and its languages lead to the same.
  function moved(title) {
    document.title = called = title ? title + " – " + words.title : words.title;
    all(".languages a").forEach((link) => { link.href = [link.hreflang, inside()].filter(Boolean).join("/") + location.search; });
  }
  function goTo(link) {
    history.pushState(null, "", link.href);
    showView(link.dataset.view);
    scrollTo(0, 0);
    $("#innhold").focus({ preventScroll: true });
  }

  /* What is kept in the tab, and no longer than the tab. */
  function keep() {
    const asked = waiting && waiting.question; // on its way: asked again after a reload
    try { sessionStorage.setItem(KEPT, JSON.stringify({ turns, asked, draft: box.value, filters: filters() })); } catch { /* private mode */ }
  }
  function restore() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* nothing readable is nothing */ }
    if (!kept) return;
    for (const turn of kept.turns) {
      const article = newArticle(turn.question);
      turns.push(turn);
      article.innerHTML = turn.html;
    }
    box.value = kept.draft;
    choose(kept.filters);
    arrange();
    if (kept.asked) ask(kept.asked);
  }

  /* Filters: chosen in the lists, shown as chips, taken away by their button. */
  const selects = all(".choices select");
  const filters = () => Object.fromEntries(selects.filter((s) => s.value).map((s) => [s.name, s.value]));
  function choose(chosen) {
    selects.forEach((select) => { select.value = chosen[select.name] || ""; });
    showChips();
  }
  function showChips() {
    $(".chips").replaceChildren(...selects.filter((select) => select.value).map((select) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const label = select.selectedOptions[0].textContent;
      button.type = "button";
      button.dataset.remove = select.name;
      button.setAttribute("aria-label", words.remove.replace("{value}", label));
      button.innerHTML = '<span></span> <span aria-hidden="true">×</span>';
      button.firstChild.textContent = label;
      item.append(button);
      return item;
    }));
  }

  /* Asking. */
  function newArticle(question) {
    const article = document.createElement("article");
    article.className = "turn";
    article.innerHTML = '<h2 class="asked" tabindex="-1"></h2><div class="reply"></div>';
    article.firstChild.textContent = question;
    conversation.append(article);
    return article;
  }
  function arrange() {
    root.classList.toggle("talking", turns.length > 0 || waiting !== null);
    $(".whole").hidden = turns.length === 0;
    $(".send").hidden = waiting !== null;
    $(".stop").hidden = waiting === null;
    box.placeholder = turns.length ? words.placeholder_next : words.placeholder;
    grow();
  }
  function grow() {
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  }
  function ask(question) {
    if (waiting || !question.trim()) return box.focus();
    trouble("");
    $(".choices details").open = false; // else it would cover the answer on a phone
    const turn = turns.length;
    waiting = { id: ++asked, question, article: newArticle(question), timers: [] };
    waiting.timers.push(setTimeout(() => tell(words.slow), SLOW_MS), setTimeout(() => ping(0), PING_MS));
    if (box.value === question) box.value = "";
    tell(words.working);
    arrange();
    waiting.article.scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
    waiting.data = { id: asked, question, turn, language: root.dataset.language, turns: turns.flatMap((t) => t.asks), filters: filters() };
    keep();
    if (send) send("submit", waiting.data);
  }
  window.abcConnect = function (trigger, props, watch) {
    send = trigger;
    watch("value", () => receive(props.value));
    if (waiting) send("submit", waiting.data);
  };
  function tell(text) {
    $(".waiting").hidden = !text;
    $("[data-waiting]").textContent = text;
  }
  function trouble(text) {
    $(".trouble").hidden = !text;
    $(".trouble").textContent = text;
  }
  // Says whether the server is there at all while an answer is not coming. When it is back, Gradio loads the page anew.
  function ping(failures) {
    const mine = waiting;
    if (!mine) return;
    fetch("helse", { cache: "no-store" }).then((r) => r.ok, () => false).then((there) => {
      if (waiting !== mine) return;
      if (!there && failures + 1 >= GIVE_UP_PINGS) return giveBack(words.gone);
      mine.timers.push(setTimeout(() => ping(there ? 0 : failures + 1), PING_MS));
    });
  }
  // The question goes back into the box, and nothing of it stays in the conversation.
  function giveBack(text) {
    const { question, article } = waiting;
    finish();
    article.remove();
    if (!box.value) box.value = question;
    trouble(text);
    arrange();
    box.focus();
    keep();
  }
  function finish() {
    waiting.timers.forEach(clearTimeout);
    waiting = null;
    tell("");
  }
  function receive(piece) {
    if (!waiting || !piece || piece.id !== waiting.id) return;
    const article = waiting.article;
    if (piece.state === "failed") return giveBack(piece.error || words.failed);
    if (piece.state === "growing") { tell(""); $(".reply", article).innerHTML = piece.html; return; }
    article.innerHTML = piece.html;
    article.dataset.done = "";
    if (matchMedia("(max-width: 760px)").matches) all("details[open]", article).forEach((card) => { card.open = false; });
    const { question, asks, record, copies, link } = piece;
    turns.push({ question, asks, record, copies, link, html: article.innerHTML });
    finish();
    arrange();
    keep();
    $("[data-announce]").textContent = "";
    requestAnimationFrame(() => { $("[data-announce]").textContent = words.ready; });
    if (!box.value) $(".asked", article).focus({ preventScroll: true });
  }

  /* Sources: a [n] opens its source, and the source leads back. */
  function openSource(id) {
    const number = document.getElementById(id);
    if (!number) return;
    const card = number.closest("details");
    all(".source.chosen").forEach((other) => other.classList.remove("chosen"));
    card.classList.add("chosen");
    card.open = true;
    card.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    $("summary", card).focus({ preventScroll: true });
  }

  /* Doing something with an answer. */
  const turnOf = (node) => turns[all("article.turn").indexOf(node.closest(".turn"))];
  function said(button, text) {
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = text;
    $("[data-announce]").textContent = text;
    setTimeout(() => { button.textContent = before; }, 2000);
  }
  async function copy(button, text, html) {
    try {
      if (html) {
        const blob = (type, content) => new Blob([content], { type });
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob("text/plain", text), "text/html": blob("text/html", html) })]);
      } else await navigator.clipboard.writeText(text);
      said(button, words.copied);
    } catch { said(button, words.not_copied); }
  }
  function linkTo(turn) {
    return new URL(home, location.href).href + "#" + new URLSearchParams(turn.link);
  }
  async function download(button, kind) {
    const body = { language: root.dataset.language, turns: turns.map((t) => ({ question: t.question, answer: t.record })) };
    trouble("");
    try {
      const response = await fetch("samtale." + kind, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (!response.ok) return trouble((await response.json()).error);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = (response.headers.get("Content-Disposition") || "").split('"')[1] || "samtale." + kind;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch { trouble(words.not_downloaded); }
  }
  const doing = {
    stop() { if (send) send("stop", {}); giveBack(words.stopped); },
    clear() { turns = []; conversation.replaceChildren(); trouble(""); box.value = ""; keep(); arrange(); box.focus(); },
    copy: (button) => copy(button, turnOf(button).copies.text),
    copySources: (button) => copy(button, turnOf(button).copies.sourced_text, turnOf(button).copies.sourced_html),
    link: (button) => copy(button, linkTo(turnOf(button))),
    simple(button) {
      const plain = $(".simple", button.closest(".turn"));
      plain.hidden = !plain.hidden;
      button.setAttribute("aria-expanded", String(!plain.hidden));
    },
    download: (button) => download(button, button.dataset.kind),
  };

  root.addEventListener("click", (event) => {
    if (event.defaultPrevented) return;
    const at = (selector) => event.target.closest(selector);
    const link = at("a[data-view]"), cite = at('a[href^="#kilde-"]'), back = at('a[href^="#svar-"]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); goTo(link); }
    else if (cite) { event.preventDefault(); openSource(cite.hash.slice(1)); }
    else if (back) { event.preventDefault(); document.getElementById(back.hash.slice(1)).focus(); }
    else if (at(".skip")) { event.preventDefault(); $("#innhold").focus(); }
    else if (at("[data-ask]")) { if (root.dataset.view !== "spor") goTo($(".brand")); box.value = at("[data-ask]").dataset.ask; grow(); box.focus(); }
    else if (at("[data-remove]")) { selects.find((s) => s.name === at("[data-remove]").dataset.remove).value = ""; showChips(); keepIfTalking(); box.focus(); }
    else if (at("[data-do]")) doing[at("[data-do]").dataset.do](at("[data-do]"));
  });
  const keepIfTalking = () => { if (turns.length) keep(); }; // nothing is stored before the first question
  $(".ask").addEventListener("submit", (event) => { event.preventDefault(); ask(box.value); });
  box.addEventListener("input", () => { grow(); keepIfTalking(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); ask(box.value); }
  });
  $(".choices").addEventListener("change", () => { showChips(); keepIfTalking(); });
  wireFeedback(conversation, ({ turn, ...said }) => {
    const { record } = turns[turn];
    const body = {
      ...said, answer_id: record.id, question: turns[turn].link.spor, status: record.status, version: record.receipt.index,
      documents: [...new Set(record.citations.map((citation) => citation.doc_id))],
    };
    const sent = fetch("api/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    sent.then(() => setTimeout(() => { turns[turn].html = all("article.turn")[turn].innerHTML; keep(); }), () => {});
    return sent;
  });
  addEventListener("popstate", (event) => showView(viewOf(inside()), event.state));
  root.addEventListener("keydown", (event) => {
    const card = event.key === "Escape" && event.target.closest("details.source");
    if (card) { const back = $("a.back", card); if (back) back.click(); }
  });
  // Gradio's script gives the page the language of the browser, which may be another than the one it is written in.
  new MutationObserver(() => {
    if (document.documentElement.lang !== root.dataset.language) document.documentElement.lang = root.dataset.language;
  }).observe(document.documentElement, { attributeFilter: ["lang"] });
  // It names the page too, whatever view it opens with.
  new MutationObserver(() => { if (document.title !== called) document.title = called; })
    .observe(document.head, { childList: true, subtree: true, characterData: true });
  root.classList.toggle("embedded", location.pathname.replace(/\/$/, "").endsWith("/innebygd"));
  showView(viewOf(inside()));
  restore();
  const linked = new URLSearchParams(location.hash.slice(1));
  if (linked.get("spor")) {
    choose(Object.fromEntries(linked));
    history.replaceState(null, "", location.pathname + location.search);
    ask(linked.get("spor"));
  }
})();
