// A button that opens a list of actions: arrows move in it, Escape and Tab leave it.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../html.js';
import { Icon } from './icon.js';
import { useId } from './use-id.js';

/** `items` are `{ label, onSelect, danger }`. */
export function Menu({ label, items }) {
  const [open, setOpen] = useState(false);
  const [up, setUp] = useState(false);
  const root = useRef(null);
  const button = useRef(null);
  const id = useId();
  const entries = () => [...root.current.querySelectorAll('[role=menuitem]')];

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event) => root.current.contains(event.target) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  useLayoutEffect(() => {
    if (!open) return;
    const list = root.current.querySelector('[role=menu]').getBoundingClientRect();
    setUp(list.bottom > innerHeight && list.height < button.current.getBoundingClientRect().top);
    entries()[0].focus();
  }, [open]);

  function onKeyDown(event) {
    if (!open) {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      setOpen(true);
      return;
    }
    const list = entries();
    const at = list.indexOf(document.activeElement);
    const to = {
      ArrowDown: (at + 1) % list.length,
      ArrowUp: (at + list.length - 1) % list.length,
      Home: 0,
      End: list.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      list[to].focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave();
    } else if (event.key === 'Tab') {
      setOpen(false);
    }
  }

  function leave() {
    setOpen(false);
    button.current.focus();
  }

  function choose(onSelect) {
    // The focus goes back first, so that a dialog returns it here.
    leave();
    onSelect();
  }

  return html`
    <div class="menu" ref=${root} onKeyDown=${onKeyDown}>
      <button
        ref=${button}
        class="icon-button"
        type="button"
        aria-label=${label}
        aria-haspopup="menu"
        aria-expanded=${String(open)}
        aria-controls=${open ? id : undefined}
        onClick=${() => setOpen(!open)}
      >
        <${Icon} name="dots" />
      </button>
      ${open &&
      html`
        <div id=${id} class=${`menu-list ${up ? 'menu-up' : ''}`} role="menu" aria-label=${label}>
          ${items.map(
            (item) => html`
              <button
                key=${item.label}
                class=${item.danger ? 'menu-item danger' : 'menu-item'}
                type="button"
                role="menuitem"
                tabindex="-1"
                onClick=${() => choose(item.onSelect)}
              >
                ${item.label}
              </button>
            `,
          )}
        </div>
      `}
    </div>
  `;
}
