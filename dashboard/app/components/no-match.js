// Nothing is shown of a list that has keys.
import { html } from '../html.js';
import { FILTERS } from '../filters.js';
import { search } from '../key.js';

export function NoMatch({ keys, text, filter, nameOf, onChange }) {
  const label = FILTERS.find(({ id }) => id === filter).label.toLowerCase();
  const others = search(keys, text, nameOf).length;
  const kind = filter === 'all' ? '' : `${label} `;
  return html`
    <div class="empty">
      <p>${text ? `No ${kind}key matches “${text}”.` : `No ${kind}keys.`}</p>
      ${filter !== 'all' &&
      others > 0 &&
      html`
        <button class="button" type="button" onClick=${() => onChange({ filter: 'all' })}>
          ${others === 1 ? 'Show the one in another state' : `Show ${others} in other states`}
        </button>
      `}
      ${text &&
      html`<button class="button" type="button" onClick=${() => onChange({ text: '' })}>Clear the search</button>`}
    </div>
  `;
}
