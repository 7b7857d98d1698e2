// What tells the cleaners apart in the curves: a colour and a mark each.

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
