// Changes what a key may do. The very next request obeys.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { useSubmit } from '../submit.js';
import {
  ACCESS_MEMBERS,
  AddressesField,
  RateLimitField,
  ScopesField,
  addressError,
  useAccess,
} from './access-fields.js';
import { FormDialog } from './form-dialog.js';

export function AccessDialog({ apiKey, onClose }) {
  const { api, keys, toast } = useAccount();
  const { busy, error, submit, edited } = useSubmit();
  const [access, change, body] = useAccess(apiKey);

  async function store() {
    const stored = await submit(async () => keys.put(await api.updateKey(apiKey.id, body)), apiKey.id);
    if (!stored) return;
    onClose();
    toast(`Access of “${apiKey.name}” is changed. The next request obeys.`);
  }

  return html`
    <${FormDialog}
      title=${`Access of “${apiKey.name}”`}
      submitLabel="Save"
      busyLabel="Saving…"
      ready=${access.scopes.length > 0}
      busy=${busy}
      error=${error}
      known=${ACCESS_MEMBERS}
      onSubmit=${store}
      onEdit=${edited}
      onClose=${onClose}
    >
      <p class="muted">Programs that use the key feel it from their next request on.</p>
      <${ScopesField} access=${access} change=${change} error=${error?.about?.('scopes')} />
      <${AddressesField} access=${access} change=${change} error=${addressError(error, body.allowedIps)} />
      <${RateLimitField} access=${access} change=${change} error=${error?.about?.('rateLimit')} />
    <//>
  `;
}
