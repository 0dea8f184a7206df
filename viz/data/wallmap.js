// The map of a class's wall: that of the play page (worldmap.js), large, with what users have in stock as bars, lines as they stop, and words that are broken stamped on who broke them.
// What it draws is as wall_data.py sends it; times are frames with fractions, frame 0 the month before the half-year.
window.coercivityWall = (() => {
  const { WorldMap, VIEWS } = window.coercivityMap;
  VIEWS.wall = [90, -60, 1820, 560]; // the north, where the trade is, with room for bars
  const BESIDE = { Japan: [1046, 250], "United States": [1390, 236], EU: [190, 220] }; // where a bar stands: in the sea, units of the map
  const BARS = { target: "Japan", ally: "United States", bloc: "EU" }; // the bar of each seat that has one
  const ABOUT = "Japan"; // the state that the game is about
  const TALL = 46; // pixels of a full bar, before zoom
  const WIDE = 15;
  const TILT = 0.08; // of a stamp, radians
  const REACH = 40; // heights of its letters from its place at which a stamp may find room

  class WallMap extends WorldMap {
    constructor(canvas, world) {
      super(canvas, world);
      Object.assign(this, { wall: null, bars: false, stamps: false, stamped: [], stopping: false, tint: "none", view: "wall" });
    }

    setWall(wall) { // the half-year as the page has it
      this.wall = wall;
      this.setData(wall.map);
    }

    resize() {
      super.resize();
      this.zoom = Math.min(3.6, Math.max(1.6, 3.5 * this.scale)); // as large as the map that is there, not as the wall is wide: on a low one badges would have no room
    }

    isForemost(state) { return state === ABOUT; }

    isNamed(state) { // whose bar is named is not named again
      return (state in BESIDE && !this.bars) || state === "China" || (!(state in BESIDE) && this.group && this.group.flows.some((flow) => [flow.from, flow.to].includes(this.data.states.indexOf(state))));
    }

    findNames() { // other goods, other states
      if (this.group && this.group !== this.namedFor) this.nameKey = "";
      this.namedFor = this.group;
      this.naming = true; // names stay where they are when a stamp comes: it finds a place beside them
      super.findNames();
      this.naming = false;
      const key = [this.wall, this.names, this.stamps && this.bars];
      if (this.stampKey && key.every((part, k) => part === this.stampKey[k])) return;
      this.stampKey = key;
      this.stamped = this.stamps ? this.placeStamps() : [];
    }

    barBox(buyer) {
      const [x, y] = BESIDE[buyer].map((part, k) => (part - (k ? this.top : this.left)) * this.scale);
      const [wide, tall] = [WIDE * this.zoom, TALL * this.zoom];
      this.pen.font = `600 ${12 * this.zoom}px system-ui, sans-serif`;
      const half = Math.max(wide, this.pen.measureText(this.wall.buyers[buyer]).width / 2 + 4); // its name is wider than it
      return { x: x - wide / 2, y: y - tall, wide, tall, left: x - half, right: x + half, top: y - tall - 16 * this.zoom, bottom: y + 16 * this.zoom };
    }

    kept() {
      return this.naming ? this.barBoxes() : [...this.barBoxes(), ...this.stamped];
    }

    barBoxes() { return this.bars && this.wall ? Object.keys(this.wall.stock).map((buyer) => this.barBox(buyer)) : []; }

    // Each stamp with its words, its middle, half its width, its letters' size, its box, and the seat's own place: as near to it as the stamp covers no name, no bar and no other place.
    placeStamps() {
      const size = 13 * this.zoom;
      const taken = [...this.names, ...this.dots, ...this.barBoxes()];
      return this.wall.broken.flatMap((one) => [[one.by, one.stamp_by], [one.other, one.stamp_other]]).map(([seat, words]) => {
        this.pen.font = `800 ${size}px system-ui, sans-serif`;
        const half = this.pen.measureText(words).width / 2 + 0.5 * size;
        const rise = half * Math.sin(TILT);
        const [x, y] = this.seatPlace(seat);
        const boxes = [];
        for (let far = 0; far <= REACH * size; far += size / 2) {
          for (let turn = 0; turn < 24; turn += 1) {
            const [middle, line] = [x + far * Math.sin(turn * Math.PI / 12), y + far * Math.cos(turn * Math.PI / 12)];
            boxes.push({ x: middle, y: line, left: middle - half - 0.2 * size, right: middle + half + 0.2 * size, top: line - rise - 1.05 * size, bottom: line + rise + 0.65 * size });
          }
        }
        const found = boxes.find((one) => this.free(one, taken)) || boxes[this.leastCovered(boxes, taken)];
        taken.push(found);
        return { words, half, size, of: [x, y], ...found };
      });
    }

    seatPlace(seat) { // the middle of its bar, else its state
      if (!BARS[seat]) return this.place(seat === "exporter" ? "China" : ABOUT);
      const box = this.barBox(BARS[seat]);
      return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    }

    drawNames() { // a line leads from each stamp to whose it is, under all that is written
      const pen = this.pen;
      this.stamped.forEach(({ x, y, of }) => {
        pen.beginPath();
        pen.moveTo(...of);
        pen.lineTo(x, y);
        pen.lineWidth = 1.5 * this.zoom;
        pen.strokeStyle = this.colours().bad;
        pen.stroke();
      });
      super.drawNames();
    }

    drawBars() {
      const pen = this.pen;
      const shade = this.colours();
      const month = Math.min(this.wall.months.length - 1, Math.floor(this.time));
      Object.entries(this.wall.stock).forEach(([buyer, values]) => {
        const now = values[month];
        if (now === null) return;
        const next = values[Math.min(values.length - 1, month + 1)];
        const level = now + ((next === null ? now : next) - now) * (this.time - month);
        const box = this.barBox(buyer);
        const high = (value) => box.tall * Math.min(1, value / this.wall.full_stock);
        pen.fillStyle = shade.land;
        pen.fillRect(box.x, box.y, box.wide, box.tall);
        pen.fillStyle = level < values[0] / 2 ? shade.bad : window.coercivity.colour(0, this.dark);
        pen.fillRect(box.x, box.y + box.tall - high(level), box.wide, high(level));
        pen.strokeStyle = shade.ink;
        pen.lineWidth = 1.5 * this.zoom;
        pen.strokeRect(box.x, box.y, box.wide, box.tall);
        if (values[0] !== null) { // where it began
          const begun = box.y + box.tall - high(values[0]);
          pen.beginPath();
          pen.moveTo(box.x - 4 * this.zoom, begun);
          pen.lineTo(box.x + box.wide + 4 * this.zoom, begun);
          pen.stroke();
        }
        const middle = box.x + box.wide / 2;
        this.text(this.months(level), middle, box.y - 4 * this.zoom, "center", 700, shade.ink, 13 * this.zoom);
        this.text(this.wall.buyers[buyer], middle, box.y + box.tall + 13 * this.zoom, "center", 600, shade.ink, 12 * this.zoom);
      });
    }

    drawStopping() { // a ring around the place of a line, in the month in which it stops
      const pen = this.pen;
      this.data.stops.forEach(([first, , firm]) => {
        const age = this.time - first;
        if (!first || age < 0 || age >= 1 || !this.isOnMap(this.stateOf[firm])) return;
        const [x, y] = this.place(this.stateOf[firm]);
        pen.globalAlpha = 1 - 0.7 * age;
        pen.beginPath();
        pen.arc(x, y, this.zoom * (9 + 12 * age), 0, 7);
        pen.strokeStyle = this.colours().bad;
        pen.lineWidth = 3 * this.zoom;
        pen.stroke();
        pen.globalAlpha = 1;
      });
    }

    drawStamps() {
      const pen = this.pen;
      const shade = this.colours();
      this.stamped.forEach(({ words, half, size, x, y }) => {
        pen.save();
        pen.font = `800 ${size}px system-ui, sans-serif`;
        pen.translate(x, y);
        pen.rotate(-TILT);
        pen.fillStyle = shade.sea;
        pen.fillRect(-half, -0.95 * size, 2 * half, 1.5 * size);
        pen.strokeStyle = pen.fillStyle = shade.bad;
        pen.lineWidth = 2 * this.zoom;
        pen.strokeRect(-half, -0.95 * size, 2 * half, 1.5 * size);
        pen.textAlign = "center";
        pen.fillText(words, 0, 0.2 * size);
        pen.restore();
      });
    }

    draw(time, moving, seconds) {
      if (!this.data || !this.scale) return;
      super.draw(time, moving, seconds);
      if (this.bars) this.drawBars();
      if (this.stopping) this.drawStopping();
      if (this.stamps) this.drawStamps();
    }
  }

  return { WallMap };
})();
