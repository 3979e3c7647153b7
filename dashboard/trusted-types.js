// The page's one Trusted Types policy, which the browser asks about every string that would become
// a script's address. It passes ClerkJS's own pieces (served from here), its worker, and the hosts
// that the stack's configuration names. There is no createHTML: no text ever becomes markup.
(() => {
  if (!window.trustedTypes) return;
  const hosts = (window.agentContainer?.scriptHosts ?? []).map((host) => new URL(host.replace('*.', '')));
  const wild = (window.agentContainer?.scriptHosts ?? []).map((host) => host.includes('*.'));

  const isNamed = (url) =>
    hosts.some(
      (host, n) =>
        url.protocol === host.protocol &&
        (url.host === host.host || (wild[n] && url.host.endsWith(`.${host.host}`))),
    );

  trustedTypes.createPolicy('default', {
    createScriptURL(text) {
      const url = new URL(text, document.baseURI);
      const own = url.origin === location.origin;
      if (own && (url.protocol === 'blob:' || url.pathname.startsWith('/vendor/'))) return text;
      return isNamed(url) ? text : null;
    },
  });
})();
