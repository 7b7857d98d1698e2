// How many examples are enough: accuracy over examples, kept over seeds, and the visitor's own runs.
lab.ENOUGH_ROOM = { left: 54, right: 132, top: 14, bottom: 30 }; // px around the axes
lab.ENOUGH_NARROW = 600; // px; a narrower one has no room for names at its lines' ends
lab.ENOUGH_NARROW_ROOM = 62; // px
lab.ENOUGH_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500]; // examples of each digit
lab.ENOUGH_FEW_TICKS = [1, 5, 10, 50, 100, 500]; // where it is narrow
lab.ENOUGH_LOW = 0.2; // accuracy of guessing; what is worse lies on the axis
lab.ENOUGH_APART = 3; // px from one way's whisker to the next one's, or they would hide each other

lab.createEnoughChart = function (svg) {
  const layers = ["grid", "lines", "own", "ends"].map((name) =>
    svg.appendChild(lab.svg("g", { class: `lab-enough-${name}` })),
  );
  const [grid, lines, own, ends] = layers;
  const place = (examples) => Math.log10(examples);
  const most = place(lab.ENOUGH_TICKS.at(-1));
  let drawn = null;
  const pointer = lab.createChartPointer(svg, () => drawn);

  function fit() {
    const { width, height } = lab.boxOf(svg);
    const room = lab.ENOUGH_ROOM;
    drawn.isNarrow = width < lab.ENOUGH_NARROW;
    const right = width - (drawn.isNarrow ? lab.ENOUGH_NARROW_ROOM : room.right);
    const frame = { left: room.left, right, top: room.top, bottom: height - room.bottom };
    const { axis, of } = lab.COMPARE_SCALE;
    const [low, high] = [lab.ENOUGH_LOW, axis().high].map(of);
    const share = (y) => Math.min(Math.max((of(y) - low) / (high - low), 0), 1);
    drawn.frame = frame;
    drawn.x = (x) => frame.left + ((frame.right - frame.left) * x) / most;
    drawn.y = (y) => frame.bottom - (frame.bottom - frame.top) * share(y);
    return right > frame.left;
  }

  const text = (said, attributes, name = "text") => {
    const element = lab.svg(name, attributes);
    element.textContent = said;
    return element;
  };

  function drawGrid() {
    const { left, right, bottom } = drawn.frame;
    const across = lab.COMPARE_SCALE.axis().ticks.flatMap((tick) => {
      const y = drawn.y(tick);
      const said = `${Math.round(100 * tick)} %`;
      return [
        lab.svg("line", { x1: left, x2: right, y1: y, y2: y }),
        text(said, { x: left - 8, y: y + 4, "text-anchor": "end" }),
      ];
    });
    const ticks = drawn.isNarrow ? lab.ENOUGH_FEW_TICKS : lab.ENOUGH_TICKS;
    const below = ticks.map((tick) =>
      text(tick, { x: drawn.x(place(tick)), y: bottom + 20, "text-anchor": "middle" }),
    );
    grid.replaceChildren(...across, ...below);
  }

  // A way's means, each with a whisker of one standard deviation up and down.
  function drawWay({ points, kept, colour }, at) {
    const across = points.map(([x]) => drawn.x(x) + lab.ENOUGH_APART * (at - 1));
    const steps = points.map(([, y], number) => `${number ? "L" : "M"}${across[number]} ${drawn.y(y)}`);
    const group = lab.svg("g", { style: `--colour: ${colour}` }, lab.svg("path", { d: steps.join("") }));
    kept.forEach(({ mean, spread }, number) => {
      const x = across[number];
      group.append(lab.svg("circle", { cx: x, cy: drawn.y(mean), r: 3 }));
      if (spread === null) return;
      const [y1, y2] = [mean + spread, mean - spread].map(drawn.y);
      group.append(lab.svg("line", { x1: x, x2: x, y1, y2 }));
    });
    return group;
  }

  function drawEnds() {
    const told = drawn.lines.filter(({ points }) => points.length);
    const last = told.map(({ points }) => points.at(-1));
    const { top, bottom } = drawn.frame;
    const places = lab.spread(last.map(([, y]) => drawn.y(y)), lab.CHART_NAME_GAP, top, bottom);
    const said = told.map(({ name, colour }, at) => {
      const value = lab.comparePercent(last[at][1]);
      const where = { x: drawn.x(last[at][0]) + 10, y: places[at] + 4, style: `--colour: ${colour}` };
      return text(drawn.isNarrow ? value : `${value} ${name}`, where);
    });
    ends.replaceChildren(...said);
  }

  const ringSaid = (run, way) =>
    lab.say("transfer_enough_ring", {
      way: lab.say(`transfer_way_${way}`),
      share: lab.comparePercent(run.ways[way].last.accuracy),
    });

  // A ring for each way of each run; the newest run's are larger.
  function drawOwn(runs) {
    const rings = runs.flatMap((run) =>
      lab.COMPARE_WAYS.map((way) => {
        const [x, y] = [place(run.settings.examples), run.ways[way].last.accuracy];
        const r = run === runs.at(-1) ? 7 : 5;
        const style = `--colour: ${lab.compareColour(way)}`;
        const ring = lab.svg("circle", { cx: drawn.x(x), cy: drawn.y(y), r, style });
        ring.append(text(ringSaid(run, way), {}, "title"));
        ring.dataset.way = way;
        ring.classList.toggle("is-last", run === runs.at(-1));
        return ring;
      }),
    );
    own.replaceChildren(...rings);
  }

  function draw() {
    if (!fit()) return; // on a tab that is not open
    drawGrid();
    lines.replaceChildren(...drawn.lines.map(drawWay));
    drawEnds();
    drawOwn(drawn.runs);
    pointer.render();
  }

  function lineOf(way, { kept }, { teacher, augmentation }) {
    const mine = kept.filter(
      (point) =>
        point.way === way &&
        (way === "scratch" || point.teacher === teacher) &&
        point.augmentation === augmentation,
    );
    const points = mine.map(({ examples, mean }) => [place(examples), mean]);
    const name = lab.say(`transfer_short_${way}`);
    return { key: way, name, colour: lab.compareColour(way), kept: mine, points, isFront: true };
  }

  // The runs of this teacher, augmented or not as it is set.
  const alike = (settings) => (run) =>
    run.settings.teacher === settings.teacher && run.settings.augmentation === settings.augmentation;

  // All means of each way, and the newest of the visitor's runs.
  function label(settings) {
    const means = drawn.lines.filter(({ kept }) => kept.length).map(({ key, kept }) => {
      const values = kept.map(({ examples, mean }) => `${lab.comparePercent(mean)} (${examples})`);
      return { way: lab.say(`transfer_way_${key}`), values: values.join(", ") };
    });
    const run = drawn.runs.at(-1);
    const own = run && lab.COMPARE_WAYS.map((way) => ringSaid(run, way)).join(", ");
    const at = run && lab.say("transfer_enough_at", run.settings);
    return [
      lab.say("transfer_enough_about", lab.compareAbout(settings)),
      ...means.map((details) => lab.say("transfer_enough_way", details)),
      ...(run ? [lab.say("transfer_enough_way", { way: at, values: own })] : []),
    ].join(" ");
  }

  function show(facts, settings, runs) {
    const x = (at) => lab.say("transfer_enough_at", { examples: Math.round(10 ** at) });
    drawn = {
      lines: lab.COMPARE_WAYS.map((way) => lineOf(way, facts, settings)),
      runs: runs.filter(alike(settings)),
      most,
      text: { x, value: lab.comparePercent },
    };
    lab.describe(svg, label(settings));
    draw();
  }

  new ResizeObserver(() => drawn && draw()).observe(svg);
  return { show };
};

lab.renderCompareLegend = function (place) {
  const entries = lab.COMPARE_WAYS.map((way) => {
    const entry = document.createElement("span");
    entry.className = "is-way";
    entry.textContent = lab.say(`transfer_way_${way}`);
    entry.style.setProperty("--colour", lab.compareColour(way));
    return entry;
  });
  const own = document.createElement("span");
  own.className = "is-own";
  own.textContent = lab.say("transfer_enough_own");
  place.replaceChildren(...entries, own);
};

// From how many examples on scratch is as good as the better of the teacher's ways, on average.
lab.enoughSentence = function ({ kept }, { teacher, augmentation }) {
  if (!kept.length) return ["transfer_enough_missing"];
  const of = (way, examples) =>
    lab.keptPoint(kept, way, { teacher, examples, augmentation })?.mean ?? -1;
  const counts = lab.ENOUGH_TICKS.filter((count) => of("scratch", count) > 0 && of("tuned", count) > 0);
  if (!counts.length) return ["transfer_enough_none"];
  const gaps = counts.map(
    (count) => Math.max(of("frozen", count), of("tuned", count)) - of("scratch", count),
  );
  const [first, last] = [counts[0], counts.at(-1)];
  const [least, most] = [gaps[0], gaps.at(-1)].map(lab.comparePoints);
  const key = first === last ? "transfer_enough_once" : "transfer_enough_said";
  return [key, { first, last, least, most }];
};
