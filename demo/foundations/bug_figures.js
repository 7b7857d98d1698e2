// What the comparison of the gradients comes to, in figures and in a sentence.
lab.BUG_ELEMENTS = 10_000; // of the hidden gradient

// In "on", which sign comes back, what the mask and the clamp let pass, and the count's key.
lab.BUG_TRUTH = [
  ["on", "+", "+", "+", "on_plus"],
  ["on", "−", "−", "0", "on_minus"],
  ["off", "+", "0", "+", "off_plus"],
  ["off", "−", "0", "0", "off_minus"],
];

// Four digits that count: "1,709", "−0.02184".
lab.bugNumber = function (value) {
  const size = Math.abs(value);
  if (!size) return "0"; // a mask leaves −0 as well
  if (size < 1e-3 || size >= 1e9) return value.toExponential(2).replaceAll("-", "−");
  return value.toLocaleString("en", { maximumSignificantDigits: 4 }).replace("-", "−");
};

// Every digit of a float32 that counts: "1,093,067.375"; and what a line's end has room for.
lab.bugLoss = (loss) => loss.toLocaleString("en", { maximumFractionDigits: 4 });
lab.bugShort = (loss) =>
  loss.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });

lab.bugShare = function (share) {
  return share === 1 ? "100 %" : `${lab.percent(share, 1)} %`;
};

// From a cosine; a rounding above 1 is none.
lab.bugAngle = function (cosine) {
  const degrees = (Math.acos(Math.min(Math.max(cosine, -1), 1)) * 180) / Math.PI;
  return `${degrees < 0.01 ? 0 : degrees.toFixed(1)}°`;
};

lab.bugRow = function (cells) {
  const row = document.createElement("tr");
  cells.forEach(({ text, isHead, isWrong }) => {
    const cell = document.createElement(isHead ? "th" : "td");
    if (isHead) cell.scope = "row";
    cell.textContent = text;
    cell.classList.toggle("is-wrong", Boolean(isWrong));
    row.append(cell);
  });
  return row;
};

lab.renderBugFigures = function (body, { agreement, cosine }) {
  const kinds = { hidden: "grad_h", w1: "w1.grad" };
  const rows = Object.entries(kinds).flatMap(([kind, name]) => {
    const lines = [
      ["idea_bug_equal", agreement[kind], lab.bugShare],
      ["idea_bug_angle", cosine[kind], lab.bugAngle],
    ];
    return lines.map(([key, values, write]) => [
      { text: `${name}: ${lab.say(key)}`, isHead: true },
      ...["masked", "clamped"].map((way) => ({
        text: write(values[way]),
        isWrong: agreement[kind][way] < 1,
      })),
    ]);
  });
  body.replaceChildren(...rows.map(lab.bugRow));
};

lab.renderBugTruth = function (body, { cases }) {
  const rows = lab.BUG_TRUTH.map(([unit, back, masked, clamped, key]) => [
    { text: lab.say(`idea_bug_${unit}`), isHead: true },
    { text: back },
    { text: masked },
    { text: clamped === masked ? clamped : `${clamped} ✗`, isWrong: clamped !== masked },
    { text: cases[key].toLocaleString("en") },
  ]);
  body.replaceChildren(...rows.map(lab.bugRow));
};

// Which one is the gradient, and why the other one was not noticed.
lab.bugAnswer = function ({ agreement, cosine, losses }) {
  const wrongOf = (way) => Math.round((1 - agreement.hidden[way]) * lab.BUG_ELEMENTS);
  const [masked, wrong] = [wrongOf("masked"), wrongOf("clamped")].map((n) => n.toLocaleString("en"));
  const elements = lab.BUG_ELEMENTS.toLocaleString("en");
  const isExact = agreement.hidden.masked === 1;
  const said = [lab.say(isExact ? "idea_bug_answer" : "idea_bug_answer_other", { elements, masked, wrong })];
  if (cosine.w1.clamped > 0) {
    said.push(lab.say("idea_bug_why", { angle: lab.bugAngle(cosine.w1.clamped) }));
    const isLower = losses.clamped.at(-1) < losses.masked.at(-1);
    said.push(lab.say(isLower ? "idea_bug_lower" : "idea_bug_falls"));
  }
  return said.join(" ");
};
