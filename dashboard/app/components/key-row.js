// One key of the table.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { isFinal, rotationOf } from '../key.js';
import { useKeyActions } from '../key-actions.js';
import { day } from '../time.js';
import { hintInWords } from '../words.js';
import { Expiry } from './expiry.js';
import { Grants } from './grants.js';
import { KeyName } from './key-name.js';
import { LastUsed } from './last-used.js';
import { Menu } from './menu.js';
import { OlderSecret } from './older-secret.js';
import { RowUsage } from './row-usage.js';
import { StatusBadge } from './status-badge.js';

export function KeyRow({ apiKey, now, nameOf }) {
  const { show } = useAccount();
  const actions = useKeyActions(apiKey, now);
  const rotation = rotationOf(apiKey, now);
  return html`
    <tr role="row" class=${isFinal(apiKey, now) ? 'ended' : ''}>
      <td role="cell" class="cell-name">
        <${KeyName} apiKey=${apiKey} onOpen=${() => show(apiKey.id)} />
        <span class="muted small">
          <span title=${apiKey.createdAt}>${day(apiKey.createdAt)}</span> by ${nameOf(apiKey.createdBy)}
        </span>
      </td>
      <td role="cell" data-label="Secret">
        <code class="hint-code">${hintInWords(apiKey.hint)}</code>
        ${rotation && html`<${OlderSecret} apiKey=${apiKey} rotation=${rotation} now=${now} />`}
      </td>
      <td role="cell" data-label="Status"><${StatusBadge} apiKey=${apiKey} now=${now} /></td>
      <td role="cell" data-label="Access"><${Grants} apiKey=${apiKey} /></td>
      <td role="cell" data-label="Last used" class="cell-used">
        <${LastUsed} at=${apiKey.lastUsedAt} now=${now} />
        <${RowUsage} apiKey=${apiKey} now=${now} />
      </td>
      <td role="cell" data-label="Expires"><${Expiry} apiKey=${apiKey} now=${now} /></td>
      <td role="cell" class="cell-menu">
        <${Menu} label=${`Actions for ${apiKey.name}`} items=${actions} />
      </td>
    </tr>
  `;
}
