// Secrets that did not work any more and were sent all the same, so that somebody looks into it.
import { html } from '../html.js';
import { refusalInWords } from '../refusals.js';
import { refusalsOf } from '../usage.js';
import { Icon } from './icon.js';

export function Refusals({ days, apiKey, now }) {
  return refusalsOf(days).map((refusal) => {
    const { what, advice } = refusalInWords(refusal, apiKey, now);
    return html`
      <div key=${refusal.reason} class=${`note note-${refusal.reason === 'revoked' ? 'error' : 'warn'}`}>
        <${Icon} name="alert" />
        <div class="note-text">
          <p><strong>${what}</strong></p>
          <p>${advice}</p>
        </div>
      </div>
    `;
  });
}
