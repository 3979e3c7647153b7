// Keeps Redoc within the site's policy, whose console then stays silent. The policy itself would refuse
// each of these things; here they are not tried. What each is for: docs/decisions/0058.
(() => {
  // Nothing that Redoc shows of a document is markup made from text. The one piece that it makes at all
  // is a script which is not to run, so all of it becomes nothing. No second policy can be made.
  if (window.trustedTypes) {
    trustedTypes.createPolicy('default', { createHTML: () => '' });
    hide('trustedTypes');
  }

  // Its search makes a worker from text with Function(); without workers it searches in the page.
  hide('Worker');

  // Its maker's logo is at its maker's host. docs.css writes the name in its place.
  const { prototype } = HTMLImageElement;
  const source = Object.getOwnPropertyDescriptor(prototype, 'src');
  const isOurs = (url) => new URL(url, document.baseURI).origin === location.origin;
  Object.defineProperty(prototype, 'src', {
    ...source,
    set(url) {
      if (isOurs(url)) source.set.call(this, url);
    },
  });
  prototype.setAttribute = function (name, value) {
    if (name !== 'src' || isOurs(value)) Element.prototype.setAttribute.call(this, name, value);
  };

  // Its style sheet holds an icon font for trees of files, in a data: address, which it never shows.
  const insert = CSSStyleSheet.prototype.insertRule;
  CSSStyleSheet.prototype.insertRule = function (rule, at) {
    const font = rule.includes('@font-face') && rule.includes('data:');
    return insert.call(this, font ? '@media not all {}' : rule, at);
  };

  function hide(name) {
    Object.defineProperty(window, name, { value: undefined });
  }
})();
