// A list of any length: only the rows that can be seen are elements.

import { element } from "./dom.js";

const BESIDE = 8;

export class Rows {
  /**
   * @param box The element that scrolls.
   * @param fill Gives the children of the row of an index.
   * @param choose Called with the index of the row that is chosen.
   */
  constructor(box, fill, choose) {
    this.box = box;
    this.fill = fill;
    this.choose = choose;
    this.shown = [];
    this.chosen = -1;
    this.room = element("div", { class: "room", role: "presentation" });
    box.append(this.room);
    box.addEventListener("scroll", () => this.later());
    box.addEventListener("keydown", (event) => this.press(event));
    new ResizeObserver(() => this.later()).observe(box);
  }

  /** Show the rows of these indices. */
  show(indices) {
    this.shown = indices;
    this.later();
  }

  /** Choose a row by its index, and bring it into sight. */
  select(index) {
    this.chosen = index;
    const at = this.position();
    if (at >= 0) {
      const top = at * this.height();
      if (top < this.box.scrollTop) {
        this.box.scrollTop = top;
      } else if (top + this.height() > this.box.scrollTop + this.box.clientHeight) {
        this.box.scrollTop = top + this.height() - this.box.clientHeight;
      }
    }
    this.later();
  }

  position() {
    let [low, high] = [0, this.shown.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle] === this.chosen) {
        return middle;
      }
      [low, high] = this.shown[middle] < this.chosen ? [middle + 1, high] : [low, middle - 1];
    }
    return -1;
  }

  height() {
    return parseFloat(getComputedStyle(this.box).getPropertyValue("--row"));
  }

  later() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    const height = this.height();
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - BESIDE);
    const last = Math.min(this.shown.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + BESIDE);
    this.room.style.height = `${this.shown.length * height}px`;
    const rows = [];
    for (let at = first; at < last; at++) {
      const index = this.shown[at];
      const row = element(
        "div",
        {
          class: "row",
          role: "option",
          id: `row-${index}`,
          "aria-selected": String(index === this.chosen),
          "aria-posinset": at + 1,
          "aria-setsize": this.shown.length,
          onclick: () => this.choose(index),
        },
        ...this.fill(index),
      );
      row.style.top = `${at * height}px`;
      rows.push(row);
    }
    this.room.replaceChildren(...rows);
    const seen = rows.some((row) => row.id === `row-${this.chosen}`);
    if (seen) {
      this.box.setAttribute("aria-activedescendant", `row-${this.chosen}`);
    } else {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height()) - 1);
    const at = this.position();
    const last = this.shown.length - 1;
    const ways = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last };
    const to = ways[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.choose(this.shown[Math.min(last, Math.max(0, to))]);
    }
  }
}
