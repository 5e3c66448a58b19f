// What is asked of the sandbox, and what it says by itself.

/** How long the sandbox may be away before it counts as ended; a restart takes a third of this. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 3000;

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
    throw new Refused("The sandbox cannot be reached.");
  });
  if (answer.ok) return answer.json();
  if (answer.status === 413) throw new Refused("That is larger than the sandbox takes.");
  const said = await answer.json().catch(() => ({}));
  throw new Refused(said.error ?? `The sandbox answered ${answer.status}.`);
}

/** Calls `changed` when something did, and `link` with how the sandbox can be reached: "up", "lost", or "ended". */
export function follow(changed, link) {
  let ended = 0;
  const connect = () => {
    const events = new EventSource("/events");
    events.addEventListener("changed", changed);
    events.addEventListener("open", () => {
      clearTimeout(ended);
      ended = 0;
      link("up");
      changed();
    });
    events.addEventListener("error", () => {
      if (!ended) {
        link("lost");
        ended = setTimeout(() => link("ended"), PATIENCE_MS);
      }
      // The browser tries again by itself, unless the answer was no stream.
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
  };
  connect();
}
