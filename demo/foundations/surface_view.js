// A surface from above with a grip on a place of it, and a layer above to draw on.
lab.SURFACE_ROOM = { left: 34, right: 12, top: 10, bottom: 26 }; // px around the view
lab.SURFACE_KEYS = 80; // presses of an arrow key from end to end; with Shift a fifth of them

// `name` begins the test ids; `moved([x, y])` is told where the grip is dragged to or pressed to;
// `paint(context, at)` draws above the surface, `at` turning a place into px.
lab.createSurfaceView = function (place, { name, moved, paint }) {
  const [base, over] = ["heights", "over"].map((kind) => {
    const canvas = document.createElement("canvas");
    canvas.className = `lab-surface-${kind}`;
    canvas.setAttribute("aria-hidden", String(kind === "heights")); // the map says as much
    place.append(canvas);
    return canvas;
  });
  over.dataset.testid = `${name}-map`;
  const grip = document.createElement("button");
  grip.type = "button";
  grip.className = "lab-surface-grip";
  grip.dataset.testid = `${name}-grip`;
  grip.hidden = true;
  place.append(grip);
  let surface = null; // as lab.readSurface gives it
  let point = null; // where the grip stands
  let size = 0; // px of a side
  let painted = null; // what the heights were painted of
  let held = false;

  function frame() {
    const { left, right, top, bottom } = lab.SURFACE_ROOM;
    return { left, top, width: size - left - right, height: size - top - bottom };
  }

  function at([x, y]) {
    const { left, top, width, height } = frame();
    const share = (value, [low, high]) => (value - low) / (high - low);
    return [left + width * share(x, surface.x), top + height * (1 - share(y, surface.y))];
  }

  // To hundredths, which is finer than a px.
  const within = (value, [low, high]) => Number(Math.min(Math.max(value, low), high).toFixed(2));

  function from(event) {
    const [x, y] = lab.pointIn(over, event);
    const { left, top, width, height } = frame();
    const across = (x - left) / width;
    const down = (y - top) / height;
    const [[x0, x1], [y0, y1]] = [surface.x, surface.y];
    return [within(x0 + across * (x1 - x0), surface.x), within(y1 - down * (y1 - y0), surface.y)];
  }

  // A canvas of the place's size, drawn on in px of the page.
  function fresh(canvas) {
    const ratio = lab.pixelRatio();
    const side = Math.round(size * ratio);
    if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size, size);
    return context;
  }

  function paintBase() {
    const style = getComputedStyle(place);
    const wanted = [size, lab.pixelRatio(), style.color, surface.x, surface.side].join();
    if (painted?.surface === surface && painted.wanted === wanted) return;
    painted = { surface, wanted };
    const context = fresh(base);
    lab.paintSurface(context, surface, frame(), style);
    paintTicks(context, style);
  }

  function paintTicks(context, style) {
    const { left, top, width, height } = frame();
    const [low, right] = [top + height, left + width];
    context.fillStyle = style.getPropertyValue("--lab-soft");
    context.font = `12px ${style.fontFamily}`;
    const names = surface.is_mean ? ["w", "b"] : ["x", "y"];
    const write = (text, x, y, align) => {
      context.textAlign = align;
      context.fillText(text, x, y);
    };
    for (const tick of lab.niceTicks(...surface.x, 4)) {
      const [x] = at([tick, surface.y[0]]);
      const isLast = tick === surface.x[1];
      if (!isLast) write(lab.editNumber(tick), Math.max(x, left + 6), low + 17, "center");
    }
    for (const tick of lab.niceTicks(...surface.y, 4)) {
      const [, y] = at([surface.x[0], tick]);
      if (tick !== surface.y[1]) write(lab.editNumber(tick), left - 7, Math.min(y + 4, low), "right");
    }
    context.font = `italic 14px ${style.fontFamily}`;
    write(names[0], right - 4, low + 17, "center");
    write(names[1], left - 12, top + 11, "center");
  }

  function paintOver() {
    if (!surface || !size) return;
    const context = fresh(over);
    const { left, top, width, height } = frame();
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    paint(context, at, getComputedStyle(place));
    context.restore();
  }

  function placeGrip() {
    grip.hidden = !surface || !point;
    if (grip.hidden) return;
    const [x, y] = at(point);
    grip.style.left = `${x}px`;
    grip.style.top = `${y}px`;
  }

  function fit() {
    size = place.clientWidth;
    if (!surface || !size) return;
    paintBase();
    paintOver();
    placeGrip();
  }

  function take(event) {
    if (!surface || event.button) return;
    // A finger on the map may be about to scroll the page: it takes the grip, or taps.
    if (event.pointerType === "touch" && event.currentTarget !== grip) return;
    held = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (event.currentTarget !== grip) moved(from(event));
  }

  function step(event) {
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = ways[event.key];
    if (!way || !point) return;
    event.preventDefault();
    const times = event.shiftKey ? 5 : 1;
    moved(
      [surface.x, surface.y].map((ends, axis) => {
        const by = (times * (ends[1] - ends[0])) / lab.SURFACE_KEYS;
        return within(point[axis] + way[axis] * by, ends);
      }),
    );
  }

  for (const element of [over, grip]) {
    element.addEventListener("pointerdown", take);
    element.addEventListener("pointermove", (event) => held && moved(from(event)));
    element.addEventListener("lostpointercapture", () => (held = false));
  }
  over.addEventListener("click", (event) => {
    if (surface && event.pointerType === "touch") moved(from(event));
  });
  grip.addEventListener("keydown", step);
  new ResizeObserver(fit).observe(place);
  addEventListener("lab-size", fit);
  new MutationObserver(() => setTimeout(fit)).observe(document.body, { attributeFilter: ["class"] });

  return {
    show(newest) {
      surface = newest;
      fit();
    },
    // Where the grip stands, and what it is called.
    put(newest, label) {
      point = newest;
      grip.setAttribute("aria-label", label);
      placeGrip();
    },
    paint: paintOver,
    label: (words) => lab.describe(over, words),
  };
};

// The menu of surfaces; `changed(surface, key)` gets each one as it is chosen, the first at once.
lab.createSurfaceMenu = function (place, server, { first, changed, failed }) {
  const choices = ["valley", "saddle", "rosenbrock", "hollows", "points"];
  const known = {}; // surfaces by key
  const specs = [{ key: "kind", kind: "choice", choices, value: first }];
  const menu = lab.createControls(place, { chapter: "surface", specs, changed: choose });

  async function choose(changes = {}) {
    const { kind } = menu.values();
    if (!known[kind]) {
      const reply = await lab.patiently(server.map_surface({ surface: kind }));
      if (reply.error) return failed(reply);
      known[kind] = lab.readSurface(reply);
    }
    if (menu.values().kind === kind) changed(known[kind], kind, changes);
  }

  // `changes` goes along to `changed`.
  function set(kind, changes) {
    menu.set({ kind });
    return choose(changes);
  }
  return { set, start: () => choose({}), name: () => lab.say(`idea_surface_kind_${menu.values().kind}`) };
};

// Four digits; what is smaller than a picture can show is 0.
lab.slopeNumber = (value) =>
  Math.abs(value) < 5e-5 ? "0" : lab.editNumber(value).replace("-", "−");
