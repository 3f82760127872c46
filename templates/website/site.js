// Names break where their parts do: after a dot, an underscore or a slash, and before a capital letter.
const PART = /(?<=[._/])(?=\w)|(?<=[a-z0-9])(?=[A-Z])/;
const NAMES = "h1 code, td code, li code, p code, .md-nav__link .md-ellipsis";

for (const element of document.querySelectorAll(NAMES)) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    found.push(texts.currentNode);
  }
  for (const text of found) {
    const parts = text.data.split(PART);
    if (parts.length > 1) {
      text.replaceWith(...parts.flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part])));
    }
  }
}
