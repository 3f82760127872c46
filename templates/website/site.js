// What the pages do in a browser beside what the theme does; it may run again on a page whose content has changed.
{
  // Names break where their parts do: after a dot, an underscore or a slash, and before a capital letter.
  const PART = /(?<=[._/])(?=\w)|(?<=[a-z0-9])(?=[A-Z])/;
  const NAMES = "h1 code, td code, li code, p code, .md-nav__link .md-ellipsis";

  const breakable = (element) => {
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
  };

  // A long table can be cut down to the rows with a word. Words that stand out in it are offered: names, that is words
  // with a capital letter which do not begin a sentence. `#word=...` in the address is where to begin.
  const LONG = 30;
  const OFFERED = 12;
  // A month says when, not who.
  const MONTHS = Array.from({ length: 12 }, (_, at) => new Date(2000, at).toLocaleString("en", { month: "long" }));

  const names = (table) => {
    const counts = new Map();
    for (const row of table.tBodies[0].rows) {
      const copy = row.cloneNode(true);
      copy.querySelectorAll("code, a").forEach((element) => element.replaceWith("code"));
      const text = [...copy.cells].map((cell) => cell.textContent.trim()).join(". ");
      const found = text.match(/(?<![.?!]\s+|^)\b[a-z]*[A-Z][\w.-]*\w/g) ?? [];
      for (const name of new Set(found)) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    MONTHS.forEach((month) => counts.delete(month));
    return [...counts].sort((one, other) => other[1] - one[1]).slice(0, OFFERED).map(([name]) => name);
  };

  const filtered = (table) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    const count = document.createElement("output");
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    const apply = () => {
      const word = box.value.trim().toLowerCase();
      for (const [row, text] of rows) {
        row.hidden = !text.includes(word);
      }
      count.textContent = `${rows.filter(([row]) => !row.hidden).length} of ${rows.length} rows`;
    };
    box.type = "search";
    box.addEventListener("input", apply);
    label.append("Rows with the word ", box);
    const offers = names(table).map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => {
        box.value = box.value === name ? "" : name;
        apply();
      });
      return button;
    });
    const bar = document.createElement("div");
    bar.className = "filter";
    bar.append(label, count, ...offers);
    (table.closest(".md-typeset__scrollwrap") ?? table).before(bar);
    box.value = decodeURIComponent(location.hash.match(/^#word=(.*)/)?.[1] ?? "");
    apply();
  };

  // On a narrow screen the cells of a row stand below each other, without the titles: a figure has its own in front.
  const FIGURE = /^[\d.,]+/;

  const titled = (table) => {
    const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
    for (const cell of table.querySelectorAll("tbody td:not(:first-child)")) {
      const title = titles[cell.cellIndex];
      if (title && FIGURE.test(cell.textContent.trim())) {
        cell.dataset.title = title;
      }
    }
  };

  document.querySelectorAll(NAMES).forEach(breakable);
  document.querySelectorAll("article table:not([class])").forEach(titled);
  for (const table of document.querySelectorAll("article table:not([class])")) {
    if (table.tBodies[0]?.rows.length > LONG && !table.querySelector("tbody a[id]")) {
      filtered(table);
    }
  }
}
