// What can be done with a key, on its own page.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { isFinal, statusOf } from '../key.js';
import { useSetEnabled } from '../key-actions.js';

export function KeyButtons({ apiKey, now }) {
  const { open } = useAccount();
  const setEnabled = useSetEnabled();
  const enabled = statusOf(apiKey, now) === 'active';
  return html`
    <div class="buttons">
      ${!isFinal(apiKey, now) &&
      html`
        <button class="button" type="button" onClick=${() => open('rotate', apiKey)}>Rotate…</button>
        <button class="button" type="button" onClick=${() => open('access', apiKey)}>Change access…</button>
        <button class="button" type="button" onClick=${() => setEnabled(apiKey, !enabled)}>${enabled ? 'Disable' : 'Enable'}</button>
      `}
      <button class="button button-danger-quiet" type="button" onClick=${() => open('revoke', apiKey)}>Revoke…</button>
    </div>
  `;
}
