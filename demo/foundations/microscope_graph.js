// The tiny network as a graph: a cell a number, an edge a weight, with the gradients as they come.
lab.MICROSCOPE_WIDE = 520; // px, from which the network goes from left to right
lab.MICROSCOPE_CELL = { width: 74, height: 60 }; // px; three lines: name, value, gradient
lab.MICROSCOPE_FLAT = { width: 104, height: 42 }; // px; two lines, name and value in the first

// Where everything stands at a width: {height, nodes: {name: [x, y, names of cells]}, share, side}.
// `share` is where along its edge a weight is written, apart from those that it crosses.
lab.microscopeLayout = function (width) {
  const isWide = width >= lab.MICROSCOPE_WIDE;
  const height = isWide ? 400 : 512;
  const [first, second, third, last] = isWide
    ? [38, 0.47 * width, 0.77 * width, width - 38]
    : [26, 224, 390, 484];
  const across = isWide ? height - 20 : width;
  const put = (along, part) => (isWide ? [along, across * part] : [across * part, along]);
  const nodes = {
    x1: [...put(first, 0.31), ["x1"]],
    x2: [...put(first, 0.69), ["x2"]],
    y: [...put(third, 0.5), ["y"]],
    loss: [...put(last, 0.5), ["loss"]],
    t: [...put(last, isWide ? 0.83 : 0.17), ["t"]],
  };
  [1, 2, 3].forEach((j) => {
    const part = isWide ? [0.14, 0.5, 0.86][j - 1] : [0.17, 0.5, 0.83][j - 1];
    nodes[`u${j}`] = [...put(second, part), [`z${j}`, `h${j}`]];
  });
  const cell = { ...(isWide ? lab.MICROSCOPE_CELL : lab.MICROSCOPE_FLAT) };
  if (!isWide) cell.width = Math.min(cell.width, Math.floor(width / 3 - 6));
  const share = isWide ? { x1: 0.7, x2: 0.7, u: 0.5 } : { x1: 0.46, x2: 0.76, u: 0.52 };
  return { isWide, width, height, nodes, cell, share };
};

lab.createMicroscopeGraph = function (svg, edit) {
  const edges = lab.svg("g");
  const cells = lab.svg("g");
  const marks = lab.svg("g");
  svg.append(edges, cells, marks);
  let parts = {}; // name of a number -> {element, value, back}
  let wires = []; // [{line, ends}]: the edges without a weight
  let layout = null;
  let shown = null;

  const text = (kind, x, y, anchor = "middle") =>
    lab.svg("text", { class: `lab-microscope-${kind}`, x, y, "text-anchor": anchor });

  function part(name, kind, children, [value, back]) {
    const element = lab.svg("g", { class: `lab-microscope-${kind}`, "data-name": name }, ...children);
    element.addEventListener("click", () => edit(name));
    parts[name] = { element, value, back };
    return element;
  }

  function cell(name, x, y) {
    const { width, height } = layout.cell;
    const frame = { x: x - width / 2, y: y - height / 2, width, height, rx: 8 };
    const right = x + width / 2 - 8;
    const label = layout.isWide ? text("name", x, y - 14) : text("name", x - width / 2 + 8, y - 3, "start");
    label.textContent = name === "loss" ? "L" : lab.microscopeName(name);
    const pair = layout.isWide
      ? [text("value", x, y + 5), text("back", x, y + 22)]
      : [text("value", right, y - 3, "end"), text("back", right, y + 14, "end")];
    return part(name, "cell", [lab.svg("rect", frame), label, ...pair], pair);
  }

  // The cells of a unit stand beside each other, in the flat layout one above the other.
  function sizeOf(node) {
    const { width, height } = layout.cell;
    const count = layout.nodes[node][2].length;
    return layout.isWide ? [width * count, height] : [width, height * count];
  }

  // Where an edge leaves the one node and meets the other.
  function ends(from, to) {
    const half = (node) => sizeOf(node)[layout.isWide ? 0 : 1] / 2;
    const [a, b] = [layout.nodes[from], layout.nodes[to]];
    const isUpright = layout.isWide === (a[0] === b[0]); // t stands beside the loss, or below it
    if (isUpright) return [[a[0], a[1]], [b[0], b[1]]];
    if (layout.isWide) return [[a[0] + half(from), a[1]], [b[0] - half(to), b[1]]];
    return [[a[0], a[1] + half(from)], [b[0], b[1] - half(to)]];
  }

  function line([[x1, y1], [x2, y2]]) {
    return lab.svg("line", { x1, y1, x2, y2 });
  }

  function edge(name, from, to) {
    const [a, b] = ends(from, to);
    const share = layout.share[from[0] === "u" ? "u" : from];
    const [x, y] = [0, 1].map((at) => a[at] + share * (b[at] - a[at]));
    const [value, back] = [text("value", x, y - 2), text("back", x, y + 13)];
    const mark = lab.svg("g", {}, value, back);
    mark.addEventListener("click", () => edit(name));
    marks.append(mark);
    const wire = part(name, "edge", [line([a, b])], [value, back]);
    parts[name].mark = mark;
    edges.append(wire);
  }

  function bias(name, node) {
    const [x, y] = layout.nodes[node];
    const [width, height] = sizeOf(node);
    const left = x - width / 2 + 2;
    const below = y + height / 2 + 14;
    const [value, back] = [text("value", left, below, "start"), text("back", left, below + 15, "start")];
    marks.append(part(name, "bias", [value, back], [value, back]));
  }

  function build() {
    const { width } = lab.boxOf(svg);
    if (!width) return;
    layout = lab.microscopeLayout(width);
    svg.setAttribute("viewBox", `0 0 ${width} ${layout.height}`);
    svg.style.height = `${layout.height}px`;
    [edges, cells, marks].forEach((layer) => layer.replaceChildren());
    parts = {};
    wires = [["y", "loss"], ["t", "loss"]].map((pair) => ({ line: line(ends(...pair)), pair }));
    edges.append(...wires.map((wire) => wire.line));
    for (const [x, y, names] of Object.values(layout.nodes)) {
      const middle = (names.length - 1) / 2;
      const [right, down] = layout.isWide ? [layout.cell.width, 0] : [0, layout.cell.height];
      names.forEach((name, at) =>
        cells.append(cell(name, x + (at - middle) * right, y + (at - middle) * down)),
      );
    }
    for (const j of [1, 2, 3]) {
      for (const i of [1, 2]) edge(`w${j}${i}`, `x${i}`, `u${j}`);
      edge(`v${j}`, `u${j}`, "y");
      bias(`b${j}`, `u${j}`);
    }
    bias("c", "y");
    paint();
  }

  // What is known of a number at a place of the walk: its value, and its gradient or new value.
  function known(name, reply, reached) {
    const digits = layout.isWide ? 3 : 2;
    const needs = { z: `f${name[1]}`, h: `f${name[1]}`, y: "fy", l: "loss" }[name[0]];
    const value = !needs || reached.has(needs) ? lab.microscopeNumber(reply.values[name], 3) : "";
    if (reached.has("update") && name in reply.new) {
      return [value, `→ ${lab.microscopeNumber(reply.new[name], digits)}`];
    }
    const isBack = name in reply.rule && reached.has(name);
    return [value, isBack ? `∂ ${lab.microscopeNumber(reply.gradients[name], digits)}` : ""];
  }

  function paint() {
    if (!shown || !layout) return;
    const { reply, steps, place } = shown;
    const reached = new Set(steps.slice(0, place + 1).map((step) => step.place));
    const lit = new Set(steps[place].of);
    for (const [name, { element, mark, value, back }] of Object.entries(parts)) {
      const [text, behind] = known(name, reply, reached);
      const isBias = element.classList.contains("lab-microscope-bias");
      value.textContent = isBias ? `${lab.microscopeName(name)} ${text}` : text;
      back.textContent = behind;
      for (const one of [element, mark]) one?.classList.toggle("is-lit", lit.has(name));
    }
    for (const { line: wire, pair } of wires) {
      wire.classList.toggle("is-lit", lit.has("loss") && lit.has(pair[0]));
    }
  }

  function show(reply, steps, place, label) {
    shown = { reply, steps, place };
    lab.describe(svg, label);
    if (!layout) build();
    paint();
  }

  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return; // its height is its own doing
    width = contentRect.width;
    build();
  }).observe(svg);
  return { show };
};
