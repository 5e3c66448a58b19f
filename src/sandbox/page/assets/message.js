// One message as Discord shows it: who, when, text, embeds, buttons.

import { el, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { inline, markdown, timestamp } from "./markdown.js";

/** Messages of one author that follow within this time stand together. */
const TOGETHER_MS = 7 * 60 * 1000;

/** Discord's ids tell when they were made, in milliseconds since 2015. */
const EPOCH_MS = 1_420_070_400_000;

const STYLES = ["", "blurple", "grey", "green", "red", "link"];

export function moment(iso) {
  const at = new Date(iso);
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(at);
  const today = new Date().toDateString() === at.toDateString();
  const day = today ? "Today at" : new Intl.DateTimeFormat(undefined, { dateStyle: "short" }).format(at);
  return el("time.when", { datetime: iso, title: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" }).format(at) },
    `${day} ${time}`);
}

export function follows(before, message) {
  return Boolean(before) && before.author?.id === message.author?.id && !message.command && !message.message_reference && !message.only_you === !before.only_you
    && new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER_MS;
}

/** `pressing`: custom ids with the state of their interaction; `press` and `dismiss` act. */
export function messageRow(message, { context, together, pressing, press, dismiss }) {
  const at = { ...context, pings: message.mention_everyone };
  const body = el("div.body", {},
    together ? null : head(message, context),
    message.content && el("div.content", {}, markdown(message.content, at),
      message.edited_timestamp && !message.embeds.length ? el("span.edited", { title: message.edited_timestamp }, " (edited)") : null),
    message.embeds.map((embed) => embedCard(embed, at)),
    message.edited_timestamp && message.embeds.length ? el("span.edited", { title: message.edited_timestamp }, "(edited)") : null,
    message.attachments.map((file) => attachment(message, file)),
    message.components.map((row) => components(row, message, pressing, press)),
    [...pressing.values()].includes("failed") ? el("p.failed", { role: "alert" }, "This interaction failed") : null,
    message.only_you ? onlyYou(() => dismiss(message.id)) : null);
  const classes = ["message", together && "together", message.only_you && "private"].filter(Boolean);
  return el(`li.${classes.join(".")}`, { "data-message": message.id },
    message.command ? caused(message) : null,
    message.message_reference ? replied(message.referenced_message, at) : null,
    together ? el("span.gutter") : avatar(message.author),
    body);
}

/** A thread as its forum lists it. */
export function postRow(post, open) {
  const made = new Date(Number(BigInt(post.id) >> 22n) + EPOCH_MS).toISOString();
  const said = post.message_count === 1 ? "1 message" : `${post.message_count} messages`;
  return el("li.post", {}, el("button", { type: "button", "data-focus": "post", onclick: open }, el("strong", {}, post.name),
    el("small", {}, moment(made), ` · ${said}`, post.thread_metadata?.archived ? " · closed" : null)));
}

/** An answer that is still to come, or never came. */
export function pendingRow(pending, { context, me, bot, forget }) {
  const name = context.users.get(bot)?.username ?? "bot";
  const words = pending.state === "failed" ? el("p.failed", { role: "alert" }, "The application did not respond")
    : el("p.thinking", { role: "status" }, el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")),
      pending.state === "thinking" ? `${name} is thinking…` : "Sending command…");
  const author = context.users.get(bot);
  const classes = ["message", "pending", (pending.ephemeral || pending.state === "failed") && "private"].filter(Boolean);
  return el(`li.${classes.join(".")}`, {},
    pending.message ? null : caused({ command: pending.name, interaction_metadata: { user: me } }),
    avatar(author),
    el("div.body", {}, el("div.head", {}, el("strong.author.bot", {}, name), badge()), words,
      pending.state === "failed" ? onlyYou(() => forget(pending.id)) : pending.ephemeral ? onlyYou() : null));
}

function caused(message) {
  const user = message.interaction_metadata?.user;
  return el("div.caused", {}, el("span.hook", { "aria-hidden": "true" }), el("strong", {}, user?.username ?? "somebody"),
    " used ", el("span.mention", {}, `/${message.command}`));
}

/** The line above a reply: whose message it answers, and how that begins. */
function replied(original, context) {
  const words = original?.content || original?.embeds[0]?.title;
  return el("div.caused", {}, el("span.hook", { "aria-hidden": "true" }),
    original ? [el("strong", {}, original.author?.username ?? "unknown"), " ", el("span.replied", {}, inline(words ?? "", context))]
      : el("em", {}, "The original message was deleted"));
}

const badge = () => el("span.badge", {}, "APP");

function head(message, { roleOf }) {
  return el("div.head", {}, el(`strong.author.${message.author?.bot ? "bot" : roleOf(message.author)}`, {}, message.author?.username ?? "unknown"),
    message.author?.bot ? badge() : null, moment(message.timestamp));
}

function avatar(author) {
  const name = author?.username ?? "?";
  return author?.bot ? el("img.avatar", { src: "/icon.svg", alt: "" })
    : el(`span.avatar.${name}`, { "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
}

function onlyYou(dismiss) {
  const button = dismiss && el("button.plain", { type: "button", "data-focus": "dismiss", onclick: dismiss }, "Dismiss message");
  return el("p.only-you", {}, icon("eye"), " Only you can see this", ...(button ? [" · ", button] : []));
}

function embedCard(embed, context) {
  const card = el("article.embed", {});
  if (Number.isInteger(embed.color)) card.style.setProperty("--stripe", `#${embed.color.toString(16).padStart(6, "0")}`);
  const title = embed.title && inline(embed.title, context);
  const inner = el("div.embed-inner", {},
    embed.author && el("div.embed-author", {}, embed.author.icon_url ? initial(embed.author.name) : null, embed.author.url ? link(embed.author.url, embed.author.name) : embed.author.name),
    embed.title && el("div.embed-title", {}, embed.url ? link(embed.url, title) : title),
    embed.description && el("div.embed-text", {}, markdown(embed.description, context)),
    embed.fields?.length ? el("div.fields", {}, embed.fields.map((field) => embedField(field, context))) : null,
    embed.image && picture(embed.image.url, "image"),
    embed.footer || embed.timestamp ? footer(embed) : null);
  card.append(inner);
  if (embed.thumbnail) card.append(picture(embed.thumbnail.url, "thumbnail"));
  return card;
}

function embedField(field, context) {
  return el(field.inline ? "div.field.inline" : "div.field", {}, el("div.field-name", {}, inline(field.name, context)),
    el("div.field-value", {}, markdown(field.value, context)));
}

function footer(embed) {
  const parts = [embed.footer?.text, embed.timestamp && timestamp(Math.floor(Date.parse(embed.timestamp) / 1000), "f")].filter(Boolean);
  return el("div.embed-footer", {}, parts[0], parts.length > 1 ? " • " : null, parts[1] ?? null);
}

/** Stands for an outlet's icon; the outlet is named last, after a kind of card. */
function initial(name) {
  return el("span.initial", { "aria-hidden": "true" }, [...name.split(" · ").at(-1)][0]?.toUpperCase());
}

/** Stands for a picture: the page asks nobody on the web for anything, and leads to where the picture is. */
function picture(url, kind) {
  const href = safeUrl(url);
  if (!href) return null;
  const { hostname } = new URL(href);
  const place = link(href, icon("picture"), el("small", {}, "Picture"), el("small.host", { title: hostname }, hostname));
  place.className = `picture ${kind}`;
  return place;
}

function attachment(message, file) {
  const size = file.size < 1024 ? `${file.size} bytes` : `${(file.size / 1024).toFixed(1)} KB`;
  return el("div.attachment", {}, icon("file"),
    el("div", {}, el("a", { href: `/files/${message.id}/${file.id}`, download: file.filename }, file.filename), el("small", {}, size)));
}

function components(row, message, pressing, press) {
  const parts = (row.components ?? []).map((part) => {
    const label = [part.emoji?.name, part.label].filter(Boolean).join(" ");
    if (part.style === 5) {
      const anchor = link(part.url, label, icon("out"));
      anchor.className = "button grey";
      return anchor;
    }
    if (part.type !== 2) return el("button.button.grey", { type: "button", disabled: true }, part.placeholder ?? "Choose");
    const waits = ["sent", "thinking"].includes(pressing.get(part.custom_id));
    return el(`button.button.${STYLES[part.style] || "grey"}`, {
      // A button that was `disabled` while it waits could not keep the focus.
      type: "button", disabled: part.disabled, "aria-disabled": waits ? "true" : undefined, "aria-busy": waits ? "true" : undefined,
      "data-focus": part.custom_id, onclick: waits ? undefined : () => press(message.id, part.custom_id),
    }, waits ? el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")) : null, el("span", {}, label));
  });
  return el("div.buttons", {}, parts);
}
