// When something happened, as people say it, and exactly for whoever points at it or asks.
import { html } from '../html.js';
import { ago, moment } from '../time.js';

export function When({ at, now }) {
  return html`<time datetime=${at} title=${moment(at)}>${ago(at, now)}</time>`;
}
