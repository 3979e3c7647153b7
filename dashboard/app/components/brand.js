// Whose page this is.
import { html } from '../html.js';

export function Brand() {
  return html`
    <span class="brand">
      <img src="./icon.svg" alt="" width="28" height="28" />
      <span class="brand-text">AgentContainer</span>
    </span>
  `;
}
