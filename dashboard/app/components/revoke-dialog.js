// Ends a key for good. Typing its name makes sure that it is the one that is meant.
import { html, useState } from '../html.js';
import { useAccount } from '../account.js';
import { useRequestKey, useSubmit } from '../submit.js';
import { hintInWords } from '../words.js';
import { Field } from './fields.js';
import { FormDialog } from './form-dialog.js';
import { When } from './when.js';

const MAX_NOTE = 200;
const KNOWN = ['note'];

export function RevokeDialog({ apiKey, now, onClose }) {
  const { api, keys, toast } = useAccount();
  const { busy, error, submit, edited } = useSubmit();
  const requestKey = useRequestKey();
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');

  async function revoke() {
    const body = note.trim() ? { note } : {};
    const revoked = await submit(
      async () => keys.put(await api.revokeKey(apiKey.id, body, requestKey(body))),
      apiKey.id,
    );
    if (!revoked) return;
    onClose();
    toast(`“${apiKey.name}” is revoked. It stays in the list, under Revoked.`);
  }

  return html`
    <${FormDialog}
      title=${`Revoke “${apiKey.name}”?`}
      submitLabel="Revoke key"
      busyLabel="Revoking…"
      danger
      ready=${typed.trim() === apiKey.name.trim()}
      busy=${busy}
      error=${error}
      known=${KNOWN}
      onSubmit=${revoke}
      onEdit=${edited}
      onClose=${onClose}
    >
      <p>
        Every secret of it, <code>${hintInWords(apiKey.hint)}</code>${apiKey.rotation && ' and the older one'}, is refused
        from the very next request on. This cannot be undone. To stop it for a while, disable it.
      </p>
      ${apiKey.lastUsedAt && html`<p class="muted">It was last used <${When} at=${apiKey.lastUsedAt} now=${now} />.</p>`}
      <${Field} label=${html`Type <strong>${apiKey.name}</strong> to confirm`}>
        ${(control) => html`
          <input
            ...${control}
            autofocus
            autocomplete="off"
            spellcheck=${false}
            value=${typed}
            onInput=${({ target }) => setTyped(target.value)}
          />
        `}
      <//>
      <${Field} label="Why" optional help="For whoever looks at the key’s activity later." error=${error?.about?.('note')}>
        ${(control) => html`
          <input ...${control} maxlength=${MAX_NOTE} autocomplete="off" value=${note} onInput=${({ target }) => setNote(target.value)} />
        `}
      <//>
    <//>
  `;
}
