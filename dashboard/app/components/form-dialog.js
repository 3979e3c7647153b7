// A dialog with a form: its fields, its error, and the two ways out.
import { html, useEffect, useRef } from '../html.js';
import { Dialog } from './dialog.js';
import { ErrorNote } from './error-note.js';

/** `known` names the members whose faults the fields show. */
export function FormDialog({
  title,
  submitLabel,
  busyLabel,
  danger = false,
  ready = true,
  busy,
  error,
  known,
  onSubmit,
  onEdit,
  onClose,
  children,
}) {
  const form = useRef(null);
  // Takes whoever sent it to what is wrong.
  useEffect(() => {
    if (!error) return;
    const wrong = form.current.querySelector('[aria-invalid=true]');
    if (wrong) wrong.focus();
    else form.current.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const submit = (event) => {
    event.preventDefault();
    onSubmit();
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form ref=${form} class="form" onSubmit=${submit} onInput=${onEdit}>
        <div class="form-fields">${children}</div>
        <${ErrorNote} error=${error} known=${known} />
        <div class="form-end">
          <button class="button" type="button" onClick=${onClose}>Cancel</button>
          <button class=${`button ${danger ? 'button-danger' : 'button-primary'}`} type="submit" disabled=${!ready || busy}>
            ${busy ? busyLabel : error?.passes ? 'Try again' : submitLabel}
          </button>
        </div>
      </form>
    <//>
  `;
}
