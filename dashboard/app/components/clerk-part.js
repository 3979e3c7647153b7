// A component of Clerk's, in a place of ours.
import { html, useEffect, useRef } from '../html.js';

/** `mount` and `unmount` are methods of ClerkJS. */
export function ClerkPart({ clerk, mount, unmount, options, kind }) {
  const place = useRef(null);
  useEffect(() => {
    const node = place.current;
    clerk[mount](node, options);
    const watch = new MutationObserver(() => nameByText(node));
    watch.observe(node, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
    return () => {
      watch.disconnect();
      clerk[unmount](node);
    };
  }, []);
  // Clerk gives the inner one classes of its own.
  return html`<div class=${kind}><div ref=${place}></div></div>`;
}

/**
 * Some of Clerk's buttons are named without what is written on them, which is what people say to
 * their computer to press one (WCAG 2.5.3).
 */
function nameByText(node) {
  for (const button of node.querySelectorAll('button[aria-label]')) {
    const text = button.innerText.trim().replace(/\s+/g, ' ');
    const { ariaLabel } = button;
    if (text && !ariaLabel.includes(text)) button.ariaLabel = `${text}. ${ariaLabel}`;
  }
}

/** Clerk's form to sign in. `virtual` keeps its steps out of the address. */
export function SignIn({ clerk, virtual = false }) {
  const options = { routing: virtual ? 'virtual' : 'hash', withSignUp: true };
  return html`
    <${ClerkPart} clerk=${clerk} mount="mountSignIn" unmount="unmountSignIn" options=${options} kind="sign-in" />
  `;
}
