// The walk through one step of the tiny network: what each place is about, and how it is written.
lab.MICROSCOPE_MOST = 1000; // of each number, as the server takes it

// The names of the places, in order: forward, then every gradient as the chain rule reaches it.
lab.microscopePlaces = function () {
  const units = [1, 2, 3];
  const back = units.flatMap((j) => [`h${j}`, `z${j}`, `w${j}1`, `w${j}2`, `b${j}`]);
  return ["x", "f1", "f2", "f3", "fy", "loss", "y", "c", "v1", "v2", "v3", ...back, "update"];
};

// "w21" -> "w₂₁", "dL/dz2" -> "∂L/∂z₂", "f'(z1)" -> "f′(z₁)"
lab.microscopeName = function (name) {
  const lowered = name.replace(/([a-z])(\d+)/g, (_, letter, digits) => {
    return letter + [...digits].map((digit) => "₀₁₂₃"[digit]).join("");
  });
  const signs = lowered.replace("dL/d", "∂L/∂").replace("'", "′");
  return signs.replace("(y-t)", "(y − t)");
};

// Four digits that count, none that say nothing: "0.1234", "−2", "1.2e+9".
lab.microscopeNumber = function (value, digits = 4) {
  const size = Math.abs(value);
  if (!size) return "0";
  const isPlain = size >= 1e-4 && size < 1e6;
  const text = isPlain ? String(Number(value.toPrecision(digits))) : value.toExponential(1);
  return text.replace("-", "−").replace("e-", "e−");
};

// As a factor: a negative one in brackets.
lab.microscopeFactor = function (value) {
  const text = lab.microscopeNumber(value);
  return text.startsWith("−") ? `(${text})` : text;
};

// [{place, of: the names that light up, title, lines, note, phase}], by the server's answer.
lab.microscopeSteps = function (reply, settings) {
  const { values, rule } = reply;
  const [name, number, factor] = [lab.microscopeName, lab.microscopeNumber, lab.microscopeFactor];

  // A sum of products and what is added to it, in names and in numbers.
  function sum(of, pairs, added) {
    const names = pairs.map((pair) => pair.map(name).join(" · "));
    const numbers = pairs.map((pair) => pair.map((one) => factor(values[one])).join(" · "));
    return [
      `${name(of)} = ${[...names, name(added)].join(" + ")}`,
      `= ${[...numbers, factor(values[added])].join(" + ")} = ${number(values[of])}`,
    ];
  }

  function hidden(j) {
    const pairs = [1, 2].map((i) => [`w${j}${i}`, `x${i}`]);
    const [z, h] = [`z${j}`, `h${j}`];
    const called = `${settings.activation}(${number(values[z])})`;
    const [names, numbers] = sum(z, pairs, `b${j}`);
    const lit = [z, h, `b${j}`, ...pairs.flat()];
    const activated = `${name(h)} = f(${name(z)}) = ${called} = ${number(values[h])}`;
    const title = lab.say("idea_microscope_at_hidden", { unit: j });
    return { of: lit, title, lines: [names, numbers, activated] };
  }

  function output() {
    const pairs = [1, 2, 3].map((j) => [`v${j}`, `h${j}`]);
    return {
      of: ["y", "c", ...pairs.flat()],
      title: lab.say("idea_microscope_at_output"),
      lines: sum("y", pairs, "c"),
    };
  }

  function loss() {
    const error = `(${number(values.y)} − ${factor(values.t)})²`;
    return {
      of: ["y", "t", "loss"],
      title: lab.say("idea_microscope_at_loss"),
      lines: ["L = (y − t)²", `= ${error} = ${number(values.loss)}`],
    };
  }

  function gradient(of) {
    const factors = rule[of];
    const names = factors.map(([one]) => name(one)).join(" · ");
    const numbers = factors.map(([, value]) => factor(value)).join(" · ");
    return {
      of: [of, ...factors.map(([one]) => /\(/.test(one) ? of : one.replace("dL/d", ""))],
      title: lab.say("idea_microscope_at_gradient", { name: name(of) }),
      lines: [`${name(`dL/d${of}`)} = ${names}`, `= ${numbers} = ${number(reply.gradients[of])}`],
    };
  }

  function update() {
    const rate = number(settings.rate);
    const each = Object.keys(reply.new).map((of) => {
      const product = `${rate} · ${factor(reply.gradients[of])}`;
      return `${name(of)} − ${product} = ${number(reply.new[of])}`;
    });
    const lines = ["w ← w − η · ∂L/∂w", `η = ${rate}`, ...each];
    const title = lab.say("idea_microscope_at_update");
    return { of: Object.keys(reply.new), title, lines, shown: 2 };
  }

  function inputs() {
    const lines = ["x1", "x2", "t"].map((of) => `${name(of)} = ${number(values[of])}`);
    return { of: ["x1", "x2", "t"], title: lab.say("idea_microscope_at_inputs"), lines };
  }

  const forward = { x: inputs, f1: () => hidden(1), f2: () => hidden(2), f3: () => hidden(3) };
  const made = { ...forward, fy: output, loss, update };
  return lab.microscopePlaces().map((place) => {
    const step = place in made ? made[place]() : gradient(place);
    const phase = place === "update" ? "updating" : place in made ? "forward" : "backward";
    return { place, phase, note: lab.microscopeNote(reply, place), ...step };
  });
};

// What is odd about the number at a place, "" for nothing.
lab.microscopeNote = function (reply, place) {
  const unit = /^[hzwb]\d/.test(place) ? Number(place[1]) : 0;
  const state = unit && !place.startsWith("h") ? reply.units[unit - 1] : "";
  const isBack = place in reply.rule || place === "update";
  if (reply.alike && isBack && !["y", "c"].includes(place)) return lab.say("idea_microscope_alike");
  if (state === "off") return lab.say("idea_microscope_off", { unit });
  if (state === "saturated") {
    const slope = lab.microscopeNumber(reply.rule[`z${unit}`][1][1]);
    return lab.say("idea_microscope_saturated", { unit, slope });
  }
  const isZero = place in reply.rule && reply.gradients[place] === 0;
  return isZero ? lab.say("idea_microscope_zero") : "";
};

// The name of the weight that the step throws furthest beyond what is taken, null for none.
lab.microscopeTooFar = function ({ new: after }) {
  const names = Object.keys(after).sort((a, b) => Math.abs(after[b]) - Math.abs(after[a]));
  return Math.abs(after[names[0]]) > lab.MICROSCOPE_MOST ? names[0] : null;
};

// What the step does to the loss; `taken` is the loss before the last step, null before any.
lab.microscopeSentence = function (reply, taken) {
  const [loss, after] = [reply.values.loss, reply.after];
  const said = (key, from, to) => {
    const [before, behind] = [from, to].map((value) => lab.microscopeNumber(value));
    return lab.say(`idea_microscope_${key}`, { before, after: behind });
  };
  const done = taken === null ? "" : `${said("taken", taken, loss)} `;
  const far = lab.microscopeTooFar(reply);
  if (far) {
    const details = { name: lab.microscopeName(far), value: lab.microscopeNumber(reply.new[far]) };
    return done + lab.say("idea_microscope_explodes", details);
  }
  if (lab.microscopeNumber(loss) === lab.microscopeNumber(after)) return done + said("still", loss, after);
  return done + said(after < loss ? "falls" : "rises", loss, after);
};
