// Keeps a small stream in the fragment of an address: that part of it is never sent to a server.

const MOST = 16_000;

const through = async (body, stream) => {
  const piped = new Blob([body]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
};

/** Give the fragment of a stream, null if it is too long for an address; the profile may be empty. */
export const fragmentOf = async (name, profile, text) => {
  const body = await through(text, new CompressionStream("deflate-raw"));
  if (body.length > MOST) {
    return null;
  }
  const letters = btoa(Array.from(body, (each) => String.fromCharCode(each)).join(""));
  const own = profile ? `&profile=${encodeURIComponent(profile)}` : "";
  return `#spec=${name}${own}&stream=${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
};

/** Give the name, the profile and the text that a fragment has, null if it has none; what is broken is an error. */
export const fromFragment = async (fragment) => {
  const found = fragment.match(/^#spec=(\w+)(?:&profile=([^&]+))?&stream=([\w-]+)$/);
  if (!found) {
    return null;
  }
  const letters = atob(found[3].replaceAll("-", "+").replaceAll("_", "/"));
  const body = Uint8Array.from(letters, (each) => each.charCodeAt(0));
  const text = new TextDecoder().decode(await through(body, new DecompressionStream("deflate-raw")));
  return { name: found[1], profile: decodeURIComponent(found[2] ?? ""), text };
};
