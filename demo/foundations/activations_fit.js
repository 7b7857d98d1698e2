// Two layers learning a curve, with an activation between them and without, step by step.
lab.FIT_PLAYS = 1800; // ms, from the first step to the last

lab.createFit = function (svg, counter) {
  const frame = lab.plotFrame(svg, { x: [-3.1, 3.1], y: [-1.75, 1.75], ticks: 4 });
  const points = lab.svg("g", { class: "lab-bend-points" });
  const straight = lab.svg("path", { class: "lab-shape-line is-dashed" });
  const bent = lab.svg("path", { class: "lab-shape-line is-front" });
  const clip = lab.shapes.clip(svg, frame);
  clip.inside.append(points, straight, bent);
  let shown = null;
  let share = 1; // of the training, played so far
  let stop = () => {};
  frame.onFit(draw);

  // Between two of the steps that came, the picture glides from one to the other.
  function answersAt({ answers }) {
    const at = share * (answers.length - 1);
    const [low, high] = [Math.floor(at), Math.ceil(at)];
    return answers[low].map((one, place) => one + (answers[high][place] - one) * (at - low));
  }

  function draw() {
    if (!shown) return;
    clip.fit();
    const [xs, ys] = shown.bent.points;
    while (points.childElementCount < xs.length) points.append(lab.svg("circle", { r: 3.5 }));
    xs.forEach((x, at) => {
      const [cx, cy] = frame.at(x, ys[at]);
      lab.shapes.set(points.children[at], { cx, cy });
    });
    straight.setAttribute("d", pathOf(shown.straight));
    bent.setAttribute("d", pathOf(shown.bent));
    render();
  }

  const pathOf = (fit) => lab.shapes.path(frame, fit.places, answersAt(fit));

  function render() {
    if (!shown) return;
    const { steps } = shown.bent;
    const step = steps[Math.floor(share * (steps.length - 1))];
    lab.setWord(counter, "idea_activations_step", { step });
  }

  function play() {
    stop();
    stop = lab.shapes.play(lab.FIT_PLAYS, (played) => {
      share = played;
      draw();
    });
  }

  function show(one, other) {
    shown = { bent: one, straight: other };
    play();
  }

  return { show, play, render };
};
