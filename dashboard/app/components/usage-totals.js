// How many requests there were, and what they ended in: of one bar, or of all.
import { html } from '../html.js';
import { OUTCOMES } from '../outcomes.js';
import { sum, totalOf } from '../usage.js';
import { binInWords, number } from '../usage-words.js';

/** `bin` is the one that is pointed at, if any is. */
export function UsageTotals({ days, bin }) {
  const counts = bin ?? sum(days);
  const total = totalOf(counts);
  const soFar = bin?.to === days.at(-1).date ? ', so far' : '';
  const when = bin ? `${binInWords(bin)}${soFar}` : `Last ${days.length} days`;
  return html`
    <div class="totals">
      <p class="small muted">${when}</p>
      <p class="totals-sum"><strong>${number(total)}</strong> ${total === 1 ? 'request' : 'requests'}</p>
      <${Legend} counts=${counts} />
    </div>
  `;
}

/** `only` leaves out what did not happen. */
export function Legend({ counts, only = false }) {
  return html`
    <ul class="legend">
      ${OUTCOMES.filter(({ id }) => !only || counts[id] > 0).map(
        ({ id, label, title }) => html`
          <li key=${id} class=${counts[id] === 0 ? 'muted' : ''} title=${title}>
            <${Swatch} id=${id} />${label} <strong>${number(counts[id])}</strong>
          </li>
        `,
      )}
    </ul>
  `;
}

function Swatch({ id }) {
  return html`
    <svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">
      <rect class=${`outcome-${id}`} width="10" height="10" rx="2.5" />
    </svg>
  `;
}
