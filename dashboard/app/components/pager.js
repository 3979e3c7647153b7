// Which part of the list is shown, and the way to the others.
import { html } from '../html.js';
import { Icon } from './icon.js';

export function Pager({ from, shown, total, page, pages, reading, onPage }) {
  if (!shown) return null;
  return html`
    <nav class="pager" aria-label="Pages of keys">
      <p class="muted" role="status">
        ${pages === 1 ? `${total} ${total === 1 ? 'key' : 'keys'}` : `${from + 1}–${from + shown} of ${total} keys`}
        ${reading && '. Reading older ones…'}
      </p>
      ${pages > 1 &&
      html`
        <div class="pager-steps">
          <button class="button" type="button" disabled=${page === 0} onClick=${() => onPage(page - 1)}>
            <${Icon} name="left" /> Newer
          </button>
          <button class="button" type="button" disabled=${page === pages - 1} onClick=${() => onPage(page + 1)}>
            Older <${Icon} name="right" />
          </button>
        </div>
      `}
    </nav>
  `;
}
