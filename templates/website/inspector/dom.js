// Makes elements: nothing that a stream holds is ever read as markup.

/** Make an element with attributes and with children, which are elements or texts. */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== "") {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
};

/** Count something in words. */
export const counted = (count, one) => `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;
