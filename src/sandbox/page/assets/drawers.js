// What lies beside the messages, and on a narrow screen over them: then the rest waits behind it.

import { by } from "./dom.js";

/** From which width on a drawer stands beside the messages, as in layout.css. */
const BESIDE = { rail: matchMedia("(min-width: 701px)"), desk: matchMedia("(min-width: 1100px)") };
const IDS = Object.keys(BESIDE);

const isOpen = (id) => document.body.classList.contains(`with-${id}`);
const liesOver = (id) => isOpen(id) && !BESIDE[id].matches;

/** Opens or closes a drawer; one that lay over the messages gives the focus back. */
export function drawer(id, open) {
  const hadFocus = liesOver(id) && by(id).contains(document.activeElement);
  document.body.classList.toggle(`with-${id}`, open);
  by(`open-${id}`).setAttribute("aria-expanded", String(open));
  settle();
  if (!open && hadFocus) by(`open-${id}`).focus();
}

/** Nobody can reach what is behind a drawer before it is closed. */
function settle() {
  const over = IDS.find(liesOver);
  by("shade").hidden = !over;
  for (const part of [by("skip"), by("rail"), by("talk"), by("desk")]) part.inert = Boolean(over) && part.id !== over;
}

export function startDrawers() {
  drawer("desk", BESIDE.desk.matches);
  BESIDE.desk.addEventListener("change", ({ matches }) => drawer("desk", matches));
  BESIDE.rail.addEventListener("change", settle);
  for (const id of IDS) {
    by(`open-${id}`).addEventListener("click", () => {
      drawer(id, !isOpen(id));
      if (isOpen(id)) by(`close-${id}`).focus();
    });
    by(`close-${id}`).addEventListener("click", () => {
      drawer(id, false);
      by(`open-${id}`).focus();
    });
  }
  by("shade").addEventListener("click", () => drawer(IDS.find(liesOver), false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const meant = IDS.find((id) => liesOver(id) || isOpen(id) && by(id).contains(document.activeElement));
    if (!meant) return;
    drawer(meant, false);
    by(`open-${meant}`).focus();
  });
}
