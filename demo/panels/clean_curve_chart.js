// The curves as a chart: a line and its marks for each cleaner, named where it ends.
lab.CURVE_TOP = 38; // px above the axis' top, for the chosen level's name and the digit's mark
lab.CURVE_BOTTOM = 34; // px below, for the levels
lab.CURVE_NARROW = 520; // px; narrower charts name their lines in the list below alone
lab.CURVE_NAME_GAP = 18; // px from one name to the next
lab.CURVE_REACH = 16; // px from a line within which a press means it

lab.createCurveChart = function (root, { choose, point }) {
  const pen = document.createElement("canvas").getContext("2d"); // measures text
  const layers = ["grid", "lines", "rings", "names", "marker"].map((name) =>
    root.appendChild(lab.svg("g", { class: `lab-curve-${name}` })),
  );
  const [grid, lines, rings, names, marker] = layers;
  // What lies beyond the axis, as 100 dB do, leaves the drawing at its edge.
  const clip = lab.svg("rect");
  root.prepend(lab.svg("clipPath", { id: "lab-curve-clip" }, clip));
  for (const layer of [lines, rings]) layer.setAttribute("clip-path", "url(#lab-curve-clip)");
  const groups = new Map(); // key of a line -> its elements
  let drawn = null; // the newest state, and `x`, `y`, `keys` and the frame it was drawn with

  const isNumber = (value) => typeof value === "number";
  const valueAt = (key, stop) => drawn.lines[key][stop]?.[drawn.measure];
  const ringsShown = () => drawn.rings.filter((ring) => ring.noise === drawn.noise);

  // The ends of the axis; it needs no frame, and the frame has to hold what is written on it.
  function axis() {
    const { levels, figure, measure, keys } = drawn;
    const from = figure.leavesOutWeakest ? 1 : 0;
    const values = keys.flatMap((key) => levels.map((_, stop) => valueAt(key, stop)).slice(from));
    const fresh = ringsShown().filter(({ level }) => !from || level !== levels[0]);
    const all = [...values, ...fresh.map((ring) => ring[measure])].filter(isNumber);
    return lab.axisOf(all, figure);
  }

  // Where the axes lie, for the room that the numbers beside them and the lines' names take.
  function frame() {
    const { width, height } = lab.boxOf(root);
    const isNarrow = width < lab.CURVE_NARROW;
    pen.font = `600 13px ${getComputedStyle(root).fontFamily}`;
    const widest = (texts) => Math.max(0, ...texts.map((text) => pen.measureText(text).width));
    const names = drawn.keys.map(isNarrow ? valueOf : lab.nameOfCleaner);
    const left = Math.max(40, widest(drawn.axis.ticks.map(drawn.figure.tick)) + 10);
    const right = width - widest(names) - (isNarrow ? 12 : 26);
    return { left, right, top: lab.CURVE_TOP, bottom: height - lab.CURVE_BOTTOM, width, isNarrow };
  }

  function scale() {
    const { left, right, top, bottom } = drawn.frame;
    const { axis, levels } = drawn;
    const [weakest, strongest] = [levels[0], levels.at(-1)];
    drawn.x = (level) => left + ((right - left) * (level - weakest)) / (strongest - weakest);
    drawn.y = (value) => bottom - ((bottom - top) * (value - axis.low)) / (axis.high - axis.low);
  }

  // A line's last value, in words.
  function valueOf(key) {
    const value = valueAt(key, drawn.levels.length - 1);
    return isNumber(value) ? drawn.figure.text(value) : "";
  }

  function text(words, x, y, anchor) {
    const element = lab.svg("text", { x, y, "text-anchor": anchor });
    element.textContent = words;
    return element;
  }

  function drawGrid() {
    const { left, right, bottom, isNarrow } = drawn.frame;
    const across = drawn.axis.ticks.flatMap((tick) => {
      const y = drawn.y(tick);
      const line = lab.svg("line", { x1: left, x2: right, y1: y, y2: y });
      return [line, text(drawn.figure.tick(tick), left - 8, y + 4, "end")];
    });
    const stops = drawn.levels.map((level, stop) => [level, stop, drawn.levels.length - 1]);
    const named = stops.filter(([, stop, last]) => !isNarrow || stop % 2 === 0 || stop === last);
    const below = named.map(([level]) =>
      text(lab.levelText(drawn.noise, level), drawn.x(level), bottom + 22, "middle"),
    );
    grid.replaceChildren(...across, ...below);
  }

  // A line's elements, made once and moved from then on.
  function groupOf(key) {
    if (!groups.has(key)) {
      const style = `--colour: ${lab.colourOfCleaner(key)}`;
      const line = lab.svg("path", { class: "lab-curve-line" });
      groups.set(key, lab.svg("g", { style, "data-cleaner": key }, line));
    }
    return groups.get(key);
  }

  function drawLine(key) {
    const points = drawn.levels
      .map((level, stop) => ({ x: drawn.x(level), value: valueAt(key, stop), stop }))
      .filter(({ value }) => isNumber(value))
      .map((spot) => ({ ...spot, y: drawn.y(spot.value) }));
    const begins = (at) => at === 0 || points[at - 1].stop !== points[at].stop - 1;
    const path = points.map(({ x, y }, at) => `${begins(at) ? "M" : "L"}${x} ${y}`).join("");
    const group = groupOf(key);
    const isChosen = key === drawn.cleaner;
    const [line, ...marks] = group.children;
    line.setAttribute("d", path);
    points.forEach(({ x, y, stop }, at) => {
      const isLast = stop === drawn.levels.length - 1;
      const mark = marks[at] ?? group.appendChild(lab.curveMark(key));
      lab.placeMark(mark, x, y, (isChosen ? 5 : 3.5) + (isLast ? 1.5 : 0));
    });
    marks.slice(points.length).forEach((mark) => mark.remove());
    group.classList.toggle("is-chosen", isChosen);
    group.classList.toggle("is-nothing", key === lab.NO_CLEANER);
    return group;
  }

  function drawNames() {
    const { right, top, bottom, isNarrow } = drawn.frame;
    const last = drawn.levels.length - 1;
    const told = isNarrow ? [lab.NO_CLEANER, drawn.cleaner] : drawn.keys;
    const ends = told.filter((key) => isNumber(valueAt(key, last)));
    const clipped = ends.map((key) => Math.max(top, drawn.y(valueAt(key, last))));
    const places = lab.spread(clipped, lab.CURVE_NAME_GAP, top, bottom - 4);
    const elements = ends.map((key, at) => {
      const words = isNarrow ? valueOf(key) : lab.nameOfCleaner(key);
      const name = text(words, right + (isNarrow ? 8 : 22), places[at] + 4, "start");
      const [from, to] = [`${right + 8} ${clipped[at]}`, `${right + 19} ${places[at]}`];
      const lead = lab.svg("path", { d: `M${from}L${to}` });
      const style = `--colour: ${lab.colourOfCleaner(key)}`;
      const group = lab.svg("g", { style, "data-cleaner": key }, ...(isNarrow ? [] : [lead]), name);
      group.classList.toggle("is-chosen", key === drawn.cleaner);
      return group;
    });
    names.replaceChildren(...elements);
  }

  function drawRings() {
    const places = ringsShown().map((ring) => {
      const [cx, cy] = [drawn.x(ring.level), drawn.y(ring[drawn.measure])];
      const style = `--colour: ${lab.colourOfCleaner(ring.cleaner)}`;
      const element = lab.svg("circle", { cx, cy, r: 7, style });
      element.classList.toggle("is-chosen", ring.cleaner === drawn.cleaner);
      return element;
    });
    rings.replaceChildren(...places);
  }

  // The chosen cleaner's curve at any level, straight between two measured ones.
  function heightAt(level, key = drawn.cleaner) {
    const { levels } = drawn;
    const share = (stop) => (level - levels[stop]) / (levels[stop + 1] - levels[stop]);
    const stop = levels.findIndex((_, at) => at + 1 < levels.length && share(at) <= 1 + 1e-9);
    const [from, to] = [valueAt(key, stop), valueAt(key, stop + 1)];
    if (!isNumber(from) || !isNumber(to)) return null;
    return Math.max(drawn.frame.top, drawn.y(from + share(stop) * (to - from)));
  }

  function drawMarker() {
    const { top, bottom, left, right } = drawn.frame;
    const upright = (x, of) => lab.svg("line", { class: of, x1: x, x2: x, y1: top, y2: bottom });
    const x = drawn.x(drawn.level);
    const level = text(lab.levelText(drawn.noise, drawn.level), x, top - 20, "middle");
    const elements = [upright(x, "is-yours"), level];
    if (drawn.pointed !== null) {
      elements.unshift(upright(drawn.x(drawn.levels[drawn.pointed]), "is-pointed"));
    }
    const y = drawn.yours && heightAt(drawn.level);
    if (isNumber(y)) elements.push(yours(Math.min(Math.max(x, left), right), y));
    marker.replaceChildren(...elements);
  }

  // The visitor's digit: what is read in it after cleaning, and whether that is right.
  function yours(x, y) {
    const { after, isRight } = drawn.yours;
    const sign = `${after ?? "?"}${isRight ? "✓" : "✗"}`;
    const place = { class: isRight ? "is-right" : "is-wrong", "data-testid": "curve_yours_mark" };
    const pill = lab.svg("rect", { x: x - 19, y: y - 14, width: 38, height: 28, rx: 14 });
    return lab.svg("g", place, pill, text(sign, x, y + 5, "middle"));
  }

  function show(state) {
    drawn = { ...state, keys: Object.keys(state.lines) };
    const details = { measure: lab.say(state.figure.word), noise: lab.noiseName(state.noise) };
    root.setAttribute("aria-label", lab.say("curve_chart_label", details));
    drawn.axis = axis();
    drawn.frame = frame();
    if (drawn.frame.right <= drawn.frame.left) return; // folded: there is no room to draw in
    scale();
    drawGrid();
    const last = [lab.NO_CLEANER, drawn.cleaner]; // on top of the quiet ones
    const order = [...drawn.keys.filter((key) => !last.includes(key)), ...last];
    const { top, bottom, width } = drawn.frame;
    const window = { x: 0, y: top - 8, width, height: bottom - top + 16 };
    for (const [key, value] of Object.entries(window)) clip.setAttribute(key, value);
    lines.replaceChildren(...order.map(drawLine));
    drawRings();
    drawNames();
    drawMarker();
  }

  // ---- Pointing and pressing ----

  function stopAt(event) {
    const [x] = lab.pointIn(root, event);
    const away = drawn.levels.map((level) => Math.abs(drawn.x(level) - x));
    return away.indexOf(Math.min(...away));
  }

  function cleanerAt(event) {
    const named = event.target.closest("[data-cleaner]")?.dataset.cleaner;
    if (named) return named;
    const [across, down] = lab.pointIn(root, event);
    const { levels, frame } = drawn;
    const share = (across - frame.left) / (frame.right - frame.left);
    if (share < 0 || share > 1) return null;
    const level = levels[0] + share * (levels.at(-1) - levels[0]);
    const away = (key) => {
      const y = heightAt(level, key);
      return y === null ? Infinity : Math.abs(y - down);
    };
    const [nearest] = lab.CLEANERS.map(({ key }) => key).sort((a, b) => away(a) - away(b));
    return away(nearest) <= lab.CURVE_REACH ? nearest : null;
  }

  root.addEventListener("pointermove", (event) => {
    if (drawn && event.pointerType === "mouse") point(stopAt(event));
  });
  root.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") point(null); // a finger's level stays when it is lifted
  });
  root.addEventListener("click", (event) => {
    if (!drawn) return;
    point(stopAt(event));
    const cleaner = cleanerAt(event);
    if (cleaner && cleaner !== lab.NO_CLEANER) choose(cleaner);
  });
  return { show };
};
