// What it means that a secret was refused, and what to do, for whoever owns its key.
import { isFinal, statusOf } from './key.js';
import { times, utcDay } from './usage-words.js';

/** `{ what, advice }` for one of a key's refusals, as `refusalsOf` gives them. */
export function refusalInWords({ reason, times: count, first, last }, apiKey, now) {
  const [what, advice] = SAYINGS[reason](apiKey, now);
  const [subject, rest = ''] = what.split('…');
  return { what: `${subject} was used ${times(count)} ${when(first, last)}${rest}.`, advice };
}

const when = (first, last) =>
  first === last ? `on ${utcDay(first)}` : `since ${utcDay(first)}, the last time on ${utcDay(last)}`;

// In `what` the sign … stands where the number and the days go.
const SAYINGS = {
  revoked: (apiKey, now) => [
    statusOf(apiKey, now) === 'revoked' ? 'A revoked secret of this key' : 'A secret of this key that had been ended',
    `It was refused each time. If a program of yours still sends it, give that program ${remedy(apiKey, now)}. If you know of none, somebody else has the secret, which opens nothing any more.`,
  ],
  disabled: (apiKey, now) => [
    'This key…, while it was disabled',
    {
      active: 'It was refused each time. Now that the key is enabled it works again.',
      disabled: 'It was refused each time. If the program that sends it should work, the key has to be enabled; otherwise stop that program.',
    }[statusOf(apiKey, now)] ?? 'It was refused each time. Stop the program that sends it, or give it a new key.',
  ],
  expired: (apiKey, now) => [
    statusOf(apiKey, now) === 'expired' ? 'This key…, after it had expired' : 'A secret of this key…, after its time was over',
    `It was refused each time. A program still sends it: give that program ${remedy(apiKey, now)}.`,
  ],
};

const remedy = (apiKey, now) => (isFinal(apiKey, now) ? 'a new key' : 'the newest secret');
