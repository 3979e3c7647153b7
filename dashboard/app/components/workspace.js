// The keys of one account: the list or one key, the dialogs over them, what has just been done.
import { html, useEffect, useState } from '../html.js';
import { Account, useNow } from '../account.js';
import { createApi } from '../api.js';
import { createKeys } from '../keys.js';
import { createPeople } from '../people.js';
import { createUsage } from '../usage-reader.js';
import { useStore } from '../store.js';
import { useKeyInAddress } from '../address.js';
import { AccessDialog } from './access-dialog.js';
import { CreateDialog } from './create-dialog.js';
import { EndRotationDialog } from './end-rotation-dialog.js';
import { Header } from './header.js';
import { KeyPage } from './key-page.js';
import { ListPage } from './list-page.js';
import { RevokeDialog } from './revoke-dialog.js';
import { RotateDialog } from './rotate-dialog.js';
import { SecretDialog } from './secret-dialog.js';
import { Toasts, useToasts } from './toasts.js';

const DIALOGS = {
  access: AccessDialog,
  create: CreateDialog,
  endRotation: EndRotationDialog,
  revoke: RevokeDialog,
  rotate: RotateDialog,
};
const STALE_MS = 30_000;

/**
 * `onBusy` is told what somebody is in the middle of, which must not be lost: a `form`, which needs
 * the session, a `secret`, which does not, or nothing (null).
 */
export function Workspace({ person, clerk, config, onBusy }) {
  const [[{ api, keys, people, usage }, end]] = useState(() => connect(person, clerk, config));
  const list = useStore(keys);
  const now = useNow();
  const [dialog, setDialog] = useState(null);
  const [secret, setSecret] = useState(null);
  const [renaming, setRenaming] = useState(null);
  const [toasts, toast] = useToasts();
  const [shownId, show] = useKeyInAddress();

  useEffect(() => {
    keys.load();
    people.load(clerk.organization);
    const back = () => document.visibilityState === 'visible' && keys.refresh(STALE_MS);
    document.addEventListener('visibilitychange', back);
    return () => {
      document.removeEventListener('visibilitychange', back);
      // Clerk leaves it open, and empty, over the page once its organization is left or deleted.
      clerk.closeOrganizationProfile();
      onBusy(null);
      end();
    };
  }, []);

  const form = dialog || renaming ? 'form' : null;
  const busy = secret ? 'secret' : form;
  useEffect(() => onBusy(busy), [busy]);

  const account = {
    person,
    api,
    keys,
    people,
    usage,
    clerk,
    config,
    toast,
    show,
    renaming,
    setRenaming,
    open: (kind, apiKey) => setDialog({ kind, keyId: apiKey?.id }),
    /** Shows a token, which is nowhere else, until somebody says that it is stored. */
    reveal: (shown) => {
      setDialog(null);
      setSecret(shown);
    },
  };
  const Open = dialog && DIALOGS[dialog.kind];
  const subject = dialog && list.keys.find(({ id }) => id === dialog.keyId);
  const close = () => setDialog(null);
  return html`
    <${Account.Provider} value=${account}>
      <${Header} />
      <main class="page">
        ${shownId
          ? html`<${KeyPage} key=${shownId} id=${shownId} now=${now} />`
          : html`<${ListPage} list=${list} now=${now} />`}
      </main>
      ${Open && html`<${Open} key=${dialog.kind} apiKey=${subject} now=${now} onClose=${close} />`}
      ${secret && html`<${SecretDialog} ...${secret} onClose=${() => setSecret(null)} />`}
      <${Toasts} toasts=${toasts} />
    <//>
  `;
}

function connect(person, clerk, config) {
  const leaving = new AbortController();
  const api = createApi({
    baseUrl: config.dashboardUrl,
    accountId: person.accountId,
    getToken: (how) => clerk.session?.getToken(how) ?? null,
    // Clerk looks whether that is so, and tells the page.
    onSessionEnd: () => clerk.session?.reload().catch(() => {}),
  });
  const keys = createKeys(api, leaving.signal);
  const usage = createUsage(api, leaving.signal);
  return [{ api, keys, people: createPeople(person), usage }, () => leaving.abort()];
}
