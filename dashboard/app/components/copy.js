// Copies a text, and says so.
import { html, useEffect, useState } from '../html.js';
import { Icon } from './icon.js';

const SHOWN_MS = 2_500;

/** `name` says what is copied; `select` marks the text for copying by hand where that is refused. */
export function CopyButton({ text, name, select, autofocus = false, iconOnly = false }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      select?.();
      setSaid(select ? 'Press Ctrl+C' : 'Not allowed');
    }
  }

  const done = said === 'Copied';
  return html`
    <button
      class=${iconOnly ? 'icon-button' : 'button button-copy'}
      type="button"
      aria-label=${`Copy ${name}`}
      autofocus=${autofocus}
      onClick=${copy}
    >
      <${Icon} name=${done ? 'check' : 'copy'} />
      ${!iconOnly && html`<span>${said || 'Copy'}</span>`}
    </button>
    <span class="unseen" role="status">${said && (done ? `Copied ${name}` : said)}</span>
  `;
}
