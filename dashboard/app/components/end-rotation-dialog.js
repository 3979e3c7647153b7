// Ends the older secret of a rotation before its time.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { rotationOf } from '../key.js';
import { useSubmit } from '../submit.js';
import { moment } from '../time.js';
import { hintInWords } from '../words.js';
import { FormDialog } from './form-dialog.js';
import { LastUses } from './last-uses.js';

export function EndRotationDialog({ apiKey, now, onClose }) {
  const { api, keys, toast } = useAccount();
  const { busy, error, submit, edited } = useSubmit();
  const rotation = rotationOf(apiKey, now);

  async function end() {
    const ended = await submit(async () => keys.put(await api.endRotation(apiKey.id)), apiKey.id);
    if (!ended) return;
    onClose();
    toast(`The older secret of “${apiKey.name}” has ended.`);
  }

  return html`
    <${FormDialog}
      title="End the older secret?"
      submitLabel="End it now"
      busyLabel="Ending…"
      danger
      busy=${busy}
      error=${error}
      onSubmit=${end}
      onEdit=${edited}
      onClose=${onClose}
    >
      <p>
        ${rotation
          ? html`<code>${hintInWords(rotation.previousHint)}</code> of “${apiKey.name}” would work until
              ${' '}${moment(rotation.previousExpiresAt)}. Programs that still use it are refused from now on.`
          : 'It has ended already.'}
      </p>
      ${rotation && html`<div><p class="small muted">Last used</p><${LastUses} rotation=${rotation} now=${now} /></div>`}
      <p class="muted">The newest, <code>${hintInWords(apiKey.hint)}</code>, goes on working.</p>
    <//>
  `;
}
