// Which keys of the list are shown.
import { search, statusOf } from './key.js';

export const FILTERS = [
  { id: 'live', label: 'Live', statuses: ['active', 'disabled'] },
  { id: 'active', label: 'Active', statuses: ['active'] },
  { id: 'disabled', label: 'Disabled', statuses: ['disabled'] },
  { id: 'expired', label: 'Expired', statuses: ['expired'] },
  { id: 'revoked', label: 'Revoked', statuses: ['revoked'] },
  { id: 'all', label: 'All', statuses: ['active', 'disabled', 'expired', 'revoked'] },
];

const withStatus = (keys, filter, now) => {
  const { statuses } = FILTERS.find(({ id }) => id === filter);
  return keys.filter((key) => statuses.includes(statusOf(key, now)));
};

/** The filters that tell anything apart, and the one that is chosen. */
export function offered(keys, chosen, now) {
  const there = new Set(keys.map((key) => statusOf(key, now)));
  const tells = { live: true, all: true, active: there.has('disabled') };
  return FILTERS.filter(({ id }) => id === chosen || (tells[id] ?? there.has(id)));
}

export const count = (keys, filter, now) => withStatus(keys, filter, now).length;

export function select(keys, { text, filter, now, nameOf }) {
  return search(withStatus(keys, filter, now), text, nameOf);
}
