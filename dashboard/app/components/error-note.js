// Why something failed, with what helps: the request's id for support, and a way to go on.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { Icon } from './icon.js';

/** `known` names the members whose faults the form shows beside their fields. */
export function ErrorNote({ error, onRetry, known = [] }) {
  const { person, clerk } = useAccount();
  if (!error) return null;
  const rest = (error.details ?? []).filter(
    ({ field }) => error.code === 'invalid_request' && !known.includes(field.split('.')[0]),
  );
  const fits = rest.length === 0 && error.code === 'invalid_request' && error.details?.length > 0;
  return html`
    <div class="note note-error" role="alert">
      <${Icon} name="alert" />
      <div class="note-text">
        <p>${fits ? 'Some of it is not allowed. See the fields.' : textOf(error, person)}</p>
        ${rest.map(({ field, message }) => html`<p>${field && html`<code>${field}</code>: `}${message}</p>`)}
        ${error.requestId && html`<p class="muted">Request id <code>${error.requestId}</code></p>`}
        ${error.code === 'account_mismatch' &&
        html`
          <button class="button" type="button" onClick=${() => clerk.setActive({ organization: person.organizationId })}>
            Work in ${person.accountName} again
          </button>
        `}
        ${onRetry && html`<button class="button" type="button" onClick=${onRetry}>Try again</button>`}
      </div>
    </div>
  `;
}

function textOf(error, person) {
  switch (error.code) {
    case 'account_mismatch':
      return `Another account has become active, perhaps in another tab, so nothing was done here. This page shows ${person.accountName}.`;
    case 'key_limit_reached':
      return `${error.message} Keys that are disabled count too.`;
    case 'rate_limited':
      return 'Too many requests at once. Wait a moment, then try again.';
    default:
      return error.message;
  }
}
