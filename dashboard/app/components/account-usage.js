// What all keys of the account were used for, in one calm line above their list.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { USUAL_RANGE, refusalsOf, sum, totalOf } from '../usage.js';
import { requests, times } from '../usage-words.js';
import { useUsage } from '../use-usage.js';
import { Icon } from './icon.js';
import { Sparkline } from './sparkline.js';
import { Legend } from './usage-totals.js';

/** `onShowAll` shows the keys that have ended too. */
export function AccountUsage({ onShowAll }) {
  const { person } = useAccount();
  const { days, error, again } = useUsage(null, USUAL_RANGE);
  return html`
    <section class="panel account-usage" aria-label=${`Usage of ${person.accountName}`}>
      ${!days && error && html`<p class="muted">Usage could not be read. <button class="link" type="button" onClick=${again}>Try again</button></p>`}
      ${!days && !error && html`<p class="muted" role="status">Reading usage…</p>`}
      ${days && html`<${Totals} days=${days} of=${person.accountName} onShowAll=${onShowAll} />`}
    </section>
  `;
}

function Totals({ days, of, onShowAll }) {
  const counts = sum(days);
  const total = totalOf(counts);
  const revoked = refusalsOf(days).find(({ reason }) => reason === 'revoked');
  const title = 'Counted some minutes after they were made';
  if (total === 0) return html`<p class="muted" title=${title}>No requests in the last ${days.length} days.</p>`;
  return html`
    <p class="account-total" title=${title}><strong>${requests(total)}</strong> <span class="muted">in the last ${days.length} days</span></p>
    <${Legend} counts=${counts} only />
    <${Sparkline} days=${days} of=${`All keys of ${of}`} width=${180} height=${28} />
    ${revoked &&
    html`
      <p class="account-refused small">
        <${Icon} name="alert" />
        <span>
          Revoked secrets were used ${times(revoked.times)}, and refused.${' '}
          <button class="link" type="button" onClick=${onShowAll}>Look at all keys</button>
        </span>
      </p>
    `}
  `;
}
