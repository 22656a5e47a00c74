// Rounds, and what is made of them.

/** The middle; of an even number the mean of the two. */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const spread = (samples) => ({ min: Math.min(...samples), max: Math.max(...samples) });

/**
 * Lets the contenders `{ ours, theirs, ... }` run in turn, once a round: what else happens on the machine, and how warm it is, meets them alike.
 * Returns the samples of each. `tick` is called after each round.
 */
export async function interleave(rounds, contenders, tick = () => {}) {
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) samples[name].push(await run(round));
    tick(round + 1);
  }
  return samples;
}

/** A measure of samples: medians, their ratio, and from where to where the samples went. */
export function measured(name, unit, peer, { ours, theirs }, must) {
  const [own, other] = [median(ours), median(theirs)];
  const samples = { ours: spread(ours), theirs: spread(theirs), ratio: spread(ours.map((sample, round) => sample / theirs[round])) };
  return { name, ours: own, theirs: other, ratio: own / other, unit, n: ours.length, peer, spread: samples, ...judged(must, own, own / other) };
}

/** A measure that is the same each time. `theirs` is `null` where there is nothing to compare with. */
export function counted(name, unit, peer, ours, theirs, must) {
  const ratio = theirs ? ours / theirs : null;
  return { name, ours, theirs, ratio, unit, n: 1, peer, spread: null, ...judged(must, ours, ratio) };
}

/** `must`: `{ ours: 50_000 }` or `{ ratio: 1 }`, the most that it may be. Where nothing is asked for it is for scale. */
function judged(must, ours, ratio) {
  if (!must) return { must: null, isMet: null };
  const isMet = ("ours" in must ? ours <= must.ours : true) && ("ratio" in must ? ratio <= must.ratio : true);
  return { must, isMet };
}
