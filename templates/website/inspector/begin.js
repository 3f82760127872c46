// Begins the inspector, which is made of modules, and of files that its worker fetches. A page from the disk is given
// neither, only scripts: so every file is there a second time, as a script that brings it when it is asked for.
{
  const FOLDER = new URL(".", document.currentScript.src);
  const FROM_DISK = location.protocol === "file:";
  const IMPORTED = /(?<= from )"\.\/([\w-]+\.js)"/;

  /** Called by the script of a file, with what is in the file: packed, in base64. */
  globalThis.bring = (detail) => document.currentScript.dispatchEvent(new CustomEvent("brought", { detail }));

  const brought = (path) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = () => {
        script.remove();
        // One that is there but cut short has brought nothing.
        reject(new Error(`${path} is not there; build the site again`));
      };
      script.src = new URL(`from-disk/${path}.js`, FOLDER);
      script.addEventListener("brought", ({ detail }) => resolve(detail));
      script.addEventListener("load", end);
      script.addEventListener("error", end);
      document.head.append(script);
    });

  const unpacked = async (path) => {
    const { body } = await fetch(`data:;base64,${await brought(path)}`);
    return new Response(body.pipeThrough(new DecompressionStream("deflate")));
  };

  const links = new Map();

  /** Give an address that holds a module, and the modules that it imports: a worker of such a page takes no other. */
  const linked = async (path) => {
    const [text, ...parts] = (await (await unpacked(path)).text()).split(IMPORTED);
    let whole = text;
    for (let at = 0; at < parts.length; at += 2) {
      whole += `"${await link(parts[at])}"${parts[at + 1]}`;
    }
    return `data:text/javascript,${encodeURIComponent(whole)}`;
  };

  const link = (path) => {
    if (!links.has(path)) {
      links.set(path, linked(path));
    }
    return links.get(path);
  };

  const addressOf = (path) => (FROM_DISK ? link(path) : new URL(path, FOLDER));

  /** Hand a file to the worker, through the port with which it asks. */
  const handOn = async (event) => {
    const [port] = event.ports;
    if (port) {
      event.stopImmediatePropagation();
      const body = await unpacked(event.data)
        .then((file) => file.arrayBuffer())
        .catch(() => null);
      port.postMessage(body, body ? [body] : []);
    }
  };

  /** Give the class of the browser, which a new frame has: from the disk, the search of the site has replaced it. */
  const workerClass = () => {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    document.body.append(frame);
    return frame.contentWindow.Worker;
  };

  const begin = async () => {
    const [page, worker] = await Promise.all(["inspector.js", "worker.js"].map(addressOf));
    const { inspect } = await import(page);
    const BrowserWorker = FROM_DISK ? workerClass() : Worker;
    inspect(() => {
      const started = new BrowserWorker(worker, { type: "module" });
      started.addEventListener("message", handOn);
      return started;
    });
  };

  begin().catch((error) => {
    const told = document.querySelector("#reader [data-part=starting]");
    told.textContent = `The inspector does not start: ${error.message}`;
  });
}
