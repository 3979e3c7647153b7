// Requests by day or week, stacked by what they ended in. Pointing, arrow keys and a finger move a
// mark from bar to bar; what stands above the chart, and what a screen reader says, is of that bar.
import { html } from '../html.js';
import { chartOf, columnAt, labelsOf } from '../chart.js';
import { binInWords, binLabels, compact, countsInWords } from '../usage-words.js';
import { useWidth } from './use-width.js';

const HEIGHT = 220;
const FAR = 7;

/** `at` is the bar that is marked, or null; `onMove` is told another. */
export function UsageChart({ bins, at, onMove }) {
  const [box, width] = useWidth();
  const last = bins.length - 1;
  const marked = Math.min(at ?? last, last);
  const chart = width > 0 && chartOf(bins, { width, height: HEIGHT, inWords: compact });

  function point({ clientX }) {
    if (!chart) return;
    const x = clientX - box.current.getBoundingClientRect().left;
    onMove(columnAt(x, chart.columns, bins.length));
  }
  // A finger leaves where it has pointed; a click keeps its bar until the focus goes elsewhere.
  function leave({ pointerType }) {
    if (pointerType !== 'touch' && document.activeElement !== box.current) onMove(null);
  }
  function move(event) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(Math.min(last, Math.max(0, marked + step)));
  }
  return html`
    <div
      ref=${box}
      class="chart"
      tabindex="0"
      role="slider"
      aria-label=${bins.every(({ from, to }) => from === to) ? 'Requests by day' : 'Requests by week'}
      aria-valuemin="1"
      aria-valuemax=${bins.length}
      aria-valuenow=${marked + 1}
      aria-valuetext=${`${binInWords(bins[marked])}: ${countsInWords(bins[marked])}`}
      onPointerMove=${point}
      onPointerDown=${point}
      onPointerLeave=${leave}
      onFocus=${() => onMove(marked)}
      onBlur=${() => onMove(null)}
      onKeyDown=${move}
    >
      ${chart && html`<${Drawing} chart=${chart} bins=${bins} at=${at} width=${width} />`}
    </div>
  `;
}

const STEPS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -FAR,
  PageUp: FAR,
  Home: -Infinity,
  End: Infinity,
};

function Drawing({ chart, bins, at, width }) {
  const { left, right, ground, lines, columns, paths } = chart;
  const x = columns.start + at * columns.step;
  return html`
    <svg viewBox=${`0 0 ${width} ${HEIGHT}`} width=${width} height=${HEIGHT} aria-hidden="true" focusable="false">
      ${lines.map(
        ({ y, label }) => html`
          <line key=${y} class="chart-line" x1=${left} x2=${right} y1=${y + 0.5} y2=${y + 0.5} />
          <text class="chart-text" x=${left - 10} y=${y + 4} text-anchor="end">${label}</text>
        `,
      )}
      ${at !== null && at < bins.length && html`<rect class="chart-mark" x=${x} y="0" width=${Math.max(columns.step, 2)} height=${ground} />`}
      ${paths.map(({ id, d }) => html`<path key=${id} class=${`outcome-${id}`} d=${d} />`)}
      ${labelsOf(binLabels(bins), columns, { left: 0, right: width }).map(
        ({ index, x: middle, anchor, text }) => html`
          <text key=${index} class="chart-text" x=${middle} y=${HEIGHT - 6} text-anchor=${anchor}>${text}</text>
        `,
      )}
    </svg>
  `;
}
