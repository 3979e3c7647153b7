// Nobody is signed in.
import { html } from '../html.js';
import { Brand } from './brand.js';
import { SignIn } from './clerk-part.js';

export function SignedOut({ clerk, hint }) {
  return html`
    <main class="signed-out">
      <h1><${Brand} /></h1>
      <p class="muted">Sign in to manage the API keys of your account.</p>
      <${SignIn} clerk=${clerk} />
      ${hint && html`<p class="hint">${hint}</p>`}
    </main>
  `;
}
