// What an answer rests on: three heat maps over the digit, and the label that they are asked for.
// As the server names them, each with its name and its sentence.
lab.inside.WAYS = {
  gradient: ["inside_gradient", "inside_gradient_note"],
  occlusion: ["inside_occlusion", "inside_occlusion_note"],
  grad_cam: ["inside_grad_cam", "inside_grad_cam_note"],
};
lab.inside.HEAT_SCALE = 5; // x 28 px
lab.inside.HEAT_SCALE_BESIDE = 3;

lab.inside.createHeats = function (place) {
  const explained = place.classList.contains("is-explained");
  const scale = explained ? lab.inside.HEAT_SCALE : lab.inside.HEAT_SCALE_BESIDE;
  const figures = Object.entries(lab.inside.WAYS).map(([way, [title, sentence]]) => {
    const figure = document.createElement("figure");
    const [canvas, name, note] = ["canvas", "b", "span"].map((tag) => document.createElement(tag));
    const caption = document.createElement("figcaption");
    lab.inside.sizeTo(canvas, lab.SEEN_SIDE, lab.SEEN_SIDE, scale);
    caption.append(name, note);
    figure.append(canvas, caption);
    place.append(figure);
    return { way, title, sentence, canvas, name, note };
  });

  // What is said under a heat map: [key, details].
  function words(way, sentence, told, network) {
    if (told?.[way] === null) return ["inside_no_grad_cam", { network }];
    if (!told || !explained) return [null];
    const percent = (share) => lab.say("percent", { number: lab.percent(share, 1) });
    const { label, patch, strongest, of } = told;
    const chance = of.reply.probabilities[label];
    const details = { label, patch, percent: percent(chance), most: percent(strongest) };
    return [sentence, details];
  }

  // `told` is the server's, with the reading `of` which it was told; null while there is none.
  function show(told, network) {
    for (const { way, title, sentence, canvas, name, note } of figures) {
      lab.setWord(name, title);
      lab.setWord(note, ...words(way, sentence, told, network));
      const details = { way: name.textContent, label: told?.label };
      lab.describe(canvas, lab.say("inside_heat_label", details));
      lab.inside.paintHeat(canvas, told?.of.reply.seen, told?.[way]);
    }
  }

  return { show };
};

// A button a digit, and one for whatever is read; `pick` gets a digit, or null.
lab.inside.createAbout = function (place, pick) {
  const buttons = [null, ...lab.DIGITS].map((digit) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lab-button lab-net-ask";
    button.addEventListener("click", () => pick(digit === null ? null : Number(digit)));
    place.append(button);
    return { digit, button };
  });

  return function show(asked) {
    for (const { digit, button } of buttons) {
      button.textContent = digit ?? lab.say("inside_as_read");
      button.setAttribute("aria-pressed", String(digit === (asked === null ? null : `${asked}`)));
    }
  };
};
