// The page as a whole: loads Clerk, then shows the sign-in or the keys of the active account.
import { html, render, useEffect, useRef, useState } from './html.js';
import { loadClerk, personOf } from './clerk.js';
import { Boot } from './components/boot.js';
import { SignedOut } from './components/signed-out.js';
import { SignInAgain } from './components/sign-in-again.js';
import { Workspace } from './components/workspace.js';

export function start(root, config) {
  root.replaceChildren();
  render(html`<${App} config=${config} />`, root);
}

function App({ config }) {
  const [clerk, setClerk] = useState(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    loadClerk(config).then(setClerk, (error) => {
      console.error(error);
      setFailed(true);
    });
  }, []);
  if (clerk) return html`<${Session} clerk=${clerk} config=${config} />`;
  return html`<${Boot} failed=${failed} />`;
}

/**
 * Follows who is signed in. When a session ends while somebody is in the middle of something, what
 * they see stays, under a dialog to sign in again.
 */
function Session({ clerk, config }) {
  const person = usePerson(clerk);
  const [busy, setBusy] = useState(null);
  const held = useRef(null);

  const ended = !person && busy && held.current;
  const elsewhere = held.current?.ended && person && person.accountId !== held.current.accountId;
  const back = elsewhere && person.userId === held.current.userId && isMember(clerk, held.current);
  const shown = ended || back ? held.current : person;

  useEffect(() => {
    if (ended) held.current.ended = true;
    else if (!back) held.current = person && { ...person };
  });
  // A new session begins with the person's own account, perhaps not the one in view.
  useEffect(() => {
    if (back) clerk.setActive({ organization: held.current.organizationId });
  }, [Boolean(back)]);

  if (!shown) return html`<${SignedOut} clerk=${clerk} hint=${config.signInHint} />`;
  return html`
    <${Workspace}
      key=${`${shown.userId} ${shown.accountId}`}
      person=${shown}
      clerk=${clerk}
      config=${config}
      onBusy=${setBusy}
    />
    ${ended && busy === 'form' && html`<${SignInAgain} clerk=${clerk} hint=${config.signInHint} />`}
  `;
}

function usePerson(clerk) {
  const [person, setPerson] = useState(() => personOf(clerk));
  useEffect(
    () =>
      clerk.addListener((resources) => {
        // Undefined while Clerk is between two states.
        if (resources.session === undefined) return;
        const next = personOf(resources);
        setPerson((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
      }),
    [clerk],
  );
  return person;
}

function isMember({ user }, { organizationId }) {
  return (
    organizationId === null ||
    user.organizationMemberships.some(({ organization }) => organization.id === organizationId)
  );
}
