// Elements without HTML: text goes in as text, so nothing that news say becomes markup.

/** Makes an element: `el("a.name", {href}, "text", child)`. */
export function el(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const by = (id) => document.getElementById(id);

/** The address if a browser may follow it. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens elsewhere; plain text if the address is none. */
export function link(url, ...children) {
  const href = safeUrl(url);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children) : el("span", {}, ...children);
}

/**
 * Makes the children of `list` those of `items`, touching only what changed.
 * `key(item)` names an item, `state(item)` is compared, `make(item)` gives its element.
 */
export function reconcile(list, items, key, state, make) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  let before = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const now = JSON.stringify(state(item));
    let node = old.get(name);
    old.delete(name);
    if (!node || node.state !== now) {
      const fresh = make(item);
      fresh.dataset.key = name;
      fresh.state = now;
      if (node) {
        const wanted = focused && node.contains(focused) ? focused.dataset.focus : undefined;
        if (before === node) before = fresh;
        node.replaceWith(fresh);
        if (wanted) fresh.querySelector(`[data-focus="${CSS.escape(wanted)}"]`)?.focus({ preventScroll: true });
      }
      node = fresh;
    }
    if (before === node) before = node.nextElementSibling;
    else list.insertBefore(node, before);
  }
  for (const gone of old.values()) gone.remove();
}
