// Usage in words: days, weeks, numbers, and what refusals mean for whoever owns the key.
import { OUTCOMES } from './outcomes.js';
import { LOCALE } from './time.js';
import { totalOf } from './usage.js';

const utc = (options) => new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', ...options });
const LONG = utc({ dateStyle: 'medium' });
const SHORT = utc({ month: 'short', day: 'numeric' });
const MONTH = utc({ month: 'short' });
const COMPACT = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat(LOCALE);

export const utcDay = (date) => LONG.format(new Date(date));

/** 12,345 */
export const number = (value) => WHOLE.format(value);

/** 12K, on the lines of a chart. */
export const compact = (value) => COMPACT.format(value);

/** "1 request", "12 requests" */
export const requests = (count) => `${number(count)} ${count === 1 ? 'request' : 'requests'}`;

export const times = (count) => ({ 1: 'once', 2: 'twice' })[count] ?? `${number(count)} times`;

/** A bin's day, or the days of its week. */
export function binInWords({ from, to }) {
  return from === to ? utcDay(from) : LONG.formatRange(new Date(from), new Date(to));
}

/** What stands under the bars: each day; of weeks, the months that begin, with the year where it is another. */
export function binLabels(bins) {
  if (bins.every(({ from, to }) => from === to)) return bins.map(({ from }) => SHORT.format(new Date(from)));
  return bins.map(({ from, to }, index) => {
    const begins = index > 0 && from.slice(0, 7) !== bins[index - 1].from.slice(0, 7);
    if (!begins) return null;
    const at = new Date(from);
    return at.getUTCMonth() === 0 ? String(at.getUTCFullYear()) : MONTH.format(at);
  });
}

/** "12 requests: 10 accepted, 2 refused" */
export function countsInWords(counts) {
  const parts = OUTCOMES.filter(({ id }) => counts[id] > 0).map(
    ({ id, label }) => `${number(counts[id])} ${label.toLowerCase()}`,
  );
  const total = totalOf(counts);
  if (total === 0) return 'no requests';
  return parts.length === 1 ? parts[0].replace(' ', total === 1 ? ' request ' : ' requests ') : `${requests(total)}: ${parts.join(', ')}`;
}
