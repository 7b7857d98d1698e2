// Which noise, and how much of it: a menu, a slider that can be typed into, links to striking ones.
lab.createNoiseControls = function (root, { changed, refused }) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const [menu, slider, number, text] = ["noise", "level", "level-number", "level-text"].map(find);
  const state = lab.cleaning;

  const entry = () => lab.NOISES.find(({ key }) => key === state.noise);
  const direction = ({ weakest, strongest }) => Math.sign(strongest - weakest);

  const range = ({ weakest, strongest }) => ({
    low: Math.min(weakest, strongest),
    high: Math.max(weakest, strongest),
  });

  // The slider counts steps from the weakest level, which for low contrast is the highest.
  function levelAt(step) {
    const noise = entry();
    const { weakest } = noise;
    const level = weakest + direction(noise) * step * noise.step;
    const { low, high } = range(noise);
    return Number(Math.min(Math.max(level, low), high).toFixed(6));
  }

  function stepOf(level) {
    const { weakest, step } = entry();
    return Math.round(Math.abs(level - weakest) / step);
  }

  function typed() {
    const { low, high } = range(entry());
    const level = number.value === "" ? NaN : Number(number.value);
    if (level >= low && level <= high) return changed({ level: levelAt(stepOf(level)) });
    render(); // what stands there is what is shown
    return refused({ low, high });
  }

  function choose(noise, level) {
    const next = lab.NOISES.find(({ key }) => key === noise);
    if (next) changed({ noise, level: level ?? next.middle });
  }

  function fill() {
    menu.replaceChildren(
      ...lab.NOISES.map(({ key }) => {
        const option = document.createElement("option");
        option.value = key;
        return option;
      }),
    );
    render();
  }

  function render() {
    const noise = entry();
    if (!noise) return;
    for (const option of menu.options) option.textContent = lab.noiseName(option.value);
    menu.value = noise.key;
    slider.max = Math.round(Math.abs(noise.strongest - noise.weakest) / noise.step);
    slider.value = stepOf(state.level);
    slider.setAttribute("aria-valuetext", lab.levelText(noise.key, state.level));
    text.textContent = lab.levelText(noise.key, state.level);
    if (document.activeElement !== number) number.value = state.level;
    const book = noise.key === "gaussian" && state.level === 0.5;
    find("noise-note").textContent = lab.nameOf(`noise_note_${book ? "book" : noise.key}`, "");
    lab.hold(find("reseed"), noise.random ? null : "noise_reseed_why");
  }

  menu.addEventListener("change", () => choose(menu.value));
  slider.addEventListener("input", () => changed({ level: levelAt(Number(slider.value)) }));
  number.addEventListener("change", typed);
  find("reseed").addEventListener("click", () => {
    changed({ seed: Math.floor(Math.random() * 1e6) });
  });
  for (const link of root.querySelectorAll("[data-try]")) {
    const [noise, level] = link.dataset.try.split(" ");
    link.addEventListener("click", () => choose(noise, Number(level)));
  }
  return { fill, render };
};
