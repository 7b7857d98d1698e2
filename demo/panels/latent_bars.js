// The code as bars that can be moved, and the picture that is decoded from it.

// `own` gives the digit's own code as the server tells it, `map` the ends of each number.
lab.latent.createCode = function (root, { server, size, own, map, waiting, moved }) {
  const find = (name) => root.querySelector(`[data-testid=latent-${name}]`);
  const bars = lab.latent.createBars(find("bars"), moveBar);
  let now = null; // the code that is shown: {code, point, picture, read}
  let pending = null; // the newest request
  let asked = null; // the request under way
  let pushed = null; // the number that a try has moved
  let lesson = "latent_bars_hint";

  const decoder = lab.createReader({
    current: () => (asked = pending),
    ask: (request) => server.decode_code(request),
    show: take,
    waiting,
  });

  // While a newer request waits, bars and cross stay where the hand has them.
  function take(reply) {
    if (reply.error) return lab.setWord(find("read"), reply.error, reply.details);
    const { code, point } = now ?? reply;
    const newer = { code, point: pending?.point ? point : reply.point };
    now = asked === pending ? reply : { ...reply, ...newer };
    moved();
    return render();
  }

  function want(request) {
    pending = { size: size(), ...request };
    decoder.want();
  }

  function moveBar(number, value) {
    if (!now) return;
    now = { ...now, code: now.code.with(number, value) };
    [pushed, lesson] = [number, "latent_bar_lesson"];
    want({ code: now.code });
    render();
  }

  function push() {
    const number = nextNumber();
    const { low, high } = map();
    const middle = (low[number] + high[number]) / 2;
    moveBar(number, now.code[number] < middle ? high[number] : low[number]);
  }

  // Another number each time.
  function nextNumber() {
    const count = own()?.code.length ?? size();
    return ((pushed ?? -1) + (count > 8 ? 5 : 1)) % count;
  }

  function mix() {
    lesson = "latent_mix_lesson";
    want({ mix: Math.floor(Math.random() * lab.latent.MOST_SEED) });
  }

  function pick(point) {
    lesson = "latent_point_lesson";
    if (now) now = { ...now, point };
    moved();
    want({ point });
  }

  function restart() {
    decoder.forget();
    pending = null;
    now = own();
    lesson = "latent_bars_hint";
    render();
    moved();
  }

  function forget() {
    decoder.forget();
    now = pending = pushed = null;
    lesson = "latent_bars_hint";
    render();
  }

  const isOwn = () => !now || now.code.join() === own()?.code.join();

  // Where the bars' code lies, unless that is where the digit's own does.
  const point = () => (isOwn() ? null : now.point);

  function showSource(ink) {
    lab.latent.paint(find("in"), ink);
    find("in").setAttribute("aria-label", lab.say("latent_in"));
  }

  function render() {
    const percent = now && lab.percent(now.read.confidence, 0);
    const title = lab.say("latent_out", { count: size() });
    lab.latent.paint(find("out"), now?.picture);
    find("out").setAttribute("aria-label", title);
    find("out").parentElement.querySelector("b").textContent = title;
    lab.setWord(find("read"), ...lab.latent.reading(now?.read));
    lab.setWord(find("sure"), now && "sure", { percent });
    lab.setWord(find("push"), "latent_push", { number: nextNumber() + 1 });
    lab.setWord(find("lesson"), lesson, { number: (pushed ?? 0) + 1, count: size() });
    lab.hold(find("back"), isOwn() ? "latent_back_why" : null);
    for (const name of ["push", "mix"]) lab.hold(find(name), now && map() ? null : "hold_busy");
    bars.show(now?.code, own()?.code, map());
  }

  lab.latent.keepInSight(root.querySelector(".lab-latent-stay"), find("bars"));
  find("back").addEventListener("click", restart);
  find("push").addEventListener("click", push);
  find("mix").addEventListener("click", mix);
  return { restart, forget, render, pick, showSource, point };
};

// A slider a number; its fill grows from the zero line, a tick marks the digit's own value.
lab.latent.createBars = function (place, moved) {
  let bars = [];

  function create(number) {
    const bar = document.createElement("label");
    const [name, value] = [document.createElement("span"), document.createElement("output")];
    const track = document.createElement("span");
    const [fill, zero, tick] = ["i", "u", "b"].map((tag) => document.createElement(tag));
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", step: "any" });
    bar.className = "lab-latent-bar";
    track.className = "lab-latent-track";
    name.textContent = number + 1;
    slider.addEventListener("input", () => moved(number, Number(slider.value)));
    slider.addEventListener("keydown", (event) => step(event, slider, number));
    track.append(fill, zero, tick, slider);
    bar.append(name, track, value);
    return { bar, slider, fill, zero, tick, value };
  }

  // "step: any" has the arrow keys move by next to nothing.
  function step(event, slider, number) {
    const ways = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    if (!(event.key in ways)) return;
    event.preventDefault();
    slider.value = Number(slider.value) + (ways[event.key] * (slider.max - slider.min)) / 40;
    moved(number, Number(slider.value));
  }

  function hold(count) {
    if (bars.length === count) return;
    bars = Array.from({ length: count }, (_, number) => create(number));
    place.replaceChildren(...bars.map(({ bar }) => bar));
    place.dataset.count = count;
  }

  function show(code, own, ends) {
    hold(code?.length ?? bars.length);
    bars.forEach((one, number) => {
      const value = code?.[number];
      lab.hold(one.slider, value === undefined ? "hold_busy" : null);
      if (value === undefined) return;
      const mine = own?.[number] ?? value;
      const low = Math.min(ends?.low[number] ?? -3, mine, value);
      const high = Math.max(ends?.high[number] ?? 3, mine, value);
      set(one, { number, value, mine, low, high });
    });
  }

  function set({ bar, slider, fill, zero, tick, value: text }, { number, value, mine, low, high }) {
    const share = (at) => `${(100 * (Math.min(Math.max(at, low), high) - low)) / (high - low)}%`;
    Object.assign(slider, { min: low, max: high });
    if (Number(slider.value) !== value) slider.value = value;
    const name = lab.say("latent_bar", { number: number + 1, count: bars.length });
    slider.setAttribute("aria-label", name);
    slider.setAttribute("aria-valuetext", lab.latent.number(value, 2));
    fill.style.left = share(Math.min(0, value));
    fill.style.right = `calc(100% - ${share(Math.max(0, value))})`;
    zero.style.left = share(0);
    tick.style.left = share(mine);
    zero.hidden = low > 0 || high < 0;
    text.textContent = lab.latent.number(value, 2);
    bar.classList.toggle("is-moved", Math.abs(value - mine) > (high - low) / 1000);
  }

  return { show };
};
