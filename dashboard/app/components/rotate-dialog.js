// Gives a key a new secret, and says what becomes of those it has.
import { html, useState } from '../html.js';
import { useAccount } from '../account.js';
import { rotationOf } from '../key.js';
import { rotateKey } from '../secrets.js';
import { useRequestKey, useSubmit } from '../submit.js';
import { ago, moment } from '../time.js';
import { hintInWords } from '../words.js';
import { Cards, Chips } from './choice.js';
import { ExpiryField, useExpiry } from './expiry-field.js';
import { FieldGroup } from './fields.js';
import { FormDialog } from './form-dialog.js';

const GRACES = [
  { id: 0, label: 'Now' },
  { id: 3_600, label: 'In 1 hour' },
  { id: 86_400, label: 'In 24 hours' },
  { id: 259_200, label: 'In 3 days' },
  { id: 604_800, label: 'In 7 days' },
];
const USUAL_GRACE = 86_400;

export function RotateDialog({ apiKey, now, onClose }) {
  const { api, keys, reveal } = useAccount();
  const { busy, error, submit, edited } = useSubmit();
  const requestKey = useRequestKey();
  const [grace, setGrace] = useState(USUAL_GRACE);
  const [replace, setReplace] = useState(null);
  const [expiry, setExpiry] = useExpiry('keep', now);
  const rotation = rotationOf(apiKey, now);
  const newest = hintInWords(apiKey.hint);

  async function rotate() {
    const body = { gracePeriodSeconds: grace };
    // Where no secret outlives this, none has to be named.
    if (rotation && grace > 0) body.replace = replace;
    if (expiry.at) body.expiresAt = expiry.at;
    await submit(async () => {
      const rotated = await rotateKey(api, apiKey.id, body, requestKey(body));
      keys.put(rotated.key);
      reveal({ ...rotated, title: `“${apiKey.name}” has a new secret` });
    }, apiKey.id);
  }

  const known = ['expiresAt'];
  const unanswered = rotation && grace > 0 && !replace;
  return html`
    <${FormDialog}
      title=${`Rotate “${apiKey.name}”`}
      submitLabel="Rotate"
      busyLabel="Rotating…"
      ready=${!unanswered}
      busy=${busy}
      error=${error?.code === 'rotation_in_progress' ? null : error}
      known=${known}
      onSubmit=${rotate}
      onEdit=${edited}
      onClose=${onClose}
    >
      <p class="muted">
        The key gets a new secret, which is shown once. Its name, id and access stay. While the old one still works
        you can bring the new one to your programs without a gap.
      </p>
      ${rotation
        ? html`<${Replacement} rotation=${rotation} now=${now} newest=${newest} value=${grace === 0 ? 'both' : replace}
            onChange=${(chosen) => {
              setReplace(chosen === 'both' ? null : chosen);
              setGrace(chosen === 'both' ? 0 : grace || USUAL_GRACE);
            }} />`
        : null}
      ${(!rotation || replace === 'oldest') &&
      html`<${GraceField} apiKey=${apiKey} newest=${newest} value=${grace} onChange=${setGrace} now=${now} none=${!rotation} />`}
      ${apiKey.expiresAt &&
      html`
        <${ExpiryField}
          label="The key expires"
          keep=${`On ${moment(apiKey.expiresAt)}, as now.`}
          never=${false}
          expiry=${expiry}
          onChange=${setExpiry}
          now=${now}
          error=${error?.about?.('expiresAt')}
        />
      `}
    <//>
  `;
}

/** Two secrets work already, and a third would be one too many. */
function Replacement({ rotation, now, newest, value, onChange }) {
  const older = hintInWords(rotation.previousHint);
  const used = rotation.previousLastUsedAt;
  const lastUse = used ? `It was last used ${ago(used, now)}.` : 'No use of it is recorded.';
  const choices = [
    {
      id: 'newest',
      label: `Replace the newest, ${newest}`,
      text: `It was lost or never arrived: it ends now. ${older} keeps its time, until ${moment(rotation.previousExpiresAt)}.`,
    },
    {
      id: 'oldest',
      label: `End the oldest, ${older}`,
      text: `Nothing uses it any more: it ends now. ${lastUse} ${newest} works on for a while.`,
    },
    { id: 'both', label: 'End both', text: 'Only the new one works, from now on.' },
  ];
  return html`
    <${FieldGroup} label="An older secret still works. Which gives way?">
      <${Cards} choices=${choices} value=${value} onChange=${onChange} />
    <//>
  `;
}

function GraceField({ apiKey, newest, value, onChange, now, none }) {
  const wanted = now + value * 1000;
  const expiry = apiKey.expiresAt ? Date.parse(apiKey.expiresAt) : Infinity;
  const help =
    value === 0
      ? `${newest} stops at once. Programs that still use it fail until they have the new one.`
      : `${newest} works until ${moment(Math.min(wanted, expiry))}${expiry < wanted ? ', when the key expires' : ''}; then only the new one does.`;
  const graces = none ? GRACES : GRACES.filter(({ id }) => id > 0);
  return html`
    <${FieldGroup} label="The present secret ends" help=${help}>
      <${Chips} choices=${graces} value=${value} onChange=${onChange} />
    <//>
  `;
}
