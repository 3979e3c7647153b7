// Shows a token: the only time that anybody sees it. It is in this component's memory alone, and
// goes with it. Leaving takes saying that it is stored.
import { html, useEffect, useRef, useState } from '../html.js';
import { useAccount } from '../account.js';
import { CopyButton } from './copy.js';
import { Dialog } from './dialog.js';
import { Icon } from './icon.js';

const VARIABLE = 'AGENTCONTAINER_API_KEY';

/** `again` says that a first token was lost on its way and replaced by this one. */
export function SecretDialog({ token, title, again, onClose }) {
  const { config } = useAccount();
  const [stored, setStored] = useState(false);
  const [reminded, setReminded] = useState(false);
  const tick = useRef(null);

  useEffect(() => {
    if (stored) return undefined;
    const guard = (event) => event.preventDefault();
    addEventListener('beforeunload', guard);
    return () => removeEventListener('beforeunload', guard);
  }, [stored]);

  const remind = () => {
    setReminded(true);
    tick.current.focus();
  };

  return html`
    <${Dialog} title=${title} kind="dialog-secret" locked=${!stored} onLocked=${remind} onClose=${onClose}>
      ${again && html`<p class="note"><${Icon} name="alert" /><span>The answer with its first secret was lost on the way. That one was replaced by this, and has ended.</span></p>`}
      <p class="muted">This is the only time that the secret is shown. Only a hash of it is kept, so nobody can show it again.</p>
      <p class="muted">Keep it in an environment variable or a secrets manager, and out of git: <code>.env</code> belongs into <code>.gitignore</code>. <a href="./docs/#/section/security-practices" target="_blank">Security practices</a></p>
      <${Copied} label="Secret" text=${token} name="the secret" autofocus />
      <${Copied} label="For a .env file" text=${`${VARIABLE}=${token}`} name="the .env line" />
      <${Copied} label="Try it" text=${`curl -H 'Authorization: Bearer ${token}' ${config.apiUrl}/account`} name="the curl line" />
      <div class="form-end form-end-tick">
        <label class="tick">
          <input ref=${tick} type="checkbox" checked=${stored} onChange=${({ target }) => setStored(target.checked)}
            aria-describedby=${reminded && !stored ? 'reminder' : undefined} />
          <span>I have stored it</span>
        </label>
        <button class="button button-primary" type="button" disabled=${!stored} onClick=${onClose}>Done</button>
      </div>
      <p id="reminder" class="field-error" role="alert">${reminded && !stored ? 'Store the secret first. Then tick that you have, and close.' : ''}</p>
    <//>
  `;
}

function Copied({ label, text, name, autofocus }) {
  const code = useRef(null);
  const select = () => getSelection().selectAllChildren(code.current);
  return html`
    <div class="copied">
      <span class="copied-label">${label}</span>
      <div class="copied-line">
        <code ref=${code} tabindex="0" role="group" aria-label=${name}>${text}</code>
        <${CopyButton} text=${text} name=${name} select=${select} autofocus=${autofocus} />
      </div>
    </div>
  `;
}
