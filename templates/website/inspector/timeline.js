// Where the events of each place lie in the stream: a lane for each place, from its first event to its last.

import { element } from "./dom.js";

const LANE = 20;
const MOST_LANES = 200;

export class Timeline {
  /**
   * @param box The element that it is put into.
   * @param choose Called with the index of the event that is chosen.
   */
  constructor(box, choose) {
    this.names = element("div", { class: "names", "aria-hidden": "true" });
    this.canvas = element("canvas", { role: "img" });
    box.append(this.names, this.canvas);
    this.canvas.addEventListener("click", (event) => this.click(event, choose));
    new ResizeObserver(() => this.later()).observe(this.canvas);
    const scheme = new MutationObserver(() => this.later());
    scheme.observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
    this.clear();
  }

  clear() {
    this.lanes = new Map();
    this.odd = [];
    this.count = 0;
    this.chosen = -1;
    this.names.replaceChildren();
    this.later();
  }

  /** Take the next event. */
  add(place, isOdd) {
    let lane = this.lanes.get(place);
    if (!lane) {
      lane = [];
      this.lanes.set(place, lane);
      if (this.lanes.size <= MOST_LANES) {
        const steps = place.split(" / ");
        const name = element("div", { title: place }, place ? steps.at(-1) : "stream");
        name.style.paddingInlineStart = `${place ? steps.length * 0.5 : 0}rem`;
        this.names.append(name);
      }
    }
    lane.push(this.count);
    if (isOdd) {
      this.odd.push(this.count);
    }
    this.count += 1;
  }

  /** Mark events as odd. */
  mark(indices) {
    this.odd.push(...indices);
    this.later();
  }

  select(index) {
    this.chosen = index;
    this.later();
  }

  later() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  x(index, width) {
    return ((index + 0.5) / Math.max(1, this.count)) * width;
  }

  draw() {
    const scale = devicePixelRatio;
    const width = this.canvas.clientWidth;
    const height = Math.max(1, Math.min(this.lanes.size, MOST_LANES)) * LANE;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.setAttribute("aria-label", `${this.count} events in ${this.lanes.size} places`);
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(this.canvas);
    const [accent, text] = [style.getPropertyValue("--accent"), style.color];
    const tick = Math.max(1, Math.min(8, width / Math.max(1, this.count) - 1));
    let top = 0;
    for (const lane of [...this.lanes.values()].slice(0, MOST_LANES)) {
      const [begin, end] = [this.x(lane[0], width), this.x(lane.at(-1), width)];
      pen.fillStyle = accent;
      pen.globalAlpha = 0.25;
      pen.fillRect(begin, top + LANE / 2 - 1, end - begin, 2);
      pen.globalAlpha = 1;
      let last = -1;
      for (const index of lane) {
        const x = Math.round(this.x(index, width) - tick / 2);
        if (x !== last) {
          pen.fillRect(x, top + 4, tick, LANE - 8);
          last = x;
        }
      }
      top += LANE;
    }
    pen.fillStyle = text;
    for (const index of this.odd) {
      const x = this.x(index, width);
      pen.beginPath();
      pen.moveTo(x - 4, 0);
      pen.lineTo(x + 4, 0);
      pen.lineTo(x, 7);
      pen.fill();
    }
    if (this.chosen >= 0) {
      pen.fillRect(this.x(this.chosen, width) - 0.75, 0, 1.5, height);
    }
  }

  click(event, choose) {
    if (!this.count) {
      return;
    }
    const wanted = Math.floor((event.offsetX / this.canvas.clientWidth) * this.count);
    const lane = [...this.lanes.values()][Math.floor(event.offsetY / LANE)] ?? [wanted];
    choose(lane.reduce((best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best), lane[0]));
  }
}
