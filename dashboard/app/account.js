// What the components of one account share.
import { createContext, useContext, useEffect, useState } from './html.js';

/** `{ person, api, keys, people, usage, clerk, config, toast, open, show }`. */
export const Account = createContext(null);

export const useAccount = () => useContext(Account);

const TICK_MS = 15_000;

/** The present, which moves on while the page stays open. */
export function useNow() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Date.now();
}
