// An account without keys: what they are, and the first step.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { Icon } from './icon.js';

export function Empty() {
  const { person, open, config } = useAccount();
  return html`
    <div class="empty empty-first">
      <span class="empty-sign"><${Icon} name="key" /></span>
      <h2>No keys yet</h2>
      <p class="muted">
        A key lets a program call the AgentContainer API for ${person.accountName}. Make one for each
        program, so that any of them can be rotated or revoked alone.
      </p>
      ${person.mayManage &&
      html`
        <button class="button button-primary" type="button" onClick=${() => open('create')}>
          <${Icon} name="plus" /> Create the first key
        </button>
      `}
      <a class="link" href=${`${config.apiUrl}/openapi.yaml`} target="_blank" rel="noreferrer">The API’s document</a>
    </div>
  `;
}
