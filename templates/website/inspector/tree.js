// Shows an object of the spec: its members, the class of each object, and a mark where something is not as declared.

import { element } from "./dom.js";

const OPEN_DEPTH = 3;
const OPEN_PIECES = 60;

/** What each kind of problem is called; `rule` is one that an event has only in its stream. */
export const MARKS = {
  missing: "missing",
  null: "must not be null",
  type: "wrong type",
  value: "undeclared value",
  tag: "unknown tag",
  unknown: "unknown tag",
  extra: "undeclared",
  unreadable: "unreadable",
  rule: "breaks a rule",
};

const label = ([key, text, name, code, inner]) => {
  const parts = [];
  if (key) {
    parts.push(element("span", { class: "key" }, key), " ");
  }
  if (name) {
    parts.push(element("span", { class: "class" }, name), " ");
  }
  if (text === "list" || text === "object") {
    const [left, right] = text === "list" ? "[]" : "{}";
    parts.push(`${left}${inner.length || ""}${right}`);
  } else {
    parts.push(element("span", { class: "value" }, text));
  }
  if (code) {
    parts.push(" ", element("mark", {}, MARKS[code]));
  }
  return parts;
};

const isOdd = (node) => Boolean(node[3]) || node[4].some(isOdd);

/** Make the element of a node and of what is below it; what is below is made when it is first opened. */
export const tree = (node, depth = 0) => {
  const [, , , , inner, left] = node;
  if (!inner.length) {
    return element("div", { class: "leaf" }, ...label(node));
  }
  const made = element("details", {}, element("summary", {}, ...label(node)));
  const fill = () => {
    if (made.open && made.childElementCount === 1) {
      made.append(...inner.map((each) => tree(each, depth + 1)));
      if (left) {
        made.append(element("div", { class: "leaf" }, `and ${left} more`));
      }
    }
  };
  made.addEventListener("toggle", fill);
  made.open = depth === 0 || (depth < OPEN_DEPTH && inner.length <= OPEN_PIECES) || isOdd(node);
  fill();
  return made;
};
