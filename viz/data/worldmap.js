// The map of the play page and, larger, of a class's wall (wallmap.js): land tinted by dependence on China, flows as ribbons with moving dots, badges for lines that stand and plants under way.
// It draws what map_data.py sends, on one canvas; the numbers behind it stand in a table beside it. Times are months with fractions.
window.coercivityMap = (() => {
  const VIEWS = { // part of the map: left, top, width, height in its units
    world: [70, 14, 1900, 712], asia: [560, 90, 560, 480], europe: [190, 20, 420, 230], americas: [1330, 0, 670, 560],
  };
  const SHORT = { "United States": "US", "United Kingdom": "UK", "South Korea": "S. Korea" };
  const BESIDE = { // where a name stands beside its place: right unless told otherwise
    "South Korea": "top", France: "left", "United Kingdom": "left", Myanmar: "left", Thailand: "left", Malaysia: "left", India: "left", China: "left", "Rest of world": "left",
    Canada: "top", Russia: "top", "Rest of EU": "top",
  };
  const ASIDE = { Japan: 14, "South Korea": -12, Thailand: -26, Myanmar: -20, Vietnam: 6 }; // pixels by which badges stand aside from a neighbour's
  const SEPARATORS = { // places in the palette; the others share grey
    China: 1, Malaysia: 2, "United States": 0, "Rest of EU": 3, France: 4, Australia: 5, Japan: 7,
  };
  const OTHER = 8;
  const UNSEPARATED = 6;
  const THICK = 15; // pixels of the thickest flow of a group in its thickest month
  const DOTS_A_SECOND = 26; // pixels that a dot travels
  const FAR = 180; // pixels, before zoom, from its place at which a badge may find room
  const FLASH = 4; // months for which an opening is seen

  const font = (weight, size) => `${weight} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
  const around = (x, y, reach) => ({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  const at = (values, month) => (Array.isArray(values) ? values[month] : values);

  function between(values, time) { // a series at a time between two months; what is undefined stays so
    const month = Math.floor(time);
    const now = at(values, month);
    const next = at(values, Math.min(month + 1, Array.isArray(values) ? values.length - 1 : 0));
    if (now === null || now === undefined || next === null || next === undefined) return now;
    return now + (next - now) * (time - month);
  }

  function mix(first, second, part) { // two #rrggbb
    const channel = (text, k) => parseInt(text.slice(1 + 2 * k, 3 + 2 * k), 16);
    const whole = [0, 1, 2].map((k) => Math.round(channel(first, k) * (1 - part) + channel(second, k) * part));
    return "#" + whole.map((value) => value.toString(16).padStart(2, "0")).join("");
  }

  class WorldMap {
    constructor(canvas, world) {
      this.canvas = canvas;
      this.pen = canvas.getContext("2d");
      this.world = world;
      this.land = document.createElement("canvas");
      this.paths = Object.fromEntries(Object.entries(world.shapes).map(([state, path]) => [state, new Path2D(path)]));
      Object.assign(this, { data: null, group: null, tint: "separated_in", view: "world", dark: false, picked: "", landKey: "", frames: 0, time: 0, phase: 0, zoom: 1 }); // zoom: of type and lines, for who stands far away
    }

    setData(data) {
      this.data = data;
      this.landKey = this.nameKey = "";
      this.stateOf = data.firms.map(([, state]) => data.states[state]);
      this.opened = data.plants.filter(([, , what]) => what === "opens" || what === "restarts");
      this.closed = data.plants.filter(([, , what]) => what === "mothballed" || what === "bankrupt" || what === "given up");
    }

    colours() {
      const dark = this.dark;
      return {
        sea: dark ? "#1d2127" : "#ffffff", land: dark ? "#343a43" : "#e4e7eb", coast: dark ? "#1d2127" : "#ffffff", ink: dark ? "#eceff3" : "#1d2127",
        soft: dark ? "#b3bac4" : "#555b64", china: window.coercivity.colour(SEPARATORS.China, dark), free: dark ? "#2c5273" : "#cfe3f2", tied: dark ? "#8a4a1f" : "#f0a468",
        bad: dark ? "#ff8a7a" : "#b3261e", onBad: dark ? "#2a0d09" : "#ffffff", good: dark ? "#2dc79a" : "#00795a", onGood: dark ? "#04150f" : "#ffffff",
      };
    }

    separatorColour(index) {
      if (index < 0) return window.coercivity.colour(UNSEPARATED, this.dark);
      const place = SEPARATORS[this.data.states[index]];
      return window.coercivity.colour(place === undefined ? OTHER : place, this.dark);
    }

    isForemost() { return false; } // whose badges choose their place before all others

    isNamed() { return true; } // which states are written beside their place

    badgeFont() { return `700 ${10.5 * this.zoom}px system-ui, sans-serif`; }

    tintOf(state, month) { // colour of a state; China is the one that others depend on, the rest of the world is many
      const shade = this.colours();
      if (state === "China") return this.dark ? mix(shade.sea, shade.china, 0.66) : mix(shade.ink, shade.china, 0.72);
      const share = at((this.data.dependence[this.tint] || {})[state], month);
      if (this.tint === "none" || share === null || share === undefined) return shade.land;
      return mix(shade.free, shade.tied, share / 100);
    }

    resize() {
      const box = this.canvas.getBoundingClientRect();
      this.ratio = Math.min(2, window.devicePixelRatio || 1);
      this.width = Math.max(1, Math.round(box.width));
      this.height = Math.max(1, Math.round(box.height));
      [this.canvas, this.land].forEach((canvas) => {
        canvas.width = this.width * this.ratio;
        canvas.height = this.height * this.ratio;
      });
      const [left, top, width, height] = VIEWS[this.view];
      this.scale = Math.min(this.width / width, this.height / height);
      this.left = left - (this.width / this.scale - width) / 2;
      this.top = top - (this.height / this.scale - height) / 2;
      this.landKey = "";
      this.places = {};
      Object.entries(this.world.places).forEach(([state, [x, y]]) => { this.places[state] = [(x - this.left) * this.scale, (y - this.top) * this.scale]; });
    }

    // Where a state's mark is; one that the outlines do not know yet (tools/docs/outlines.py) stands beside the rest of the world.
    place(state) {
      if (!this.places[state]) {
        const [x, y] = this.places["Rest of world"];
        const strangers = Object.keys(this.places).filter((name) => !this.world.places[name]).length;
        this.places[state] = [x, y + (strangers + 1) * 24];
      }
      return this.places[state];
    }

    // Which state lies under a point, "" for the sea: the nearest mark, else the land itself.
    hit(x, y) {
      let best = "";
      let nearest = 16;
      Object.entries(this.places).forEach(([state, place]) => {
        const away = Math.hypot(place[0] - x, place[1] - y);
        if (away < nearest) [best, nearest] = [state, away];
      });
      if (best) return best;
      const pen = this.land.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      return Object.keys(this.paths).find((state) => pen.isPointInPath(this.paths[state], x / this.scale + this.left, y / this.scale + this.top)) || "";
    }

    drawLand(month) {
      const key = [month, this.tint, this.dark, this.view, this.picked].join();
      if (key === this.landKey) return;
      this.landKey = key;
      const pen = this.land.getContext("2d");
      const shade = this.colours();
      const scale = this.scale * this.ratio;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.fillStyle = shade.sea;
      pen.fillRect(0, 0, this.land.width, this.land.height);
      pen.setTransform(scale, 0, 0, scale, -this.left * scale, -this.top * scale);
      pen.lineJoin = "round";
      Object.entries(this.paths).forEach(([state, path]) => {
        pen.fillStyle = state === "Rest of world" ? shade.land : this.tintOf(state, month);
        pen.fill(path);
        pen.strokeStyle = shade.coast;
        pen.lineWidth = 0.8 / this.scale;
        pen.stroke(path);
      });
      if (this.picked && this.paths[this.picked]) {
        pen.strokeStyle = shade.ink;
        pen.lineWidth = 1.6 / this.scale;
        pen.stroke(this.paths[this.picked]);
      }
    }

    // One flow as a curve in pixels: start, control, end, and the unit vector across it.
    curve(flow) {
      const [x1, y1] = this.place(this.data.states[flow.from]);
      const [x2, y2] = this.place(this.data.states[flow.to]);
      const dx = x2 - x1;
      const dy = y2 - y1;
      const length = Math.hypot(dx, dy) || 1;
      const bend = Math.min(0.22 * length, 90) * (dx >= 0 ? -1 : 1); // upwards both ways, and there and back apart
      const across = [-dy / length, dx / length];
      const lift = dx >= 0 ? 1 : 0.55;
      return { x1, y1, x2, y2, cx: (x1 + x2) / 2 + across[0] * bend * lift, cy: (y1 + y2) / 2 + across[1] * bend * lift, across, length };
    }

    point(curve, part) {
      const rest = 1 - part;
      return [rest * rest * curve.x1 + 2 * rest * part * curve.cx + part * part * curve.x2, rest * rest * curve.y1 + 2 * rest * part * curve.cy + part * part * curve.y2];
    }

    ribbon(curve, away, width, colour) {
      const pen = this.pen;
      const [nx, ny] = [curve.across[0] * away, curve.across[1] * away];
      pen.beginPath();
      pen.moveTo(curve.x1 + nx, curve.y1 + ny);
      pen.quadraticCurveTo(curve.cx + nx, curve.cy + ny, curve.x2 + nx, curve.y2 + ny);
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.stroke();
    }

    drawFlow(flow, moving) {
      const tonnes = between(flow.tonnes, this.time);
      if (!(tonnes > 0)) return;
      const width = THICK * this.zoom * tonnes / this.group.most;
      if (width < 0.15) return;
      const pen = this.pen;
      const shown = Math.max(width, 0.9);
      const curve = this.curve(flow);
      const china = this.group.separated ? between(flow.china, this.time) / 100 : 0;
      const other = this.separatorColour(this.group.separated ? flow.other : -1);
      const faint = width < 0.9 ? 0.35 + 0.55 * width : 0.9;
      pen.globalAlpha = faint;
      if (shown > 1.5) this.ribbon(curve, 0, shown + 1.6, this.colours().sea);
      const ofChina = shown * china;
      if (ofChina > 0.25) this.ribbon(curve, -(shown - ofChina) / 2, ofChina, this.colours().china);
      if (shown - ofChina > 0.25) this.ribbon(curve, ofChina / 2, shown - ofChina, other);
      const main = china >= 0.5 ? this.colours().china : other;
      this.arrow(curve, shown, main);
      if (!moving) return;
      const gap = 46;
      const count = Math.max(1, Math.floor(curve.length / gap));
      const shift = (this.phase * DOTS_A_SECOND / (count * gap)) % (1 / count);
      pen.fillStyle = this.colours().sea;
      const size = Math.max(1.1, Math.min(2.6 * this.zoom, 0.28 * shown));
      if (shown < 2.2) pen.fillStyle = main;
      for (let k = 0; k < count; k += 1) {
        const [x, y] = this.point(curve, k / count + shift);
        pen.beginPath();
        pen.arc(x, y, size, 0, 7);
        pen.fill();
      }
    }

    arrow(curve, width, colour) {
      const pen = this.pen;
      const part = 1 - Math.min(0.3, 7 / curve.length);
      const [x, y] = this.point(curve, part);
      const angle = Math.atan2(curve.y2 - curve.cy, curve.x2 - curve.cx);
      const size = 3.2 + 0.62 * width;
      pen.save();
      pen.translate(x, y);
      pen.rotate(angle);
      pen.beginPath();
      pen.moveTo(size, 0);
      pen.lineTo(-size * 0.7, size * 0.85);
      pen.lineTo(-size * 0.7, -size * 0.85);
      pen.closePath();
      pen.fillStyle = colour;
      pen.strokeStyle = this.colours().sea;
      pen.lineWidth = 1;
      pen.stroke();
      pen.fill();
      pen.restore();
    }

    drawPlace(state) {
      const pen = this.pen;
      const shade = this.colours();
      const [x, y] = this.place(state);
      if (x < -40 || y < -40 || x > this.width + 40 || y > this.height + 40) return;
      pen.beginPath();
      pen.arc(x, y, (state === this.picked ? 5 : 3.4) * this.zoom, 0, 7);
      pen.fillStyle = state === "Rest of world" ? this.tintOf(state, Math.floor(this.time)) : shade.ink;
      pen.strokeStyle = state === "Rest of world" ? shade.ink : shade.sea;
      pen.lineWidth = 1.2;
      pen.fill();
      pen.stroke();
    }

    // The box of a text; the same font as `text` writes it in.
    box(words, x, y, align, weight, size) {
      this.pen.font = font(weight, size);
      const width = this.pen.measureText(words).width;
      const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
      return { left: left - 1, right: left + width + 1, top: y - size * 0.85, bottom: y + size * 0.25 };
    }

    // Whether a box lies on the map and on nothing that is written there already.
    free(box, others) {
      return box.left >= 0 && box.top >= 0 && box.right <= this.width && box.bottom <= this.height && !others.some((one) => meet(box, one));
    }

    // Where each name stands: beside its place where it meets no other name and no place, and leaves the badges their room; nowhere in a crowd. Found anew when the map is another, not each month: names do not hop.
    findNames() {
      const key = [this.view, this.width, this.height, this.picked, this.data.states.length].join();
      if (key === this.nameKey) return;
      this.nameKey = key;
      const zoom = this.zoom;
      const size = zoom * (this.scale < 0.4 && zoom === 1 ? 10.5 : 12);
      const here = this.data.states.filter((state) => this.isOnMap(state)).sort((a, b) => (b === this.picked) - (a === this.picked));
      this.dots = here.map((state) => around(...this.place(state), 5 * zoom));
      const badges = here.map((state) => { const [x, y] = this.place(state); const left = x + zoom * (ASIDE[state] || 0); return { left: left - 4 * zoom, right: left + 26 * zoom, top: y + 7 * zoom, bottom: y + 23 * zoom }; });
      this.names = [];
      here.filter((state) => this.isNamed(state)).forEach((state) => {
        const [x, y] = this.place(state);
        const weight = state === this.picked ? 700 : 500;
        const words = (document.documentElement.lang === "en" && SHORT[state]) || this.named(state);
        const sides = [BESIDE[state] || "right", "right", "left", "top", "bottom"].map((side) => {
          const [dx, dy, align] = { right: [8, 4, "left"], left: [-8, 4, "right"], top: [0, -8, "center"], bottom: [0, 16, "center"] }[side].map((part) => (typeof part === "number" ? zoom * part : part));
          return { words, x: x + dx, y: y + dy, align, weight, size, ...this.box(words, x + dx, y + dy, align, weight, size) };
        });
        const found = [[...badges, ...this.dots, ...this.kept()], [...this.dots, ...this.kept()]].map((room) => sides.find((one) => this.free(one, [...room, ...this.names]))).find(Boolean);
        if (found) this.names.push(found);
      });
    }

    isOnMap(state) {
      const [x, y] = this.place(state);
      return x >= 0 && y >= 0 && x <= this.width && y <= this.height;
    }

    drawNames() {
      this.names.forEach((one) => this.text(one.words, one.x, one.y, one.align, one.weight, this.colours().ink, one.size));
    }

    text(words, x, y, align, weight, colour, size = 12) {
      const pen = this.pen;
      pen.font = font(weight, size);
      pen.textAlign = align;
      pen.lineJoin = "round";
      pen.lineWidth = 3 * this.zoom;
      pen.strokeStyle = this.colours().sea;
      pen.globalAlpha = 0.85;
      pen.strokeText(words, x, y);
      pen.globalAlpha = 1;
      pen.fillStyle = colour;
      pen.fillText(words, x, y);
    }

    // Lines that stand, plants under way, and for a while the names of plants that open or close.
    drawPlants() {
      const month = Math.floor(this.time);
      const shade = this.colours();
      const standing = this.standing(month);
      const pen = this.pen;
      const zoom = this.zoom;
      const taken = [...this.names, ...this.kept()];
      const badges = [];
      this.data.states.filter((state) => this.isOnMap(state)).sort((a, b) => this.isForemost(b) - this.isForemost(a)).forEach((state) => {
        const under = at((this.data.building || {})[state], month) || 0;
        const marks = [];
        if (standing[state]) marks.push(["✕ " + standing[state], shade.bad, shade.onBad]);
        if (under) marks.push(["▲ " + under, shade.good, shade.onGood]);
        if (!marks.length) return;
        const [x, y] = this.place(state);
        pen.font = this.badgeFont();
        const width = marks.reduce((total, [words]) => total + pen.measureText(words).width + 11 * zoom, -3 * zoom);
        const room = this.room(x, y, width, x + zoom * ((ASIDE[state] || 0) - 2), taken);
        taken.push(room);
        badges.unshift({ x, y, room, marks });
      });
      badges.forEach(({ x, y, room, marks }) => { // who has chosen first is written last: nothing lies on it
        if (room.away) this.leader(x, y, room);
        marks.reduce((left, [words, back, ink]) => this.badge(left, room.top + zoom, words, back, ink) + 3 * zoom, room.left + zoom);
      });
      const rows = {};
      [[this.opened, shade.good], [this.closed, shade.soft]].forEach(([news, colour]) => news.forEach(([when, firm, what, name]) => {
        const age = this.time - when;
        if (age < 0 || age >= FLASH || !this.isOnMap(this.stateOf[firm])) return;
        const state = this.stateOf[firm];
        const [x, y] = this.place(state);
        rows[state] = (rows[state] || 0) + 1;
        if (rows[state] > 3) return;
        pen.globalAlpha = 1 - age / FLASH;
        pen.beginPath();
        pen.arc(x, y, zoom * (6 + 7 * age), 0, 7);
        pen.strokeStyle = colour;
        pen.lineWidth = 2 * zoom;
        pen.stroke();
        pen.globalAlpha = 1;
        const words = this.fitting(this.plantWords(name || this.data.firms[firm][2], what), this.width - 12);
        const size = 11 * zoom;
        const half = (this.box(words, 0, 0, "left", 600, size).right + 4) / 2;
        const middle = Math.min(Math.max(x + half + 8, half), this.width - half); // beside the place, and whole
        const found = [-19, -32, -45, 30, 43, 56, -58, 69].map((lift) => ({ y: y + zoom * lift, ...this.box(words, middle, y + zoom * lift, "center", 600, size) })).find((one) => this.free(one, [...taken, ...this.dots]));
        if (!found) return; // what happens is told beside the map too
        taken.push(found);
        this.text(words, middle, found.y, "center", 600, colour, size);
      }));
      this.canvas.written = taken; // for tests: nothing of it overprints
    }

    // Room for badges: below the place, else where there is some, a line leads back to it.
    room(x, y, width, left, taken) {
      const others = [...taken, ...this.dots];
      const zoom = this.zoom;
      const boxes = [[left, y + 7 * zoom], [x - 9 * zoom - width, y - 8 * zoom], [x + 7 * zoom, y - 8 * zoom], [x - width / 2, y - 24 * zoom]];
      for (let far = 18; far <= FAR; far += 9) for (let turn = 0; turn < 12; turn += 1) boxes.push([x + zoom * far * Math.sin(turn * 0.5236) - width / 2, y + zoom * (far * Math.cos(turn * 0.5236) - 8)]);
      const asBox = ([from, top]) => ({ left: from - zoom, right: from + width + zoom, top, bottom: top + 16 * zoom });
      let found = boxes.findIndex((box) => this.free(asBox(box), others));
      if (found < 0) found = this.leastCovered(boxes.map(asBox), others);
      return { ...asBox(boxes[found]), away: found > 3 };
    }

    leastCovered(boxes, others) { // which box on the map lies on the least of what is written
      const covered = (box) => (this.free(box, []) ? others.reduce((sum, one) => sum + (meet(box, one) ? (Math.min(box.right, one.right) - Math.max(box.left, one.left)) * (Math.min(box.bottom, one.bottom) - Math.max(box.top, one.top)) : 0), 0) : Infinity);
      const each = boxes.map(covered);
      return each.indexOf(Math.min(...each));
    }

    leader(x, y, box) {
      const pen = this.pen;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom));
      pen.lineWidth = 0.8 * this.zoom;
      pen.strokeStyle = this.colours().soft;
      pen.stroke();
    }

    fitting(words, most) { // as much of a text as there is room for
      const size = 11 * this.zoom;
      if (this.box(words, 0, 0, "left", 600, size).right <= most) return words;
      let end = words.length;
      while (end > 1 && this.box(words.slice(0, end) + " …", 0, 0, "left", 600, size).right > most) end -= 1;
      return words.slice(0, end).trim() + " …";
    }

    kept() { return []; } // boxes that nothing is written on

    badge(x, y, words, back, ink) { // returns where it ends
      const pen = this.pen;
      const zoom = this.zoom;
      pen.font = this.badgeFont();
      const width = pen.measureText(words).width + 8 * zoom;
      pen.beginPath();
      if (pen.roundRect) pen.roundRect(x, y, width, 14 * zoom, 4 * zoom); else pen.rect(x, y, width, 14 * zoom);
      pen.fillStyle = back;
      pen.strokeStyle = this.colours().sea;
      pen.lineWidth = 1.5;
      pen.stroke();
      pen.fill();
      pen.fillStyle = ink;
      pen.textAlign = "left";
      pen.fillText(words, x + 4 * zoom, y + 10.8 * zoom);
      return x + width;
    }

    standing(month) { // lines that stand, by state
      const found = {};
      this.data.stops.forEach(([first, last, firm]) => {
        if (first <= month && (last === null || month <= last)) found[this.stateOf[firm]] = (found[this.stateOf[firm]] || 0) + 1;
      });
      return found;
    }

    // One picture. time: months with fractions; moving: whether dots travel; seconds: since the picture before.
    draw(time, moving, seconds) {
      if (!this.data || !this.scale) return;
      this.time = Math.min(Math.max(time, 0), this.data.months.length - 1);
      this.phase += moving ? seconds : 0;
      this.drawLand(Math.floor(this.time));
      const pen = this.pen;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.globalAlpha = 1;
      pen.drawImage(this.land, 0, 0);
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      if (this.group) for (let k = this.group.flows.length - 1; k >= 0; k -= 1) this.drawFlow(this.group.flows[k], moving);
      pen.globalAlpha = 1;
      this.findNames();
      this.data.states.forEach((state) => this.drawPlace(state));
      this.drawPlants();
      this.drawNames();
      this.frames += 1;
    }
  }

  return { WorldMap, VIEWS, SEPARATORS, at, mix };
})();
