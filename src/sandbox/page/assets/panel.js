// Backstage: the news site, failures on demand, and what was said over the API.

import { act } from "./api.js";
import { by, el, reconcile } from "./dom.js";
import { icon } from "./icons.js";

let next = null;
let publishing = false;

export function startPanel(tell) {
  by("publish").addEventListener("click", async () => {
    if (publishing || !next) return;
    publishing = true;
    showPublish();
    await act("publish").catch((error) => tell(error.message));
    publishing = false;
    showPublish();
  });
  by("fail").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const words = button.dataset.how === "heal" ? "Discord is well again." : `Set: ${button.textContent}.`;
    by("failed").textContent = await act("fail", { how: button.dataset.how }).then(() => words, (error) => error.message);
  });
}

export function showPanel(view) {
  next = view.next_article;
  by("next").textContent = next ? `Next: “${next}”` : "Every sample article is published.";
  showPublish();
  const { lines, well, failed, violating } = view.log;
  const verdict = violating ? `${violating} against the rules` : `${well} by the rules`;
  by("verdict").replaceChildren(icon(violating ? "close" : "check"), failed ? ` ${verdict}, ${failed} failed` : ` ${verdict}`);
  by("verdict").className = violating ? "bad" : "good";
  reconcile(by("log"), lines, (line) => line.number, (line) => [line.status, line.violations], logLine);
}

/** Not `disabled`, which would lose the focus. */
function showPublish() {
  by("publish").ariaDisabled = String(publishing || !next);
}

/** The template of a path with its ids filled in, short. */
function place(line) {
  return line.path.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = line.params[name];
    if (!value) return name.includes("token") ? "…" : whole;
    return value.length > 12 ? `…${value.slice(-4)}` : value;
  });
}

function logLine(line) {
  const bad = line.violations?.length;
  const [sign, kindOfSign, title] = line.status === null ? ["…", "wait", "Not answered yet"] : bad ? [icon("close"), "bad", "Against Discord's description"]
    : line.status >= 400 ? ["–", "wait", "It failed as Discord describes it"] : [icon("check"), "good", "As Discord describes it"];
  const verdict = el(`span.verdict.${kindOfSign}`, { title, role: "img", "aria-label": title }, sign);
  const kind = line.status === null ? "wait" : line.status >= 400 ? "bad" : "good";
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(new Date(line.at));
  const details = el("details", {},
    el("summary", { "data-focus": "line" }, verdict, el("span.method", {}, line.method), el("span.path", { title: line.path }, place(line)),
      el(`span.status.${kind}`, {}, line.status === null ? "…" : String(line.status)), el("time", {}, time)));
  // The bodies are large and rarely looked at.
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    const part = (title, value) => value === null || value === undefined ? [] : [el("h4", {}, title), el("pre", { tabindex: "0" }, JSON.stringify(value, null, 2))];
    details.append(...(bad ? [el("h4.bad", {}, "Against the description"), el("pre", {}, line.violations.join("\n"))] : []),
      ...part("Request", line.request), ...part("Answer", line.answer));
  });
  return el("li", {}, details);
}
