// A component of Clerk's, in a place of ours.
import { html, useEffect, useRef } from '../html.js';

/** `mount` and `unmount` are methods of ClerkJS. */
export function ClerkPart({ clerk, mount, unmount, options, kind }) {
  const place = useRef(null);
  useEffect(() => {
    const node = place.current;
    clerk[mount](node, options);
    return () => clerk[unmount](node);
  }, []);
  // Clerk gives the inner one classes of its own.
  return html`<div class=${kind}><div ref=${place}></div></div>`;
}

/** Clerk's form to sign in. `virtual` keeps its steps out of the address. */
export function SignIn({ clerk, virtual = false }) {
  const options = { routing: virtual ? 'virtual' : 'hash', withSignUp: true };
  return html`
    <${ClerkPart} clerk=${clerk} mount="mountSignIn" unmount="unmountSignIn" options=${options} kind="sign-in" />
  `;
}
