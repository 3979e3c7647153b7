// A field with its label, its help and its fault, tied together for screen readers.
import { html } from '../html.js';
import { useId } from './use-id.js';

/** `children` makes the control: it is given `{ id, 'aria-invalid', 'aria-describedby' }`. */
export function Field({ label, help, error, optional = false, children }) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  const control = {
    id,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': described || undefined,
  };
  return html`
    <div class="field">
      <label for=${id}>${label}${optional && html` <span class="muted">optional</span>`}</label>
      ${children(control)}
      ${help && html`<p id=${`${id}-help`} class="field-help">${help}</p>`}
      ${error && html`<p id=${`${id}-error`} class="field-error">${error}</p>`}
    </div>
  `;
}

/** Several controls under one label. */
export function FieldGroup({ label, help, error, children }) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return html`
    <fieldset class="field" aria-describedby=${described || undefined}>
      <legend>${label}</legend>
      ${children}
      ${help && html`<p id=${`${id}-help`} class="field-help">${help}</p>`}
      ${error && html`<p id=${`${id}-error`} class="field-error">${error}</p>`}
    </fieldset>
  `;
}
