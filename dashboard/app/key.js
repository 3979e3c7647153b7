// What a key object means at a moment. The API says the same at the time of its answer; a page
// that stays open goes on counting.
import { DAY_MS } from './time.js';

export const STATUSES = ['active', 'disabled', 'expired', 'revoked'];

const WARNING_MS = 7 * DAY_MS;
const LATELY_MS = DAY_MS;

export function statusOf(key, now) {
  if (key.status !== 'revoked' && key.expiresAt && new Date(key.expiresAt) <= now) return 'expired';
  return key.status;
}

/** Whether it can never work again. */
export const isFinal = (key, now) => ['revoked', 'expired'].includes(statusOf(key, now));

/** The older secret, while it has not ended. */
export function rotationOf(key, now) {
  const { rotation } = key;
  const ended = rotation?.previousExpiresAt && new Date(rotation.previousExpiresAt) <= now;
  return rotation && !ended && !isFinal(key, now) ? rotation : null;
}

/**
 * Whether the older secret of a rotation can be ended without a program's noticing, as far as uses
 * tell: `unused`, `moved` (only the newest is used now), `both`, or `behind` (the newest is not).
 */
export function progressOf({ previousLastUsedAt, newestLastUsedAt }, now) {
  if (!previousLastUsedAt) return 'unused';
  if (!newestLastUsedAt || newestLastUsedAt <= previousLastUsedAt) return 'behind';
  return now - new Date(previousLastUsedAt) < LATELY_MS ? 'both' : 'moved';
}

/** Whether a live key ends within a week. */
export function expiresSoon(key, now) {
  return Boolean(key.expiresAt) && !isFinal(key, now) && new Date(key.expiresAt) - now < WARNING_MS;
}

const TOKEN = /ac_live_[0-9A-Za-z]{38}/;

/** What may be shown of a token that somebody pasted; the text as it is if there is none in it. */
export function withoutToken(text) {
  const token = TOKEN.exec(text)?.[0];
  return token ? `${token.slice(0, 12)}...${token.slice(-4)}` : text;
}

/** The keys that a search means: by name, hint, id or maker; by either hint of a rotation. */
export function search(keys, text, nameOf) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return keys;
  const has = (value) => Boolean(value) && value.toLowerCase().includes(wanted);
  return keys.filter(
    (key) =>
      has(key.name) ||
      has(key.hint) ||
      has(key.rotation?.previousHint) ||
      has(key.id) ||
      has(nameOf(key.createdBy)),
  );
}
