// When the connection to the server is lost, or a page failed: say so, and come back by itself. Whoever one is and what is set stands in the address.
// Solara takes up its session again if the server still has it; after a restart it has not, and the page is loaded anew.
// Served as /rejoin.js, its sentences in the language of the page (viz/serve.py).
(function () {
  if (window.coercivityRejoin) return; // loaded already
  window.coercivityRejoin = true;

  // In looks, one a second where nobody is busy: a slow phone or a server with much to do takes longer for each, and is waited for.
  const PATIENCE = 8; // at a server that answers, until it has taken up the connection
  const FIRST = 25; // at such a server, until a page is connected for the first time
  const LOST = 4; // times as many, until a page that is connected and shows nothing is loaded anew though the server never said that it sent it
  const SPREAD = 2000; // ms over which the pages of a class load anew: all at once they keep each other waiting
  const MOST = 4; // doublings: a page that came back in vain is more patient the next time, up to two minutes
  const LAST = 6; // loads in a row that led to nothing; from then on a person asks for the next one
  const TRIES = "coercivity-rejoin"; // loads in a row that led to no page
  let lostAt = 0;
  let answered = 0; // looks in a row at which the server answered and was not connected
  let busy = false;
  let failed = 0;
  let box = null;
  let leaving = false;
  let asking = false; // the button is shown
  let steady = 0; // looks at which it was connected
  let blank = 0; // looks in a row at which it was connected and nothing of the page was here
  let sent = false; // the server said, some looks ago, that it had sent the page
  let tries = 0;
  try {
    tries = Number(window.sessionStorage.getItem(TRIES)) || 0;
  } catch (error) { /* a browser that keeps nothing */ }
  const slower = () => 2 ** Math.min(MOST, tries);
  const say = (text) => text;

  function remember(count) {
    try {
      if (count) window.sessionStorage.setItem(TRIES, String(count));
      else window.sessionStorage.removeItem(TRIES);
    } catch (error) { /* the same */ }
  }

  function again(words = "") { // load this page anew, some time soon, and not for ever
    if (leaving) return;
    if (tries >= LAST) {
      show(say("This page could not be loaded. Wait a moment, then load it again."), say("Load it again"));
      return;
    }
    leaving = true;
    if (words) show(words);
    remember(tries + 1);
    setTimeout(() => {
      if (words && !broken()) { // its visitor went to another page, or it mended itself
        leaving = false;
        show("");
      } else window.location.reload();
    }, Math.random() * SPREAD * slower());
  }

  function show(text, button = "") {
    if (text && asking) return; // the button stays until a page works
    asking = Boolean(button);
    if (!box) {
      box = document.createElement("div");
      box.className = "cv-lost";
      box.setAttribute("role", "alert");
      document.body.appendChild(box);
    }
    box.hidden = !text;
    if (box.textContent !== text) box.textContent = text;
    if (!button) return;
    const load = box.appendChild(document.createElement("button"));
    load.type = "button";
    load.textContent = button;
    load.addEventListener("click", () => {
      remember(0);
      window.location.reload();
    });
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
    if (performance.now() - lostAt > 700) show(say("The connection to the server is lost. This page comes back by itself, with what was set or sealed before. Wait until it is back: what you do now may be lost."));
    answered = (await answers()) ? answered + 1 : 0;
    if (answered === 1) window.solara.debug.kernel().reconnect().catch(() => {}); // without waiting for its own next try
    else if (answered > PATIENCE * slower()) again();
  }

  async function check() { // connected again: to a server that knows this page, or to another
    const known = await started();
    failed = known === null ? failed + 1 : 0;
    if (known === false || failed > 2 * slower()) again();
    if (known) {
      lostAt = answered = 0;
      show("");
    }
  }

  function missing() { // nothing of the page is here: it is being loaded, or it never came
    return Boolean(document.getElementById("loader-container")) || !document.querySelector("main");
  }

  function broken() { // the server says that it could not draw the page, or nothing of it
    return Boolean(document.querySelector(".cv-failed") || (!document.querySelector("main") && document.querySelector(".widget-html-content > pre")));
  }

  async function unseen() { // connected to a server that is still at it, or whose page was lost on the way: nothing else would ask for it again
    blank += 1;
    if (blank % FIRST) return; // a server that has sent it will not send it again, so that patience would not help
    const known = await started();
    if ((known && sent) || blank >= LOST * FIRST * slower()) again();
    sent = Boolean(known);
  }

  async function look() {
    const solara = window.solara;
    if (!solara || !solara.debug || !solara.debug.connectionStatus) {
      answered = (await answers()) ? answered + 1 : 0;
      if (answered > FIRST * slower()) again();
      return;
    }
    solara.forceRefresh = true;
    if (solara.debug.connectionStatus !== "connected") await wait();
    else if (lostAt) await check();
    else if (broken()) again(say("This page failed. It loads itself again."));
    else if (missing()) await unseen();
    else {
      if (asking) show(""); // its visitor went to another page, or it mended itself
      answered = blank = 0;
      sent = false;
      steady += 1;
      if (tries && steady > FIRST) remember(tries = 0);
    }
  }

  setInterval(() => {
    if (busy || leaving) return;
    busy = true;
    look().catch(() => {}).finally(() => { busy = false; });
  }, 1000);
})();
