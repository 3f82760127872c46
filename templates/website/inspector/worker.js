// Runs the generated packages: Python in a thread of its own, so that the page stays free however long a stream is.
// It is asked with `{id, call, ...}` and answers `{id, value}` or `{id, error}`; while it reads it tells how far it is,
// with the number of the `reading`: what comes of one that was given up is told from what comes of the next.

import { bytes, FOLDER, module } from "./files.js";

const ROWS = 1000;

let started;
const packages = new Set();
let inspection = null;
let current = 0;

const start = async () => {
  const { loadPyodide } = await module("pyodide/pyodide.mjs");
  const python = await loadPyodide({
    indexURL: new URL("pyodide/", FOLDER).href,
    // It would import this one by its address, which it has on a server only.
    createPyodideModule: async (settings) => (await module("pyodide/pyodide.asm.mjs")).default(settings),
  });
  python.FS.writeFile("inspecting.py", new TextDecoder().decode(await bytes("inspecting.py")));
  return python;
};

const python = async (name) => {
  started ??= start().catch((error) => {
    // The next stream is another attempt.
    started = undefined;
    throw error;
  });
  const python = await started;
  if (!packages.has(name)) {
    python.unpackArchive(await bytes(`packages/${name}.zip`), "zip");
    packages.add(name);
  }
  return python;
};

const open = async ({ name, profile, body, reading }) => {
  current = reading;
  postMessage({ reading, step: "start" });
  const interpreter = await python(name);
  if (reading !== current) {
    return null;
  }
  inspection?.destroy();
  inspection = null;
  postMessage({ reading, step: "read" });
  const make = interpreter.pyimport("inspecting").make;
  inspection = make(name, interpreter.toPy(new Uint8Array(body)), profile);
  for (;;) {
    const part = JSON.parse(inspection.read(ROWS));
    postMessage({ reading, step: "rows", ...part });
    if (part.done) {
      return JSON.parse(inspection.summary());
    }
    // What was asked meanwhile is answered first; another stream takes the place of this one.
    await new Promise((resolve) => setTimeout(resolve));
    if (reading !== current) {
      return null;
    }
  }
};

const CALLS = {
  open,
  event: ({ index }) => JSON.parse(inspection.event(index)),
  state: ({ index }) => JSON.parse(inspection.state(index)),
};

onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, value: await CALLS[data.call](data) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error.message ?? error).trim().split("\n").at(-1) });
  }
};
