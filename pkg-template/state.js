// The state of an answer, without the wasm. `src/protocol/state.rs` says what it is made of.

/** Whose answer this page's URL holds: its id, and the flow it is for (`p`: popup, `r`: redirect, `s`: frame). Neither, where it is none of ours. */
export function answered() {
  // After a sign-out the state is in the query.
  const [state] = [location.hash, location.search].map((part) => new URLSearchParams(part.slice(1)).get("state")).filter(Boolean);
  const [, id, flow] = /^(([prs])\.[\w-]{22})(\||$)/.exec(state) ?? [];
  return { id, flow };
}
