// Drawing by keyboard: the arrows move a pen over the sheet, Space puts it down and lifts it.
lab.PEN_STEP = 0.025; // of the sheet's side; with Shift four times as far
lab.PEN_WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `hand` does with a point what a pointer's press, move and release do; `width` is its pen's.
lab.createPenKeys = function (canvas, hand) {
  const pen = document.createElement("i");
  const spoken = document.createElement("span");
  const held = new Set(); // two arrows at once go slantwise
  const acts = { " ": toggle, Escape: lift, Delete: clear, Backspace: clear };
  let point = [0.5, 0.25];
  let isDown = false;

  function show() {
    canvas.classList.add("is-penned");
    pen.style.setProperty("--x", point[0]);
    pen.style.setProperty("--y", point[1]);
    pen.style.setProperty("--width", hand.width());
    pen.classList.toggle("is-down", isDown);
  }

  function say(key) {
    lab.setWord(spoken, key);
  }

  function toggle({ repeat }) {
    if (repeat) return;
    if (isDown) return lift();
    isDown = true;
    say("pen_down");
    hand.begin(point);
  }

  function lift() {
    if (!isDown) return;
    isDown = false;
    say("pen_up");
    hand.end();
  }

  function clear() {
    lift();
    hand.clear();
    say("pen_cleared");
  }

  function move({ key, shiftKey }) {
    held.add(key);
    const far = lab.PEN_STEP * (shiftKey ? 4 : 1);
    for (const [byX, byY] of [...held].map((arrow) => lab.PEN_WAYS[arrow])) {
      point = [point[0] + far * byX, point[1] + far * byY];
    }
    point = point.map((at) => Math.min(Math.max(Number(at.toFixed(4)), 0), 1));
    if (isDown) hand.extend([point]);
  }

  function press(event) {
    const act = event.key in lab.PEN_WAYS ? move : acts[event.key];
    const isOurs = canvas.matches(":focus-visible"); // not of one who draws by mouse
    if (!act || !isOurs || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act(event);
    show();
  }

  function leave() {
    held.clear();
    lift();
    canvas.classList.remove("is-penned");
  }

  pen.className = "lab-pen";
  spoken.className = "lab-unseen";
  spoken.setAttribute("role", "status");
  canvas.after(pen, spoken);
  canvas.addEventListener("keydown", press);
  canvas.addEventListener("keyup", ({ key }) => held.delete(key));
  canvas.addEventListener("blur", leave);
  return {
    leave,
    isPenDown: () => isDown,
    // The sheet has the focus.
    reach() {
      if (canvas.matches(":focus-visible")) show();
    },
  };
};
