// What the chapters of losses, activations and lines draw alike: curves, arrows, points to drag.
lab.shapes = {};

// "M… L…" through values, in a frame of lab.plotFrame.
lab.shapes.path = function (frame, xs, ys) {
  const places = xs.map((x, at) => frame.at(x, ys[at]).map((px) => px.toFixed(1)).join(" "));
  return `M${places.join("L")}`;
};

lab.shapes.set = function (element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
};

// An arrow straight up or down from (x, y) in px, `by` px long, downwards where that is positive.
lab.shapes.arrow = function (x, y, by) {
  const head = Math.min(5, Math.abs(by)) * Math.sign(by);
  const wide = Math.abs(head) * 0.8;
  const tip = y + by;
  return `M${x} ${y}V${tip}M${x - wide} ${tip - head}L${x} ${tip}L${x + wide} ${tip - head}`;
};

// What is drawn in a frame stays in it: a clip that follows the frame's size.
lab.shapes.clip = function (svg, frame) {
  const id = `lab-clip-${document.querySelectorAll("[id^=lab-clip-]").length}`;
  const rect = lab.svg("rect");
  svg.append(lab.svg("clipPath", { id }, rect));
  const inside = frame.layer.appendChild(lab.svg("g", { "clip-path": `url(#${id})` }));

  function fit() {
    const { x, y } = frame.range();
    const [left, top] = frame.at(x[0], y[1]);
    const [right, bottom] = frame.at(x[1], y[0]);
    const size = { width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
    lab.shapes.set(rect, { x: left, y: top, ...size });
  }
  return { inside, fit };
};

// A place to take hold of in a frame: a dot with room for a finger around it, moved by mouse, finger
// and arrow keys. `moved([x, y])` gets where it is dragged to; `stepped(by)` gets the keys' steps,
// 1 or -1, ten at a time with Shift.
lab.shapes.handle = function (frame, { kind, moved, stepped, taken = () => {} }) {
  const group = lab.svg("g", { class: `lab-handle ${kind}`, tabindex: 0, role: "slider" });
  group.append(lab.svg("circle", { class: "lab-handle-room", r: 22 }));
  group.append(lab.svg("circle", { class: "lab-handle-dot", r: 7 }));
  group.style.visibility = "hidden"; // as long as it has no place
  let held = false;

  group.addEventListener("pointerdown", (event) => {
    held = true;
    group.setPointerCapture(event.pointerId);
    taken();
  });
  group.addEventListener("pointermove", (event) => held && moved(frame.from(event)));
  for (const end of ["pointerup", "pointercancel"]) {
    group.addEventListener(end, () => (held = false));
  }
  // Not every browser heeds touch-action inside an SVG: without this, the page scrolls instead.
  group.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  group.addEventListener("focus", taken);
  group.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    stepped(by * (event.shiftKey ? 10 : 1));
  });

  // Where it stands, and what a screen reader says of it.
  function place([x, y], { label, value, low, high }) {
    group.style.visibility = "";
    group.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    const said = { label, valuenow: value, valuemin: low, valuemax: high };
    for (const [key, text] of Object.entries(said)) group.setAttribute(`aria-${key}`, text);
  }
  return { element: group, place };
};

// A number's place between two ends, and to hundredths: what dragging gives.
lab.shapes.within = (value, low, high) =>
  Number(Math.min(Math.max(value, low), high).toFixed(2));

// Plays `draw(share)` from 0 to 1, at once where motion is unwanted. Returns what stops it.
lab.shapes.play = function (milliseconds, draw) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    draw(1);
    return () => {};
  }
  let frame;
  let start;
  function next(now) {
    start ??= now;
    const share = Math.min((now - start) / milliseconds, 1);
    draw(share);
    if (share < 1) frame = requestAnimationFrame(next);
  }
  frame = requestAnimationFrame(next);
  return () => cancelAnimationFrame(frame);
};
