// The numbers of a chart at a place: pointed at, tapped, or reached with the arrow keys.

// `look` gives what the chart has drawn, null before there is anything.
lab.createChartPointer = function (svg, look) {
  const rule = svg.appendChild(lab.svg("line", { class: "lab-chart-rule" }));
  const tip = document.createElement("div");
  tip.className = "lab-chart-tip";
  tip.setAttribute("role", "status");
  svg.after(tip);
  let pointed = null; // the place on the axis below, null for none

  const places = () => {
    const inFront = look().lines.filter(({ isFront }) => isFront);
    const all = new Set(inFront.flatMap(({ points }) => points.map(([x]) => x)));
    return [...all].sort((a, b) => a - b);
  };

  // The element of a sorted or unsorted list that lies nearest.
  const nearest = (list, x, of = (entry) => entry) =>
    list.reduce((best, entry) => (Math.abs(of(entry) - x) < Math.abs(of(best) - x) ? entry : best));

  function rowOf({ name, colour, points, isDashed }) {
    const row = document.createElement("span");
    const [sample, label, value] = ["i", "span", "b"].map((tag) => document.createElement(tag));
    const [, y] = nearest(points, pointed, ([x]) => x);
    sample.style.setProperty("--colour", colour);
    sample.classList.toggle("is-dashed", Boolean(isDashed));
    label.textContent = name;
    value.textContent = look().text.value(y);
    row.append(sample, label, value);
    return row;
  }

  function render() {
    const drawn = look();
    const isOn = pointed !== null && drawn && !drawn.isFaint && places().length > 0;
    rule.toggleAttribute("hidden", !isOn);
    tip.classList.toggle("is-on", isOn);
    if (!isOn) return;
    const { left, right, top, bottom } = drawn.frame;
    pointed = nearest(places(), pointed);
    const x = drawn.x(pointed);
    for (const [key, at] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) {
      rule.setAttribute(key, at);
    }
    const head = document.createElement("strong");
    head.textContent = drawn.text.x(pointed);
    const told = drawn.lines.filter(({ points }) => points.length).reverse();
    tip.replaceChildren(head, ...told.map(rowOf));
    const isLeft = x < (left + right) / 2;
    tip.style.left = isLeft ? `${x + 12}px` : "auto";
    tip.style.right = isLeft ? "auto" : `${svg.clientWidth - x + 12}px`;
  }

  function pointAt(event) {
    const drawn = look();
    if (!drawn?.frame) return;
    const { left, right } = drawn.frame;
    const [x] = lab.pointIn(svg, event);
    pointed = (drawn.most * (x - left)) / (right - left);
    render();
  }

  function leave() {
    pointed = null;
    render();
  }

  function walk(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key.toLowerCase() === "escape") return leave();
    if (!by || !look() || !places().length) return;
    event.preventDefault();
    const all = places();
    const at = pointed === null ? all.length - 1 : all.indexOf(nearest(all, pointed)) + by;
    pointed = all[Math.min(Math.max(at, 0), all.length - 1)];
    render();
  }

  svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && pointAt(event));
  svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  svg.addEventListener("click", pointAt);
  svg.addEventListener("keydown", walk);
  svg.addEventListener("blur", leave);
  return { render };
};
