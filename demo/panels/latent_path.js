// A path from the digit's code to another one, beside the plain cross-fade of the same ends.
lab.latent.FRAME_TIME = 200; // ms that each picture is shown while it plays
lab.latent.FRAMES = 9; // on a path, as the server has it

// `start` gives {size, code, read}, null while there is none; `walked` hears of each step.
lab.latent.createPath = function (section, { server, start, walked }) {
  const find = (name) => section.querySelector(`[data-testid=latent-${name}]`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const films = [...section.querySelectorAll(".lab-latent-film figure")];
  const strips = [find("strip"), find("mixed")];
  const slider = find("scrub");
  const LAST = lab.latent.FRAMES - 1;
  let to = null; // the digit at the end; until one is picked, one that is not read at the start
  let goal = "image"; // or "mean"
  let turn = 0; // which of its test images
  let shown = null; // {frames, mixed}, or {error, details}
  let at = 0; // the picture that is shown large
  let timer = null; // while it plays

  const reader = lab.createReader({
    current: () => {
      const begin = start();
      if (!begin) return null;
      const { size, code } = begin;
      return { size, code, to: Number(target()), turn: goal === "mean" ? null : turn };
    },
    ask: (request) => server.path_between(request),
    show: take,
    waiting: (late) => section.classList.toggle("is-waiting", late),
  });

  const target = () => to ?? (start()?.read.label === "3" ? "8" : "3");
  const frames = () => [shown?.frames, shown?.mixed];

  function take(reply) {
    shown = reply;
    go(Math.min(at, LAST));
  }

  function go(next) {
    at = next;
    render();
    walked();
  }

  function choose(change) {
    change();
    render();
    reader.want();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
  }

  // For those who want no motion it goes on by one picture a press.
  function play() {
    if (!shown?.frames) return;
    if (still.matches) return go(at < LAST ? at + 1 : 0);
    if (timer) pause();
    else {
      if (at === LAST) at = 0;
      timer = setInterval(tick, lab.latent.FRAME_TIME);
    }
    return go(at);
  }

  function tick() {
    if (at + 1 >= LAST) pause();
    go(Math.min(at + 1, LAST));
  }

  function tile(frame, index) {
    const item = document.createElement("li");
    const [picture, text] = [document.createElement("canvas"), document.createElement("span")];
    picture.width = picture.height = lab.SEEN_SIDE;
    lab.latent.paint(picture, frame?.picture);
    picture.setAttribute("aria-hidden", "true");
    const { label, refused } = frame?.read ?? {};
    text.textContent = refused ? `(${label})` : (label ?? "");
    if (frame) item.setAttribute("aria-label", lab.say(...lab.latent.reading(frame.read)));
    item.addEventListener("click", () => go(index));
    item.append(picture, text);
    return item;
  }

  function renderStrips() {
    strips.forEach((strip, which) => {
      const pictures = frames()[which] ?? Array.from({ length: LAST + 1 });
      strip.replaceChildren(...pictures.map(tile));
      strip.children[at]?.classList.add("is-shown");
    });
  }

  function renderFilms() {
    films.forEach((film, which) => {
      const frame = frames()[which]?.[at];
      const name = film.querySelector("b").textContent;
      lab.latent.paint(film.querySelector("canvas"), frame?.picture);
      film.querySelector("canvas").setAttribute("aria-label", name);
      lab.setWord(film.querySelector("span"), ...lab.latent.reading(frame?.read));
    });
  }

  function renderControls() {
    for (const button of section.querySelectorAll("[data-to]")) {
      button.setAttribute("aria-pressed", String(button.dataset.to === target()));
      button.setAttribute("aria-label", lab.say("latent_to_digit", { digit: button.dataset.to }));
    }
    for (const button of section.querySelectorAll("[data-goal]")) {
      button.setAttribute("aria-pressed", String(button.dataset.goal === goal));
    }
    lab.hold(find("another"), goal === "mean" ? "latent_another_why" : null);
    const moving = timer ? "latent_pause" : "latent_play";
    lab.setWord(find("play"), still.matches ? "latent_next" : moving);
    for (const one of [find("play"), slider]) lab.hold(one, shown?.frames ? null : "hold_busy");
    slider.value = at;
    const place = lab.say("latent_frame", { at: at + 1, count: LAST + 1 });
    slider.setAttribute("aria-valuetext", place);
    section.querySelector("output").textContent = place;
  }

  function render() {
    renderControls();
    renderFilms();
    renderStrips();
    lab.setWord(find("path-notice"), shown?.error, shown?.details);
    find("path-notice").classList.toggle("is-wrong", Boolean(shown?.error));
  }

  function restart() {
    render();
    reader.want();
  }

  function forget() {
    pause();
    reader.forget();
    shown = null;
    at = 0;
    render();
  }

  const digits = section.querySelector(".lab-latent-digits");
  for (const digit of lab.DIGITS) {
    const button = lab.latent.button(digit, () => choose(() => (to = digit)));
    button.dataset.to = digit;
    digits.append(button);
  }
  for (const button of section.querySelectorAll("[data-goal]")) {
    button.addEventListener("click", () => choose(() => (goal = button.dataset.goal)));
  }
  find("another").addEventListener("click", () => choose(() => (turn += 1)));
  find("play").addEventListener("click", play);
  slider.addEventListener("input", () => (pause(), go(Number(slider.value))));
  return {
    restart,
    forget,
    render,
    points: () => shown?.frames?.map((frame) => frame.point) ?? null,
    at: () => at,
  };
};
