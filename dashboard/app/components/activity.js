// What was done to a key, newest first, by whom and from where.
import { html, useEffect, useState } from '../html.js';
import { useAccount } from '../account.js';
import { actionInWords, changesInWords } from '../events.js';
import { useStore } from '../store.js';
import { agentInWords } from '../words.js';
import { ErrorNote } from './error-note.js';
import { When } from './when.js';

export function Activity({ apiKey, now }) {
  const { api } = useAccount();
  const [{ events, cursor, reading, error }, setState] = useState({ events: [], cursor: null, reading: true, error: null });
  const set = (changes) => setState((old) => ({ ...old, ...changes }));

  async function read(after, before) {
    set({ reading: true, error: null });
    try {
      const page = await api.listEvents(apiKey.id, after);
      set({ events: [...before, ...page.data], cursor: page.nextCursor, reading: false });
    } catch (failure) {
      set({ reading: false, error: failure });
    }
  }
  // The key's object is another after each change.
  useEffect(() => {
    read(undefined, []);
  }, [apiKey]);

  return html`
    <section class="panel" aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      ${error && html`<${ErrorNote} error=${error} onRetry=${() => read(cursor ?? undefined, cursor ? events : [])} />`}
      <ol class="events">
        ${events.map((event) => html`<${Event} key=${event.id} event=${event} now=${now} />`)}
      </ol>
      ${reading && events.length === 0 && html`<p class="muted" role="status">Loading…</p>`}
      ${cursor &&
      !error &&
      html`<button class="button" type="button" disabled=${reading} onClick=${() => read(cursor, events)}>Show older</button>`}
    </section>
  `;
}

function Event({ event, now }) {
  const { actor } = event;
  const where = [event.address, agentInWords(event.userAgent)].filter(Boolean).join(' · ');
  return html`
    <li class=${`event event-${event.action.replace('api_key.', '')}`}>
      <p><strong><${Actor} actor=${actor} /></strong> ${actionInWords(event)} <span class="muted"><${When} at=${event.createdAt} now=${now} /></span></p>
      ${changesInWords(event).map(
        ([label, from, to]) => html`
          <p key=${label} class="change">
            ${label}: ${from !== null && html`<del>${from}</del> → `}<ins>${to}</ins>
          </p>
        `,
      )}
      ${where && html`<p class="muted small" title=${event.userAgent}>${where}</p>`}
    </li>
  `;
}

function Actor({ actor }) {
  const { names } = useStore(useAccount().people);
  if (actor.type === 'key') return 'A program with this key';
  if (actor.type === 'system') return 'The system';
  const name = names[actor.id] ?? actor.id;
  return name === 'you' ? 'You' : name;
}
