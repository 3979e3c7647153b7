// Sending a form: one request at a time, its error kept until the next.
import { useRef, useState } from './html.js';
import { useAccount } from './account.js';

/** `{ busy, error, submit, edited }`; `submit` takes an async function and tells whether it went well. */
export function useSubmit() {
  const { keys, api } = useAccount();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);

  async function submit(work, keyId) {
    if (busy) return false;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (failure) {
      setError(failure);
      // Somebody else changed the key: show it as it is now.
      if (keyId && failure.status === 409) api.getKey(keyId).then(keys.put, () => {});
      return false;
    } finally {
      setBusy(false);
    }
  }

  /** What was wrong with a form is no longer said once it is edited. */
  const edited = () => error?.code === 'invalid_request' && setError(null);

  return { busy, error, submit, edited };
}

/**
 * Gives each distinct body an Idempotency-Key: the same body again is the same request, whose first
 * answer may have been lost; another body is another request.
 */
export function useRequestKey() {
  const last = useRef({ text: null, key: null });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: crypto.randomUUID() };
    return last.current.key;
  };
}
