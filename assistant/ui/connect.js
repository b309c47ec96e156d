// Gradio's script, which carries questions and answers: fetched by the views that ask, and held to a page where no text
// may become code (Content-Security-Policy without 'unsafe-eval').
function wireGradio(refused) {
  const gradio = JSON.parse(document.querySelector("[data-gradio]").textContent);
  const makeCode = window.Function, fetchAny = window.fetch;
  window.gradio_config = gradio.config;
  window.gradio_api_info = gradio.api_info;
  window.__gradio_mode__ = "app";
  // Gradio's component makes functions of three texts: what connects it (ours, in page.py), and its templates, which
  // are empty here. They are known, so they are given ready-made; any other text is still refused by the browser.
  window.Function = new Proxy(makeCode, {
    apply(_target, _this, parts) {
      const code = parts[parts.length - 1];
      if (code === gradio.connect) return (_element, trigger, props, _server, _upload, watch) => window.abcConnect(trigger, props, watch);
      if (code === "return ``;" || parts[0] === "container") return () => "";
      return makeCode(...parts);
    },
  });
  // What the server refuses is known to Gradio's script alone, and it shows nothing here.
  window.fetch = async (...request) => {
    const response = await fetchAny(...request);
    const address = request[0] instanceof Request ? request[0].url : String(request[0]);
    if (!response.ok && address.includes("/queue/join")) response.clone().json().then((said) => refused(said.error), () => refused());
    return response;
  };
  let isLoading = false;
  return function load() {
    if (isLoading) return;
    isLoading = true;
    const script = document.createElement("script");
    script.type = "module";
    script.crossOrigin = "";
    script.src = gradio.script;
    document.head.append(script);
  };
}
