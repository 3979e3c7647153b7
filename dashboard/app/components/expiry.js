// When a key stops working by itself, with a warning in its last week.
import { html } from '../html.js';
import { expiresSoon, isFinal, statusOf } from '../key.js';
import { ago, day, moment, remaining } from '../time.js';
import { Icon } from './icon.js';

export function Expiry({ apiKey, now }) {
  const { expiresAt, revokedAt } = apiKey;
  if (statusOf(apiKey, now) === 'revoked') {
    return html`<span class="expiry muted" title=${moment(revokedAt)}>Revoked ${ago(revokedAt, now)}</span>`;
  }
  if (!expiresAt) return html`<span class="expiry muted">Never</span>`;
  if (expiresSoon(apiKey, now)) {
    return html`
      <span class="expiry warning" title=${moment(expiresAt)}><${Icon} name="alert" /> In ${remaining(expiresAt, now)}</span>
    `;
  }
  const ended = isFinal(apiKey, now);
  return html`<span class=${ended ? 'expiry muted' : 'expiry'} title=${moment(expiresAt)}>${ended ? `Expired ${day(expiresAt)}` : day(expiresAt)}</span>`;
}
