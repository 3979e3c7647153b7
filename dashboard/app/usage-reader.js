// Usage, as it was read a short while ago. The list asks for each key that is in view, a few at a
// time, so that neither a long list nor a slow answer keeps other requests waiting.
import { createLanes } from './lanes.js';

const AT_ONCE = 3;

/** Reads of one account. `id` is a key's, or null for the account. */
export function createUsage(api, signal) {
  const run = createLanes(AT_ONCE);
  const kept = new Map();
  const named = (id, days) => `${id} ${days}`;

  return {
    /** The days that were last read, however long ago, or null. */
    peek: (id, days) => kept.get(named(id, days))?.data ?? null,

    /** The days, read again if those at hand are older than `age` milliseconds. */
    async read(id, days, age, left) {
      const known = kept.get(named(id, days));
      if (known && Date.now() - known.at < age) return known.data;
      const { data } = await run(() => api.getUsage(id, days, signal), left);
      kept.set(named(id, days), { data, at: Date.now() });
      return data;
    },
  };
}
