// What is asked of the sandbox, and what it says by itself.

/** Why something could not be done, as a sentence for the person who tried. */
export class Refused extends Error {}

export async function state(role, channel) {
  const query = new URLSearchParams({ as: role });
  if (channel) query.set("channel", channel);
  const answer = await fetch(`/state?${query}`);
  if (!answer.ok) throw new Refused((await answer.json()).error);
  return answer.json();
}

export async function act(what, body = {}) {
  const answer = await fetch(`/act/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Refused("The sandbox has ended.");
  });
  if (answer.ok) return answer.json();
  if (answer.status === 413) throw new Refused("That is larger than the sandbox takes.");
  const said = await answer.json().catch(() => ({}));
  throw new Refused(said.error ?? `The sandbox answered ${answer.status}.`);
}

/** Calls `changed` when something did, and `link` with whether the sandbox can be reached. */
export function follow(changed, link) {
  const events = new EventSource("/events");
  events.addEventListener("changed", changed);
  events.addEventListener("open", () => {
    link(true);
    changed();
  });
  events.addEventListener("error", () => link(false));
}
