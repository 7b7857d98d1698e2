// A chart whose lines grow: its elements are made once, and only moved from then on.
lab.CHART_ROOM = { left: 54, right: 104, top: 18, bottom: 28 }; // px around the axes
lab.CHART_NARROW = 480; // px; a narrower one has no room for more than the values at its right
lab.CHART_NARROW_ROOM = 56; // px
lab.CHART_NAME_GAP = 18; // px from one value at a line's end to the next
lab.CHART_POINTS = 500; // the most that are drawn of a line

// `show` takes {lines, scale, most, marks, label, text: {x, value, tick}}:
// lines  [{key, name, colour, points: [[x, y]], isDashed, isFront}], those in front last
// scale  one of lab.CHART_SCALES; most: the right end of the axis below
// marks  [{x, text}], upright lines with a word at their top
lab.createLineChart = function (svg) {
  const id = `lab-chart-${document.querySelectorAll("[id^=lab-chart-]").length}`;
  const grown = lab.svg("rect", { class: "lab-chart-grown", width: 0 });
  const all = lab.svg("rect", { width: "100%" });
  svg.append(lab.svg("clipPath", { id }, grown), lab.svg("clipPath", { id: `${id}-all` }, all));
  const [grid, marks, quiet, front, ends] = ["grid", "marks", "quiet", "front", "ends"].map((name) =>
    svg.appendChild(lab.svg("g", { class: `lab-chart-${name}` })),
  );
  front.setAttribute("clip-path", `url(#${id})`);
  quiet.setAttribute("clip-path", `url(#${id}-all)`);
  const paths = new Map(); // key of a line -> {path, end, drawn: what it was drawn from}
  let drawn = null; // the newest state, with `x`, `y`, `frame` and `axis`
  const pointer = lab.createChartPointer(svg, () => drawn);

  const shownOf = (line) => line.points.filter(([, y]) => drawn.scale.shows(y));

  function extent(lines) {
    let [least, most, first] = [Infinity, -Infinity, -Infinity];
    for (const { points } of lines) {
      first = Math.max(first, points[0]?.[1] ?? first);
      for (const [, y] of points) {
        if (y < least) least = y;
        if (y > most) most = y;
      }
    }
    return least <= most ? { least, most, first } : {};
  }

  function fit() {
    const { width, height } = lab.boxOf(svg);
    const room = lab.CHART_ROOM;
    drawn.isNarrow = width < lab.CHART_NARROW;
    const right = width - (drawn.isNarrow ? lab.CHART_NARROW_ROOM : room.right);
    const frame = { left: room.left, right, top: room.top };
    frame.bottom = height - room.bottom;
    drawn.frame = frame;
    drawn.axis = drawn.scale.axis(extent(drawn.lines));
    const [low, high] = [drawn.axis.low, drawn.axis.high].map(drawn.scale.of);
    const share = (y) => Math.min(Math.max((drawn.scale.of(y) - low) / (high - low), 0), 2);
    drawn.x = (x) => frame.left + ((frame.right - frame.left) * x) / Math.max(drawn.most, 1);
    drawn.y = (y) => frame.bottom - (frame.bottom - frame.top) * share(y);
    const seen = { y: frame.top - 4, height: Math.max(frame.bottom - frame.top + 8, 0) };
    for (const clip of [grown, all]) set(clip, seen);
    drawn.fitted = [width, height, drawn.most, low, high].join();
  }

  // The first children of a layer, as many as are needed, made once.
  function hold(layer, count, make) {
    while (layer.childElementCount > count) layer.lastElementChild.remove();
    while (layer.childElementCount < count) layer.append(make());
    return [...layer.children];
  }

  function set(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  }

  const ruled = () => lab.svg("g", {}, lab.svg("line"), lab.svg("text"));

  function drawGrid() {
    const { left, right, bottom } = drawn.frame;
    const { ticks } = drawn.axis;
    const places = hold(grid, ticks.length + 2, ruled);
    ticks.forEach((tick, at) => {
      const [line, text] = places[at].children;
      const y = drawn.y(tick);
      set(line, { x1: left, x2: right, y1: y, y2: y, visibility: "visible" });
      set(text, { x: left - 8, y: y + 4, "text-anchor": "end" });
      text.textContent = drawn.text.tick(tick);
    });
    [[0, "start"], [drawn.most, "end"]].forEach(([x, anchor], at) => {
      const [line, text] = places[ticks.length + at].children;
      set(line, { visibility: "hidden" });
      set(text, { x: drawn.x(x), y: bottom + 22, "text-anchor": anchor });
      text.textContent = at ? drawn.text.x(x) : "0";
    });
  }

  function drawMarks() {
    const { top, bottom, right } = drawn.frame;
    const places = hold(marks, drawn.marks.length, ruled);
    drawn.marks.forEach((mark, at) => {
      const [line, text] = places[at].children;
      const x = drawn.x(mark.x);
      set(line, { x1: x, x2: x, y1: top, y2: bottom });
      const isLate = x > right - 90;
      set(text, { x: x + (isLate ? -5 : 5), y: top + 10, "text-anchor": isLate ? "end" : "start" });
      text.textContent = mark.text;
    });
  }

  function entryOf(line) {
    if (!paths.has(line.key)) {
      const end = lab.svg("g", {}, lab.svg("circle", { r: 4 }), lab.svg("text", { x: 9, y: 4 }));
      paths.set(line.key, { path: lab.svg("path"), end, drawn: "" });
    }
    return paths.get(line.key);
  }

  // Where a line has far more points than there are pixels, some of them say it all.
  function thinned(points) {
    const every = Math.ceil(points.length / lab.CHART_POINTS);
    return points.filter((_, at) => at % every === 0 || at === points.length - 1);
  }

  function drawLine(line) {
    const entry = entryOf(line);
    const state = `${line.points.length} ${line.isFront} ${line.colour} ${drawn.fitted}`;
    if (entry.drawn === state) return;
    entry.drawn = state;
    const points = thinned(shownOf(line)).map(([x, y]) => [drawn.x(x), drawn.y(y)]);
    const steps = points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`);
    set(entry.path, { d: steps.join(""), style: `--colour: ${line.colour}`, "data-line": line.key });
    entry.path.classList.toggle("is-dashed", Boolean(line.isDashed));
    const layer = line.isFront ? front : quiet;
    if (entry.path.parentNode !== layer) layer.append(entry.path);
  }

  // The last value of each line in front, at its end, kept apart from its neighbours.
  function drawEnds() {
    const told = drawn.lines.filter((line) => line.isFront && shownOf(line).length);
    const last = told.map((line) => shownOf(line).at(-1));
    const heights = last.map(([, y]) => Math.max(drawn.y(y), drawn.frame.top));
    const places = lab.spread(heights, lab.CHART_NAME_GAP, drawn.frame.top, drawn.frame.bottom);
    told.forEach((line, at) => {
      const { end } = entryOf(line);
      const [x, y] = [drawn.x(last[at][0]), heights[at]];
      set(end, { style: `--colour: ${line.colour}; transform: translate(${x}px, ${y}px)` });
      end.lastElementChild.setAttribute("y", 4 + places[at] - y);
      const value = drawn.text.value(last[at][1]);
      end.lastElementChild.textContent = drawn.isNarrow ? value : `${value} ${line.name}`;
      end.classList.toggle("is-dashed", Boolean(line.isDashed));
      if (!end.parentNode) ends.append(end);
    });
    const furthest = Math.max(0, ...last.map(([x]) => drawn.x(x)));
    grown.style.width = `${furthest + 2}px`; // the style sheet lets it grow smoothly
    return new Set(told.map(({ key }) => key));
  }

  function draw() {
    fit();
    if (drawn.frame.right <= drawn.frame.left) return; // on a tab that is not open
    drawGrid();
    drawMarks();
    drawn.lines.forEach(drawLine);
    const told = drawEnds();
    const keys = new Set(drawn.lines.map(({ key }) => key));
    for (const [key, { path, end }] of paths) {
      if (!told.has(key)) end.remove();
      if (keys.has(key)) continue;
      path.remove();
      paths.delete(key);
    }
    pointer.render();
  }

  function show(state) {
    drawn = { marks: [], ...state };
    lab.describe(svg, state.label);
    svg.classList.toggle("is-faint", Boolean(state.isFaint));
    draw();
  }

  new ResizeObserver(() => drawn && draw()).observe(svg);
  return { show };
};
