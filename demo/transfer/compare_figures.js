// What came of each way, as it stands below its locks: in this run, and on average over seeds.

lab.compareText = function (text, note = "") {
  if (!note) return [text];
  const small = document.createElement("small");
  small.textContent = note;
  return [text, small];
};

// Each gives what stands in a cell, from the way and {facts, run, settings, trained}.
lab.COMPARE_FIGURES = {
  trained: (way, { trained }) => [trained(way).toLocaleString("en")],

  accuracy(way, { run }) {
    const { points, last } = run?.ways[way] ?? { points: [] };
    if (!points.length) return ["–"];
    const share = document.createElement(last ? "b" : "i"); // pale until it is of all test images
    share.textContent = lab.comparePercent(last?.accuracy ?? points.at(-1)[1]);
    return [share];
  },

  mean(way, { facts, settings }) {
    const point = lab.keptPoint(facts.kept, way, settings);
    if (!point) return ["–"];
    const spread = point.spread === null ? "" : ` ± ${(100 * point.spread).toFixed(1)}`;
    const { seeds } = point;
    const note = lab.say(seeds === 1 ? "transfer_one_seed" : "transfer_seeds", { seeds });
    return lab.compareText((100 * point.mean).toFixed(1) + spread, note);
  },

  seconds(way, { run }) {
    const seconds = run?.ways[way].seconds;
    return [seconds ? `${seconds.toFixed(1)} s` : "–"];
  },

  knows(way, { facts, run }) {
    const last = run?.ways[way].last;
    if (way === "scratch") return [lab.say("transfer_never_knew")];
    const { accuracy } = facts.teachers.find(({ key }) => key === run?.settings.teacher) ?? {};
    if (!last || last.forgotten === null || !accuracy) return ["–"];
    const note = lab.say("transfer_knew", { accuracy: lab.percent(accuracy, 1) });
    return lab.compareText(lab.comparePercent(Math.max(accuracy - last.forgotten, 0)), note);
  },
};

// What was measured over seeds at these settings; scratch took nothing from any teacher.
lab.keptPoint = function (kept, way, { teacher, examples, augmentation, locked = [] }) {
  if (way === "tuned" && locked.length) return undefined; // measured with all locks open
  return kept.find(
    (point) =>
      point.way === way &&
      (way === "scratch" || point.teacher === teacher) &&
      point.examples === examples &&
      point.augmentation === augmentation,
  );
};
