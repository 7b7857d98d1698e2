// One push of all pixels at a strength that follows the slider.
lab.createFool = function (section, { server, reading, target, waiting, show, used }) {
  const find = (name) => section.querySelector(`[data-testid=${name}]`);
  const [slider, field] = [find("strength"), find("strength-number")];
  let isTowards = false; // the digit picked above, not just away from the answer
  let turns; // the least strength that turns the answer; null for none, undefined if not known
  let asked = null; // what the request under way is about
  let trouble = null; // {error, details} in place of a result
  let wish = null; // who waits for the answer to turn: {resolve, isPushed}

  const about = () => ({ reading: reading(), towards: isTowards ? Number(target()) : null });
  const isStill = (one) => one.reading === reading() && one.towards === about().towards;

  const reader = lab.createReader({
    current: () => {
      asked = about();
      const { request } = asked.reading ?? {};
      const { towards } = asked;
      const strength = Number(slider.value);
      return request && { ...request, strength, towards, search: turns === undefined };
    },
    ask: (request) => server.fool(request),
    show: (reply) => {
      if ("turns" in reply && isStill(asked)) turns = reply.turns;
      trouble = reply.error ? reply : null;
      show(reply);
      render();
      if (wish && isStill(asked)) fulfil();
    },
    waiting,
  });

  function restart() {
    turns = undefined;
    render();
    reader.want();
  }

  function set(strength) {
    slider.value = strength; // which keeps it within its bounds
    if (document.activeElement !== field) field.value = slider.value;
    used();
    reader.want();
  }

  // Pushes as far as it takes to turn the answer, or as far as it goes.
  function turn() {
    return new Promise((resolve) => {
      wish = { resolve, isPushed: false };
      restart();
    });
  }

  function fulfil() {
    if (trouble || wish.isPushed) {
      wish.resolve({ ...trouble });
      wish = null;
    } else if (turns !== undefined) {
      wish.isPushed = true;
      set(turns ?? slider.max);
    }
  }

  function push(towards) {
    isTowards = towards;
    used();
    restart();
  }

  function render() {
    const label = reading()?.reply.probabilities && lab.likeliest(reading().reply.probabilities);
    lab.setWord(find("away"), "fool_away", { digit: label });
    lab.setWord(find("towards"), "fool_towards", { digit: target() });
    find("away").setAttribute("aria-pressed", String(!isTowards));
    find("towards").setAttribute("aria-pressed", String(isTowards));
    const strength = turns?.toFixed(2);
    lab.setWord(find("turns"), strength ? "fool_turns" : null, { strength });
    find("turns").hidden = !strength;
    const never = turns === null ? "fool_never" : null;
    lab.setWord(find("said"), trouble?.error ?? never, trouble?.details);
    find("said").classList.toggle("is-wrong", Boolean(trouble));
  }

  function forget() {
    turns = undefined;
    trouble = null;
    reader.forget();
  }

  field.value = slider.value;
  slider.addEventListener("input", () => set(slider.value));
  field.addEventListener("input", () => field.value !== "" && set(field.value));
  field.addEventListener("change", () => (field.value = slider.value));
  find("turns").addEventListener("click", () => set(turns));
  find("away").addEventListener("click", () => push(false));
  find("towards").addEventListener("click", () => push(true));
  return { restart, render, forget, turn, set, strength: () => slider.value };
};

lab.likeliest = function (chances) {
  return lab.DIGITS.reduce((best, digit) => (chances[digit] > chances[best] ? digit : best));
};
