// The points, the curve that they come from, and the polynomial through them.
lab.FIT_GLIDE = 180; // ms in which the curve goes to its next shape

lab.createFitCurve = function (svg) {
  const frame = lab.plotFrame(svg, { x: [-1, 1], y: [-2, 2], room: { right: 22 } });
  const clip = lab.svg("rect");
  const id = "lab-fitting-clip";
  const [truth, fit] = ["truth", "fit"].map((kind) => lab.svg("path", { class: `lab-fitting-${kind}` }));
  const [test, train] = ["test", "train"].map((kind) => lab.svg("g", { class: `lab-fitting-${kind}` }));
  const seen = lab.svg("g", { "clip-path": `url(#${id})` }, test, truth, fit, train);
  frame.layer.append(lab.svg("clipPath", { id }, clip), seen);
  let told = null; // the newest reply
  let shape = null; // the heights as drawn now
  let moving = 0; // the number of the glide under way

  function path(heights) {
    const places = heights.map((height, at) => {
      const [x, y] = frame.at((2 * at) / (heights.length - 1) - 1, height);
      return `${x.toFixed(1)} ${Math.min(Math.max(y, -1e4), 1e4).toFixed(1)}`;
    });
    return `M${places.join("L")}`;
  }

  // As many dots as points, the old ones moved.
  function dots(group, points, radius) {
    while (group.childElementCount > points.length) group.lastElementChild.remove();
    while (group.childElementCount < points.length) group.append(lab.svg("circle", { r: radius }));
    points.forEach(([x, y], at) => {
      const [cx, cy] = frame.at(x, y);
      group.children[at].setAttribute("cx", cx.toFixed(1));
      group.children[at].setAttribute("cy", cy.toFixed(1));
    });
  }

  function draw() {
    if (!told) return;
    const { x, y } = frame.range();
    const [[left, top], [right, bottom]] = [frame.at(x[0], y[1]), frame.at(x[1], y[0])];
    const box = { x: left - 5, y: top, width: right - left + 10, height: bottom - top };
    for (const [key, value] of Object.entries(box)) clip.setAttribute(key, value);
    truth.setAttribute("d", path(told.truth));
    fit.setAttribute("d", path(shape));
    dots(test, told.test, 2);
    dots(train, told.train, 4.5);
  }

  function glide(from, to) {
    const mine = (moving += 1);
    const start = performance.now();
    function next(now) {
      if (mine !== moving) return;
      const share = Math.min((now - start) / lab.FIT_GLIDE, 1);
      shape = to.map((height, at) => from[at] + (height - from[at]) * share);
      fit.setAttribute("d", path(shape));
      if (share < 1) requestAnimationFrame(next);
    }
    requestAnimationFrame(next);
  }

  // High enough for the points, in whole steps, so that the frame seldom changes.
  function fitHeight({ train: own, test: fresh }) {
    const most = Math.max(...[...own, ...fresh].map(([, height]) => Math.abs(height)));
    const high = most > 3 ? 4 : most > 2 ? 3 : 2;
    if (frame.range().y[1] !== high) frame.fit({ y: [-high, high] });
  }

  function show(reply) {
    const from = shape;
    told = reply;
    fitHeight(reply);
    const isStill = !from || matchMedia("(prefers-reduced-motion: reduce)").matches;
    shape = isStill ? reply.curve : from;
    draw();
    moving += 1;
    if (!isStill) glide(from, reply.curve);
  }

  frame.onFit(draw);
  return { show };
};
