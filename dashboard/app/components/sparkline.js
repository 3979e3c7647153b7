// A month of requests, small: what was accepted, and on top of it what was not.
import { html } from '../html.js';
import { sparkOf } from '../chart.js';
import { sum, totalOf } from '../usage.js';
import { countsInWords } from '../usage-words.js';

/** `of` says whose requests they are. */
export function Sparkline({ days, of, width = 90, height = 20 }) {
  const counts = sum(days);
  if (totalOf(counts) === 0) return null;
  const text = `${of}, last ${days.length} days: ${countsInWords(counts)}`;
  return html`
    <svg class="spark" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="img" aria-label=${text}>
      <title>${text}</title>
      <line class="chart-line" x1="0" x2=${width} y1=${height - 0.5} y2=${height - 0.5} />
      ${sparkOf(days, { width, height }).map(({ id, d }) => html`<path key=${id} class=${`outcome-${id}`} d=${d} />`)}
    </svg>
  `;
}
