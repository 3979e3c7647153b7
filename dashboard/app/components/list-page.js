// All keys: searched, filtered and paged here, since the page has every one of them.
import { html, useEffect, useState } from '../html.js';
import { useAccount } from '../account.js';
import { count, offered, select } from '../filters.js';
import { withoutToken } from '../key.js';
import { useStore } from '../store.js';
import { AccountUsage } from './account-usage.js';
import { Empty } from './empty.js';
import { ErrorNote } from './error-note.js';
import { Icon } from './icon.js';
import { KeysTable } from './keys-table.js';
import { NoMatch } from './no-match.js';
import { Pager } from './pager.js';
import { TableSkeleton } from './table-skeleton.js';

const PAGE_SIZE = 20;

// Kept while one key is looked at.
const view = { text: '', filter: 'live', page: 0 };

export function ListPage({ list, now }) {
  const { person, keys, people, open } = useAccount();
  const { names } = useStore(people);
  const [{ text, filter, page }, setView] = useState(view);
  const change = (changes) => setView((old) => ({ ...old, page: 0, ...changes }));
  useEffect(() => Object.assign(view, { text, filter, page }));

  const nameOf = (userId) => names[userId] ?? userId;
  const found = select(list.keys, { text, filter, now, nameOf });
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const at = Math.min(page, pages - 1);
  const rows = found.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
  const isEmpty = list.complete && list.keys.length === 0;

  return html`
    <div class="page-head">
      <div>
        <h1>API keys</h1>
        <p class="muted">
          Keys of <strong>${person.accountName}</strong>. Programs send one as <code>Authorization: Bearer ac_live_…</code>
        </p>
      </div>
      ${person.mayManage &&
      html`
        <button class="button button-primary" type="button" onClick=${() => open('create')}>
          <${Icon} name="plus" /> New key
        </button>
      `}
    </div>
    ${!person.mayManage &&
    html`
      <p class="note">
        <${Icon} name="key" />
        <span>You can see the keys of ${person.accountName}. Its admins create, change and revoke them.</span>
      </p>
    `}
    ${list.error && html`<${ErrorNote} error=${list.error} onRetry=${keys.load} />`}
    ${isEmpty && html`<${Empty} />`}
    ${!isEmpty &&
    !(list.error && list.keys.length === 0) &&
    html`
          ${list.keys.length > 0 && html`<${AccountUsage} onShowAll=${() => change({ text: '', filter: 'all' })} />`}
          <div class="toolbar">
            <label class="search">
              <span class="unseen">Search keys by name, secret, id or person</span>
              <${Icon} name="search" />
              <input
                type="search"
                placeholder="Name, secret, id or person"
                value=${text}
                onInput=${({ target }) => {
                  // A pasted secret becomes its hint at once: it finds the key and stays nowhere.
                  target.value = withoutToken(target.value);
                  change({ text: target.value });
                }}
              />
            </label>
            <${Filter} list=${list} now=${now} value=${filter} onChange=${(next) => change({ filter: next })} />
          </div>
          ${rows.length > 0 && html`<${KeysTable} keys=${rows} now=${now} nameOf=${nameOf} />`}
          ${rows.length === 0 && list.loading && html`<${TableSkeleton} />`}
          ${rows.length === 0 &&
          list.complete &&
          html`<${NoMatch} keys=${list.keys} text=${text} filter=${filter} now=${now} nameOf=${nameOf} onChange=${change} />`}
          <${Pager}
            from=${at * PAGE_SIZE}
            shown=${rows.length}
            total=${found.length}
            page=${at}
            pages=${pages}
            reading=${list.loading && list.keys.length > 0 && !list.complete}
            onPage=${(next) => change({ page: next })}
          />
    `}
  `;
}

function Filter({ list, now, value, onChange }) {
  return html`
    <fieldset class="segments">
      <legend class="unseen">Show keys by status</legend>
      ${offered(list.keys, value, now).map(
        ({ id, label }) => html`
          <label key=${id} class="segment">
            <input type="radio" name="filter" value=${id} checked=${value === id} onChange=${() => onChange(id)} />
            <span>${label} <span class="count">${list.complete ? count(list.keys, id, now) : ''}</span></span>
          </label>
        `,
      )}
    </fieldset>
  `;
}
