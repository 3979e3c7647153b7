// When each secret of a rotation was last used, and whether the older one can go.
import { html } from '../html.js';
import { progressOf } from '../key.js';
import { LastUsed } from './last-used.js';

const MEANING = {
  unused: 'No use of the older secret is recorded.',
  moved: 'Only the newest was used in the last day: the older one can probably be ended.',
  both: 'Programs used the older one in the last day: do not end it yet.',
  behind: 'The newest has not been used since: programs still need the older one.',
};

export function LastUses({ rotation, now }) {
  const progress = progressOf(rotation, now);
  const isSafe = ['unused', 'moved'].includes(progress);
  return html`
    <ul class="uses">
      <li>Newest secret: <${LastUsed} at=${rotation.newestLastUsedAt} now=${now} /></li>
      <li>Older secret: <${LastUsed} at=${rotation.previousLastUsedAt} now=${now} /></li>
    </ul>
    <p class=${isSafe ? 'small muted' : 'small uses-warning'}>
      ${MEANING[progress]} Uses show here some minutes later.
    </p>
  `;
}
