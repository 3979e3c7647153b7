// A key's status, in a word and a colour.
import { html } from '../html.js';
import { statusOf } from '../key.js';
import { STATUS_LABELS } from '../words.js';

export function StatusBadge({ apiKey, now }) {
  const status = statusOf(apiKey, now);
  return html`<span class=${`badge badge-${status}`}>${STATUS_LABELS[status]}</span>`;
}
