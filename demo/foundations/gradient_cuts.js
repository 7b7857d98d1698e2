// A cut through the surface along one axis, with the tangent at the place.
lab.createCut = function (svg) {
  const frame = lab.plotFrame(svg, { x: [-1, 1], y: [0, 1], ticks: 3, room: { left: 48 } });
  const clip = lab.shapes.clip(svg, frame);
  const [curve, tangent] = ["line", "tangent"].map((kind) =>
    clip.inside.appendChild(lab.svg("path", { class: `lab-shape-${kind}` })),
  );
  const dot = clip.inside.appendChild(lab.svg("circle", { class: "lab-shape-here", r: 6 }));
  let told = null; // {heights, ends, here}
  frame.onFit(draw);

  function draw() {
    if (!told) return;
    const { heights, ends, here } = told;
    const [x, height, slope] = here;
    clip.fit();
    const places = heights.map((_, at) => ends[0] + ((ends[1] - ends[0]) * at) / (heights.length - 1));
    curve.setAttribute("d", lab.shapes.path(frame, places, heights));
    const tangents = ends.map((end) => height + slope * (end - x));
    tangent.setAttribute("d", lab.shapes.path(frame, ends, tangents));
    const [cx, cy] = frame.at(x, height);
    lab.shapes.set(dot, { cx, cy });
  }

  // Four times as high as the place, so that a wall far off does not press the curve flat.
  function show(heights, ends, here) {
    told = { heights, ends, here };
    const [low, most] = [Math.min(...heights), Math.max(...heights)];
    const high = Math.min(most, low + Math.max(4 * (here[1] - low), (most - low) / 20));
    const room = 0.08 * (high - low) || 1;
    frame.fit({ x: ends, y: [low - room, high + room] });
  }

  return { show };
};
