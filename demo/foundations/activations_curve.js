// An activation's curve and its derivative's, and a place on it that can be dragged.

// `moved(x)` is told where to.
lab.createBend = function (svg, moved) {
  const ends = [-lab.FARTHEST_X, lab.FARTHEST_X];
  const frame = lab.plotFrame(svg, { x: ends, y: [-1.25, 2.25], ticks: 4 });
  const line = lab.svg("path", { class: "lab-shape-line is-front" });
  const slopes = lab.svg("path", { class: "lab-shape-line is-dashed" });
  const tangent = lab.svg("path", { class: "lab-shape-tangent" });
  const mark = lab.svg("circle", { class: "lab-bend-slope", r: 5 });
  const clip = lab.shapes.clip(svg, frame);
  clip.inside.append(slopes, line, tangent, mark);
  let shown = null;
  let held = 0; // x, where the hand has it
  const handle = lab.shapes.handle(frame, {
    kind: "is-here",
    moved: ([x]) => moved(Number(x.toFixed(1))),
    stepped: (by) => moved(lab.shapes.within(held + by / 10, ...ends)),
  });
  frame.layer.append(handle.element);
  frame.onFit(draw);

  // Beyond the frame, the dot waits at its edge.
  function heightAt(x) {
    const { places, values } = shown;
    const at = Math.min(Math.max((x - places[0]) / (places[1] - places[0]), 0), places.length - 1);
    const [low, high] = [Math.floor(at), Math.ceil(at)];
    const height = values[low] + (values[high] - values[low]) * (at - low);
    return Math.min(Math.max(height, -1.25), 2.25);
  }

  function draw() {
    if (!shown) return;
    clip.fit();
    const { places, values, value, slope, asked } = shown;
    line.setAttribute("d", lab.shapes.path(frame, places, values));
    slopes.setAttribute("d", lab.shapes.path(frame, places, shown.slopes));
    const reach = [asked.x - 1.5, asked.x + 1.5];
    const heights = reach.map((end) => value + slope * (end - asked.x));
    tangent.setAttribute("d", lab.shapes.path(frame, reach, heights));
    const [cx, cy] = frame.at(asked.x, slope);
    lab.shapes.set(mark, { cx, cy });
    hold(held);
  }

  function hold(x) {
    held = x;
    if (!shown) return;
    const label = shown.label;
    const told = { label, value: x, low: ends[0], high: ends[1] };
    handle.place(frame.at(x, heightAt(x)), told);
  }

  function show(reply, x, label) {
    shown = { ...reply, label };
    held = x;
    draw();
  }

  return { show, hold };
};
