// The inspector: what is pasted or dropped goes to the worker, and what comes back is shown.

import { counted, element } from "./dom.js";
import { fragmentOf, fromFragment } from "./link.js";
import { Rows } from "./rows.js";
import { Timeline } from "./timeline.js";
import { MARKS, tree } from "./tree.js";

const SHOWN = 200;
const PAUSE = 150;
const FULL_TEXT = 1_000_000;

const root = document.getElementById("reader");
const part = (name) => root.querySelector(`[data-part="${name}"]`);

/** Asks the worker; what it tells unasked goes to `told`. */
class Worked {
  constructor(worker, told) {
    this.asked = new Map();
    this.next = 0;
    this.worker = worker;
    this.worker.addEventListener("message", ({ data }) => {
      if (data.id === undefined) {
        told(data);
        return;
      }
      const { resolve, reject } = this.asked.get(data.id);
      this.asked.delete(data.id);
      if (data.error) {
        reject(new Error(data.error));
      } else {
        resolve(data.value);
      }
    });
    this.worker.addEventListener("error", () => {
      const error = new Error("This browser does not run the interpreter; it takes module workers and WebAssembly.");
      this.asked.forEach(({ reject }) => reject(error));
      this.asked.clear();
    });
  }

  ask(call, values, moved = []) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.worker.postMessage({ id, call, ...values }, moved);
    });
  }
}

let startWorker;
let worked;
let rows = [];
let found = [];
let readings = 0;
let chosen = -1;
let body = null;
let refused = "";

const say = (text, share) => {
  part("status").textContent = text;
  const bar = part("progress");
  bar.hidden = share === undefined;
  if (share === null) {
    bar.removeAttribute("value");
  } else {
    bar.value = share ?? 0;
  }
};

// --- The list and the timeline ---

const ROW_NAMES = ["number", "tag", "place", "brief"];

const cells = (index) => {
  const [tag, place, , codes, brief] = rows[index];
  const texts = [String(index), tag || "(no event)", place, brief];
  const made = ROW_NAMES.map((name, at) => element("span", { class: name }, texts[at]));
  if (codes.length) {
    // In front: what does not fit is cut off behind.
    made[1].prepend(element("mark", {}, codes.map((code) => MARKS[code]).join(", ")), " ");
  }
  return made;
};

const choose = async (index) => {
  chosen = index;
  list.select(index);
  timeline.select(index);
  part("where").textContent = `Event ${index}, line ${rows[index][2]}`;
  clearTimeout(choose.waiting);
  choose.waiting = setTimeout(async () => {
    try {
      showEvent(index, await worked.ask("event", { index }));
      showState(index, await worked.ask("state", { index }));
    } catch (error) {
      say(error.message);
    }
  }, PAUSE);
};

const list = new Rows(part("rows"), cells, choose);
const timeline = new Timeline(part("timeline"), choose);

/** Look for what is wanted among the rows from one on: those before it have been looked at. */
const refresh = (from = 0) => {
  const word = part("word").value.trim().toLowerCase();
  const onlyOdd = part("odd").checked;
  const fits = ([tag, place, , codes, brief]) =>
    (!onlyOdd || codes.length) && (!word || `${tag} ${place} ${brief}`.toLowerCase().includes(word));
  if (!from) {
    found = [];
  }
  for (let index = from; index < rows.length; index++) {
    if (fits(rows[index])) {
      found.push(index);
    }
  }
  list.show(found);
  part("count").textContent = `${found.length.toLocaleString("en")} of ${counted(rows.length, "event")}`;
};

// --- What is shown of an event, and of the state ---

const oddity = ({ path, text, mend }) =>
  element("li", {}, element("code", {}, path || "the text"), ` ${text}. `, element("span", { class: "mend" }, mend));

const showEvent = (index, event) => {
  if (index !== chosen) {
    return;
  }
  if (event.error) {
    part("event").replaceChildren(element("ul", {}, oddity({ path: "", text: event.error, mend: event.mend })));
    return;
  }
  const made = [element("p", {}, element("code", {}, event.tag), ` ${event.doc.split("\n\n")[0].replaceAll("`", "")}`)];
  if (event.oddities.length) {
    made.push(element("ul", {}, ...event.oddities.map(oddity)));
  }
  part("event").replaceChildren(...made, tree(event.tree));
};

const showState = (index, state) => {
  if (index !== chosen) {
    return;
  }
  if (!state) {
    part("state").replaceChildren(element("p", {}, "The spec says of no state that the events build up."));
    return;
  }
  const made = [];
  const told = Object.entries(state.readings).filter(([, text]) => text && text !== "[]");
  if (told.length) {
    const pair = ([name, text]) => [element("dt", {}, element("code", {}, name)), element("dd", {}, text)];
    made.push(element("dl", {}, ...told.flatMap(pair)));
  }
  made.push(element("p", {}, state.ended ? `How it has ended: ${state.ended}` : "It has not ended here."));
  const mended = Object.entries(state.mended).map(([kind, count]) => `${kind} ${count}`);
  if (mended.length) {
    made.push(element("p", {}, `Put right on the way: ${mended.join(", ")}`));
  }
  for (const [key, node] of Object.entries(state.trees)) {
    made.push(tree([key, ...node.slice(1)]));
  }
  part("state").replaceChildren(...made);
};

// --- What is wrong ---

const jump = (index) =>
  element("button", { type: "button", class: "jump", onclick: () => choose(index) }, `event ${index}`);

const told = (name, text) => (text ? [element("dt", {}, name), element("dd", {}, text)] : []);

const finding = (each, rules) => {
  const rule = rules[each.rule];
  const made = element(
    "li",
    {},
    element("strong", {}, each.severity),
    " ",
    jump(each.index),
    " ",
    element("code", {}, each.rule),
    ` ${each.message}`,
  );
  const facts = [...told("Where", each.path), ...told("Expected", each.expected), ...told("Got", each.got)];
  if (rule) {
    facts.push(...told("Rule", rule.statement), ...told("Why", rule.why), ...told("What to do", rule.fix));
  }
  made.append(element("details", {}, element("summary", {}, "What to do"), element("dl", {}, ...facts)));
  if (each.also.length) {
    made.append(element("ul", {}, ...each.also.map((below) => finding(below, rules))));
  }
  return made;
};

const group = (each) =>
  element(
    "li",
    {},
    `${each.count.toLocaleString("en")} × `,
    jump(each.index),
    " ",
    element("code", {}, each.path.replace(/^\$/, each.tag) || "text"),
    ` ${each.text}. `,
    element("span", { class: "mend" }, each.mend),
  );

const shownOf = (title, all, make, total = all.length) => {
  const made = [element("h3", {}, `${title}: ${total.toLocaleString("en")}`)];
  if (all.length) {
    made.push(element("ol", {}, ...all.slice(0, SHOWN).map(make)));
  }
  if (total > SHOWN) {
    made.push(element("p", {}, `These are the first ${SHOWN}.`));
  }
  return made;
};

const showSummary = (summary) => {
  const share = rows.length ? ((100 * summary.typed) / rows.length).toFixed(1) : "0.0";
  const counts = `${counted(rows.length, "event")} in ${counted(summary.streams, "stream")}`;
  const made = [element("p", {}, `${counts}; ${share} % are as declared.`)];
  if (summary.checked) {
    const show = (each) => finding(each, summary.rules);
    made.push(...shownOf("What breaks the rules of the stream", summary.findings, show, summary.total));
  } else {
    const text = "The spec does not say what a valid stream is: the order of the events is not checked.";
    made.push(element("p", {}, text));
  }
  made.push(...shownOf("What is not as declared", summary.oddities, group));
  part("findings").replaceChildren(...made);
};

// --- Reading ---

const STEPS = { start: "Python is being started; the first time this takes some seconds.", read: "Reading." };

const take = (data) => {
  if (data.reading !== readings) {
    return;
  }
  if (data.step !== "rows") {
    say(STEPS[data.step], null);
    return;
  }
  const from = rows.length;
  for (const row of data.rows) {
    rows.push(row);
    timeline.add(row[1], row[3].length > 0);
  }
  timeline.later();
  refresh(from);
  refused = data.error;
  say(refused || `Read ${counted(rows.length, "event")}.`, data.done ? undefined : data.share);
};

/** Offer the profiles of the spec that is chosen, where it has some. */
const offerProfiles = () => {
  const names = part("spec").selectedOptions[0].dataset.profiles.split(" ").filter(Boolean);
  part("profile").replaceChildren(...["", ...names].map((name) => new Option(name || "none", name)));
  part("of-profile").hidden = !names.length;
};

const read = async (bytes) => {
  const own = ++readings;
  const name = part("spec").value;
  const profile = part("profile").value;
  worked ??= new Worked(startWorker(), take);
  clearTimeout(choose.waiting);
  rows = [];
  chosen = -1;
  body = bytes;
  timeline.clear();
  refresh();
  part("where").textContent = "Choose an event";
  for (const each of ["event", "state", "findings"]) {
    part(each).replaceChildren();
  }
  part("result").hidden = false;
  try {
    const copy = bytes.slice().buffer;
    const summary = await worked.ask("open", { name, profile, body: copy, reading: own }, [copy]);
    if (!summary || own !== readings) {
      return;
    }
    showSummary(summary);
    if (!refused) {
      const problems = counted(summary.total + summary.oddities.length, "problem");
      say(`Read ${counted(rows.length, "event")}: ${problems}, listed at the end.`);
    }
    const broken = [...new Set(summary.findings.map((each) => each.index))].filter((index) => index in rows);
    broken.forEach((index) => rows[index][3].push("rule"));
    timeline.mark(broken);
    refresh();
    if (rows.length && chosen < 0) {
      choose(summary.findings[0]?.index ?? summary.oddities[0]?.index ?? rows.length - 1);
    }
  } catch (error) {
    if (own === readings) {
      say(error.message);
    }
  }
};

const readText = () => read(new TextEncoder().encode(part("text").value));

const readFile = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  part("text").value = bytes.length <= FULL_TEXT ? new TextDecoder().decode(bytes) : "";
  part("file-name").textContent = file.name;
  await read(bytes);
};

const link = async () => {
  const isShort = body && body.length <= FULL_TEXT;
  const fragment =
    isShort && (await fragmentOf(part("spec").value, part("profile").value, new TextDecoder().decode(body)));
  if (!fragment) {
    say(body ? "The stream is too long for a link; pass the file on." : "Read a stream first; a long one has no link.");
    return;
  }
  history.replaceState(null, "", fragment);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied. It holds the stream: whoever has the link can read it.");
  } catch {
    say("The link is in the address bar. It holds the stream: whoever has the link can read it.");
  }
};

const openLink = async () => {
  try {
    const found = await fromFragment(location.hash);
    if (found) {
      part("spec").value = found.name;
      offerProfiles();
      part("profile").value = found.profile;
      part("text").value = found.text;
      await readText();
    }
  } catch {
    say("The link is cut short or damaged; ask for it again.");
  }
};

part("read").addEventListener("click", readText);
part("spec").addEventListener("change", offerProfiles);
part("profile").addEventListener("change", () => body && read(body));
part("link").addEventListener("click", link);
part("file").addEventListener("change", ({ target }) => target.files.length && readFile(target.files[0]));
part("word").addEventListener("input", () => refresh());
part("odd").addEventListener("change", () => refresh());
root.addEventListener("dragover", (event) => event.preventDefault());
root.addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) {
    readFile(file);
  } else {
    part("text").value = event.dataTransfer.getData("text");
    readText();
  }
});
addEventListener("hashchange", openLink);

/** Show the page; `start`, which starts the worker, is called when the first stream is read. */
export const inspect = (start) => {
  startWorker = start;
  part("starting").hidden = true;
  part("form").hidden = false;
  offerProfiles();
  openLink();
};
