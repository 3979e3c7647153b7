// Times in words. The page is in English; an English reader's own way to write dates is kept.
export const LOCALE = navigator.languages?.find((one) => one.startsWith('en')) ?? 'en-GB';

const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 3600 * 1000;

/** 24 Nov 2026 */
export const day = (time) => DAY.format(new Date(time));

/** 24 Nov 2026, 10:15 */
export const moment = (time) => MOMENT.format(new Date(time));

/** "3 hours ago", "just now": of what has happened, whatever a slow clock here says. */
export function ago(time, now) {
  const seconds = (now - new Date(time)) / 1000;
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return RELATIVE.format(-Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** "5 days", "3 hours": how long something still lasts. */
export function remaining(time, now) {
  const seconds = Math.max(0, (new Date(time) - now) / 1000);
  for (const [unit, size] of UNITS) {
    const count = Math.round(seconds / size);
    if (seconds >= size) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
