// When the key is to expire: a few usual spans, or a day of the calendar.
import { html, useState } from '../html.js';
import { PRESETS, calendarDay, endOfDay, inDays } from '../expiry.js';
import { moment } from '../time.js';
import { Chips } from './choice.js';
import { FieldGroup } from './fields.js';
import { useId } from './use-id.js';

const CUSTOM = { id: 'custom', label: 'Date…' };

/**
 * The moment is fixed when it is chosen and stays what is sent: it makes the same form twice the
 * same request. `{ preset, at }`; `at` is null for never, and undefined for "as it is".
 */
export function useExpiry(first, now) {
  const at = (id) => PRESETS.find((preset) => preset.id === id)?.days;
  const [expiry, setExpiry] = useState(() => ({ preset: first, at: inDays(at(first), now) ?? (first === 'never' ? null : undefined) }));
  return [expiry, setExpiry];
}

export function ExpiryField({ expiry, onChange, now, error, label = 'Expires', keep, never = true }) {
  const dateId = useId();
  const presets = PRESETS.filter(({ id }) => never || id !== 'never');
  const choices = [...(keep ? [{ id: 'keep', label: 'As it is' }] : []), ...presets, CUSTOM];

  function choose(preset) {
    if (preset === 'keep') return onChange({ preset, at: undefined });
    if (preset === 'custom') {
      const date = calendarDay(now, 30);
      return onChange({ preset, at: endOfDay(date), date });
    }
    return onChange({ preset, at: inDays(PRESETS.find(({ id }) => id === preset).days, Date.now()) });
  }
  const pick = (date) => onChange({ preset: 'custom', at: endOfDay(date), date });

  const help = {
    keep: keep,
    never: 'It works until somebody revokes it. Choose a date if you can: forgotten keys are found by others.',
  }[expiry.preset] ?? (expiry.at ? `It stops working on ${moment(expiry.at)}. You are warned here a week before.` : 'Choose a day.');
  return html`
    <${FieldGroup} label=${label} help=${help} error=${error}>
      <${Chips} choices=${choices} value=${expiry.preset} onChange=${choose} />
      ${expiry.preset === 'custom' &&
      html`
        <label class="unseen" for=${dateId}>Day</label>
        <input
          id=${dateId}
          class="date"
          type="date"
          required
          min=${calendarDay(now, 0)}
          value=${expiry.date}
          onInput=${({ target }) => pick(target.value)}
        />
      `}
    <//>
  `;
}
