// A part of the hidden gradient three ways, an element a square: its sign in colour, its size in depth.

// `chosen()` is the element that is looked at, the same one on all three; `changed()` when it is
// another: pointed at, tapped, or reached with the arrow keys.
lab.createBugMaps = function (box, changed) {
  const side = lab.BUG_SIDE;
  const count = side * side;
  const maps = Object.fromEntries([...box.querySelectorAll("svg")].map(lay));
  let patch = null;
  let at = null; // none before there is a picture

  function lay(svg) {
    const squares = Array.from({ length: count }, (_, index) => {
      const place = { x: 12 * (index % side) + 0.5, y: 12 * Math.floor(index / side) + 0.5 };
      const square = lab.svg("rect", { ...place, width: 11, height: 11, rx: 1.5 });
      square.addEventListener("pointerenter", () => choose(index));
      square.addEventListener("click", () => choose(index));
      return square;
    });
    const frame = lab.svg("rect", { class: "lab-bug-chosen", width: 14, height: 14, rx: 3 });
    svg.append(...squares, frame);
    return [svg.dataset.map, { svg, squares, frame }];
  }

  const wrongOf = (name, index) => patch[name][index] !== patch.autograd[index];

  // The widest value is full colour; the root keeps small ones in sight.
  function paint({ squares }, name, most) {
    squares.forEach((square, index) => {
      const value = patch[name][index];
      square.classList.toggle("is-plus", value > 0);
      square.classList.toggle("is-minus", value < 0);
      square.classList.toggle("is-wrong", wrongOf(name, index));
      square.style.fillOpacity = value ? 0.15 + 0.85 * Math.sqrt(Math.abs(value) / most) : 1;
    });
  }

  function show(newest) {
    patch = newest;
    const most = Math.max(...patch.behind.map(Math.abs)) || 1;
    for (const [name, map] of Object.entries(maps)) paint(map, name, most);
    at ??= Math.max(0, patch.clamped.findIndex((_, index) => wrongOf("clamped", index)));
    mark();
  }

  function mark() {
    for (const { frame } of Object.values(maps)) {
      frame.setAttribute("x", 12 * (at % side) - 1);
      frame.setAttribute("y", 12 * Math.floor(at / side) - 1);
    }
  }

  function choose(index) {
    if (!patch) return;
    at = index;
    mark();
    changed();
  }

  function walk(event) {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    if (!(event.key in by) || !patch) return;
    event.preventDefault();
    const [right, down] = by[event.key];
    const within = (value) => Math.min(Math.max(value, 0), side - 1);
    choose(side * within(Math.floor(at / side) + down) + within((at % side) + right));
  }

  // The names of the maps, with how many of their elements are not autograd's.
  function render() {
    if (!patch) return;
    for (const [name, { svg }] of Object.entries(maps)) {
      const wrong = patch[name].filter((_, index) => wrongOf(name, index)).length;
      const said = name === "autograd" ? name : lab.say(`idea_bug_${name}`);
      lab.describe(svg, lab.say("idea_bug_map", { name: said, wrong, elements: count }));
    }
  }

  box.addEventListener("keydown", walk);
  return { show, render, chosen: () => at };
};
