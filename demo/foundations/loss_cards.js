// A card a loss: its value, how it changes as one prediction moves, and its pull on all seven.
lab.createLossCards = function (root, choose) {
  const cards = [...root.querySelectorAll(".lab-loss-card")].map((element) => {
    const name = element.dataset.loss;
    const button = element.querySelector("button");
    button.addEventListener("click", () => choose(name));
    const curve = lab.createLossCurve(element.querySelector(".lab-loss-curve"));
    return { element, name, button, curve };
  });

  function showCard({ element, name, button, curve }, now) {
    button.setAttribute("aria-pressed", String(name === now.shown));
    element.classList.toggle("is-shown", name === now.shown);
    if (!now.reply) return;
    const { value, slope, gradient } = now.reply.losses[name];
    const told = { at: now.point, slope: lab.shortNumber(slope) };
    const sentence = lab.say(now.together ? "idea_loss_slope_all" : "idea_loss_slope", told);
    element.querySelector("output").textContent = lab.shortNumber(value);
    element.querySelector(".lab-caption").textContent = sentence;
    const label = `${lab.say(`idea_loss_${name}`)} ${lab.shortNumber(value)}, ${sentence}`;
    curve.show(now, name, label);
    drawPulls(element.querySelector(".lab-loss-pulls"), gradient);
  }

  // Each strip has its own scale: the strongest pull fills it.
  function drawPulls(svg, gradient) {
    const most = Math.max(...gradient.map(Math.abs));
    const arrows = gradient.map((one, at) => {
      const by = most > 0 ? (22 * one) / most : 0; // px of the 48
      const d = Math.abs(by) < 0.5 ? `M${11 + 30 * at} 24h8` : lab.shapes.arrow(15 + 30 * at, 24, by);
      return lab.svg("path", { d, class: "lab-loss-arrow" });
    });
    svg.replaceChildren(lab.svg("line", { class: "lab-plot-grid", x2: 210, y1: 24, y2: 24 }));
    svg.append(...arrows);
    const values = gradient.map(lab.shortNumber).join(", ");
    lab.describe(svg, lab.say("idea_loss_gradient", { values }));
  }

  return { show: (now) => cards.forEach((card) => showCard(card, now)) };
};

// A loss over the places that a prediction may move to, with the place where it is.
lab.createLossCurve = function (svg) {
  const room = { left: 36, right: 8, top: 8, bottom: 22 };
  const frame = lab.plotFrame(svg, { x: lab.LOSS_RANGE, y: [0, 1], ticks: 2, room });
  const line = lab.svg("path", { class: "lab-shape-line" });
  const tangent = lab.svg("path", { class: "lab-shape-tangent" });
  const dot = lab.svg("circle", { class: "lab-shape-here", r: 5 });
  const clip = lab.shapes.clip(svg, frame);
  clip.inside.append(line, tangent);
  frame.layer.append(dot);
  let shown = null;
  frame.onFit(draw);

  function draw() {
    if (!shown) return;
    const { places, curve, x, value, slope } = shown;
    clip.fit();
    line.setAttribute("d", lab.shapes.path(frame, places, curve));
    const ends = [x - 2.5, x + 2.5];
    const heights = ends.map((end) => value + slope * (end - x));
    tangent.setAttribute("d", lab.shapes.path(frame, ends, heights));
    const [cx, cy] = frame.at(x, value);
    lab.shapes.set(dot, { cx, cy });
  }

  function show({ reply, asked }, name, label) {
    const loss = reply.losses[name];
    shown = { places: reply.places, ...loss, x: asked.predictions[asked.point] };
    lab.describe(svg, label);
    frame.fit({ y: [0, Math.max(...loss.curve, loss.value, 0.1) * 1.08] });
  }

  return { show };
};
