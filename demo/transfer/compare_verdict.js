// A verdict in words, from the visitor's own run and from what was measured over seeds.
lab.COMPARE_TIE = 0.005; // two standard errors of 97 % on 4,861 test digits

// 0.0134 -> "+1.3", in points of per cent.
lab.comparePoints = function (share) {
  const points = (100 * share).toFixed(1);
  const isNone = Number(points) === 0;
  return isNone ? "0.0" : points.replace("-", "−").replace(/^(?=\d)/, "+");
};

// Whether the teacher helped (1) or harmed (-1) against scratch; 0 where it made no difference, and
// null where one way gained and the other lost. `gaps` of the ways, `least` that counts as one.
lab.compareSign = function (gaps, least) {
  const [gains, loses] = [gaps.some((gap) => gap > least), gaps.some((gap) => gap < -least)];
  if (gains && loses) return null;
  return Number(gains) - Number(loses);
};

lab.COMPARE_SIGNS = new Map([
  [1, "transfer_run_positive"],
  [-1, "transfer_run_negative"],
  [0, "transfer_run_neither"],
  [null, "transfer_run_mixed"],
]);

lab.COMPARE_MEANS = new Map([
  [1, "transfer_mean_positive"],
  [-1, "transfer_mean_negative"],
  [0, "transfer_mean_neither"],
  [null, "transfer_mean_mixed"],
]);

// Sentences as [key, details], the headline first.
lab.compareVerdict = function (run, { kept, teachers }) {
  if (run?.state !== "ended") return [[null], ["transfer_verdict_empty"]];
  const { settings } = run;
  const shares = lab.COMPARE_WAYS.map((way) => run.ways[way].last.accuracy);
  const gaps = shares.slice(1).map((share) => share - shares[0]);
  const sign = lab.compareSign(gaps, lab.COMPARE_TIE);
  const [frozen, tuned] = gaps.map(lab.comparePoints);
  const said = [winner(), [lab.COMPARE_SIGNS.get(sign), { frozen, tuned }]];
  const mean = lab.compareMean(kept, settings);
  said.push(mean.sentence);
  if (sign && mean.sign && sign !== mean.sign) {
    said.push(["transfer_contradicts_mean", { examples: settings.examples }]);
  }
  const isRight = settings.teacher === teachers[0].key;
  if (isRight && sign === -1) said.push(["transfer_contradicts_right", {}]);
  if (!isRight && sign === 1) said.push(["transfer_contradicts_wrong", {}]);
  return [...said, ...lab.compareAugmented(kept, settings, Math.max(...shares))];

  function winner() {
    const order = lab.COMPARE_WAYS.toSorted((a, b) => share(b) - share(a));
    const [first, second] = order.map((way) => lab.say(`transfer_noun_${way}`));
    const [best, next] = order.map((way) => lab.comparePercent(share(way)));
    const ahead = share(order[0]) - share(order[1]);
    const details = { first, second, best, next, points: (100 * ahead).toFixed(1) };
    return [ahead > lab.COMPARE_TIE ? "transfer_won" : "transfer_tied", details];
  }

  function share(way) {
    return shares[lab.COMPARE_WAYS.indexOf(way)];
  }
};

// What the average over seeds says of the same settings: {sign, sentence}.
lab.compareMean = function (kept, settings) {
  if (!kept.length) return { sign: 0, sentence: ["transfer_enough_missing", {}] };
  const { examples, locked } = settings;
  const points = ["frozen", "tuned"].map((way) => lab.keptPoint(kept, way, { ...settings, locked: [] }));
  if (!points.every((point) => point && point.gap_spread !== null)) {
    return { sign: 0, sentence: ["transfer_mean_missing", { examples }] };
  }
  const signs = points.map(({ positive, negative }) => Number(positive) - Number(negative));
  const sign = lab.compareSign(signs, 0);
  const [frozen, tuned] = points.map(({ gap }) => lab.comparePoints(gap));
  const seeds = Math.min(...points.map(({ seeds }) => seeds));
  const open = locked.length ? lab.say("transfer_mean_open") : "";
  return { sign, sentence: [lab.COMPARE_MEANS.get(sign), { frozen, tuned, seeds, open }] };
};

// Where scratch with augmentation beats, on average, all three ways of a run without it.
lab.compareAugmented = function (kept, settings, best) {
  if (settings.augmentation) return [];
  const point = lab.keptPoint(kept, "scratch", { ...settings, augmentation: true });
  if (!point || point.mean < best) return [];
  return [["transfer_augmentation_wins", { mean: lab.comparePercent(point.mean) }]];
};

lab.renderVerdict = function (place, sentences) {
  const paragraphs = sentences.map(([key, details], at) => {
    const paragraph = document.createElement(at ? "p" : "h3");
    lab.setWord(paragraph, key, details);
    paragraph.classList.toggle("lab-note", key === "transfer_verdict_empty");
    return paragraph;
  });
  const text = paragraphs.map(({ textContent }) => textContent).join("\n");
  if (place.dataset.said === text) return;
  place.dataset.said = text; // a status that is written anew is read out anew
  place.replaceChildren(...paragraphs);
};
