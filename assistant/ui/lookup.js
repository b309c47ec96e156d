// The view "Slå opp": fetches what the address asks for as one types, chooses, opens and goes back. `moved(title)` is
// called when the address has changed. What comes back has `show(kept)`: what the address asks for now, with `kept`
// from the history where one goes back.
function wireLookup(view, moved) {
  const TYPING_MS = 60, SAID_MS = 700, MAX_PICKED = 4;
  const $ = (selector, from = view) => from.querySelector(selector);
  const all = (selector) => Array.from(view.querySelectorAll(selector));
  const frame = $(".lookup"), form = $("#lookup"), box = $("#slaopp"), content = $(".outlet");
  const site = new URL(document.baseURI), home = new URL(form.getAttribute("action"), site);
  const hasKeys = matchMedia("(hover: hover) and (min-width: 761px)");
  const folded = new Map(); // filters that were folded or unfolded by hand
  const picked = new Map(); // schemes to compare: title by id
  let asked = 0;            // requests made: an answer to any but the last is dropped
  let running = null;
  let typing = 0, saying = 0; // timers
  let list = home.href;     // the last list: where a card leads back to
  let again = null;         // what was tried last
  let isOpen = false;       // something has been shown

  /* Addresses. */
  const partOf = (address) => new URL(address, site).pathname.slice(home.pathname.length).replace(/^\/|\/$/g, "");
  const isOurs = (address) => (new URL(address, site).origin + new URL(address, site).pathname + "/").startsWith(home.href + "/");
  const isList = (address) => ["", "frister"].includes(partOf(address));
  function here() { // an address without a language has that of the page
    const inside = location.pathname.slice(site.pathname.length), start = home.pathname.slice(site.pathname.length);
    const path = /^(nb|nn|en)\//.test(inside) ? inside : start.split("/")[0] + "/" + inside;
    return new URL(path.replace(/\/$/, "") + location.search + location.hash, site).href;
  }
  function wanted() { // the list that the box and the filters ask for
    const from = isList(here()) ? here() : list;
    const query = isList(here()) ? new URLSearchParams([...new FormData(form)]) : new URL(from).searchParams;
    query.set("q", box.value);
    [...query].forEach(([key, value]) => { if (!value.trim()) query.delete(key); });
    return new URL(home.href + (partOf(from) && "/" + partOf(from)) + (String(query) && "?" + query)).href;
  }

  /* Fetching. */
  async function load(address) {
    const mine = ++asked, url = new URL(address, site);
    if (running) running.abort();
    running = new AbortController();
    content.setAttribute("aria-busy", "true");
    try {
      const response = await fetch("deler/" + url.pathname.slice(site.pathname.length) + url.search, { signal: running.signal });
      const html = await response.text();
      if (mine !== asked || view.hidden) return false;
      if (response.status >= 500 || !(response.headers.get("content-type") || "").startsWith("text/html")) throw new Error(response.status);
      trouble("");
      put(html);
      if (isList(url)) list = url.href;
      return true;
    } catch {
      if (mine === asked && !view.hidden) trouble(frame.dataset.gone);
      return false;
    } finally {
      if (mine === asked) content.removeAttribute("aria-busy");
    }
  }
  // What has the keyboard keeps it, with what is half typed in it; what is folded stays so.
  function put(html) {
    const active = content.contains(document.activeElement) ? document.activeElement : null;
    const half = active && active.matches("input:not([type=checkbox])") ? active.value : null;
    content.innerHTML = html;
    all("details[data-kept]").forEach((part) => { if (folded.has(part.dataset.kept)) part.open = folded.get(part.dataset.kept); });
    const again = active && active.id ? document.getElementById(active.id) : null;
    if (again && half !== null) again.value = half;
    if (active) (again || heading()).focus({ preventScroll: true });
    showFilters();
  }
  const heading = () => $("h1, h2", content) || content;
  // The address is that of what is shown. Personal data that the server has taken out of the words leave it too.
  function settle(address, how) {
    const found = $(".found", content), url = new URL(address);
    if (found) {
      const words = new URLSearchParams(found.dataset.query).get("q");
      if ((url.searchParams.get("q") || "").trim() !== (words || "")) {
        url.search = found.dataset.query;
        if (!box.value.trim() || $(".found > .warning", content)) box.value = words || "";
      }
    }
    if (how) history[how](how === "replaceState" ? history.state : null, "", url.href);
    if (found) list = url.href;
    $(".back").hidden = isList(url);
    $(".back a").href = list;
    frame.classList.toggle("on-card", !isList(url));
    showPicked();
    const own = $("h1", content);
    $("h1").hidden = Boolean(own);
    moved((own || $("h1")).textContent);
  }
  function say() { // once, when typing and choosing has stopped
    clearTimeout(saying);
    saying = setTimeout(() => {
      $("[data-spoken]").textContent = "";
      requestAnimationFrame(() => { $("[data-spoken]").textContent = $(".found", content) ? $(".found", content).dataset.said : ""; });
    }, SAID_MS);
  }
  function trouble(text) {
    $(".trouble").hidden = !text;
    $(".trouble span").textContent = text;
  }

  /* Going somewhere. */
  async function search() {
    clearTimeout(typing);
    typing = 0;
    again = search;
    const how = isList(here()) ? "replaceState" : "pushState", address = wanted();
    if (!(await load(address))) return false;
    settle(address, how);
    say();
    return true;
  }
  async function go(address) {
    const href = new URL(address, site).href, from = { y: scrollY, focus: document.activeElement.id };
    const before = isList(here()) ? "" : partOf(here());
    clearTimeout(typing);
    again = () => go(address);
    if (!(await load(href))) return;
    history.replaceState(from, "");
    if (isList(href)) box.value = new URL(href).searchParams.get("q") || "";
    settle(href, "pushState");
    if (!isList(href)) return arrive();
    say();
    if (before) (document.getElementById("treff-" + before) || box).focus();
  }
  function arrive() {
    const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const target = place || heading();
    if (!target.hasAttribute("tabindex") && !target.matches("a, button, summary")) target.tabIndex = -1;
    if (place) place.scrollIntoView(); else scrollTo(0, 0);
    target.focus({ preventScroll: true });
  }
  async function show(kept) {
    const address = here();
    again = () => show(kept);
    if (isList(address)) box.value = new URL(address).searchParams.get("q") || "";
    const takesKeys = isList(address) && !kept && hasKeys.matches;
    if (takesKeys) box.focus(); // at once: nothing that is typed while the list comes is lost
    if (!(await load(address))) return;
    settle(address, address === location.href ? "" : "replaceState");
    const isFirst = !isOpen;
    isOpen = true;
    if (kept) {
      const before = kept.focus && document.getElementById(kept.focus);
      scrollTo(0, kept.y);
      if (before) before.focus({ preventScroll: true });
    } else if (!isList(address)) { if (!isFirst || location.hash) arrive(); } // a page that opens is read from its top
    else if (takesKeys && !view.contains(document.activeElement)) box.focus();
  }
  async function openFirst() {
    if (!hasKeys.matches) box.blur(); // the keyboard of a phone goes away, and the list is seen
    if (typing || content.hasAttribute("aria-busy") || !isList(here())) { if (!(await search())) return; }
    const first = $("[data-hit]", content);
    if (first && box.value.trim() && hasKeys.matches) go(first.href);
  }
  function choose(control) {
    if (control.checkValidity()) go(wanted()); else control.reportValidity();
  }

  /* Comparing. */
  function pick(button) {
    const id = button.dataset.pick.split("/").pop();
    if (picked.has(id)) picked.delete(id);
    else if (picked.size < MAX_PICKED) picked.set(id, button.dataset.title || heading().textContent);
    else $("[data-spoken]").textContent = frame.dataset.full;
    showPicked();
  }
  function showPicked() {
    all("[data-pick]").forEach((button) => {
      const isPicked = picked.has(button.dataset.pick.split("/").pop());
      button.setAttribute("aria-pressed", String(isPicked));
      button.disabled = !isPicked && picked.size >= MAX_PICKED;
    });
    const link = $(".picked a"), many = picked.size > 1;
    $(".picked").hidden = !picked.size || partOf(location.href) === "sammenlign";
    $(".picked .names").textContent = [...picked.values()].join(" · ");
    $(".picked .hint").hidden = many;
    link.hidden = !many;
    link.textContent = frame.dataset.many.replace("{count}", picked.size);
    link.href = frame.dataset.compare + "?" + new URLSearchParams([...picked.keys()].map((id) => ["id", id]));
  }

  /* Filters stand in a column, or on a narrow page behind a button. */
  function showFilters() {
    all("button.open-filters").forEach((button) => button.setAttribute("aria-expanded", String(frame.classList.contains("filtering"))));
  }
  function fold(button) {
    const opens = frame.classList.toggle("filtering");
    showFilters();
    if (opens) $(".filters summary").focus();
    else { $(".open-filters").focus(); if (button.matches(".done")) $(".count").scrollIntoView(); }
  }

  if (window.wireSchemes) wireSchemes(content, go);
  view.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (event.defaultPrevented) return;
    const link = at("a[href]:not([download], [target])"), summary = at("details[data-kept] > summary");
    if (link && isOurs(link.href) && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); go(link.href); }
    else if (summary) folded.set(summary.parentNode.dataset.kept, !summary.parentNode.open);
    else if (at("[data-filters]")) fold(at("[data-filters]"));
    else if (at("[data-pick]")) pick(at("[data-pick]"));
    else if (at("[data-unpick]")) { picked.clear(); showPicked(); box.focus(); }
    else if (at("[data-retry]")) again();
  });
  view.addEventListener("change", (event) => { if (event.target.form === form && event.target !== box) choose(event.target); });
  box.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, TYPING_MS); });
  form.addEventListener("submit", (event) => event.preventDefault());
  view.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const hits = all("[data-hit]"), place = hits.indexOf(document.activeElement), inBox = event.target === box;
    const to = (target) => { event.preventDefault(); if (target) target.focus(); };
    if (event.key === "Enter" && inBox) { event.preventDefault(); openFirst(); }
    else if (event.key === "ArrowDown" && (inBox || place >= 0)) to(hits[place + 1]);
    else if (event.key === "ArrowUp" && place >= 0) to(hits[place - 1] || box);
    else if (event.key === "Escape" && place >= 0) to(box);
    else if (event.key === "Escape" && inBox && box.value) { event.preventDefault(); box.value = ""; search(); }
  });
  return { show };
}
