// The loss over one number, the ball on it, and the steps that it has taken.
lab.RATE_HIGHEST = 16; // of the loss that is drawn

// `moved(start)` is told where the ball is put.
lab.createRateCurve = function (svg, { moved }) {
  const x = lab.RATE_ENDS;
  const frame = lab.plotFrame(svg, { x, y: [0, lab.RATE_HIGHEST], ticks: 5 });
  const clip = lab.shapes.clip(svg, frame);
  const [curve, way] = ["lab-shape-line", "lab-rate-way"].map((name) =>
    clip.inside.appendChild(lab.svg("path", { class: name })),
  );
  const marks = clip.inside.appendChild(lab.svg("g", { class: "lab-rate-marks" }));
  const ball = clip.inside.appendChild(lab.svg("circle", { class: "lab-shape-here", r: 9 }));
  const within = (value) => lab.shapes.within(value, ...x);
  const grip = lab.shapes.handle(frame, {
    kind: "is-target",
    moved: ([across]) => moved(within(across)),
    stepped: (by) => moved(within(start + by / 20)),
  });
  frame.layer.append(grip.element);
  let reply = null;
  let start = null; // where the ball is put, which may be ahead of the reply
  let step = 0;
  frame.onFit(() => draw(step));

  // The curve's height at a place, between the server's.
  function heightAt(place) {
    const { curve: heights, ends } = reply;
    const at = ((place - ends[0]) / (ends[1] - ends[0])) * (heights.length - 1);
    const left = Math.min(Math.max(Math.floor(at), 0), heights.length - 2);
    return heights[left] + (at - left) * (heights[left + 1] - heights[left]);
  }

  const px = (place, loss) => frame.at(place, loss).map((one) => Math.min(Math.max(one, -1e5), 1e5));

  // Where the ball is: on its way it goes straight from one place to the next.
  function ballAt() {
    const { places, losses } = reply;
    const whole = Math.min(Math.floor(step), places.length - 1);
    const next = Math.min(whole + 1, places.length - 1);
    const between = (values) => values[whole] + (step - whole) * (values[next] - values[whole]);
    return px(between(places), between(losses));
  }

  function drawWay() {
    const { places, losses } = reply;
    const whole = Math.min(Math.floor(step), places.length - 1);
    const done = places.slice(0, whole + 1).map((place, at) => px(place, losses[at]));
    const text = [...done, ballAt()].map((place) => place.map((one) => one.toFixed(1)).join(" "));
    way.setAttribute("d", `M${text.join("L")}`);
    while (marks.childElementCount > done.length) marks.lastElementChild.remove();
    while (marks.childElementCount < done.length) marks.append(lab.svg("circle", { r: 3.5 }));
    done.forEach(([cx, cy], at) => lab.shapes.set(marks.children[at], { cx, cy }));
    const [cx, cy] = ballAt();
    lab.shapes.set(ball, { cx, cy });
  }

  function draw(newest) {
    step = newest;
    if (!reply) return;
    clip.fit();
    const { curve: heights, ends } = reply;
    const places = heights.map((_, at) => ends[0] + ((ends[1] - ends[0]) * at) / (heights.length - 1));
    curve.setAttribute("d", lab.shapes.path(frame, places, heights));
    drawWay();
    render();
  }

  function render() {
    if (!reply) return;
    const [low, high] = x;
    const label = lab.say("idea_rate_start");
    const height = Math.min(heightAt(start), lab.RATE_HIGHEST);
    grip.place(frame.at(start, height), { label, value: start, low, high });
  }

  return {
    draw,
    render,
    put(newest) {
      start = newest;
      render();
    },
    take(newest) {
      reply = newest;
    },
  };
};
