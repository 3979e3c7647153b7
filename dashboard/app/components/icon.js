// The page's few signs, drawn with strokes in the text's colour. They say nothing by themselves:
// whatever matters stands beside them in words, or in the button's name.
import { html } from '../html.js';

const PATHS = {
  alert: 'M12 9v4m0 4h.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  dots: 'M5 12h.5M11.75 12h.5M18.5 12h.5',
  key: 'M15.5 8.5h.01M14 14a6 6 0 1 0-5.2-3L3 16.8V21h4.2v-2.6h2.6v-2.6z',
  left: 'm14 6-6 6 6 6',
  pencil: 'M4 20h4L19 9l-4-4L4 16z',
  plus: 'M12 5v14M5 12h14',
  right: 'm10 6 6 6-6 6',
  search: 'm20 20-4.2-4.2M17.5 10.8a6.7 6.7 0 1 1-13.4 0 6.7 6.7 0 0 1 13.4 0z',
};

export function Icon({ name }) {
  return html`
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d=${PATHS[name]} />
    </svg>
  `;
}
