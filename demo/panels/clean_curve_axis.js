// What the curves are drawn with: an SVG's elements, a cleaner's mark, an axis, names kept apart.

// A shape each, in a square of -1 to 1, so that colour says nothing alone.
lab.CURVE_MARKS = {
  denoiser: "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1-1 0Z",
  conv_autoencoder: "M-.9-.9H.9V.9H-.9Z",
  linear_autoencoder: "M0-1.2 1.1.9H-1.1Z",
  lmmse: "M0-1.3 1.3 0 0 1.3-1.3 0Z",
  median: "M0 1.2 1.1-.9H-1.1Z",
  gaussian_filter: "M-.4-1.2H.4V-.4H1.2V.4H.4V1.2H-.4V.4H-1.2V-.4H-.4Z",
  total_variation: "M-1.2-.5V.5H1.2V-.5Z",
  nothing: "M-.6 0A.6.6 0 1 1 .6 0A.6.6 0 1 1-.6 0Z",
};

lab.colourOfCleaner = (key) =>
  lab.allCleaners().find((entry) => entry.key === key)?.colour ?? "var(--lab-ink)";

// A cleaner's mark as an element of an SVG drawing, and where it goes, `radius` px large.
lab.curveMark = (key) => lab.svg("path", { d: lab.CURVE_MARKS[key] ?? lab.CURVE_MARKS.denoiser });

lab.placeMark = function (mark, x, y, radius) {
  mark.setAttribute("transform", `translate(${x} ${y}) scale(${radius})`);
};

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
