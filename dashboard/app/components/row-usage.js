// The sparkline of one row. It is asked for once the row is in view, so a long list costs no more
// than what is looked at.
import { html, useEffect, useRef, useState } from '../html.js';
import { useAccount } from '../account.js';
import { refusalInWords } from '../refusals.js';
import { MINUTE_MS } from '../time.js';
import { USUAL_RANGE, refusalsOf } from '../usage.js';
import { Icon } from './icon.js';
import { Sparkline } from './sparkline.js';

export function RowUsage({ apiKey, now }) {
  const { usage } = useAccount();
  const [days, setDays] = useState(usage.peek(apiKey.id, USUAL_RANGE));
  const box = useRef(null);

  // The key's object is another after each reading of the list.
  useEffect(() => {
    const leaving = new AbortController();
    const stop = whenInView(box.current, () =>
      usage
        .read(apiKey.id, USUAL_RANGE, MINUTE_MS, leaving.signal)
        // The list is whole without it, and the key's own page says what went wrong.
        .then((read) => leaving.signal.aborted || setDays(read), () => {}),
    );
    return () => {
      stop();
      leaving.abort();
    };
  }, [apiKey]);

  return html`
    <span ref=${box} class="row-usage">
      ${days && html`<${Sparkline} days=${days} of=${apiKey.name} />`}
      ${days && html`<${Refused} refusals=${refusalsOf(days)} apiKey=${apiKey} now=${now} />`}
    </span>
  `;
}

function Refused({ refusals, apiKey, now }) {
  if (refusals.length === 0) return null;
  const text = refusals.map((refusal) => refusalInWords(refusal, apiKey, now).what).join(' ');
  return html`<span class="warning" title=${text}><${Icon} name="alert" /><span class="unseen">${text}</span></span>`;
}

function whenInView(node, begin) {
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    begin();
  });
  observer.observe(node);
  return () => observer.disconnect();
}
