// Axes for pictures of functions: a frame with a few lines, and the way between values and pixels.

// `x` and `y` are [low, high]; `ticks` so many lines at most each way. Gives `at(x, y)` in px,
// `from(event)` in values, kept in the frame, `layer` to draw in, and `fit({x, y})` for others.
lab.plotFrame = function (svg, { x, y, ticks = 4, room = {} }) {
  const edge = { left: 44, right: 12, top: 12, bottom: 26, ...room }; // px
  const grid = lab.svg("g", { "aria-hidden": "true" });
  const layer = lab.svg("g");
  svg.append(grid, layer);
  let range = { x, y };
  let size = { width: 0, height: 0 };
  let drawn = () => {};

  const inner = () => ({
    width: Math.max(size.width - edge.left - edge.right, 1),
    height: Math.max(size.height - edge.top - edge.bottom, 1),
  });

  function at(across, up) {
    const { width, height } = inner();
    const [left, right] = range.x;
    const [low, high] = range.y;
    return [
      edge.left + (width * (across - left)) / (right - left),
      edge.top + (height * (high - up)) / (high - low),
    ];
  }

  function from(event) {
    const [x, y] = lab.pointIn(svg, event);
    const { width, height } = inner();
    const share = (value) => Math.min(Math.max(value, 0), 1);
    const across = share((x - edge.left) / width);
    const down = share((y - edge.top) / height);
    const [left, right] = range.x;
    const [low, high] = range.y;
    return [left + across * (right - left), high - down * (high - low)];
  }

  function drawGrid() {
    grid.replaceChildren();
    const [left, right] = range.x;
    const [low, high] = range.y;
    for (const tick of lab.niceTicks(left, right, ticks)) {
      const [px, bottom] = at(tick, low);
      const text = lab.svg("text", { class: "lab-plot-tick", x: px, y: bottom + 18 });
      text.setAttribute("text-anchor", "middle");
      text.textContent = lab.editNumber(tick);
      grid.append(line(px, at(tick, high)[1], px, bottom, tick), text);
    }
    for (const tick of lab.niceTicks(low, high, ticks)) {
      const [start, py] = at(left, tick);
      const text = lab.svg("text", { class: "lab-plot-tick", x: start - 6, y: py + 4 });
      text.setAttribute("text-anchor", "end");
      text.textContent = lab.editNumber(tick);
      grid.append(line(start, py, at(right, tick)[0], py, tick), text);
    }
  }

  function line(x1, y1, x2, y2, tick) {
    return lab.svg("line", { class: tick ? "lab-plot-grid" : "lab-plot-axis", x1, y1, x2, y2 });
  }

  function fit(other = {}) {
    range = { ...range, ...other };
    size = lab.boxOf(svg);
    if (!size.width) return;
    drawGrid();
    drawn();
  }

  new ResizeObserver(() => fit()).observe(svg);
  fit();
  return { at, from, layer, fit, onFit: (draw) => (drawn = draw), range: () => range };
};

// Round numbers between two ends, at most `most` and a few of them.
lab.niceTicks = function (low, high, most) {
  const rough = (high - low) / most;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const tenfold = 10 ** Math.floor(Math.log10(rough));
  const step = tenfold * [1, 2, 5, 10].find((times) => times * tenfold >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toPrecision(12)));
};
