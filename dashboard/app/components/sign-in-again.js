// The session has ended while something was being done: sign in on top of it.
import { html } from '../html.js';
import { SignIn } from './clerk-part.js';
import { Dialog } from './dialog.js';

export function SignInAgain({ clerk, hint }) {
  return html`
    <${Dialog} title="Your session has ended" kind="dialog-sign-in" onClose=${() => location.reload()} closeLabel="Leave">
      <p class="muted">Sign in again to go on. What you have typed is kept.</p>
      <${SignIn} clerk=${clerk} virtual />
      ${hint && html`<p class="hint">${hint}</p>`}
    <//>
  `;
}
