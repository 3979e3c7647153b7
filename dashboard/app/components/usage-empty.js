// A key without requests in the days that are looked at. There may be some before them.
import { html } from '../html.js';
import { statusOf } from '../key.js';

export function UsageEmpty({ days, apiKey, now }) {
  const isNew = !apiKey.lastUsedAt && statusOf(apiKey, now) === 'active';
  return html`
    <div class="usage-empty muted">
      <p>No requests in the last ${days.length} days.</p>
      ${isNew && html`<p>Once a program sends this key, its requests show here some minutes later.</p>`}
    </div>
  `;
}
