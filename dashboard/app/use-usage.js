// Usage that is being looked at: read when its part of the page appears, and again while it stays.
import { useAccount } from './account.js';
import { useEffect, useState } from './html.js';
import { MINUTE_MS } from './time.js';

const FRESH_MS = 30_000;

/**
 * `{ days, loading, error, again }` of a key, or with null of the account. While another range is
 * on its way, `days` are those of the one before.
 */
export function useUsage(id, range) {
  const { usage } = useAccount();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState({ days: usage.peek(id, range), error: null, range });

  useEffect(() => {
    const leaving = new AbortController();
    const set = (changes) =>
      leaving.signal.aborted || setState((old) => ({ ...old, error: null, range, ...changes }));
    const read = () =>
      usage.read(id, range, FRESH_MS, leaving.signal).then(
        (days) => set({ days }),
        (error) => set({ error }),
      );
    const look = () => document.visibilityState === 'visible' && read();

    const known = usage.peek(id, range);
    if (known) set({ days: known });
    read();
    const timer = setInterval(look, MINUTE_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      leaving.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [id, range, attempt]);

  const { days, error } = state;
  const loading = (!error || state.range !== range) && days?.length !== range;
  const again = () => {
    setState((old) => ({ ...old, error: null }));
    setAttempt(attempt + 1);
  };
  return { days, error, loading, again };
}
