// Where keys will be.
import { html } from '../html.js';

export function TableSkeleton() {
  return html`
    <div class="skeleton" role="status">
      <span class="unseen">Loading keys…</span>
      ${[0, 1, 2, 3].map((row) => html`<div key=${row} class="skeleton-row"><i></i><i></i><i></i></div>`)}
    </div>
  `;
}
