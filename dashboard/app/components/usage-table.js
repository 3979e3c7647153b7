// The chart's numbers as a table, the newest first.
import { html } from '../html.js';
import { OUTCOMES } from '../outcomes.js';
import { sum, totalOf } from '../usage.js';
import { binInWords, number } from '../usage-words.js';

export function UsageTable({ bins }) {
  const all = sum(bins);
  const columns = OUTCOMES.filter(({ id }) => all[id] > 0);
  return html`
    <div class="usage-scroll" tabindex="0" role="group" aria-label="Requests, as a table">
      <table class="usage-table">
        <thead>
          <tr>
            <th scope="col">${bins.every(({ from, to }) => from === to) ? 'Day' : 'Week'}</th>
            <th scope="col">Requests</th>
            ${columns.map(({ id, label }) => html`<th key=${id} scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${bins.toReversed().map(
            (bin) => html`
              <tr key=${bin.from}>
                <th scope="row">${binInWords(bin)}</th>
                <td>${number(totalOf(bin))}</td>
                ${columns.map(({ id }) => html`<td key=${id}>${number(bin[id])}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
