// Points, the two lines that learn them, how far each point is off, and two grips to move the points.
lab.LINE_GRIP = 3; // x of the grip that tilts the points; the other one stands at 0

// `state()` gives {offset, slope, step, reply}; `moved({offset} or {slope})` is told by the grips.
lab.createLinesPlot = function (svg, { state, moved }) {
  const x = [-1.5, 3.5];
  const frame = lab.plotFrame(svg, { x, y: [-9, 9], ticks: 4 });
  const [low, high] = x;
  const clip = lab.shapes.clip(svg, frame);
  const kinds = ["is-without", "is-with"]; // the better line on top
  const offs = kinds.map((kind) => lab.svg("path", { class: `lab-line-off ${kind}` }));
  const lines = kinds.map((kind) => lab.svg("path", { class: `lab-line ${kind}` }));
  const points = lab.svg("g", { class: "lab-line-points" });
  const origin = lab.svg("circle", { class: "lab-line-origin", r: 4 });
  clip.inside.append(...offs, ...lines, points, origin);

  const shift = lab.shapes.handle(frame, {
    kind: "is-target",
    moved: ([, up]) => shiftTo(up),
    stepped: (by) => shiftTo(state().offset + by / 10),
  });
  const tilt = lab.shapes.handle(frame, {
    kind: "is-target",
    moved: ([, up]) => tiltTo((up - state().offset) / lab.LINE_GRIP),
    stepped: (by) => tiltTo(state().slope + by / 10),
  });
  frame.layer.append(shift.element, tilt.element);
  frame.onFit(draw);

  const tenths = (value, most) =>
    Number(Math.min(Math.max(value, -most), most).toFixed(1));
  const shiftTo = (offset) => moved({ offset: tenths(offset, 4) });
  const tiltTo = (slope) => moved({ slope: tenths(slope, 1.5) });

  function drawGrips({ offset, slope }) {
    const words = [lab.say("idea_bias_offset"), lab.say("idea_bias_slope")];
    shift.place(frame.at(0, offset), { label: words[0], value: offset, low: -4, high: 4 });
    const end = frame.at(lab.LINE_GRIP, offset + slope * lab.LINE_GRIP);
    tilt.place(end, { label: words[1], value: slope, low: -1.5, high: 1.5 });
  }

  function draw() {
    const now = state();
    drawGrips(now);
    if (!now.reply) return;
    clip.fit();
    const [xs, ys] = now.reply.points;
    while (points.childElementCount < xs.length) points.append(lab.svg("circle", { r: 4 }));
    xs.forEach((one, at) => {
      const [cx, cy] = frame.at(one, ys[at]);
      lab.shapes.set(points.children[at], { cx, cy });
    });
    const [cx, cy] = frame.at(0, 0);
    lab.shapes.set(origin, { cx, cy });
    [...now.reply.paths].reverse().forEach((path, which) => {
      const [w, b] = path[now.step];
      lines[which].setAttribute("d", lab.shapes.path(frame, [low, high], [w * low + b, w * high + b]));
      offs[which].setAttribute("d", xs.map((one, at) => off(one, ys[at], w * one + b, which)).join(""));
    });
  }

  // From a point to a line, the two lines' side by side.
  function off(x, y, answer, which) {
    const [px, from] = frame.at(x, y);
    const [, to] = frame.at(x, answer);
    return `M${(px + 3 * which - 1.5).toFixed(1)} ${from.toFixed(1)}V${to.toFixed(1)}`;
  }

  return { draw };
};
