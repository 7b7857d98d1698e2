// The map of the test set's codes: a character a code, a star for the visitor's digit.
lab.latent.NEAREST = 20; // codes that say what lies around a place
lab.latent.KEY_STEPS = 40; // presses of an arrow key from one end of the map to the other

lab.latent.createMap = function (section, pick) {
  const canvas = section.querySelector("canvas");
  const legend = section.querySelector(".lab-latent-legend");
  const context = canvas.getContext("2d");
  let shown = null; // the map as the server tells it
  let only = null; // the one digit that is shown
  let marks = {}; // star, hollow, cross: places; trail: places of a path, at: which of them
  let layer = null; // the codes as painted, without the marks

  const MARGIN = 0.03; // of the side
  const scale = (value, [low, high]) => MARGIN + ((1 - 2 * MARGIN) * (value - low)) / (high - low);
  const unscale = (share, [low, high]) =>
    low + ((share - MARGIN) / (1 - 2 * MARGIN)) * (high - low);
  const inside = (share) => Math.min(Math.max(share, 0.015), 0.985);

  // Px of the canvas; what lies outside the map stands at its edge.
  function at([x, y]) {
    const [across, up] = [scale(x, shown.ends[0]), scale(y, shown.ends[1])].map(inside);
    return [across * canvas.width, (1 - up) * canvas.height];
  }

  const buttons = lab.DIGITS.map((digit) => {
    const button = lab.latent.button(digit, () => showOnly(digit));
    button.dataset.digit = digit;
    legend.append(button);
    return button;
  });

  function showOnly(digit) {
    only = only === digit ? null : digit;
    repaint();
    render();
  }

  function repaint() {
    const ratio = lab.pixelRatio();
    const side = Math.round(canvas.clientWidth * ratio);
    if (!side) return;
    if (canvas.height !== side) Object.assign(canvas, { width: side, height: side });
    layer = new OffscreenCanvas(side, side);
    if (shown) paintCodes(layer.getContext("2d"), ratio);
    paintMarks();
  }

  function paintCodes(context, ratio) {
    const colours = buttons.map((button) => getComputedStyle(button).color);
    const { fontFamily } = getComputedStyle(section);
    context.font = `600 ${10 * ratio}px ${fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    shown.points.forEach((point, index) => {
      const digit = shown.labels[index];
      const share = point.map((value, axis) => scale(value, shown.ends[axis]));
      if (share.some((value) => value < 0 || value > 1)) return;
      context.globalAlpha = only === null ? 0.85 : Number(only === digit) || 0.06;
      context.fillStyle = colours[digit];
      context.fillText(digit, ...at(point));
    });
  }

  function paintMarks() {
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!layer) return;
    context.drawImage(layer, 0, 0);
    if (!shown) return;
    const { star, hollow, cross, trail } = marks;
    lab.latent.paintMarks(context, {
      star: star && at(star),
      hollow: hollow && at(hollow),
      cross: cross && at(cross),
      trail: trail?.map(at),
      step: marks.at,
      style: getComputedStyle(canvas),
    });
  }

  // The digit that most of the nearest codes are of.
  function around([x, y]) {
    const distances = shown.points.map(([a, b], index) => [Math.hypot(a - x, b - y), index]);
    distances.sort(([a], [b]) => a - b);
    const near = distances.slice(0, lab.latent.NEAREST).map(([, index]) => shown.labels[index]);
    const counts = lab.DIGITS.map((digit) => near.filter((one) => one === digit).length);
    const count = Math.max(...counts);
    return { digit: counts.indexOf(count), count, total: lab.latent.NEAREST };
  }

  const number = (value) => lab.latent.number(value, 1);

  function renderPlaces() {
    const keys = { star: "latent_star", hollow: "latent_hollow", cross: "latent_cross" };
    const places = Object.entries(keys).map(([name, key]) => {
      const item = document.createElement("li");
      const place = shown && marks[name];
      if (!place) return item;
      const [x, y] = place.map(number);
      lab.setWord(item, key, { x, y, ...around(place) });
      return item;
    });
    section.querySelector("[data-testid=latent-places]").replaceChildren(...places);
  }

  function render() {
    for (const button of buttons) {
      const { digit } = button.dataset;
      button.setAttribute("aria-pressed", String(digit === only));
      if (!shown) continue;
      const [x, y] = shown.centres[digit].map(number);
      button.setAttribute("aria-label", lab.say("latent_only", { digit, x, y }));
    }
    const others = shown ? shown.low.length - 2 : 0;
    const key = others ? "latent_share" : "latent_share_all";
    const percent = lab.percent(shown?.share ?? 0, 0);
    const note = section.querySelector("[data-testid=latent-share]");
    lab.setWord(note, shown && key, { percent, count: others });
    renderPlaces();
  }

  function show(map) {
    shown = map;
    repaint();
    render();
  }

  function mark(places) {
    marks = places;
    paintMarks();
    renderPlaces();
  }

  function press({ clientX, clientY }) {
    if (!shown) return;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(clientX - box.left) / box.width, 1 - (clientY - box.top) / box.height];
    pick([unscale(x, shown.ends[0]), unscale(y, shown.ends[1])]);
  }

  function step(event) {
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = ways[event.key];
    if (!way || !shown) return;
    event.preventDefault();
    const start = marks.cross ?? marks.own ?? shown.ends.map(([low, high]) => (low + high) / 2);
    const moved = start.map((value, axis) => {
      const [low, high] = shown.ends[axis];
      const next = value + (way[axis] * (high - low)) / lab.latent.KEY_STEPS;
      return Math.min(Math.max(next, low), high);
    });
    pick(moved);
  }

  canvas.addEventListener("click", press);
  canvas.addEventListener("pointermove", (event) => event.buttons && press(event));
  canvas.addEventListener("keydown", step);
  new ResizeObserver(repaint).observe(canvas);
  addEventListener("lab-size", repaint);
  new MutationObserver(repaint).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { show, mark, render };
};
