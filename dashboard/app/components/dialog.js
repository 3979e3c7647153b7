// The browser's own modal dialog: it keeps the focus inside, makes the rest inert, and gives the
// focus back when it closes.
import { html, useLayoutEffect, useRef } from '../html.js';
import { Icon } from './icon.js';
import { useId } from './use-id.js';

/** `locked` keeps it open: `onLocked` is told of attempts to leave. */
export function Dialog({ title, kind = '', locked = false, onLocked, onClose, closeLabel = 'Close', children }) {
  const dialog = useRef(null);
  const id = useId();
  useLayoutEffect(() => {
    const node = dialog.current;
    node.showModal();
    return () => node.close();
  }, []);

  const leave = () => (locked ? onLocked?.() : onClose());
  const onKeyDown = (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  const onCancel = (event) => {
    if (event.target !== dialog.current) return;
    event.preventDefault();
    leave();
  };
  // Some ways out cannot be prevented; then it opens again.
  const onClosed = (event) => {
    if (event.target !== dialog.current || !dialog.current?.isConnected) return;
    if (locked) dialog.current.showModal();
    leave();
  };

  return html`
    <dialog
      ref=${dialog}
      class=${`dialog ${kind}`}
      aria-labelledby=${id}
      onKeyDown=${onKeyDown}
      onCancel=${onCancel}
      onClose=${onClosed}
    >
      <header class="dialog-head">
        <h2 id=${id}>${title}</h2>
        ${!locked &&
        html`
          <button class="icon-button" type="button" aria-label=${closeLabel} onClick=${leave}>
            <${Icon} name="close" />
          </button>
        `}
      </header>
      ${children}
    </dialog>
  `;
}
