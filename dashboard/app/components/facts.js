// What there is to know of a key.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { expiresSoon, rotationOf } from '../key.js';
import { useStore } from '../store.js';
import { moment } from '../time.js';
import { REVOKED_REASONS, hintInWords, limitInWords } from '../words.js';
import { CopyButton } from './copy.js';
import { Expiry } from './expiry.js';
import { LastUsed } from './last-used.js';
import { LastUses } from './last-uses.js';
import { OlderSecret } from './older-secret.js';

export function Facts({ apiKey, now }) {
  const { people } = useAccount();
  const { names } = useStore(people);
  const rotation = rotationOf(apiKey, now);
  const { allowedIps, expiresAt, revokedAt } = apiKey;
  return html`
    <dl class="facts">
      <${Fact} name="Secret">
        <code>${hintInWords(apiKey.hint)}</code>
        ${rotation && html`<${OlderSecret} apiKey=${apiKey} rotation=${rotation} now=${now} />`}
      <//>
      <${Fact} name="Id">
        <span class="with-copy"><code>${apiKey.id}</code><${CopyButton} text=${apiKey.id} name="the key’s id" iconOnly /></span>
      <//>
      <${Fact} name="Last used">
        ${rotation
          ? html`<${LastUses} rotation=${rotation} now=${now} />`
          : html`<${LastUsed} at=${apiKey.lastUsedAt} now=${now} />`}
      <//>
      <${Fact} name="Created">${moment(apiKey.createdAt)} by ${names[apiKey.createdBy] ?? apiKey.createdBy}<//>
      ${revokedAt
        ? html`<${Fact} name="Revoked">${moment(revokedAt)}, ${REVOKED_REASONS[apiKey.revokedReason] ?? apiKey.revokedReason}<//>`
        : html`<${Fact} name="Expires">
            ${expiresAt ? moment(expiresAt) : 'Never'}
            ${expiresSoon(apiKey, now) && html`<div class="small"><${Expiry} apiKey=${apiKey} now=${now} /></div>`}
          <//>`}
      <${Fact} name="Scopes">${apiKey.scopes.map((scope) => html`<code key=${scope} class="chip">${scope}</code> `)}<//>
      <${Fact} name="Used from">
        ${allowedIps.length === 0
          ? 'Anywhere'
          : html`<ul class="plain">${allowedIps.map((ip) => html`<li key=${ip}><code>${ip}</code></li>`)}</ul>`}
      <//>
      <${Fact} name="Rate limit">${limitInWords(apiKey.rateLimit)}<//>
    </dl>
  `;
}

function Fact({ name, children }) {
  return html`<div class="fact"><dt>${name}</dt><dd>${children}</dd></div>`;
}
