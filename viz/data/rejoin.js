// When the connection to the server is lost: say so, wait for the server, come back by itself. Whoever one is and what is set stands in the address.
// Solara's own way on a restarted server is a dialog that asks for a reload; `forceRefresh` lets it reload at once.
(function () {
  if (window.coercivityRejoin) return; // loaded already
  window.coercivityRejoin = true;
  const PATIENCE = 8000; // ms that Solara has to take up its session once the server answers; then the page is loaded anew
  let lostAt = 0;
  let answersSince = 0;
  let asking = false;
  let box = null;

  function say(text) {
    if (!box) {
      box = document.createElement("div");
      box.className = "cv-lost";
      box.setAttribute("role", "alert");
      document.body.appendChild(box);
    }
    box.hidden = !text;
    if (box.textContent !== text) box.textContent = text;
  }

  function again() {
    const kernel = window.solara.debug.kernel();
    if (kernel && kernel.connectionStatus !== "connected") kernel.reconnect().catch(() => {}); // without waiting for its own next try
  }

  async function ask() {
    asking = true;
    try {
      const answer = await fetch("/readyz", { cache: "no-store" });
      if (!answer.ok) throw new Error("not ready");
      if (!answersSince) {
        answersSince = performance.now();
        again();
      } else if (performance.now() - answersSince > PATIENCE) window.location.reload();
    } catch (error) {
      answersSince = 0;
    }
    asking = false;
  }

  setInterval(() => {
    if (!window.solara || !window.solara.debug || !window.solara.debug.connectionStatus) return;
    window.solara.forceRefresh = true;
    if (window.solara.debug.connectionStatus === "connected") {
      if (lostAt) say("");
      lostAt = answersSince = 0;
      return;
    }
    if (!lostAt) lostAt = performance.now();
    if (performance.now() - lostAt > 700) say("The connection to the server is lost. This page comes back by itself; what you have sealed is kept.");
    if (!asking) ask();
  }, 1000);
})();
