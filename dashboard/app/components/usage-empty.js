// A key without requests in the days that are looked at.
import { html } from '../html.js';

export function UsageEmpty({ days, apiKey }) {
  const text = apiKey.lastUsedAt
    ? `No requests in the last ${days.length} days.`
    : 'No requests yet. The first will show up here some minutes after a program sends it.';
  return html`<p class="usage-empty muted">${text}</p>`;
}
