// Which key's page is open, in the address (`?key=key_...`): it can be linked to and gone back from.
import { useEffect, useState } from './html.js';

const read = () => new URLSearchParams(location.search).get('key');

/** `[id, show]`; `show(null)` is the list. */
export function useKeyInAddress() {
  const [id, setId] = useState(read);
  useEffect(() => {
    const follow = () => setId(read());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const show = (next) => {
    const query = next ? `?key=${encodeURIComponent(next)}` : '';
    history.pushState(null, '', location.pathname + query);
    setId(next);
    scrollTo(0, 0);
  };
  return [id, show];
}
