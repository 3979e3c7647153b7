// The table of keys. On a narrow screen each row becomes a card, by style alone; the roles keep it
// a table for screen readers, which some browsers forget when `display` changes.
import { html } from '../html.js';
import { KeyRow } from './key-row.js';

const COLUMNS = ['Name', 'Secret', 'Status', 'Access', 'Last used', 'Expires'];

export function KeysTable({ keys, now, nameOf }) {
  return html`
    <table class="keys" role="table" aria-label="API keys">
      <thead role="rowgroup">
        <tr role="row">
          ${COLUMNS.map((column) => html`<th key=${column} role="columnheader" scope="col">${column}</th>`)}
          <th role="columnheader" scope="col"><span class="unseen">Actions</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${keys.map((key) => html`<${KeyRow} key=${key.id} apiKey=${key} now=${now} nameOf=${nameOf} />`)}
      </tbody>
    </table>
  `;
}
