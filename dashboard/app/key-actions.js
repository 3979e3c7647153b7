// What can be done with a key, by its state and by who asks.
import { useAccount } from './account.js';
import { isFinal, rotationOf, statusOf } from './key.js';

/** The menu's items. */
export function useKeyActions(apiKey, now) {
  const { person, open, show, setRenaming } = useAccount();
  const setEnabled = useSetEnabled();
  const look = { label: 'Details', onSelect: () => show(apiKey.id) };
  if (!person.mayManage) return [look];

  const rename = { label: 'Rename', onSelect: () => setRenaming(apiKey.id) };
  const revoke = { label: 'Revoke…', danger: true, onSelect: () => open('revoke', apiKey) };
  const status = statusOf(apiKey, now);
  if (status === 'revoked') return [look, rename];
  if (isFinal(apiKey, now)) return [look, rename, revoke];

  const enabled = status === 'active';
  return [
    look,
    rename,
    { label: 'Change access…', onSelect: () => open('access', apiKey) },
    { label: 'Rotate…', onSelect: () => open('rotate', apiKey) },
    rotationOf(apiKey, now) && {
      label: 'End older secret…',
      onSelect: () => open('endRotation', apiKey),
    },
    {
      label: enabled ? 'Disable' : 'Enable',
      onSelect: () => setEnabled(apiKey, !enabled),
    },
    revoke,
  ].filter(Boolean);
}

/** Disables or enables a key; either can be undone. */
export function useSetEnabled() {
  const { api, keys, toast } = useAccount();
  return async function setEnabled(apiKey, enabled) {
    try {
      keys.put(await api.updateKey(apiKey.id, { enabled }));
      toast(
        enabled
          ? `“${apiKey.name}” is enabled. It works from now on.`
          : `“${apiKey.name}” is disabled. Requests with it are refused from now on.`,
        { undo: () => setEnabled(apiKey, !enabled) },
      );
    } catch (error) {
      toast(`“${apiKey.name}” stays as it was. ${error.message}`, { error });
      if (error.status === 409) api.getKey(apiKey.id).then(keys.put, () => {});
    }
  };
}
