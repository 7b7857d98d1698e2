// What is left of a gradient on its way back, a bar a layer, and the same for each activation.
lab.LEFT_LEAST = 1e-11; // the left end of a bar; its right end is the gradient's whole size, or more
lab.LEFT_MOST = 1e3;

lab.createLayerBars = function (bars, others, { nameOf, choose }) {
  const rows = Array.from({ length: 12 }, () => row("div"));
  bars.append(...rows.map(({ element }) => element));
  const whole = document.createElement("i"); // where the whole gradient ends
  whole.style.setProperty("--share", place(1));
  whole.className = "lab-bend-whole";
  bars.append(whole);
  const names = lab.ACTIVATIONS.map((name) => ({ name, ...row("button") }));
  names.forEach(({ element, name }) => {
    element.type = "button";
    element.style.visibility = "hidden"; // as long as it has no name
    element.addEventListener("click", () => choose(name));
  });
  others.append(...names.map(({ element }) => element));

  function row(kind) {
    const element = document.createElement(kind);
    const [label, track, value] = ["span", "i", "b"].map((tag) => document.createElement(tag));
    element.className = "lab-bend-row";
    element.append(label, track, value);
    return { element, label, track, value };
  }

  // A share's place between the ends of a bar, on a log scale.
  function place(share) {
    const ends = Math.log(lab.LEFT_MOST / lab.LEFT_LEAST);
    return Math.min(Math.max(Math.log(share / lab.LEFT_LEAST) / ends, 0), 1);
  }

  function fill({ track, value }, share) {
    track.style.setProperty("--share", place(share));
    value.textContent = lab.shareLeft(share);
  }

  function show(left, activation) {
    const shares = [...left[activation]].reverse(); // the way back begins at the last layer
    rows.forEach((one, at) => {
      one.element.hidden = at >= shares.length;
      if (one.element.hidden) return;
      one.label.textContent = lab.say("idea_activations_layer", { at: shares.length - at });
      fill(one, shares[at]);
    });
    const told = shares.map((share, at) => `${shares.length - at}: ${lab.shareLeft(share)}`);
    lab.describe(bars, told.join(", "));
    for (const one of names) {
      one.label.textContent = nameOf(one.name);
      one.element.style.visibility = "";
      one.element.setAttribute("aria-pressed", String(one.name === activation));
      fill(one, left[one.name][0]);
    }
  }

  return { show };
};
