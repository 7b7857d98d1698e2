// What curves are drawn with: an SVG's elements, an axis, names kept apart.
lab.svg = function (name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// The ends of an axis and its lines, at most five, for values that must all be on it.
lab.axisOf = function (values, { least, most }) {
  const low = least ?? Math.min(...values);
  const high = most ?? Math.max(...values);
  if (!values.length) return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  const span = Math.max(high - low, 1e-4 * Math.abs(high), 1e-6);
  for (let size = 10 ** Math.floor(Math.log10(span / 4)); ; size *= 10) {
    for (const step of [1, 2, 2.5, 5].map((part) => part * size)) {
      const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
      if (to - from > 4 || to === from) continue;
      const ticks = Array.from({ length: to - from + 1 }, (_, at) => (from + at) * step);
      return { low: from * step, high: to * step, ticks };
    }
  }
};

// Places [y] moved apart so that neighbours keep a gap, in their order, between two ends.
lab.spread = function (places, gap, top, bottom) {
  const order = places.map((_, at) => at).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  let least = top;
  for (const at of order) least = (moved[at] = Math.max(moved[at], least)) + gap;
  let most = bottom;
  for (const at of order.reverse()) most = (moved[at] = Math.min(moved[at], most)) - gap;
  return moved;
};
