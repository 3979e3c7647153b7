// The secret that a rotation has replaced, while it still works.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { statusOf } from '../key.js';
import { ago, moment, remaining } from '../time.js';
import { hintInWords } from '../words.js';

export function OlderSecret({ apiKey, rotation, now }) {
  const { person, open } = useAccount();
  const { previousExpiresAt: until, previousLastUsedAt: used } = rotation;
  const lasts = statusOf(apiKey, now) === 'active' ? 'still works for' : 'ends in';
  return html`
    <span class="older small">
      <code>${hintInWords(rotation.previousHint)}</code>${' '}
      <span title=${moment(until)}>${lasts} ${remaining(until, now)}</span>
      ${person.mayManage &&
      html`
        <button class="link" type="button" onClick=${() => open('endRotation', apiKey)}>
          End it<span class="unseen"> (the older secret of ${apiKey.name})</span>
        </button>
      `}
      ${used
        ? html`<span class="older-use" title=${moment(used)}>last used ${ago(used, now)}</span>`
        : html`<span class="older-use">no use recorded</span>`}
    </span>
  `;
}
