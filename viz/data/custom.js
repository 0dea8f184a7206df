// Runs before the page is built; the server's own template can do none of the first three.
// The language: what the address says, else what was chosen here before (frame.vue), which then stands in the address too.
const chosenLanguage = (() => {
  try { return (/^[a-z]{2}$/.exec(window.localStorage.getItem("coercivity.language") || "") || [""])[0]; } catch (error) { return ""; }
})();
const askedLanguage = (/[?&]lang=([a-z]{2})(&|$)/.exec(window.location.search) || ["", ""])[1];
document.documentElement.lang = askedLanguage || chosenLanguage || "en";
if (!askedLanguage && chosenLanguage && chosenLanguage !== "en") {
  const { pathname, search, hash } = window.location;
  window.history.replaceState(window.history.state, "", pathname + (search ? search + "&" : "?") + "lang=" + chosenLanguage + hash);
}
document.querySelector('meta[name="viewport"]').content = "width=device-width, initial-scale=1"; // the template forbids zooming
theme.variant = JSON.parse(localStorage.getItem(":solara:theme.variant")) || "auto"; // the setting "auto" of solara 1.64.1 leaves out the page's root

// What every page of the front end shares: colours, formats, charts, and how files are taken away.
window.coercivity = (() => {
  // Colour-blind safe: hues of Okabe and Ito, moved to a contrast of 3:1 or more on each background; dashes repeat the difference.
  const LIGHT = ["#0067a5", "#c44e00", "#00795a", "#a8437f", "#856000", "#2a86c8", "#3d3d3d", "#7256c4", "#808080"];
  const DARK = ["#56b4e9", "#ff9a4d", "#2dc79a", "#ee9ccb", "#f0d04a", "#9fd3ff", "#f2f2f2", "#b9a5ff", "#a0a0a0"];
  const WORDS = { never: "never", days: "{count} days", points: "{count} points", same: "no difference", neverThere: "never in the twin", daysThere: "{count} days in the twin", sooner: "{count} days sooner", later: "{count} days later", noRise: "no rise above before", dollars: "USD {sum}", million: "USD {sum} million", bn: "USD {sum} bn", saved: "{name} is saved." }; // the frame puts them into the visitor's language
  const RISES = 1.05; // times its price before: less is no rise (experiments/findings/one_run.py)
  const MYRIADS = { ja: [[1e12, "兆"], [1e8, "億"], [1e4, "万"]] }; // what a language counts large numbers by, where it is not thousands
  const UNSPACED = ["ja", "zh"]; // no space after a sign
  const DASHES = ["solid", [8, 4], [2, 3]];
  let loading = null;

  function tongue() { // the language of the page
    return document.documentElement.lang || "en";
  }

  function say(text, values = {}) { // a sentence with its {names} filled in; the server has put it into the visitor's language
    return text.replace(/\{(\w+)\}/g, (hold, name) => (name in values ? values[name] : hold));
  }

  function joined(names) { // a list in a sentence: "a, b and c", "a, b und c", "a、b、c"; as words/language.py has it
    return new Intl.ListFormat(tongue() === "en" ? "en-GB" : tongue(), { type: "conjunction" }).format(names);
  }

  function listed(parts) { // with nothing but a comma between
    return parts.join(UNSPACED.includes(tongue()) ? "、" : ", ");
  }

  function semicolons(parts) { // what has commas of its own, one after the other
    return parts.join(UNSPACED.includes(tongue()) ? "；" : "; ");
  }

  function dollars(millions, digits = 0) { // a sum of USD million as the page's language counts it, to so many digits (0: all whole ones); as words/money.py has it
    const rounded = digits ? Number(millions.toPrecision(digits)) : Math.round(millions);
    if (tongue() in MYRIADS) return say(WORDS.dollars, { sum: myriads(1e6 * rounded, MYRIADS[tongue()]) });
    if (digits && Math.abs(rounded) >= 1000) return say(WORDS.bn, { sum: number("number", rounded / 1000) });
    return say(WORDS.million, { sum: rounded.toLocaleString(tongue()) });
  }

  function myriads(value, units) { // 1170000000 as 11億7000万
    let left = Math.round(Math.abs(value)), said = "";
    units.forEach(([size, name]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      if (count) said += count + name;
    });
    return (value < 0 ? "−" : "") + (left || !said ? said + left : said);
  }

  function unbroken(text) { // no line ends within a sum
    return (text || "").replace(/USD /g, "USD\u00a0").replace(/ (bn|million|Mrd\.|Mio\.)/g, "\u00a0$1").replace(/(Mrd\.|Mio\.) USD/g, "$1\u00a0USD");
  }

  function pieces(text) { // a sentence cut at the {names} that `say` left, for markup: [{ name, text }], name "" for what stands between
    return text.split(/(\{\w+\})/).filter(Boolean).map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1), text: "" } : { name: "", text: part }));
  }

  function colour(place, dark) {
    return (dark ? DARK : LIGHT)[place % LIGHT.length];
  }

  function axisColours(dark) {
    return { text: dark ? "#c8ccd2" : "#4a4f57", faint: dark ? "#363b43" : "#e3e6ea", back: dark ? "#262a31" : "#ffffff", ink: dark ? "#eceff3" : "#1d2127" };
  }

  function number(format, value) { // three digits; whole numbers from a thousand on
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (format === "share") return value.toLocaleString(tongue(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
    if (format === "points") return (100 * value).toLocaleString(tongue(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const rounded = Number(value.toPrecision(3));
    return Math.abs(rounded) >= 1000 ? Math.round(value).toLocaleString(tongue()) : rounded.toLocaleString(tongue(), { maximumSignificantDigits: 3 });
  }

  function unit(item) { // of a headline, as it stands after the number
    return item.unit.startsWith("%") ? item.words || item.unit : " " + (item.words || item.unit);
  }

  function headline(item) { // [number, unit] of a headline
    if (item.value === null || item.value === undefined) return [item.unit === "days" ? WORDS.never : "–", ""];
    if (item.unit === "share") return [number("share", item.value), ""];
    if (item.unit === "multiple") return ["× " + number("number", item.value), item.value < RISES ? " (" + WORDS.noRise + ")" : ""];
    if (item.unit === "days") return [say(WORDS.days, { count: number("number", Math.round(item.value)) }), ""];
    if (item.unit === "USD bn" && tongue() in MYRIADS) return [dollars(1000 * item.value, 3), ""];
    return [number("number", item.value), unit(item)];
  }

  function difference(item, value, other) { // words for value - other of a headline, "" where nothing can be said
    if (value === null || other === null || value === undefined || other === undefined) {
      if (item.unit !== "days" || (value == null) === (other == null)) return "";
      return other == null ? WORDS.neverThere : say(WORDS.daysThere, { count: number("number", Math.round(other)) });
    }
    const apart = value - other;
    if (Math.abs(apart) < 1e-9) return WORDS.same;
    const sign = apart > 0 ? "+" : "−";
    const size = Math.abs(apart);
    if (item.unit === "share") return sign + say(WORDS.points, { count: number("points", size) });
    if (item.unit === "days") return Math.round(size) ? say(apart > 0 ? WORDS.later : WORDS.sooner, { count: number("number", Math.round(size)) }) : WORDS.same; // all days are those of stops
    if (item.unit === "USD bn" && tongue() in MYRIADS) return sign + dollars(1000 * size, 3);
    return sign + number("number", size) + (item.unit === "multiple" ? "" : unit(item));
  }

  function month(text) { // 2026-01, or 2026-01-06, as a reader would say it
    const [year, at, day] = text.split("-");
    if (day) return new Date(Number(year), Number(at) - 1, Number(day)).toLocaleDateString(tongue() === "en" ? "en-GB" : tongue(), { year: "numeric", month: "long", day: "numeric" });
    return new Date(Number(year), Number(at) - 1, 15).toLocaleDateString(tongue(), { year: "numeric", month: "long" });
  }

  function shortMonth(month, year) {
    return new Date(Number(year), Number(month) - 1, 15).toLocaleDateString(tongue(), { year: "numeric", month: "short" });
  }

  function charts() { // the charts' library, loaded once
    if (!loading) {
      const cdn = window.solara ? window.solara.cdn : "/_solara/cdn";
      loading = new Promise((resolve, reject) => window.requirejs([cdn + "/echarts/dist/echarts.min.js"], resolve, reject));
    }
    return loading;
  }

  function script(address, name) { // a script that is loaded where it is needed; it sets window[name]
    return new Promise((resolve, reject) => {
      if (window[name]) { resolve(); return; }
      const tag = document.createElement("script");
      Object.assign(tag, { src: address, onload: resolve, onerror: reject });
      document.head.appendChild(tag);
    });
  }

  function reducedMotion() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  // As experiments/worlds/spreadsheet_cells.py: a text that a spreadsheet would compute gets an apostrophe in front, and nothing in a line of comment begins a cell of its own.
  function cell(text) {
    return /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? "'" + text : text;
  }

  function comment(text) {
    return String(text).replace(/[,;"\t]+/g, " ");
  }

  function stand(query) { // what is asked of this page stands in its address, with its language
    if (tongue() !== "en") query.set("lang", tongue());
    const asked = query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
    window.history.replaceState(window.history.state, "", window.location.pathname + (asked ? "?" + asked : ""));
  }

  function handOut(part, number) { // the file of a part of a page, once it is the *number*th that is there
    if (!number || !part.file) return;
    const file = JSON.parse(part.file);
    give(file);
    part.said = say(WORDS.saved, file);
  }
  function give(file) { // a file that a worker made: {name, mime, base64}
    download(file.name, file.mime, new Blob([Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))], { type: file.mime }));
  }

  function download(name, mime, text) {
    const url = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type: mime }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  function beyond(record, rows) { // the record, where a chart goes above it; else null
    return record && rows.some((values) => values && values.some((value) => value !== null && value > record.value)) ? record : null;
  }

  // Options of a line chart over months; record: {value, label} of a thin line across. lines: [{label, values, colour, dash, width, ghost}]; bands: [{label, low, high, colour}].
  function lineOption({ months, lines, bands = [], format = "number", ceiling = null, dark = false, marks = [], record = null }) {
    const shade = axisColours(dark);
    const each = months.length > 96 ? 24 : months.length > 30 ? 12 : 3;
    const percent = format === "share";
    const highest = (values) => values.reduce((most, value) => (value !== null && value > most ? value : most), 0);
    const top = Math.max(0, ...lines.map((line) => highest(line.values)), ...bands.map((band) => highest(band.high)));
    const whole = percent && top > 0.5 && top <= 1.005; // an axis that ends at 100%
    const between = (low, high) => low.map((value, k) => (value === null || high[k] === null ? null : high[k] - value));
    const series = bands.flatMap((band, k) => [
      { type: "line", name: band.label, data: band.low, stack: "band" + k, showSymbol: false, silent: true, lineStyle: { opacity: 0 }, color: band.colour, tooltip: { show: false } },
      { type: "line", name: band.label, data: between(band.low, band.high), stack: "band" + k, showSymbol: false, silent: true, lineStyle: { opacity: 0 },
        areaStyle: { color: band.colour, opacity: dark ? 0.28 : 0.18 }, color: band.colour, tooltip: { show: false } },
    ]);
    lines.forEach((line) => series.push({
      type: "line", name: line.label, data: line.values, showSymbol: false, color: line.ghost ? shade.text : line.colour, z: line.ghost ? 2 : 3,
      lineStyle: { width: line.width || (line.ghost ? 1.5 : 2.2), type: line.ghost ? [4, 3] : DASHES[line.dash || 0], opacity: line.ghost ? 0.75 : 1 },
      emphasis: { focus: "none" },
    }));
    if (series.length && (marks.length || record)) {
      const across = record ? [{ yAxis: record.value, label: { show: true, position: "insideStartTop", formatter: record.label, color: shade.text, fontSize: 11 } }] : [];
      series[series.length - 1].markLine = { silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: shade.text, type: "solid", width: 1, opacity: 0.5 },
        data: [...marks.map((at) => ({ xAxis: at })), ...across] };
    }
    return {
      animation: false, grid: { left: 48, right: 12, top: 10, bottom: 24 }, textStyle: { fontFamily: "inherit" },
      tooltip: { trigger: "axis", confine: true, backgroundColor: shade.back, borderColor: shade.faint, textStyle: { color: shade.ink, fontSize: 12 },
        valueFormatter: (value) => number(format, value) },
      xAxis: { type: "category", data: months, boundaryGap: false, axisLine: { lineStyle: { color: shade.text } },
        axisTick: { interval: (index) => months[index].endsWith("-01") },
        axisLabel: { color: shade.text, interval: (index) => index % each === 0, formatter: (text) => (each >= 12 ? text.slice(0, 4) : text) } },
      yAxis: { type: "value", min: 0, max: whole ? 1 : ceiling && top > ceiling ? ceiling : null, interval: whole ? 0.25 : null,
        axisLabel: { color: shade.text, formatter: (value) => (percent ? Math.round(100 * value) + "%" : value.toLocaleString(tongue())) },
        splitLine: { lineStyle: { color: shade.faint } }, splitNumber: 4 },
      series,
    };
  }

  // One history among many of the same setting: the line and a few numbers as viz/page_data/ensemble_position.py has them, all words the server's; the part of a page's template that is read out as it comes.
  const among = {
    props: ["told"],
    template: `<div class="cv-among" aria-live="polite" :aria-busy="String(!told.settled)" :data-among="told.of + '/' + told.came">
      <p>{{ whole(told.sentence) }} <a v-if="told.href" :href="told.href">{{ told.link }}</a> <small v-if="told.so_far">{{ told.so_far }}</small></p>
      <dl><div v-for="row in told.rows" :key="row.id"><dt>{{ row.label }}</dt>
        <dd class="cv-among-bar" aria-hidden="true"><i v-if="row.low !== null" class="cv-among-band" :style="{ left: 100 * row.low + '%', width: 100 * (row.high - row.low) + '%' }"></i><i v-if="row.at !== null" class="cv-among-dot" :style="{ left: 100 * row.at + '%' }"></i></dd>
        <dd><b :data-here="row.id">{{ whole(row.value) }}</b> <small :data-others="row.id">{{ whole(row.others) }}</small></dd></div></dl></div>`,
    methods: {
      whole: unbroken,
    },
  };

  // Who one is in rooms of the class, for this device: newest first, one seat a room beside its lead. What it cannot keep it does not.
  const seats = (() => {
    const NAME = "coercivity.seats", MOST = 5;
    const sound = (one) => one && typeof one.query === "string" && one.query.startsWith("/class?") && typeof one.code === "string";
    const tokenOf = (one) => new URLSearchParams(one.query.split("?")[1]).get("seat");
    function all() {
      try { return JSON.parse(window.localStorage.getItem(NAME) || "[]").filter(sound).slice(0, MOST); } catch (error) { return []; }
    }
    function write(list) {
      try { window.localStorage.setItem(NAME, JSON.stringify(list.slice(0, MOST))); } catch (error) { return false; }
      return true;
    }
    function keep(one) { // whether it is kept
      return sound(one) && write([one, ...all().filter((other) => other.code !== one.code || Boolean(other.lead) !== Boolean(one.lead))]);
    }
    function forget(token) {
      return write(all().filter((one) => tokenOf(one) !== token));
    }
    return { all, keep, forget, tokenOf };
  })();

  return { seats, stand, LIGHT, DARK, WORDS, among, say, listed, joined, semicolons, dollars, unbroken, pieces, colour, axisColours, number, headline, difference, month, shortMonth, charts, script, reducedMotion, cell, comment, download, give, handOut, beyond, lineOption };
})();

// Each page's own styles; the list is short, and a style of another page does nothing here.
["door", "lab", "play", "chain", "compare", "claims", "evidence", "game", "wall"].forEach((name) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/static/assets/" + name + ".css";
  document.head.appendChild(link);
});

// A link to another page of ours keeps the language of this one.
["click", "auxclick"].forEach((kind) => document.addEventListener(kind, (event) => {
  const link = event.target.closest ? event.target.closest("a[href]") : null;
  const code = document.documentElement.lang || "en";
  if (!link || code === "en" || link.hasAttribute("download") || !link.protocol.startsWith("http") || link.origin !== window.location.origin || link.getAttribute("href").startsWith("#")) return;
  const address = new URL(link.href);
  if (address.searchParams.has("lang")) return;
  link.href = link.href.split("#")[0] + (address.search ? "&" : "?") + "lang=" + code + address.hash;
}, true));

// A page whose server was restarted comes back by itself; what was set stands in its address.
(() => {
  const script = document.createElement("script");
  script.src = "/rejoin.js?lang=" + document.documentElement.lang;
  document.head.appendChild(script);
})();
