// Audit events in words.
import { limitInWords, hintInWords, REVOKED_REASONS } from './words.js';
import { moment } from './time.js';

const ACTIONS = {
  'api_key.created': 'created the key',
  'api_key.updated': 'changed the key',
  'api_key.disabled': 'disabled the key',
  'api_key.enabled': 'enabled the key',
  'api_key.rotated': 'rotated the key',
  'api_key.rotation_ended': 'ended the older secret',
  'api_key.revoked': 'revoked the key',
};

const MEMBERS = {
  name: ['Name', (name) => name],
  scopes: ['Scopes', (scopes) => scopes.join(', ')],
  allowedIps: ['Addresses', (ips) => (ips.length ? ips.join(', ') : 'anywhere')],
  rateLimit: ['Rate limit', limitInWords],
  expiresAt: ['Expires', (at) => (at ? moment(at) : 'never')],
  hint: ['Secret', hintInWords],
  note: ['Note', (note) => note],
  revokedReason: ['Revoked', (reason) => REVOKED_REASONS[reason] ?? reason],
};

// Said by the action itself, or by another member.
const SILENT = { 'api_key.created': ['name'], 'api_key.revoked': [] };

export const actionInWords = ({ action }) => ACTIONS[action] ?? action.replace('api_key.', '');

/** The changes of an event as `[label, from, to]`; `from` is null where there was nothing. */
export function changesInWords({ action, changes }) {
  const silent = SILENT[action] ?? [];
  return Object.entries(changes)
    .filter(([name, { to }]) => MEMBERS[name] && !silent.includes(name) && !isNothing(to, action))
    .map(([name, { from, to }]) => {
      const [label, inWords] = MEMBERS[name];
      return [label, from === null ? null : inWords(from), inWords(to)];
    });
}

// A new key begins with everything; what it does not have is not worth a line.
function isNothing(value, action) {
  const empty = value === null || (Array.isArray(value) && value.length === 0);
  return empty && action === 'api_key.created';
}
