// The message box: text, or a slash command with its options as Discord lays them out.

import { Refused, act } from "./api.js";
import { by, el } from "./dom.js";
import { Suggestions } from "./suggest.js";

/** How long typing rests before the bot is asked for choices. */
const REST_MS = 120;
/** Commands offered at once. */
const OFFERED = 40;

/** The type of a channel that has posts. */
export const FORUM = 15;

/** Kinds of options, by their number. */
const KIND = { text: 3, whole: 4, truth: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, file: 11 };

/** The bytes of a file, whatever they are. */
function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.onerror = () => failed(new Refused(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}

export class Composer {
  #suggestions = new Suggestions(by("suggestions"));
  #where;
  #view = null;
  /** The command that is being filled in, and its fields in order. */
  #command = null;
  #fields = [];
  #asked = 0;
  #resting = 0;

  /** `where()` gives who acts in which channel: `{as, channel}`. */
  constructor(where) {
    this.#where = where;
    const box = by("box");
    box.addEventListener("input", () => this.#offerCommands());
    box.addEventListener("focus", () => this.#offerCommands());
    box.addEventListener("blur", () => this.#suggestions.hide());
    box.addEventListener("keydown", (event) => this.#suggestions.key(event));
    by("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    by("composer").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.#command) return;
      event.preventDefault();
      this.#clear();
    });
  }

  /** Takes the focus: from what was put away, say. */
  focus() {
    (by("box").hidden ? this.#fields[0]?.input ?? by("send") : by("box")).focus();
  }

  update(view) {
    const other = this.#view && this.#view.me?.id !== view.me?.id;
    this.#view = view;
    const here = view.channels.find((channel) => channel.id === view.channel);
    by("box").placeholder = `Message #${here?.name ?? "dateline"}, or / for commands`;
    by("box").setAttribute("aria-label", by("box").placeholder);
    // Nothing is said in a forum itself, only in its posts.
    const forum = here?.type === FORUM;
    by("box-row").hidden = forum;
    if (forum && this.#command) this.#clear();
    // Somebody else may use other commands.
    if (other && document.activeElement === by("box")) this.#offerCommands();
  }

  /** Says why something did not work, until the next key. */
  tell(words) {
    by("told").textContent = words;
    by("told").hidden = !words;
  }

  #commands() {
    return (this.#view?.commands ?? []).filter((command) => command.type === 1).flatMap((command) => {
      const entry = (path, { description, options = [] }) =>
        ({ path, description, options, allowed: command.allowed, needs: command.needs });
      const nested = (path, options) => options.flatMap((option) => {
        if (option.type === 1) return [entry(`${path} ${option.name}`, option)];
        return option.type === 2 ? nested(`${path} ${option.name}`, option.options ?? []) : [];
      });
      const inner = nested(command.name, command.options ?? []);
      return inner.length ? inner : [entry(command.name, command)];
    });
  }

  #offerCommands() {
    const typed = by("box").value;
    this.tell("");
    if (!typed.startsWith("/")) return this.#suggestions.hide();
    const wanted = typed.slice(1).trimEnd().toLowerCase();
    // "/news search " with its blank is as good as a choice.
    const exact = typed.endsWith(" ") && this.#commands().find((command) => command.path === wanted);
    if (exact) return this.#choose(exact);
    const found = this.#commands().filter((command) => command.path.includes(wanted));
    found.sort((a, b) => b.path.startsWith(wanted) - a.path.startsWith(wanted) || b.allowed - a.allowed || a.path.localeCompare(b.path));
    const items = found.slice(0, OFFERED).map((command) => ({
      label: `/${command.path}`, detail: command.description, command,
      locked: command.allowed ? null : command.needs.join(", ") || "not here",
    }));
    this.#suggestions.show(by("box"), items, ({ command }) => this.#choose(command), { heading: "Commands" });
  }

  async #choose(command) {
    this.#suggestions.hide();
    if (!command.allowed) {
      // Discord hides such a command; here it is asked all the same, so that its refusal is seen.
      const refused = await act("command", { ...this.#where(), command: command.path, options: {} }).catch((error) => error);
      by("box").value = "";
      const needs = command.needs.length ? ` /${command.path} needs ${command.needs.join(", ")}.` : "";
      return this.tell(refused instanceof Refused ? `${refused.message}${needs}` : "");
    }
    this.#command = command;
    by("box").value = "";
    by("box").hidden = true;
    by("command").textContent = `/${command.path}`;
    by("command").hidden = false;
    for (const option of command.options.filter((option) => option.required)) this.#addField(option);
    this.#offerOptions();
    (this.#fields[0]?.input ?? by("send")).focus();
  }

  /** Choices that were asked for, or are about to be, are not wanted any more. */
  #dropChoices() {
    clearTimeout(this.#resting);
    this.#asked += 1;
    this.#suggestions.hide();
  }

  #clear() {
    this.#dropChoices();
    this.#command = null;
    this.#fields = [];
    by("options").replaceChildren();
    by("more").hidden = true;
    by("command").hidden = true;
    by("box").hidden = false;
    by("box").value = "";
    this.tell("");
    by("box").focus();
  }

  /** The options that were not taken yet, as buttons. */
  #offerOptions() {
    const taken = new Set(this.#fields.map((field) => field.option.name));
    const rest = this.#command.options.filter((option) => !taken.has(option.name));
    const buttons = rest.map((option) => el("button", {
      type: "button", title: option.description,
      onclick: () => {
        this.#addField(option).input.focus();
        this.#offerOptions();
      },
    }, `+ ${option.name}`));
    by("more").replaceChildren(el("span.hint", {}, rest.length ? "Optional" : "Enter sends, Escape cancels"), ...buttons);
    by("more").hidden = false;
  }

  #addField(option) {
    const combobox = { role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" };
    const input = el("input", {
      ...(option.type === KIND.file ? { type: "file" } : { type: "text", ...combobox }),
      id: `option-${option.name}`, spellcheck: "false", autocomplete: "off", "aria-required": option.required ? "true" : undefined, placeholder: option.description,
      title: option.description, inputmode: [KIND.whole, KIND.number].includes(option.type) ? "decimal" : undefined,
    });
    const node = el("label.option", { for: input.id }, el("span", {}, option.name), input);
    const field = { option, input, node, picked: null };
    input.addEventListener("input", () => {
      field.picked = null;
      this.tell("");
      node.classList.remove("wrong");
      this.#offerChoices(field);
    });
    input.addEventListener("focus", () => this.#offerChoices(field));
    input.addEventListener("blur", () => this.#dropChoices());
    input.addEventListener("keydown", (event) => this.#fieldKey(event, field));
    this.#fields.push(field);
    by("options").append(node);
    return field;
  }

  #fieldKey(event, field) {
    if (this.#suggestions.key(event)) {
      // Choices still on their way are not wanted either.
      if (event.key === "Escape") this.#dropChoices();
      return;
    }
    if (event.key !== "Backspace" || field.input.value || field.option.type === KIND.file) return;
    event.preventDefault();
    const at = this.#fields.indexOf(field);
    if (field.option.required) return at === 0 ? this.#clear() : this.#fields[at - 1].input.focus();
    this.#dropChoices();
    field.node.remove();
    this.#fields.splice(at, 1);
    this.#offerOptions();
    (this.#fields[Math.max(at - 1, 0)]?.input ?? by("send")).focus();
  }

  #offerChoices(field) {
    const { option, input } = field;
    const asked = ++this.#asked;
    clearTimeout(this.#resting);
    const pick = (item) => {
      this.#dropChoices();
      input.value = item.label;
      field.picked = { value: item.value };
    };
    const fixed = this.#fixedChoices(option);
    if (fixed) {
      const wanted = input.value.trim().replace(/^[#@]/, "").toLowerCase();
      const found = field.picked ? [] : fixed.filter((item) => item.label.toLowerCase().includes(wanted));
      return this.#suggestions.show(input, found.slice(0, 25), pick, { heading: option.description });
    }
    if (!option.autocomplete || field.picked) return this.#suggestions.hide();
    const show = (items) => {
      if (asked === this.#asked) this.#suggestions.show(input, items, pick, { first: false, heading: option.description });
    };
    const command = this.#command.path;
    this.#resting = setTimeout(async () => {
      try {
        const body = { ...this.#where(), command, options: this.#values(field), option: option.name, text: input.value };
        const { choices } = await act("complete", body);
        show(choices.map((choice) => ({ label: choice.name, value: choice.value })));
      } catch {
        show([{ label: "Loading options failed", note: true }]);
      }
    }, REST_MS);
  }

  /** What can be chosen without asking the bot; null for a text of one's own. */
  #fixedChoices(option) {
    if (option.choices?.length) return option.choices.map((choice) => ({ label: choice.name, value: choice.value }));
    const { channels, roles, users } = this.#view;
    const people = () => users.map((user) => ({ label: `@${user.username}`, value: user.id }));
    const groups = () => roles.slice(1).map((role) => ({ label: `@${role.name}`, value: role.id }));
    switch (option.type) {
      case KIND.truth:
        return [{ label: "True", value: true }, { label: "False", value: false }];
      case KIND.channel: {
        const kinds = option.channel_types ?? [];
        const fits = (channel) => channel.type !== 1 && (!kinds.length || kinds.includes(channel.type));
        return channels.filter(fits).map((channel) => ({ label: `#${channel.name}`, value: channel.id }));
      }
      case KIND.user:
        return people();
      case KIND.role:
        return groups();
      case KIND.mentionable:
        return [...people(), ...groups()];
      default:
        return null;
    }
  }

  #values(except = null) {
    // The value of a file's field is no path that anybody could read.
    const typed = ({ option, input }) => option.type !== KIND.file && input.value.trim();
    const given = this.#fields.filter((field) => field !== except && (field.picked || typed(field)));
    return Object.fromEntries(given.map((field) => [field.option.name, field.picked ? field.picked.value : field.input.value.trim()]));
  }

  async #submit() {
    this.#dropChoices();
    try {
      await (this.#command ? this.#run() : this.#say());
    } catch (error) {
      this.tell(error.message);
    }
  }

  async #run() {
    const missing = this.#fields.find((field) => field.option.required && !field.picked && !field.input.value.trim());
    if (missing) {
      missing.node.classList.add("wrong");
      missing.input.focus();
      return this.tell(`${missing.option.name} is required.`);
    }
    const options = this.#values();
    for (const { option, input } of this.#fields.filter((field) => field.option.type === KIND.file)) {
      const [file] = input.files;
      if (file) options[option.name] = { filename: file.name, base64: await base64(file), content_type: file.type || undefined };
    }
    await act("command", { ...this.#where(), command: this.#command.path, options });
    this.#clear();
  }

  async #say() {
    const content = by("box").value.trim();
    if (!content) return;
    if (content.startsWith("/")) {
      const command = this.#commands().find((one) => `/${one.path}` === content);
      return command ? this.#choose(command) : this.tell(`There is no command ${content}.`);
    }
    await act("say", { ...this.#where(), content });
    by("box").value = "";
  }
}
