// Brings the worker its files. On a server they lie beside it, and are fetched. A worker of a page from the disk has no
// place and may fetch nothing: it tells the page the path of what it wants, and gets it through a port of its own.

const FROM_DISK = location.protocol === "data:";

/** Where the files are; from the disk only the paths below it count. */
export const FOLDER = FROM_DISK ? new URL("file:///") : new URL(".", import.meta.url);

if (FROM_DISK) {
  const TYPES = { wasm: "application/wasm", mjs: "text/javascript" };

  // The interpreter fetches files as well.
  globalThis.fetch = (url) => {
    const path = new URL(url).pathname.slice(1);
    const { port1, port2 } = new MessageChannel();
    postMessage(path, [port2]);
    return new Promise((resolve) => {
      port1.onmessage = ({ data }) => {
        port1.close();
        const headers = { "Content-Type": TYPES[path.split(".").at(-1)] ?? "" };
        resolve(new Response(data, { status: data ? 200 : 404, headers }));
      };
    });
  };
}

const answer = async (path) => {
  const found = await fetch(new URL(path, FOLDER));
  if (!found.ok) {
    throw new Error(`${path} is not there (${found.status}); build the site again`);
  }
  return found;
};

/** Give what is in a file. */
export const bytes = async (path) => (await answer(path)).arrayBuffer();

/** Import a module, which imports no other. */
export const module = async (path) =>
  import(FROM_DISK ? URL.createObjectURL(await (await answer(path)).blob()) : new URL(path, FOLDER));
