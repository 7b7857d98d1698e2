// Plays steps that have been computed: play, pause, again, and a slider to any of them.
lab.STEP_LASTS = 45; // ms
lab.PLAY_LASTS = [1500, 6000]; // ms, the shortest and the longest play

// `name` begins the test ids, `play` is the word on the button; `draw(step)` gets steps with a part.
lab.createPlayer = function (place, { name, play, draw }) {
  const button = document.createElement("button");
  const range = document.createElement("input");
  const told = document.createElement("span");
  Object.assign(button, { type: "button", className: "lab-button is-main" });
  Object.assign(range, { type: "range", min: 0, max: 1, value: 0 });
  button.dataset.testid = `${name}-play`;
  range.dataset.testid = `${name}-at`;
  told.className = "lab-player-told";
  place.classList.add("lab-player");
  place.append(button, range, told);
  let steps = 1;
  let at = 0;
  let moving = null; // the animation frame that is asked for
  let last = 0; // ms

  const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function pace() {
    const [shortest, longest] = lab.PLAY_LASTS;
    return steps / Math.min(Math.max(steps * lab.STEP_LASTS, shortest), longest);
  }

  function render() {
    const key = moving ? "train_pause" : at >= steps ? "idea_surface_again" : play;
    lab.setWord(button, key);
    const details = { step: Math.floor(at), steps };
    lab.setWord(told, "idea_surface_step", details);
    range.setAttribute("aria-label", told.textContent);
    range.max = steps;
    range.value = Math.floor(at);
  }

  function go(step) {
    at = Math.min(step, steps);
    draw(at);
    render();
  }

  function frame(now) {
    const passed = Math.max(now - last, 0); // the first frame may have begun before the button
    last = now;
    moving = requestAnimationFrame(frame);
    if (at + passed * pace() >= steps) halt();
    go(at + passed * pace());
  }

  function halt() {
    cancelAnimationFrame(moving);
    moving = null;
  }

  function run() {
    halt();
    if (isStill()) return go(steps);
    last = performance.now();
    moving = requestAnimationFrame(frame);
    go(at >= steps ? 0 : at);
  }

  button.addEventListener("click", () => {
    if (!moving) return run();
    halt();
    render();
  });
  range.addEventListener("input", () => {
    halt();
    go(Number(range.value));
  });
  lab.onLanguage(place, render);

  return {
    // New steps: at once at their end, or played from the start.
    load(count, isPlayed) {
      halt();
      steps = Math.max(count, 1);
      at = steps;
      if (isPlayed) run();
      else go(steps);
    },
    at: () => at,
  };
};
