// One step of training, verb by verb: its line of PyTorch, and what it did to the numbers.
lab.VERB_CODE = {
  forward: "outputs = network(inputs)",
  loss: "loss = loss_function(outputs, targets)",
  zero: "optimizer.zero_grad()",
  backward: "loss.backward()",
  step: "optimizer.step()",
};

lab.createTrainVerbs = function (root) {
  const title = root.querySelector("[data-testid=train-verbs-title]");
  const verbs = [...root.querySelectorAll("[data-verb]")].map((place) => ({
    verb: place.dataset.verb,
    said: place.querySelector("p"),
    code: place.querySelector("code"),
  }));
  for (const { verb, code } of verbs) code.textContent = lab.VERB_CODE[verb];

  function render(run) {
    const facts = run?.verbs;
    const key = facts ? "train_verbs_at" : "train_verbs_empty";
    lab.setWord(title, key, { step: facts && lab.wholeNumber(facts.step) });
    for (const { verb, said } of verbs) {
      said.textContent = facts ? lab.VERB_SAID[verb](facts) : "";
    }
  }

  return { render };
};

// Whether the new weight is just the old one minus rate times gradient, as plain SGD has it.
lab.isPlainStep = function ({ weight, weight_gradient: gradient, rate, weight_after: after }) {
  const expected = weight - rate * gradient;
  const size = Math.max(Math.abs(rate * gradient), 1e-12);
  // float32 keeps about seven digits of a weight
  return Math.abs(expected - after) <= 1e-3 * size + 2e-7 * Math.abs(weight);
};

lab.VERB_SAID = {
  forward({ images, probability }) {
    const key = probability === null ? "train_said_cleaned" : "train_said_forward";
    const percent = probability === null ? "" : lab.percent(probability, 1);
    return lab.say(key, { images: lab.wholeNumber(images), percent });
  },
  loss: ({ loss }) => lab.say("train_said_loss", { loss: lab.shortNumber(loss) }),
  zero: ({ gradient_before: before }) =>
    lab.say("train_said_zero", { before: lab.shortNumber(before) }),
  backward({ gradient, layers }) {
    const named = layers.filter(({ layer }) => layer !== "norm");
    const ends = [named[0], named.at(-1)].filter(Boolean).map(({ size }) => lab.shortNumber(size));
    return lab.say("train_said_backward", {
      gradient: lab.shortNumber(gradient),
      first: ends[0],
      last: ends.at(-1),
    });
  },
  step(facts) {
    const key = lab.isPlainStep(facts) ? "train_said_step" : "train_said_scaled";
    return lab.say(key, {
      where: facts.where,
      weight: lab.weightText(facts.weight),
      after: lab.weightText(facts.weight_after),
      rate: lab.tickNumber(facts.rate),
      gradient: lab.shortNumber(facts.weight_gradient),
      change: lab.shortNumber(facts.change),
    });
  },
};

// Six decimals: a step moves a weight by little.
lab.weightText = (value) =>
  Number.isFinite(value) ? value.toFixed(6).replace("-", "−") : "–";
