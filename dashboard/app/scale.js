// The values that a chart's lines stand at.

/**
 * Round numbers from 0 to the first that is not below `most`: whole ones, for they count requests,
 * in at most `steps` equal steps.
 */
export function ticks(most, steps = 4) {
  const step = roundStep(Math.max(most, 1) / steps);
  const count = Math.ceil(Math.max(most, 1) / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** The smallest of 1, 2, 5, 10, 20, … that is not below `size`. */
function roundStep(size) {
  const power = 10 ** Math.floor(Math.log10(Math.max(size, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= size);
}
