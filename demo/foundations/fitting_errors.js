// Train and test error of every degree on a logarithmic axis; a press chooses a degree.
lab.FIT_ROOM = { left: 50, right: 14, top: 22, bottom: 40 }; // px around the axes

lab.createFitErrors = function (svg, choose) {
  const parts = ["grid", "noise", "now", "train-line", "test-line", "dots", "best"].map((kind) =>
    svg.appendChild(lab.svg("g", { class: `lab-fitting-${kind}` })),
  );
  const [grid, noise, now, train, test, marks, best] = parts;
  let told = null; // {reply, asked}
  let frame = null; // px, and powers of ten

  // Three powers of ten below the best test error, and up to three above it: what lies beyond is
  // drawn on the edge.
  function fit() {
    const { width, height } = lab.boxOf(svg);
    const { left, right, top, bottom } = lab.FIT_ROOM;
    const { reply } = told;
    const least = Math.log10(Math.max(reply.test_errors[reply.best], 1e-15));
    const most = Math.log10(Math.max(...reply.test_errors, 1e-15));
    const low = Math.floor(least - 1.5);
    const high = Math.max(Math.min(Math.ceil(most), Math.floor(least) + 4), low + 3);
    frame = { left, right: width - right, top, bottom: height - bottom, low, high };
    return width > 0;
  }

  const count = () => told.reply.test_errors.length;
  const x = (degree) => frame.left + ((frame.right - frame.left) * degree) / (count() - 1);
  function y(error) {
    const power = Math.log10(Math.max(error, 1e-300));
    const share = (Math.min(Math.max(power, frame.low), frame.high) - frame.low) / (frame.high - frame.low);
    return frame.bottom - share * (frame.bottom - frame.top);
  }
  const isBeyond = (error) => error < 10 ** frame.low || error > 10 ** frame.high;

  function text(words, across, up, anchor = "middle") {
    const element = lab.svg("text", { x: across, y: up, "text-anchor": anchor });
    element.textContent = words;
    return element;
  }

  const rule = (x1, y1, x2, y2) => lab.svg("line", { x1, y1, x2, y2 });

  function drawGrid() {
    grid.replaceChildren();
    const every = frame.high - frame.low > 5 ? 2 : 1;
    for (let power = frame.low; power <= frame.high; power += every) {
      const up = y(10 ** power);
      grid.append(rule(frame.left, up, frame.right, up));
      grid.append(text(lab.tickNumber(10 ** power), frame.left - 7, up + 4, "end"));
    }
    for (let degree = 0; degree < count(); degree += 3) {
      grid.append(text(degree, x(degree), frame.bottom + 17));
    }
    grid.append(text(lab.say("idea_fitting_degree"), (frame.left + frame.right) / 2, frame.bottom + 35));
  }

  function drawLine(group, errors) {
    const places = errors.map((error, degree) => `${x(degree).toFixed(1)} ${y(error).toFixed(1)}`);
    group.replaceChildren(lab.svg("path", { d: `M${places.join("L")}` }));
  }

  function drawDots() {
    marks.replaceChildren();
    for (const [kind, errors] of [["train", told.reply.train_errors], ["test", told.reply.test_errors]]) {
      errors.forEach((error, degree) => {
        if (isBeyond(error)) return;
        const r = degree === told.asked.degree ? 6 : 3;
        marks.append(lab.svg("circle", { class: `is-${kind}`, cx: x(degree), cy: y(error), r }));
      });
    }
  }

  function drawMarks() {
    const { asked, reply } = told;
    now.replaceChildren(rule(x(asked.degree), frame.top, x(asked.degree), frame.bottom));
    const anchor = reply.best > count() - 3 ? "end" : reply.best < 2 ? "start" : "middle";
    const words = lab.say("idea_fitting_best", { best: reply.best });
    best.replaceChildren(
      lab.svg("circle", { cx: x(reply.best), cy: y(reply.test_errors[reply.best]), r: 9 }),
      text(words, x(reply.best), frame.top - 8, anchor),
    );
    noise.replaceChildren();
    const floor = asked.noise ** 2;
    if (!floor || isBeyond(floor)) return;
    noise.append(rule(frame.left, y(floor), frame.right, y(floor)));
    noise.append(text(lab.say("idea_fitting_floor"), frame.left + 4, y(floor) + 15, "start"));
  }

  function render() {
    if (!told || !fit()) return;
    drawGrid();
    drawLine(train, told.reply.train_errors);
    drawLine(test, told.reply.test_errors);
    drawDots();
    drawMarks();
  }

  function pick(event) {
    if (!told || !frame) return;
    const across = lab.pointIn(svg, event)[0] - frame.left;
    const share = Math.min(Math.max(across / (frame.right - frame.left), 0), 1);
    const degree = Math.round(share * (count() - 1));
    if (degree !== told.asked.degree) choose(degree);
  }

  svg.addEventListener("pointerdown", pick);
  svg.addEventListener("pointermove", (event) => event.buttons && pick(event));
  new ResizeObserver(render).observe(svg);
  return {
    // What to draw from now on.
    take(reply, asked) {
      told = { reply, asked };
    },
    render,
  };
};
