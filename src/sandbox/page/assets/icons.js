// Signs as drawings, so that no font needs to have them.

/** Outlines in a square of 24, by name. */
const OUTLINES = {
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Zm0-3.5V13a2.5 2.5 0 0 0 5 0v-1a8.5 8.5 0 1 0-3.5 6.9",
  announcements: "M4 10v4h3l9 5V5l-9 5H4Zm3 4 1.5 6h3M19 9.5a4 4 0 0 1 0 5",
  forum: "M4 5h12v8H9l-3 3v-3H4V5Zm15 4h1v8h-2v3l-3-3h-4",
  thread: "M6 4v8a3 3 0 0 0 3 3h10m-4-4 4 4-4 4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm12.5 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
  file: "M6 3h8l4 4v14H6V3Zm8 0v4h4M9 12h6M9 16h6",
  lock: "M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
  picture: "M4 5h16v14H4V5Zm0 11 5-5 4 4 3-3 4 4M16 9.5h.01",
  out: "M8 16 17 7m-7 0h7v7",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "m6 6 12 12M18 6 6 18",
  contrast: "M12 4a8 8 0 1 0 0 16V4Zm0 0a8 8 0 0 1 0 16",
  send: "M4 4.5 20 12 4 19.5 7 12 4 4.5ZM7 12h7",
  check: "m5 12.5 4.5 4.5L19 7.5",
  down: "M12 5v14m-6-6 6 6 6-6",
};

/** A sign that says nothing by itself: words or a label stand beside it. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "drawn", "aria-hidden": "true" })) drawing.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", OUTLINES[name]);
  drawing.append(path);
  return drawing;
}

/** Draws the signs that the page itself asks for. */
export function startIcons() {
  for (const place of document.querySelectorAll("[data-icon]")) place.append(icon(place.dataset.icon));
}
