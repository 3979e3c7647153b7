// All keys of the account, newest first. The API pages them; the page searches over all, so it
// reads on in the background until it has every one.
import { createStore } from './store.js';

/** A store of `{ keys, complete, loading, error }`, and what changes it. */
export function createKeys(api, signal) {
  const store = createStore({ keys: [], complete: false, loading: false, error: null });
  let readAt = 0;

  async function load() {
    if (store.get().loading) return;
    store.set({ loading: true, error: null });
    const first = store.get().keys.length === 0;
    const read = [];
    try {
      let cursor;
      do {
        const page = await api.listKeys(cursor, signal);
        read.push(...page.data);
        cursor = page.nextCursor;
        // While there is nothing else to see, show what has come.
        if (first && cursor) store.set({ keys: [...read] });
      } while (cursor);
      store.set({ keys: read, complete: true, loading: false });
      readAt = Date.now();
    } catch (error) {
      if (!signal.aborted) store.set({ loading: false, error });
    }
  }

  return {
    ...store,
    load,
    /** Reads again if what is shown is older than `age` milliseconds. */
    refresh(age) {
      if (store.get().complete && Date.now() - readAt > age) load();
    },
    /** Takes a key as the API has just said it is; a new one comes first. */
    put(key) {
      const { keys } = store.get();
      const known = keys.some(({ id }) => id === key.id);
      store.set({
        keys: known ? keys.map((old) => (old.id === key.id ? key : old)) : [key, ...keys],
      });
    },
  };
}
