// The list above the message box: commands, choices, autocompletes. The focus stays in the input.

import { el } from "./dom.js";
import { icon } from "./icons.js";

export class Suggestions {
  #list;
  #input = null;
  #items = [];
  #at = -1;
  #pick = null;

  constructor(list) {
    this.#list = list;
    // A click must not take the focus from the input.
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() {
    return !this.#list.hidden;
  }

  /** Shows items `{label, detail, locked, note}` for an input; `first` marks the first one at once. */
  show(input, items, pick, { first = true, heading = null } = {}) {
    this.hide();
    if (!items.length) return;
    Object.assign(input, { ariaExpanded: "true" });
    [this.#input, this.#items, this.#pick] = [input, items, pick];
    const rows = items.map((item, index) => el(item.locked ? "li.locked" : "li", {
      role: "option", id: `suggestion-${index}`, "aria-selected": "false", "aria-disabled": item.note ? "true" : undefined,
      onclick: () => this.#take(index),
    }, el("span.label", {}, item.label), item.detail ? el("span.detail", {}, item.detail) : null,
      item.locked ? el("span.lock", {}, icon("lock"), ` ${item.locked}`) : null));
    this.#list.replaceChildren(...(heading ? [el("li.heading", { role: "presentation" }, heading)] : []), ...rows);
    this.#list.hidden = false;
    this.#mark(first && !items[0].note ? 0 : -1);
  }

  hide() {
    this.#list.hidden = true;
    this.#list.replaceChildren();
    if (this.#input) {
      this.#input.ariaExpanded = "false";
      this.#input.removeAttribute("aria-activedescendant");
    }
    [this.#input, this.#items, this.#at] = [null, [], -1];
  }

  /** Whether a key was meant for the list, which then did what it says. */
  key(event) {
    if (!this.open) return false;
    const count = this.#items.length;
    switch (event.key) {
      case "ArrowDown":
        this.#mark((this.#at + 1) % count);
        break;
      case "ArrowUp":
        this.#mark(this.#at <= 0 ? count - 1 : this.#at - 1);
        break;
      case "Enter":
      case "Tab":
        if (this.#at < 0 || event.shiftKey) return false;
        this.#take(this.#at);
        break;
      case "Escape":
        this.hide();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  }

  #mark(index) {
    this.#at = index;
    const rows = [...this.#list.querySelectorAll("[role=option]")];
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
    if (index < 0) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    this.#input.setAttribute("aria-activedescendant", rows[index].id);
    rows[index].scrollIntoView({ block: "nearest" });
  }

  #take(index) {
    const [item, pick] = [this.#items[index], this.#pick];
    if (item.note) return;
    this.hide();
    pick(item);
  }
}
