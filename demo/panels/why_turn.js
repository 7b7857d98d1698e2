// Which digit it should become, and the sentence that says what that takes.
lab.createTurn = function (section, { server, reading, waiting, show, picked }) {
  const said = section.querySelector("[data-testid=said]");
  let chosen = null; // a digit's name; the second likeliest until one is picked
  let shown = null; // what the server told last
  let isLate = false; // the answer is on its way

  const buttons = lab.DIGITS.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lab-why-choice";
    button.textContent = name;
    button.addEventListener("click", () => pick(name));
    return button;
  });
  section.querySelector(".lab-why-ten").append(...buttons);

  const reader = lab.createReader({
    current: () => reading() && { ...reading().request, target: Number(target()) },
    ask: (request) => server.turn_answer(request),
    show: (reply) => {
      shown = reply;
      show(reply);
      render();
    },
    waiting: (late) => {
      isLate = late;
      render();
      waiting(late);
    },
  });

  function target() {
    const chances = reading()?.reply.probabilities;
    if (chosen || !chances) return chosen;
    return [...lab.DIGITS].sort((a, b) => chances[b] - chances[a])[1];
  }

  function pick(name) {
    chosen = name;
    render();
    reader.want();
    picked();
  }

  function sentence() {
    if (isLate) return ["turn_searching", { digit: target() }];
    if (!shown) return [reading() ? null : "why_empty"];
    if (shown.error) return [shown.error, shown.details];
    const { change, before, target: digit } = shown;
    if (!change) return ["turn_none", { digit }];
    if (before.label === digit) return ["turn_already", { digit }];
    const percent = lab.share((change.added + change.taken) / change.ink);
    const details = { pixels: change.pixels, norm: change.norm.toFixed(2), percent, digit };
    return [change.pixels ? "turn_pixels" : "turn_spread", details];
  }

  function render() {
    const wanted = target();
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.textContent === wanted));
      button.setAttribute("aria-label", lab.say("turn_target", { digit: button.textContent }));
    }
    lab.setWord(said, ...sentence());
    said.classList.toggle("is-wrong", Boolean(shown?.error) && !isLate);
    said.classList.toggle("is-searching", isLate);
  }

  function forget() {
    chosen = shown = null;
    reader.forget();
  }

  return { want: reader.want, render, target, forget };
};
