// The six pictures between a drawing and the digit, each with its figures and the reason for it.
lab.INK_STEPS = ["sheet", "ink", "box", "small", "middle", "digit"];
lab.FITTING_STEPS = ["box", "small", "middle"]; // left out where centring is off
lab.INK_BOX = 20; // px, the side that MNIST fits its digits into

lab.createInkStrip = function (list) {
  let shown = null; // {request, reply}, null for a blank sheet

  const part = (name, selector) => list.querySelector(`[data-step=${name}] ${selector}`);

  function show(steps) {
    shown = steps;
    render();
  }

  function render() {
    for (const [name, [figures, why]] of Object.entries(lab.inkStepWords(shown))) {
      lab.setWord(part(name, ".lab-step-figures"), ...figures);
      lab.setWord(part(name, ".lab-note"), ...why);
      const isSkipped = figures[0] === "step_skipped";
      list.querySelector(`[data-step=${name}]`).classList.toggle("is-skipped", isSkipped);
    }
    list.classList.toggle("is-blank", !shown);
    if (shown) paint(shown);
  }

  function paint({ request, reply: { fitting, digit, mass } }) {
    const original = lab.pictureBehind(request);
    if (original) paintLevels("sheet", original);
    else paintSheet("sheet", request);
    paintLevels("ink", request);
    paintDigit("digit", digit, mass);
    if (!fitting) return;
    paintSheet("box", request);
    frame(request, fitting.box);
    paintLevels("small", fitting.small, lab.INK_BOX);
    paintDigit("middle", fitting.middle, fitting.mass);
  }

  // As the visitor sees it: ink on paper.
  function paintSheet(name, { width, height, pixels }) {
    const canvas = part(name, "canvas");
    canvas.width = canvas.height = lab.SENT_SIDE;
    canvas.classList.remove("is-coarse");
    const picture = { width, height, ink: pixels };
    lab.paintInk(canvas.getContext("2d"), picture, getComputedStyle(list).color);
  }

  // One byte a pixel as grey, 0 black, in the middle of a square of that side.
  function paintLevels(name, { width, height, pixels }, side = Math.max(width, height)) {
    const canvas = part(name, "canvas");
    canvas.width = canvas.height = side;
    canvas.classList.toggle("is-coarse", side <= lab.SEEN_SIDE);
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    lab.toBytes(pixels).forEach((level, pixel) => {
      image.data.set([level, level, level, 255], 4 * pixel);
    });
    context.putImageData(image, (side - width) >> 1, (side - height) >> 1);
  }

  // Pixel 0 reaches from 0 to 1: its own middle lies at 0.5.
  function paintDigit(name, pixels, mass) {
    paintLevels(name, { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, pixels });
    const [x, y] = mass.map((place) => place + 0.5);
    part(name, ".lab-cross").setAttribute("transform", `translate(${x} ${y})`);
  }

  // The box of the ink over the sheet, which stands in the middle of a square.
  function frame({ width, height }, [left, top, right, bottom]) {
    const side = Math.max(width, height);
    const [x, y] = [(side - width) / 2, (side - height) / 2];
    const box = `M${x + left} ${y + top}H${x + right}V${y + bottom}H${x + left}Z`;
    part("box", "svg").setAttribute("viewBox", `0 0 ${side} ${side}`);
    part("box", ".lab-outside").setAttribute("d", `M0 0H${side}V${side}H0Z${box}`);
    part("box", ".lab-frame").setAttribute("d", box);
  }

  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { show, render };
};

// The photograph or file that the ink on the sheet was found in, while the page remembers it.
lab.pictureBehind = function ({ pixels }) {
  return lab.lastPicture?.ink === pixels ? lab.lastPicture : null;
};

// {step: [figures, why]}: its figures and why it is taken, each a key and details.
lab.inkStepWords = function (shown) {
  const figures = shown ? lab.inkStepFigures(shown) : {};
  const why = shown ? lab.inkStepReasons(shown) : {};
  const usual = (name) => [`step_${name}_why`];
  return Object.fromEntries(
    lab.INK_STEPS.map((name) => [name, [figures[name] ?? [null], why[name] ?? usual(name)]]),
  );
};

// Where a step's reason is another than usual.
lab.inkStepReasons = function ({ request, reply: { fitting } }) {
  const reasons = {};
  if (lab.drawing.shownPicture()) reasons.sheet = ["step_image_why"];
  if (lab.pictureBehind(request)) {
    reasons.sheet = ["step_picture_why"];
    reasons.ink = ["step_found_why"];
  }
  if (fitting?.widened) reasons.small = ["step_widened_why", { width: 2 * fitting.widened }];
  if (fitting) return reasons;
  for (const name of lab.FITTING_STEPS) reasons[name] = [`step_${name}_skipped`];
  return { ...reasons, digit: ["step_straight_why"] };
};

lab.inkStepFigures = function ({ request: { width, height }, reply: { inked, fitting } }) {
  const sheet = ["step_size", { width, height }];
  const ink = ["step_inked", { percent: lab.percent(inked, 1) }];
  if (fitting) return { sheet, ink, ...lab.fittingFigures(fitting) };
  const skipped = Object.fromEntries(lab.FITTING_STEPS.map((name) => [name, ["step_skipped"]]));
  const digit = lab.scaledTo(lab.SEEN_SIDE, lab.SEEN_SIDE, Math.max(width, height));
  return { sheet, ink, ...skipped, digit };
};

lab.fittingFigures = function ({ box: [left, top, right, bottom], small, mass, shift }) {
  const [width, height] = [right - left, bottom - top];
  const [x, y] = mass.map((place) => place.toFixed(1));
  const across = `${shift[0] < 0 ? "←" : "→"} ${Math.abs(shift[0])}`;
  const down = `${shift[1] < 0 ? "↑" : "↓"} ${Math.abs(shift[1])}`;
  return {
    box: ["step_size", { width, height }],
    small: lab.scaledTo(small.width, small.height, Math.max(width, height)),
    middle: ["step_mass", { x, y }],
    digit: shift.some(Boolean) ? ["step_shift", { across, down }] : ["step_unmoved"],
  };
};

// The size of a picture, and how many times smaller or larger its longer side is than `before`.
lab.scaledTo = function (width, height, before) {
  const factor = before / Math.max(width, height);
  if (factor === 1) return ["step_size", { width, height }];
  const larger = factor < 1;
  const times = Number((larger ? 1 / factor : factor).toFixed(1)); // 10, not 10.0
  return [larger ? "step_larger" : "step_smaller", { width, height, factor: times }];
};
