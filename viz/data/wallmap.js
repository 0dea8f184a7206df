// The map of a class's wall: that of the play page (worldmap.js), large, with what users have in stock as bars, lines as they stop, and words that are broken stamped on who broke them.
// What it draws is as wall_data.py sends it; times are frames with fractions, frame 0 the month before the half-year.
window.coercivityWall = (() => {
  const { WorldMap, VIEWS } = window.coercivityMap;
  VIEWS.wall = [90, -60, 1820, 560]; // the north, where the trade is, with room for bars
  const BESIDE = { Japan: [1046, 250], "United States": [1390, 236], EU: [190, 220] }; // where a bar stands: in the sea, units of the map
  const STAMPED = { exporter: [700, 70], target: [1210, 390], ally: [1560, 330], bloc: [330, 300], firm: [1210, 450] }; // where a seat's stamp is set
  const ABOUT = "Japan"; // the state that the game is about
  const TALL = 46; // pixels of a full bar, before zoom
  const WIDE = 15;

  class WallMap extends WorldMap {
    constructor(canvas, world) {
      super(canvas, world);
      Object.assign(this, { wall: null, bars: false, stamps: false, stopping: false, tint: "none", view: "wall" });
    }

    setWall(wall) { // the half-year as the page has it
      this.wall = wall;
      const known = Object.values(wall.stock).flat().filter((value) => value !== null);
      this.most = Math.max(0.25, ...known);
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
      this.naming = true; // names stay where they are when a stamp comes
      super.findNames();
      this.naming = false;
    }

    barBox(buyer) {
      const [x, y] = BESIDE[buyer].map((part, k) => (part - (k ? this.top : this.left)) * this.scale);
      const [wide, tall] = [WIDE * this.zoom, TALL * this.zoom];
      this.pen.font = `600 ${12 * this.zoom}px system-ui, sans-serif`;
      const half = Math.max(wide, this.pen.measureText(this.wall.buyers[buyer]).width / 2 + 4); // its name is wider than it
      return { x: x - wide / 2, y: y - tall, wide, tall, left: x - half, right: x + half, top: y - tall - 16 * this.zoom, bottom: y + 16 * this.zoom };
    }

    kept() {
      const bars = this.bars && this.wall ? Object.keys(this.wall.stock).map((buyer) => this.barBox(buyer)) : [];
      return this.stamps && !this.naming ? [...bars, ...this.stamped().map(({ x, y, half, size }) => ({ left: x - half, right: x + half, top: y - 1.5 * size, bottom: y + 1.2 * size }))] : bars;
    }

    stamped() { // each stamp with its words, its middle, half its width and its letters' size
      const size = 13 * this.zoom;
      return this.wall.broken.flatMap((one, k) => [[one.by, one.stamp_by], [one.other, one.stamp_other]].map(([seat, words]) => {
        this.pen.font = `800 ${size}px system-ui, sans-serif`;
        const half = this.pen.measureText(words).width / 2 + 0.5 * size;
        const [x, y] = [(STAMPED[seat][0] - this.left) * this.scale, (STAMPED[seat][1] - this.top) * this.scale];
        return { words, half, size, x: Math.min(Math.max(x, half + 4), this.width - half - 4), y: Math.min(y + 1.9 * k * size, this.height - size) };
      }));
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
        const high = (value) => box.tall * Math.min(1, value / this.most);
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
      this.stamped().forEach(({ words, half, size, x, y }) => {
        pen.save();
        pen.font = `800 ${size}px system-ui, sans-serif`;
        pen.translate(x, y);
        pen.rotate(-0.12);
        pen.fillStyle = shade.sea;
        pen.globalAlpha = 0.9;
        pen.fillRect(-half, -0.95 * size, 2 * half, 1.5 * size);
        pen.globalAlpha = 1;
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
