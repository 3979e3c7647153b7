// When a key is to stop working by itself.
import { DAY_MS } from './time.js';

/** What a form offers; `days` is null for never. */
export const PRESETS = [
  { id: '7', label: '7 days', days: 7 },
  { id: '30', label: '30 days', days: 30 },
  { id: '90', label: '90 days', days: 90 },
  { id: '365', label: '1 year', days: 365 },
  { id: 'never', label: 'Never', days: null },
];

/** A moment some days from `now`, as the API takes it; null for never. */
export const inDays = (days, now) => days && new Date(now + days * DAY_MS).toISOString();

/** The end of a day of the calendar (`2027-03-25`), where the reader is; null if it is none. */
export function endOfDay(text) {
  const [year, month, date] = text.split('-').map(Number);
  const end = new Date(year, month - 1, date, 23, 59, 59);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** A day of the calendar, as a date field writes it, some days from `now`. */
export function calendarDay(now, days) {
  const at = new Date(now + days * DAY_MS);
  const two = (number) => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
