// The bar on top: the product, the reference, the account in view, the person.
import { html } from '../html.js';
import { useAccount } from '../account.js';
import { Brand } from './brand.js';
import { ClerkPart } from './clerk-part.js';

const SWITCHER = { hidePersonal: false, afterSelectOrganizationUrl: location.pathname, afterSelectPersonalUrl: location.pathname };

export function Header() {
  const { clerk } = useAccount();
  return html`
    <header class="bar">
      <${Brand} />
      <div class="bar-end">
        <a class="link" href="./docs/">API reference</a>
        <${ClerkPart}
          clerk=${clerk}
          mount="mountOrganizationSwitcher"
          unmount="unmountOrganizationSwitcher"
          options=${SWITCHER}
          kind="switcher"
        />
        <${ClerkPart} clerk=${clerk} mount="mountUserButton" unmount="unmountUserButton" kind="user-button" />
      </div>
    </header>
  `;
}
