// What a key may do and from where: the same fields when it is made and when it is changed.
import { html, useState } from '../html.js';
import { SCOPES, WINDOWS } from '../words.js';
import { Cards } from './choice.js';
import { Field, FieldGroup } from './fields.js';
import { useId } from './use-id.js';

export const ACCESS_MEMBERS = ['scopes', 'allowedIps', 'rateLimit'];

const LEAST = { scopes: ['agents:read'], allowedIps: [], rateLimit: null };

/** `[access, change, body]`: what the fields hold, how they change it, what the API takes. */
export function useAccess({ scopes, allowedIps, rateLimit } = LEAST) {
  const [access, setAccess] = useState({
    scopes,
    addresses: allowedIps.join('\n'),
    limited: Boolean(rateLimit),
    requests: String(rateLimit?.requests ?? 100),
    windowSeconds: rateLimit?.windowSeconds ?? 60,
  });
  const change = (changes) => setAccess((old) => ({ ...old, ...changes }));
  const body = {
    scopes: access.scopes,
    allowedIps: access.addresses.split(/[\s,]+/).filter(Boolean),
    rateLimit: access.limited
      ? { requests: Number(access.requests), windowSeconds: access.windowSeconds }
      : null,
  };
  return [access, change, body];
}

export function ScopesField({ access, change, error }) {
  return html`
    <${FieldGroup} label="It may" error=${error ?? (access.scopes.length === 0 && 'Tick at least one.')}>
      <${Cards} many choices=${SCOPES} value=${access.scopes} onChange=${(scopes) => change({ scopes })} />
    <//>
  `;
}

export function AddressesField({ access, change, error }) {
  return html`
    <${Field}
      label="Only from these addresses"
      optional
      help="One address or network a line, such as 192.0.2.7 or 2001:db8::/32. Left empty, the key works from anywhere."
      error=${error}
    >
      ${(control) => html`
        <textarea
          ...${control}
          rows="2"
          spellcheck=${false}
          autocomplete="off"
          value=${access.addresses}
          onInput=${({ target }) => change({ addresses: target.value })}
        ></textarea>
      `}
    <//>
  `;
}

export function RateLimitField({ access, change, error }) {
  const id = useId();
  const known = WINDOWS.some(({ seconds }) => seconds === access.windowSeconds);
  const windows = known
    ? WINDOWS
    : [...WINDOWS, { seconds: access.windowSeconds, label: `${access.windowSeconds} seconds` }];
  return html`
    <${FieldGroup} label="Rate limit" error=${error}>
      <label class="tick">
        <input type="checkbox" checked=${access.limited} onChange=${({ target }) => change({ limited: target.checked })} />
        <span>Refuse more requests than</span>
      </label>
      <div class="limit">
        <label class="unseen" for=${`${id}-requests`}>Requests</label>
        <input
          id=${`${id}-requests`}
          type="number"
          inputmode="numeric"
          min="1"
          max="1000000"
          required=${access.limited}
          disabled=${!access.limited}
          value=${access.requests}
          onInput=${({ target }) => change({ requests: target.value })}
        />
        <span class="muted">each</span>
        <label class="unseen" for=${`${id}-window`}>Window</label>
        <select
          id=${`${id}-window`}
          disabled=${!access.limited}
          value=${String(access.windowSeconds)}
          onChange=${({ target }) => change({ windowSeconds: Number(target.value) })}
        >
          ${windows.map(
            ({ seconds, label }) => html`
              <option key=${seconds} value=${String(seconds)} selected=${seconds === access.windowSeconds}>${label}</option>
            `,
          )}
        </select>
      </div>
    <//>
  `;
}

/** The fault of an address, with which one it is. */
export function addressError(error, addresses) {
  const detail = error?.details?.find(({ field }) => field.startsWith('allowedIps'));
  if (!detail) return undefined;
  const address = addresses[Number(detail.field.split('.')[1])];
  return address ? `${address}: ${detail.message}` : detail.message;
}
