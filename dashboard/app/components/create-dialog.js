// Makes a key.
import { html, useState } from '../html.js';
import { useAccount } from '../account.js';
import { createKey } from '../secrets.js';
import { useRequestKey, useSubmit } from '../submit.js';
import {
  ACCESS_MEMBERS,
  AddressesField,
  RateLimitField,
  ScopesField,
  addressError,
  useAccess,
} from './access-fields.js';
import { ExpiryField, useExpiry } from './expiry-field.js';
import { Field } from './fields.js';
import { FormDialog } from './form-dialog.js';
import { MAX_NAME } from './key-name.js';

const KNOWN = ['name', 'expiresAt', ...ACCESS_MEMBERS];

export function CreateDialog({ now, onClose }) {
  const { api, keys, reveal, person } = useAccount();
  const { busy, error, submit, edited } = useSubmit();
  const requestKey = useRequestKey();
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useExpiry('90', now);
  const [access, change, accessBody] = useAccess();

  async function create() {
    const body = { name, expiresAt: expiry.at ?? null, ...accessBody };
    await submit(async () => {
      const made = await createKey(api, body, requestKey(body));
      keys.put(made.key);
      reveal({ ...made, title: `“${name}” is created` });
    });
  }

  const ready = name.trim() && access.scopes.length > 0;
  return html`
    <${FormDialog}
      title="New API key"
      submitLabel="Create key"
      busyLabel="Creating…"
      ready=${ready}
      busy=${busy}
      error=${error}
      known=${KNOWN}
      onSubmit=${create}
      onEdit=${edited}
      onClose=${onClose}
    >
      <${Field} label="Name" help=${`What uses it and where, such as “CI” or “Billing, production”. It will belong to ${person.accountName}.`} error=${error?.about?.('name')}>
        ${(control) => html`
          <input
            ...${control}
            autofocus
            required
            maxlength=${MAX_NAME}
            autocomplete="off"
            value=${name}
            onInput=${({ target }) => setName(target.value)}
          />
        `}
      <//>
      <${ExpiryField} expiry=${expiry} onChange=${setExpiry} now=${now} error=${error?.about?.('expiresAt')} />
      <${ScopesField} access=${access} change=${change} error=${error?.about?.('scopes')} />
      <${AddressesField} access=${access} change=${change} error=${addressError(error, accessBody.allowedIps)} />
      <${RateLimitField} access=${access} change=${change} error=${error?.about?.('rateLimit')} />
    <//>
  `;
}
