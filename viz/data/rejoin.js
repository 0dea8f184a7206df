// When the connection to the server is lost: say so, wait for the server, come back by itself. Whoever one is and what is set stands in the address.
// Solara takes up its session again if the server still has it; after a restart it has not, and the page is loaded anew.
(function () {
  if (window.coercivityRejoin) return; // loaded already
  window.coercivityRejoin = true;

  const PATIENCE = 8000; // ms that a server which answers has to take up the connection
  const FIRST = 25000; // ms in which a page should be connected for the first time
  let lostAt = 0;
  let answersSince = 0;
  let busy = false;
  let failed = 0;
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

  async function answers() {
    try {
      return (await fetch("/readyz", { cache: "no-store" })).ok;
    } catch (error) {
      return false;
    }
  }

  function started() { // whether the server knows this page: true, false, or null for no answer
    return new Promise((resolve) => {
      const comm = window.solara.debug.kernel().createComm("solara.control");
      comm.onMsg = (message) => resolve(Boolean(message.content.data.started));
      comm.open({}, {}, []);
      comm.send({ method: "app-status" });
      setTimeout(() => resolve(null), 3000);
    }).catch(() => null);
  }

  async function wait() { // while it is not connected
    if (!lostAt) lostAt = performance.now();
    if (performance.now() - lostAt > 700) say("The connection to the server is lost. This page comes back by itself; what was set or sealed is kept.");
    if (!(await answers())) {
      answersSince = 0;
      return;
    }
    if (!answersSince) {
      answersSince = performance.now();
      window.solara.debug.kernel().reconnect().catch(() => {}); // without waiting for its own next try
    } else if (performance.now() - answersSince > PATIENCE) window.location.reload();
  }

  async function check() { // connected again: to a server that knows this page, or to another
    const known = await started();
    failed = known === null ? failed + 1 : 0;
    if (known === false || failed > 2) window.location.reload();
    if (known) {
      lostAt = answersSince = 0;
      say("");
    }
  }

  async function look() {
    const solara = window.solara;
    if (!solara || !solara.debug || !solara.debug.connectionStatus) {
      if (performance.now() > FIRST && (await answers())) window.location.reload();
      return;
    }
    solara.forceRefresh = true;
    if (solara.debug.connectionStatus !== "connected") await wait();
    else if (lostAt) await check();
  }

  setInterval(() => {
    if (busy) return;
    busy = true;
    look().catch(() => {}).finally(() => { busy = false; });
  }, 1000);
})();
