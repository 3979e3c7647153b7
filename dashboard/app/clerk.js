// Clerk: loads it, says who is signed in, and gives its components the page's colours.
import { nameOf } from './people.js';

const SCRIPTS = ['./vendor/clerk-ui/ui.browser.js', './vendor/clerk-js/clerk.browser.js'];

// Custom properties, so that Clerk's components follow light and dark as the page does.
const APPEARANCE = {
  variables: {
    borderRadius: '0.5rem',
    colorBackground: 'var(--ac-raised)',
    colorBorder: 'var(--ac-border-strong)',
    colorDanger: 'var(--ac-danger-text)',
    colorForeground: 'var(--ac-text)',
    colorInput: 'var(--ac-field)',
    colorInputForeground: 'var(--ac-text)',
    colorMuted: 'var(--ac-sunken)',
    colorMutedForeground: 'var(--ac-muted)',
    colorNeutral: 'var(--ac-text)',
    colorPrimary: 'var(--ac-accent)',
    colorPrimaryForeground: 'var(--ac-on-accent)',
    colorRing: 'var(--ac-accent)',
    fontFamily: 'var(--ac-font)',
    fontFamilyButtons: 'var(--ac-font)',
  },
  // Of the shades that Clerk makes of these, the one of its badges is too faint to read.
  elements: { badge: { color: 'var(--ac-muted)' } },
};

/** ClerkJS, ready. The first script brings its components, the second itself. */
export async function loadClerk({ publishableKey, clerkProxyUrl }) {
  for (const src of SCRIPTS) await loadScript(src, { publishableKey, clerkProxyUrl });
  const stay = (to) => {
    // Whatever it wants to show after signing in or out is this page, which follows by itself.
    const url = new URL(to, location.href);
    if (url.origin !== location.origin || url.pathname !== location.pathname) location.assign(to);
    // Its form keeps its step behind the #. The step is over, and the next form would begin there.
    else if (!url.hash) history.replaceState(history.state, '', location.pathname + location.search);
  };
  await window.Clerk.load({
    ui: { ClerkUI: window.__internal_ClerkUICtor },
    appearance: APPEARANCE,
    telemetry: false,
    routerPush: stay,
    routerReplace: stay,
    signInUrl: location.pathname,
    signUpUrl: location.pathname,
    afterSignOutUrl: location.pathname,
  });
  return window.Clerk;
}

function loadScript(src, { publishableKey, clerkProxyUrl }) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.dataset.clerkPublishableKey = publishableKey;
    if (clerkProxyUrl) script.dataset.clerkProxyUrl = clerkProxyUrl;
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`${src} could not be loaded`)));
    script.src = src;
    document.head.append(script);
  });
}

/**
 * Who is signed in and for which account: the active organization, else the person's own.
 * Null when nobody is.
 */
export function personOf({ session, user, organization }) {
  if (!session || !user) return null;
  const membership = user.organizationMemberships.find(
    (one) => one.organization.id === organization?.id,
  );
  const role = membership?.role.replace(/^org:/, '');
  return {
    userId: user.id,
    userName: nameOf({ ...user, identifier: user.primaryEmailAddress?.emailAddress ?? user.id }),
    accountId: organization?.id ?? user.id,
    accountName: organization?.name ?? 'your personal account',
    organizationId: organization?.id ?? null,
    mayManage: !organization || role === 'admin',
  };
}
