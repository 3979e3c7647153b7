// One of a few: as short chips in a row, or as cards with an explanation each.
import { html } from '../html.js';
import { useId } from './use-id.js';

/** `choices` are `{ id, label }`. */
export function Chips({ choices, value, onChange }) {
  const name = useId();
  return html`
    <div class="segments">
      ${choices.map(
        ({ id, label }) => html`
          <label key=${id} class="segment">
            <input type="radio" name=${name} value=${id} checked=${value === id} onChange=${() => onChange(id)} />
            <span>${label}</span>
          </label>
        `,
      )}
    </div>
  `;
}

/** `choices` are `{ id, label, text }`; with `many`, `value` is a list and any number may be ticked. */
export function Cards({ choices, value, many = false, onChange }) {
  const name = useId();
  const isOn = (id) => (many ? value.includes(id) : value === id);
  const change = (id) => {
    if (!many) return onChange(id);
    // In the order of the choices, however they were ticked.
    const on = isOn(id) ? value.filter((one) => one !== id) : [...value, id];
    return onChange(choices.map((choice) => choice.id).filter((one) => on.includes(one)));
  };
  return html`
    <div class="cards">
      ${choices.map(
        ({ id, label, text }) => html`
          <label key=${id} class="card">
            <input type=${many ? 'checkbox' : 'radio'} name=${name} value=${id} checked=${isOn(id)} onChange=${() => change(id)} />
            <span class="card-text"><span class="card-label">${label}</span><span class="muted small">${text}</span></span>
          </label>
        `,
      )}
    </div>
  `;
}
