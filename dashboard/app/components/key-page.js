// One key: everything about it, what can be done, how much it was used, and what was done to it.
import { html, useEffect, useRef, useState } from '../html.js';
import { useAccount } from '../account.js';
import { useStore } from '../store.js';
import { Activity } from './activity.js';
import { ErrorNote } from './error-note.js';
import { Facts } from './facts.js';
import { Icon } from './icon.js';
import { KeyButtons } from './key-buttons.js';
import { Rename, useFocusAfter } from './key-name.js';
import { StatusBadge } from './status-badge.js';
import { TableSkeleton } from './table-skeleton.js';
import { Usage } from './usage.js';

export function KeyPage({ id, now }) {
  const { person, api, keys, show, renaming, setRenaming } = useAccount();
  const apiKey = useStore(keys).keys.find((one) => one.id === id);
  const [error, setError] = useState(null);
  const title = useRef(null);
  const renamer = useFocusAfter(renaming === id);

  function read() {
    setError(null);
    api.getKey(id).then(keys.put, setError);
  }
  useEffect(read, []);
  useEffect(() => title.current?.focus(), [Boolean(apiKey)]);

  const back = html`
    <button class="link back" type="button" onClick=${() => show(null)}><${Icon} name="left" /> API keys</button>
  `;
  if (error && (error.status === 404 || !apiKey)) {
    const retry = error.status === 404 ? null : read;
    return html`${back}<h1 ref=${title} tabindex="-1">No such key</h1>
      ${error.status === 404
        ? html`<p class="muted">There is no key with this id in ${person.accountName}.</p>`
        : html`<${ErrorNote} error=${error} onRetry=${retry} />`}`;
  }
  if (!apiKey) return html`${back}<${TableSkeleton} />`;

  return html`
    ${back}
    <div class="page-head">
      ${renaming === id
        ? html`<${Rename} apiKey=${apiKey} onDone=${() => setRenaming(null)} />`
        : html`
            <div class="key-title">
              <h1 ref=${title} tabindex="-1">${apiKey.name}</h1>
              ${person.mayManage &&
              html`
                <button ref=${renamer} class="icon-button" type="button" aria-label="Rename" onClick=${() => setRenaming(id)}>
                  <${Icon} name="pencil" />
                </button>
              `}
              <${StatusBadge} apiKey=${apiKey} now=${now} />
            </div>
          `}
      ${person.mayManage && !(apiKey.status === 'revoked') && html`<${KeyButtons} apiKey=${apiKey} now=${now} />`}
    </div>
    ${error && html`<${ErrorNote} error=${error} onRetry=${read} />`}
    <${Facts} apiKey=${apiKey} now=${now} />
    <${Usage} apiKey=${apiKey} now=${now} />
    ${person.mayManage
      ? html`<${Activity} apiKey=${apiKey} now=${now} />`
      : html`<p class="muted">Admins of ${person.accountName} see what was done to this key.</p>`}
  `;
}
