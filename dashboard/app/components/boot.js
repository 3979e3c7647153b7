// Before there is anything to show, or when that failed.
import { html } from '../html.js';

export function Boot({ failed }) {
  if (!failed) return html`<p class="boot" role="status">Loading…</p>`;
  return html`
    <div class="boot" role="alert">
      <p>Signing in is not possible just now. Check your connection.</p>
      <button class="button" onClick=${() => location.reload()}>Try again</button>
    </div>
  `;
}
