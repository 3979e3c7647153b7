// What has just been done, for eyes and screen readers, with a way to undo it where there is one.
import { html, useEffect, useState } from '../html.js';
import { Icon } from './icon.js';

const SHOWN_MS = 8_000;

/** `[toasts, toast]`: the list to show, and `toast(text, { undo, error })`. */
export function useToasts() {
  const [toasts, setToasts] = useState([]);
  const dismiss = (id) => setToasts((all) => all.filter((one) => one.id !== id));
  const toast = (text, more = {}) => {
    const id = crypto.randomUUID();
    setToasts((all) => [...all.slice(-2), { id, text, ...more, dismiss: () => dismiss(id) }]);
  };
  return [toasts, toast];
}

export function Toasts({ toasts }) {
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${toasts.map((one) => html`<${Toast} key=${one.id} ...${one} />`)}
    </div>
  `;
}

function Toast({ text, error, undo, dismiss }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    // An error waits to be read.
    if (error || held) return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held]);
  const undone = () => {
    dismiss();
    undo();
  };
  return html`
    <div
      class=${error ? 'toast toast-error' : 'toast'}
      onMouseEnter=${() => setHeld(true)}
      onMouseLeave=${() => setHeld(false)}
      onFocusIn=${() => setHeld(true)}
      onFocusOut=${() => setHeld(false)}
    >
      <${Icon} name=${error ? 'alert' : 'check'} />
      <span class="toast-text">
        ${text}
        ${error?.requestId && html`<span class="toast-id">Request id <code>${error.requestId}</code></span>`}
      </span>
      ${undo && html`<button class="link" type="button" onClick=${undone}>Undo</button>`}
      <button class="icon-button" type="button" aria-label="Dismiss" onClick=${dismiss}>
        <${Icon} name="close" />
      </button>
    </div>
  `;
}
