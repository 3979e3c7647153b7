// When a key or a secret was last used, as far as it is recorded.
import { html } from '../html.js';
import { When } from './when.js';

export function LastUsed({ at, now }) {
  if (at) return html`<${When} at=${at} now=${now} />`;
  return html`<span class="muted"><span aria-hidden="true">–</span><span class="unseen">No use recorded</span></span>`;
}
