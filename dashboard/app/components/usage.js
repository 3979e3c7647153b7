// How much one key was used: what was refused and what that means, and its requests by day.
import { html, useEffect, useRef, useState } from '../html.js';
import { useAccount } from '../account.js';
import { RANGES, USUAL_RANGE, binsOf, sum, totalOf } from '../usage.js';
import { useUsage } from '../use-usage.js';
import { Chips } from './choice.js';
import { ErrorNote } from './error-note.js';
import { Refusals } from './refusals.js';
import { UsageChart } from './usage-chart.js';
import { UsageEmpty } from './usage-empty.js';
import { UsageTable } from './usage-table.js';
import { UsageTotals } from './usage-totals.js';

const DELAY = 'Days begin at midnight UTC. Requests are counted some minutes after they were made.';
const CHOICES = RANGES.map((days) => ({ id: days, label: `${days} days` }));

export function Usage({ apiKey, now }) {
  const [range, setRange] = useState(USUAL_RANGE);
  const { days, error, loading, again } = useUsage(apiKey.id, range);
  const isShown = days && !(error && days.length !== range);
  useFollow(apiKey, days);
  return html`
    <section class="panel usage" aria-labelledby="usage" aria-busy=${loading}>
      <div class="usage-head">
        <h2 id="usage">Usage</h2>
        <fieldset class="usage-ranges">
          <legend class="unseen">Show the usage of the last</legend>
          <${Chips} choices=${CHOICES} value=${range} onChange=${setRange} />
        </fieldset>
      </div>
      ${error && html`<${ErrorNote} error=${error} onRetry=${again} />`}
      ${isShown && html`<${Refusals} days=${days} apiKey=${apiKey} now=${now} />`}
      ${isShown && html`<${Requests} days=${days} apiKey=${apiKey} now=${now} />`}
      ${!days && !error && html`<p class="usage-waiting muted" role="status">Loading…</p>`}
    </section>
  `;
}

/** Once more requests are counted, the key was used later than the page says. */
function useFollow(apiKey, days) {
  const { api, keys } = useAccount();
  const read = useRef(null);
  useEffect(() => {
    if (!days) return;
    const seen = { length: days.length, total: totalOf(sum(days)) };
    const before = read.current;
    read.current = seen;
    if (before?.length === seen.length && before.total !== seen.total) {
      api.getKey(apiKey.id).then(keys.put, () => {});
    }
  }, [days]);
}

function Requests({ days, apiKey, now }) {
  const [at, setAt] = useState(null);
  const [isTable, setTable] = useState(false);
  const bins = binsOf(days);
  const shown = isTable ? undefined : bins[at];
  if (totalOf(sum(days)) === 0) return html`<${UsageEmpty} days=${days} apiKey=${apiKey} now=${now} />`;
  return html`
    <div class="usage-body">
      <${UsageTotals} days=${days} bin=${shown} />
      ${isTable
        ? html`<${UsageTable} bins=${bins} />`
        : html`<${UsageChart} bins=${bins} at=${at} onMove=${setAt} />`}
      <div class="usage-foot">
        <p class="muted small">${DELAY}</p>
        <button class="button button-small" type="button" onClick=${() => setTable(!isTable)}>
          Show as ${isTable ? 'chart' : 'table'}
        </button>
      </div>
    </div>
  `;
}
