// Where a chart's bars, lines and words go. Numbers alone: no document, no time.
import { OUTCOMES } from './outcomes.js';
import { ticks } from './scale.js';
import { totalOf } from './usage.js';

const TOP = 10;
const BOTTOM = 26;
const CHARACTER = 7.2;
const GAP = 24;
const WIDEST_BAR = 44;

// A single request among thousands is seen all the same.
const LOWEST = 2;

/** Bars that fill a width: where each begins, and how wide its place and it are. */
export function columns(count, left, width) {
  const exact = width / count;
  const whole = Math.floor(exact);
  // Whole pixels are even and sharp, unless they leave much of the width empty.
  if (whole < 3 || whole < exact * 0.92) return { start: left, step: exact, bar: exact * 0.7, inset: exact * 0.15 };
  const bar = Math.min(WIDEST_BAR, Math.round(whole * 0.66));
  const start = left + Math.floor((width - whole * count) / 2);
  return { start, step: whole, bar, inset: Math.floor((whole - bar) / 2) };
}

/** Which bar is under `x`; the nearest, beside all of them. */
export function columnAt(x, { start, step }, count) {
  return Math.min(count - 1, Math.max(0, Math.floor((x - start) / step)));
}

/** Heights of a bar's parts, from the ground up, as `[bottom, height]`. */
export function stack(values, scale) {
  let bottom = 0;
  return values.map((value) => {
    const height = value > 0 ? Math.max(LOWEST, value * scale) : 0;
    const part = [bottom, height];
    bottom += height;
    return part;
  });
}

/**
 * A chart of bins in a box: `{ left, right, ground, lines, columns, paths }`, a path each outcome.
 * `inWords` writes the values of the lines, for which room is made at the left.
 */
export function chartOf(bins, { width, height, inWords }) {
  const values = ticks(Math.max(0, ...bins.map(totalOf)));
  const labels = values.map(inWords);
  const left = Math.ceil(Math.max(...labels.map((label) => label.length)) * CHARACTER) + 14;
  const ground = height - BOTTOM;
  const scale = (ground - TOP) / values.at(-1);
  const places = columns(bins.length, left, width - left);
  return {
    left,
    right: width,
    ground,
    lines: values.map((value, index) => ({ y: Math.round(ground - value * scale), label: labels[index] })),
    columns: places,
    paths: pathsOf(bins, places, ground, scale),
  };
}

/** The paths of a chart without words: the sparkline. */
export function sparkOf(bins, { width, height }) {
  const most = Math.max(1, ...bins.map(totalOf));
  return pathsOf(bins, columns(bins.length, 0, width), height, (height - LOWEST) / most);
}

function pathsOf(bins, { start, step, bar, inset }, ground, scale) {
  const drawn = OUTCOMES.map(({ id }) => ({ id, d: '' }));
  bins.forEach((bin, index) => {
    const x = start + index * step + inset;
    const parts = stack(OUTCOMES.map(({ id }) => bin[id]), scale);
    parts.forEach(([bottom, part], at) => {
      if (part === 0) return;
      // A line of the ground's colour between parts that are tall enough to spare it.
      const spared = bottom > 0 && part > 3 ? 1 : 0;
      drawn[at].d += `M${short(x)} ${short(ground - bottom - spared)}h${short(bar)}v${short(spared - part)}h${short(-bar)}z`;
    });
  });
  return drawn.filter(({ d }) => d);
}

const short = (number) => Math.round(number * 100) / 100;

/**
 * Which of `labels` are written under their bars, as `{ index, x, anchor, text }`: as many as fit,
 * evenly, and none over the edge. Null has no label. `last` is written before others are.
 */
export function labelsOf(labels, { start, step }, { left, right }) {
  const named = labels.flatMap((text, index) => (text ? [{ index, text }] : []));
  const widest = Math.max(0, ...named.map(({ text }) => text.length)) * CHARACTER + GAP;
  const apart = named.length > 1 ? (named.at(-1).index - named[0].index) / (named.length - 1) : 1;
  const every = Math.max(1, Math.ceil(widest / (apart * step)));
  return named
    .filter((_, index) => (named.length - 1 - index) % every === 0)
    .map(({ index, text }) => ({ index, text, ...anchored(start + (index + 0.5) * step, text, left, right) }));
}

function anchored(x, text, left, right) {
  const half = (text.length * CHARACTER) / 2;
  if (x + half > right) return { x: right, anchor: 'end' };
  if (x - half < left) return { x: left, anchor: 'start' };
  return { x: short(x), anchor: 'middle' };
}
