// An enlarged page, as for a projector: places in its own pixels, and style sheets that know of it.

// Where an element stands, and how large it is, in the px that its style sheets count in.
lab.boxOf = function (element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  const zoom = element.currentCSSZoom ?? 1;
  return new DOMRect(x / zoom, y / zoom, width / zoom, height / zoom);
};

// The place of a pointer, in the same px, from an element's upper left corner.
lab.pointIn = function (element, { clientX, clientY }) {
  const { left, top } = element.getBoundingClientRect();
  const zoom = element.currentCSSZoom ?? 1;
  return [(clientX - left) / zoom, (clientY - top) / zoom];
};

// The screen's pixels for each of the page's.
lab.pixelRatio = () => devicePixelRatio * lab.zoom;

lab.askedOfMedia = new WeakMap(); // what a rule asked for at first

// Rules that ask for the window's width are to ask for the width that the enlarged page has.
lab.fitMedia = function () {
  function fit(rule) {
    if (rule instanceof CSSMediaRule) {
      const asked = lab.askedOfMedia.get(rule) ?? rule.media.mediaText;
      lab.askedOfMedia.set(rule, asked);
      rule.media.mediaText = asked.replace(/[\d.]+(?=px)/g, (length) => length * lab.zoom);
    }
    for (const inner of rule.cssRules ?? []) fit(inner);
  }

  for (const { sheet } of document.querySelectorAll("[data-bundle]")) if (sheet) fit(sheet);
};
lab.fitMedia();
