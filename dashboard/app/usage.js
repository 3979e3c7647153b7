// What the days of the usage routes add up to. Days are UTC's, as the API counts them.
import { OUTCOMES, REFUSALS } from './outcomes.js';

/** The ranges that can be looked at, in days; the longest is as long as usage is kept. */
export const RANGES = [7, 30, 90, 400];
export const USUAL_RANGE = 30;

// More bars than this would be thinner than a screen shows well.
const MOST_BARS = 100;

export const totalOf = (counts) => OUTCOMES.reduce((sum, { id }) => sum + counts[id], 0);

/** Several days, or bins, as one. */
export function sum(days) {
  const add = (id) => days.reduce((total, day) => total + day[id], 0);
  return Object.fromEntries(OUTCOMES.map(({ id }) => [id, add(id)]));
}

/**
 * What one bar stands for: `{ from, to, ...counts }`. A day each, or a week from Monday to Sunday
 * where days would be too many; the first and the last of those may be cut short.
 */
export function binsOf(days) {
  const groups = days.length > MOST_BARS ? weeks(days) : days.map((day) => [day]);
  return groups.map((group) => ({ from: group[0].date, to: group.at(-1).date, ...sum(group) }));
}

function weeks(days) {
  const groups = [];
  for (const day of days) {
    if (groups.length === 0 || isMonday(day.date)) groups.push([]);
    groups.at(-1).push(day);
  }
  return groups;
}

const isMonday = (date) => new Date(date).getUTCDay() === 1;

/** The refusals that took place: `{ reason, times, first, last }`, the worst reason first. */
export function refusalsOf(days) {
  return REFUSALS.map((reason) => {
    const on = days.filter((day) => day.refusals[reason] > 0);
    const times = on.reduce((total, day) => total + day.refusals[reason], 0);
    return { reason, times, first: on[0]?.date, last: on.at(-1)?.date };
  }).filter(({ times }) => times > 0);
}
