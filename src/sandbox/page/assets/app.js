// Who looks at which channel, and what they see of it. The sandbox says when to look again.

import { act, follow, state } from "./api.js";
import { Composer, FORUM } from "./composer.js";
import { by, el, reconcile } from "./dom.js";
import { drawer, startDrawers } from "./drawers.js";
import { icon, startIcons } from "./icons.js";
import { relative } from "./markdown.js";
import { follows, messageRow, pendingRow, postRow } from "./message.js";
import { showPanel, startPanel } from "./panel.js";

/** Pixels from the end within which a reader counts as being there. */
const NEAR = 80;

let role = sessionStorage.getItem("role") ?? "member";
let channel = sessionStorage.getItem("channel");
let view = null;
let asking = false;
let again = false;
let later = 0;
/** How the sandbox can be reached. */
let link = "up";
/** Interactions without an answer that the reader has put away. */
const forgotten = new Set();
/** The newest message that was seen of each channel. */
const seen = new Map();

const composer = new Composer(() => ({ as: role, channel }));
const tell = (words) => composer.tell(words);

/** Asks for the view; while an answer is on its way, once more after it. */
async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  const asked = [role, channel];
  try {
    const next = await state(...asked);
    // Somebody has gone to another channel meanwhile: the answer is to a question of before.
    if (role === asked[0] && channel === asked[1]) show(next);
    else again = true;
  } catch (error) {
    if (!view) tell(error.message);
  }
  asking = false;
  if (again) {
    again = false;
    refresh();
  }
}

/** Shows what was answered; the channel may be another than was asked for, if that one is gone. */
function show(next) {
  const moved = next.channel !== view?.channel;
  // What was there before the page, or before another sandbox took the place of one, is no news to its reader.
  if (!next.channels.some((one) => seen.has(one.id))) for (const one of next.channels) seen.set(one.id, one.last_message_id);
  view = next;
  channel = view.channel;
  sessionStorage.setItem("channel", channel);
  const context = {
    users: new Map(view.users.map((user) => [user.id, user])),
    roles: new Map(view.roles.map((one) => [one.id, one])),
    channels: new Map(view.channels.map((one) => [one.id, one])),
    roleOf: (user) => (["moderator", "administrator"].includes(user?.username) ? user.username : "member"),
  };
  by("guild").textContent = view.guild.name;
  document.documentElement.dataset.ready = "true";
  const current = view.channels.find((one) => one.id === channel);
  const forum = current?.type === FORUM;
  showChannels(current);
  by("scroll").classList.toggle("forum", forum);
  if (forum) showPosts();
  else showMessages(context);
  if (moved) by("scroll").scrollTop = 0;
  showPanel(view);
  composer.update(view);
  showLink();
  lookWhenSomethingFails();
}

function showChannels(current) {
  by("channel").replaceChildren(...(current ? [icon(sign(current)), " ", current.name ?? "dateline"] : []));
  if (current?.last_message_id) seen.set(channel, current.last_message_id);
  const top = view.channels.filter((one) => !one.parent_id);
  const ordered = top.flatMap((one) => [one, ...view.channels.filter((thread) => thread.parent_id === one.id)]);
  const unread = (one) => one.last_message_id && one.id !== channel && seen.get(one.id) !== one.last_message_id;
  reconcile(by("channels"), ordered, (one) => one.id, (one) => [one.name, one.id === channel, Boolean(unread(one)), one.thread_metadata?.archived], (one) => {
    const go = () => {
      drawer("rail", false);
      goTo(one.id);
    };
    return el(one.parent_id ? "li.thread" : "li", {}, el(`button${unread(one) ? ".unread" : ""}`, {
      type: "button", "data-focus": "channel", "aria-current": one.id === channel ? "page" : undefined, onclick: go,
    }, icon(sign(one)), el("span", {}, one.name ?? "dateline"),
      unread(one) ? el("span.dot", { role: "img", "aria-label": "unread" }) : null));
  });
}

function goTo(id) {
  channel = id;
  refresh();
}

/** The name of the sign that a kind of channel has. */
function sign(one) {
  return { 1: "at", 5: "announcements", 10: "thread", 11: "thread", [FORUM]: "forum" }[one.type] ?? "hash";
}

/** A forum has no messages of its own: its posts are threads, those where something was said last come first. */
function showPosts() {
  const last = (post) => BigInt(post.last_message_id ?? post.id);
  const posts = view.channels.filter((one) => one.parent_id === channel).sort((a, b) => (last(a) < last(b) ? 1 : -1));
  const open = (post) => {
    by("scroll").focus();
    goTo(post.id);
  };
  reconcile(by("messages"), posts, (post) => `post-${post.id}`, (post) => post, (post) => postRow(post, () => open(post)));
  by("messages").dataset.empty = posts.length ? "false" : "true";
  by("newest").hidden = true;
}

function showMessages(context) {
  const pressed = new Map();
  for (const pending of view.pending.filter((one) => one.message)) {
    if (!pressed.has(pending.message)) pressed.set(pending.message, new Map());
    pressed.get(pending.message).set(pending.name, pending.state);
  }
  const none = new Map();
  const rows = view.messages.map((message, index) => {
    const together = follows(view.messages[index - 1], message);
    const pressing = pressed.get(message.id) ?? none;
    return { id: message.id, state: [message, together, [...pressing]], make: () => messageRow(message, { context, together, pressing, press, dismiss }) };
  });
  // A button's answer shows at the button; a command's stands where its message will.
  const waiting = view.pending.filter((one) => (!one.message || one.state === "thinking") && !forgotten.has(one.id));
  rows.push(...waiting.map((one) => ({
    id: `pending-${one.id}`, state: [one.state, one.ephemeral],
    make: () => pendingRow(one, { context, me: view.me, bot: view.bot, forget }),
  })));
  const grown = rows.at(-1)?.id !== by("messages").lastElementChild?.dataset.key;
  reconcile(by("messages"), rows, (row) => row.id, (row) => row.state, (row) => row.make());
  by("messages").dataset.empty = rows.length ? "false" : "true";
  if (grown) by("newest").hidden = isAtEnd();
}

async function press(message, customId) {
  tell("");
  await act("press", { as: role, message, custom_id: customId }).catch((error) => tell(error.message));
}

async function dismiss(message) {
  await act("dismiss", { as: role, message }).catch((error) => tell(error.message));
  composer.focus();
}

function showLink() {
  const words = { lost: "Connection lost, trying again…", ended: "The sandbox has ended; start it again to go on" }[link];
  by("link").textContent = words ?? (view?.connected === false ? "The bot is not connected" : "");
}

function forget(interaction) {
  forgotten.add(interaction);
  composer.focus();
  refresh();
}

/** Nothing changes on the server when a first answer is late: the page looks again by itself. */
function lookWhenSomethingFails() {
  clearTimeout(later);
  const due = view.pending.filter((one) => one.state === "sent").map((one) => one.fails_in);
  if (due.length) later = setTimeout(refresh, Math.min(...due) + 50);
}

function startRoles() {
  for (const radio of document.querySelectorAll("input[name=role]")) {
    radio.checked = radio.value === role;
    radio.addEventListener("change", () => {
      role = radio.value;
      sessionStorage.setItem("role", role);
      tell("");
      refresh();
    });
  }
  // Arrow keys choose too, and go on choosing.
  by("roles").addEventListener("click", (event) => {
    if (event.detail > 0) drawer("rail", false);
  });
}

function startTheme() {
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem("theme") ?? "";
  by("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
}

/** The list lies in a column from the bottom up (layout.css): its end is 0, where the browser itself stays as it grows. */
function isAtEnd() {
  return by("scroll").scrollTop > -NEAR;
}

function startScroll() {
  const scroll = by("scroll");
  scroll.addEventListener("scroll", () => {
    if (isAtEnd()) by("newest").hidden = true;
  });
  by("newest").addEventListener("click", () => {
    scroll.scrollTop = 0;
    scroll.focus();
  });
}

startIcons();
startRoles();
startTheme();
startDrawers();
startScroll();
startPanel(tell);
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-relative]")) time.textContent = relative(Number(time.dataset.relative));
}, 15_000);
follow(refresh, (now) => {
  link = now;
  showLink();
});
refresh();
