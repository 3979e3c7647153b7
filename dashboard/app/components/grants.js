// What a key may do, and what narrows it.
import { html } from '../html.js';
import { limitInWords } from '../words.js';

export function Grants({ apiKey }) {
  const { scopes, allowedIps, rateLimit } = apiKey;
  return html`
    <ul class="grants">
      ${scopes.map((scope) => html`<li key=${scope} class="chip"><code>${scope}</code></li>`)}
      ${allowedIps.length > 0 &&
      html`<li class="chip" title=${allowedIps.join(', ')}>from ${allowedIps.length === 1 ? allowedIps[0] : `${allowedIps.length} networks`}</li>`}
      ${rateLimit && html`<li class="chip">${limitInWords(rateLimit)}</li>`}
    </ul>
  `;
}
