// Seven predictions beside their targets, each to be dragged, with the pull of one loss.

// `state()` gives {predictions, point, shown, together, label, outlier, reply}; `take(point)` is
// told which one is held, `move(point, value)` and `moveOutlier(by)` where to.
lab.createLossPlot = function (svg, { state, take, move, moveOutlier }) {
  const x = [-0.6, lab.LOSS_START.length - 0.4];
  const frame = lab.plotFrame(svg, { x, y: lab.LOSS_RANGE, ticks: 4 });
  const [low, high] = lab.LOSS_RANGE;
  const points = lab.LOSS_START.map((_, at) => point(at));
  const outlier = lab.shapes.handle(frame, {
    kind: "is-target",
    moved: ([, up]) => state().reply && moveOutlier(up - state().reply.base),
    stepped: (by) => moveOutlier(state().outlier + by * 0.1),
  });
  frame.layer.append(...points.flatMap(({ still }) => still));
  frame.layer.append(outlier.element, ...points.map(({ handle }) => handle.element));
  frame.onFit(draw);

  function point(at) {
    const bar = lab.svg("rect", { class: "lab-loss-bar" });
    const share = lab.svg("text", { class: "lab-loss-share", "text-anchor": "middle" });
    const off = lab.svg("line", { class: "lab-loss-off" });
    const target = lab.svg("circle", { class: "lab-loss-target", r: 6 });
    const arrow = lab.svg("path", { class: "lab-loss-arrow" });
    const handle = lab.shapes.handle(frame, {
      kind: "is-prediction",
      taken: () => take(at),
      moved: ([, up]) => move(at, up),
      stepped: (by) => move(at, state().predictions[at] + by * 0.1),
    });
    return { at, bar, share, off, target, arrow, handle, still: [bar, share, off, target, arrow] };
  }

  function drawPoint({ at, handle, ...parts }, now) {
    const value = now.predictions[at];
    const [px, py] = frame.at(at, value);
    const label = lab.say("idea_loss_prediction", { at });
    handle.place([px, py], { label, value, low, high });
    handle.element.classList.toggle("is-held", now.together || now.point === at);
    if (now.reply) drawReply(at, parts, now, [px, py]);
  }

  function drawReply(at, { bar, share, off, target, arrow }, now, [px, py]) {
    const isClass = now.shown === "cross_entropy";
    const [, goal] = frame.at(at, targetOf(at, now));
    lab.shapes.set(target, { cx: px, cy: goal });
    lab.shapes.set(off, { x1: px, x2: px, y1: py, y2: goal });
    const pull = lab.LOSS_ARROW * now.reply.losses[now.shown].gradient[at];
    const [, end] = frame.at(at, now.predictions[at] - pull);
    arrow.setAttribute("d", Math.abs(end - py) < 1 ? "" : lab.shapes.arrow(px + 13, py, end - py));
    const [, floor] = frame.at(at, low);
    const part = now.reply.softmax[at];
    const height = isClass ? Math.max(part * 120, 1) : 0; // px, of a probability of 1
    lab.shapes.set(bar, { x: px - 12, width: 24, y: floor - height, height });
    bar.classList.toggle("is-right", at === now.label);
    lab.shapes.set(share, { x: px, y: floor - height - 5 });
    share.textContent = isClass ? `${lab.percent(part, 0)} %` : "";
  }

  // The outlier's target follows the hand, not the answer.
  function targetOf(at, { reply, outlier: by }) {
    return at === lab.LOSS_OUTLIER ? reply.base + by : reply.targets[at];
  }

  function draw() {
    const now = state();
    svg.classList.toggle("is-class", now.shown === "cross_entropy");
    points.forEach((one) => drawPoint(one, now));
    if (!now.reply) return;
    const place = frame.at(lab.LOSS_OUTLIER, targetOf(lab.LOSS_OUTLIER, now));
    const label = lab.say("idea_loss_outlier");
    outlier.place(place, { label, value: now.outlier, low: 0, high: 8 });
  }

  return { draw };
};
