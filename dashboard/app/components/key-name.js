// A key's name, which opens the key, and the field that changes it in place.
import { html, useLayoutEffect, useRef, useState } from '../html.js';
import { useAccount } from '../account.js';
import { useSubmit } from '../submit.js';
import { Icon } from './icon.js';
import { useId } from './use-id.js';

export const MAX_NAME = 80;

export function KeyName({ apiKey, onOpen }) {
  const { renaming, setRenaming } = useAccount();
  const opener = useFocusAfter(renaming === apiKey.id);
  const done = () => setRenaming(null);
  if (renaming === apiKey.id) return html`<${Rename} apiKey=${apiKey} onDone=${done} />`;
  return html`<button ref=${opener} class="key-name" type="button" onClick=${onOpen}>${apiKey.name}</button>`;
}

/** A ref to what has the focus again once the field is gone. */
export function useFocusAfter(renaming) {
  const opener = useRef(null);
  const before = useRef(renaming);
  useLayoutEffect(() => {
    if (before.current && !renaming) opener.current?.focus();
    before.current = renaming;
  });
  return opener;
}

/** Enter stores the name; Escape, or leaving it as it was, does not. */
export function Rename({ apiKey, onDone }) {
  const { api, keys, toast } = useAccount();
  const { busy, error, submit } = useSubmit();
  const [name, setName] = useState(apiKey.name);
  const field = useRef(null);
  const id = useId();
  useLayoutEffect(() => field.current.select(), []);

  async function store(event) {
    event.preventDefault();
    if (name === apiKey.name) return onDone();
    const stored = await submit(async () => {
      keys.put(await api.updateKey(apiKey.id, { name }));
      toast(`Renamed to “${name}”.`);
    }, apiKey.id);
    return stored && onDone();
  }
  const onKeyDown = (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onDone();
  };

  return html`
    <form class="rename" onSubmit=${store} onKeyDown=${onKeyDown}>
      <label class="unseen" for=${id}>New name of ${apiKey.name}</label>
      <input
        ref=${field}
        id=${id}
        value=${name}
        maxlength=${MAX_NAME}
        required
        autocomplete="off"
        aria-invalid=${error ? 'true' : undefined}
        aria-describedby=${error ? `${id}-error` : undefined}
        onInput=${({ target }) => setName(target.value)}
      />
      <button class="icon-button" type="submit" aria-label="Save the name" disabled=${busy || !name.trim()}>
        <${Icon} name="check" />
      </button>
      <button class="icon-button" type="button" aria-label="Cancel" onClick=${onDone}><${Icon} name="close" /></button>
      ${error && html`<p id=${`${id}-error`} class="field-error" role="alert">${error.about?.('name') ?? error.message}</p>`}
    </form>
  `;
}
