// Discord's markdown as elements. Nothing here parses HTML.

import { el, link, safeUrl } from "./dom.js";

const DEPTH = 8;

/** Styles of `<t:…>` as Intl options; the viewer's zone and language are the browser's. */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const UNITS = [
  ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60],
  ["second", 1],
];

export function relative(seconds, now = Date.now()) {
  const away = seconds - now / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(away / size), unit);
}

export function timestamp(seconds, style = "f") {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return el("span", {}, `<t:${seconds}>`);
  const full = new Intl.DateTimeFormat(undefined, STYLES.F).format(at);
  const shown = style === "R" ? relative(seconds) : new Intl.DateTimeFormat(undefined, STYLES[style]).format(at);
  const relativeAt = style === "R" ? String(seconds) : undefined;
  return el("time.stamp", { datetime: at.toISOString(), title: full, "data-relative": relativeAt }, shown);
}

const mention = (text) => el("span.mention", {}, text);
const wrap = (tag) => (found, context, depth) => el(tag, {}, inline(found[1], context, depth + 1));

/** Tried in this order at every place: a sticky pattern and what it becomes. */
const RULES = [
  [/\\([^\p{L}\p{N}\s])/uy, (found) => found[1]],
  [/``([^]+?)``(?!`)|`([^`]+)`/y, (found) => el("code", {}, found[1] ?? found[2])],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (found) => timestamp(Number(found[1]), found[2])],
  [/<@!?(\d+)>/y, (found, { users }) => mention(`@${users.get(found[1])?.username ?? "unknown-user"}`)],
  [/<@&(\d+)>/y, (found, { roles }) => mention(`@${roles.get(found[1])?.name ?? "unknown-role"}`)],
  [/<#(\d+)>/y, (found, { channels }) => mention(`#${channels.get(found[1])?.name ?? "unknown"}`)],
  [/<\/([^:>]{1,100}):\d+>/y, (found) => mention(`/${found[1]}`)],
  [/@(?:everyone|here)\b/y, (found, { pings }) => (pings ? mention(found[0]) : found[0])],
  [/\[((?:\\.|[^\]\\])+)\]\(<?([^\s)>]+)>?(?:\s+"[^"]*")?\)/y, named],
  [/<(https?:\/\/[^\s>]+)>|(https?:\/\/[^\s<]*[^\s<.,:;"')\]])/y, (found) => link(found[1] ?? found[2], found[1] ?? found[2])],
  [/\*\*([^]+?)\*\*(?!\*)/y, wrap("strong")],
  [/__([^]+?)__(?!_)/y, wrap("u")],
  [/\*(?=\S)([^*]*?[^\s*])\*(?!\*)/y, wrap("em")],
  [/_(?=\S)([^_]*?[^\s_])_(?![\p{L}\p{N}_])/uy, wrap("em")],
  [/~~([^]+?)~~/y, wrap("s")],
  [/\|\|([^]+?)\|\|/y, spoiler],
];

function named(found, context, depth) {
  return safeUrl(found[2]) ? link(found[2], inline(found[1], context, depth + 1)) : found[0];
}

function spoiler(found, context, depth) {
  const show = (event) => {
    event.currentTarget.classList.add("shown");
    event.currentTarget.setAttribute("aria-expanded", "true");
    // From now on it is called what it says.
    event.currentTarget.removeAttribute("aria-label");
  };
  return el("button.spoiler", { type: "button", "aria-label": "Spoiler", "aria-expanded": "false", onclick: show },
    inline(found[1], context, depth + 1));
}

/** What stands within a line, as nodes. */
export function inline(text, context, depth = 0) {
  const out = document.createDocumentFragment();
  let plain = "";
  const flush = () => {
    if (plain) out.append(plain);
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    let found = null;
    let rule = null;
    // Letters and blanks begin nothing but an address.
    if (depth < DEPTH && !/[\p{L}\p{N} ]/u.test(text[at]) || text.startsWith("http", at)) {
      for (rule of RULES) {
        rule[0].lastIndex = at;
        found = rule[0].exec(text);
        if (found) break;
      }
    }
    if (!found) {
      plain += text[at++];
      continue;
    }
    const made = rule[1](found, context, depth);
    if (typeof made === "string") plain += made;
    else {
      flush();
      out.append(made);
    }
    at += found[0].length;
  }
  flush();
  return out;
}

const LIST = /^(\s*)(?:[-*]|(\d{1,9})\.) (.*)$/;

/** A whole text: headings, subtext, quotes, lists, code, and lines. */
export function markdown(text, context) {
  const out = document.createDocumentFragment();
  const parts = text.split(/```(?:[\w+-]*\n)?([^]*?)```\n?/);
  parts.forEach((part, i) => {
    if (i % 2) out.append(el("pre", {}, el("code", {}, part.replace(/\n$/, ""))));
    else if (part) out.append(lines(part.split("\n"), context));
  });
  return out;
}

function lines(all, context) {
  const out = document.createDocumentFragment();
  let pending = [];
  const flush = () => {
    if (pending.length) out.append(el("div.text", {}, inline(pending.join("\n"), context)));
    pending = [];
  };
  for (let i = 0; i < all.length;) {
    const line = all[i];
    const heading = /^(#{1,3}) (.+)$/.exec(line);
    const small = /^-# (.+)$/.exec(line);
    if (heading || small) {
      flush();
      out.append(heading ? el(`div.h${heading[1].length}`, { role: "heading", "aria-level": 3 + heading[1].length }, inline(heading[2], context))
        : el("small.subtext", {}, inline(small[1], context)));
      i += 1;
    } else if (line.startsWith("> ")) {
      flush();
      const from = i;
      while (i < all.length && all[i].startsWith("> ")) i += 1;
      out.append(el("blockquote", {}, lines(all.slice(from, i).map((quoted) => quoted.slice(2)), context)));
    } else if (LIST.test(line)) {
      flush();
      const from = i;
      while (i < all.length && LIST.test(all[i])) i += 1;
      out.append(list(all.slice(from, i), context));
    } else {
      pending.push(line);
      i += 1;
    }
  }
  if (pending.length && pending.at(-1) === "") pending.pop();
  flush();
  return out;
}

function list(items, context) {
  const first = LIST.exec(items[0]);
  const node = first[2] ? el("ol", { start: first[2] }) : el("ul");
  for (const item of items) {
    const [, indent, , words] = LIST.exec(item);
    node.append(el("li", { class: indent ? "nested" : undefined }, inline(words, context)));
  }
  return node;
}
