// The numbers of a batch before and after Normalize, one above the other over the same axis.
lab.HISTOGRAM_FLOOR = 1e-4; // the share of all numbers at which a bar begins to be seen
lab.HISTOGRAM_GLIDE = 200; // ms

lab.createDataHistogram = function (svg) {
  const rows = ["before", "after"].map((kind) => svg.appendChild(lab.svg("g", { class: `is-${kind}` })));
  const axis = svg.appendChild(lab.svg("g", { class: "lab-data-axis" }));
  const room = { left: 12, right: 12, top: 18, row: 82, gap: 22 }; // px
  let told = null;
  let ends = null; // [low, high] of the lower row as drawn
  let moving = 0;

  // Bars by the logarithm of their share: four in five numbers are paper, all alike.
  const tall = (share) =>
    Math.max(0, Math.log10(share / lab.HISTOGRAM_FLOOR) / -Math.log10(lab.HISTOGRAM_FLOOR));

  function span() {
    const low = Math.min(-1, Math.floor(told.after.low));
    return [low, Math.max(2, Math.ceil(told.after.high))];
  }

  function draw() {
    const { width } = lab.boxOf(svg);
    if (!told || !width) return;
    const [low, high] = span();
    const inner = width - room.left - room.right;
    const x = (value) => room.left + (inner * (value - low)) / (high - low);
    ["before", "after"].forEach((kind, at) => {
      const bottom = room.top + room.row + at * (room.row + room.gap);
      const range = at ? ends : [told.before.low, told.before.high];
      drawRow(rows[at], told[kind], range, x, bottom, lab.say(`idea_data_${kind}`));
    });
    const floor = room.top + 2 * room.row + room.gap;
    axis.replaceChildren(lab.svg("line", { x1: room.left, x2: width - room.right, y1: floor, y2: floor }));
    for (const tick of lab.niceTicks(low, high, 8)) {
      const text = lab.svg("text", { x: x(tick), y: floor + 17, "text-anchor": "middle" });
      text.textContent = String(tick).replace("-", "−");
      axis.append(text);
    }
  }

  function drawRow(group, told, [low, high], x, bottom, name) {
    const { shares } = told;
    const width = (x(high) - x(low)) / shares.length;
    const bars = shares.map((share, at) => {
      const height = room.row * tall(share);
      const wide = Math.max(width - 0.5, 0.6);
      return lab.svg("rect", { x: x(low) + at * width, y: bottom - height, width: wide, height });
    });
    const middle = x(low + ((high - low) * (told.mean - told.low)) / (told.high - told.low));
    const rule = lab.svg("line", { x1: middle, x2: middle, y1: bottom - room.row, y2: bottom });
    const text = lab.svg("text", { x: room.left, y: bottom - room.row - 5 });
    text.textContent = name;
    const foot = lab.svg("line", { class: "is-foot", x1: x(low), x2: x(high), y1: bottom, y2: bottom });
    group.replaceChildren(...bars, foot, rule, text);
  }

  function glide(from, to) {
    const mine = (moving += 1);
    const start = performance.now();
    function next(now) {
      if (mine !== moving) return;
      const share = Math.min(Math.max((now - start) / lab.HISTOGRAM_GLIDE, 0), 1);
      ends = from.map((end, at) => end + (to[at] - end) * share);
      draw();
      if (share < 1) requestAnimationFrame(next);
    }
    requestAnimationFrame(next);
  }

  new ResizeObserver(draw).observe(svg);
  return {
    show(reply) {
      told = reply;
      const to = [reply.after.low, reply.after.high];
      const isStill = !ends || matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (!isStill) return glide(ends, to);
      ends = to;
      draw();
    },
    render() {
      draw();
      if (!told) return;
      const numbers = Object.entries(told.after).filter(([, value]) => typeof value === "number");
      const said = numbers.map(([name, value]) => [name, Number(value.toPrecision(3))]);
      lab.describe(svg, lab.say("idea_data_after_is", Object.fromEntries(said)));
    },
  };
};
