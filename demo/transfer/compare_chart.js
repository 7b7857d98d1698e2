// The live chart: accuracy on 5 to 9 of the three ways, step by step.

// Stretched towards all of it, as CHART_SCALES.accuracy is, and ending where these digits end.
lab.COMPARE_SCALE = {
  ...lab.CHART_SCALES.accuracy,
  axis: () => ({ low: 0, high: 0.995, ticks: [0.5, 0.8, 0.9, 0.95, 0.98] }),
};
lab.COMPARE_GUESSING = 0.2; // accuracy of guessing one of five digits

// The last look, at all test digits, stands behind the steps: this share of them further right.
lab.COMPARE_BEHIND = 1.06;

lab.comparePercent = (share) => `${lab.percent(share, 1)} %`;

lab.createCompareChart = function (svg) {
  const chart = lab.createLineChart(svg);

  const lineOf = (way, points) => ({
    key: way,
    name: lab.say(`transfer_short_${way}`),
    colour: lab.compareColour(way),
    points,
    isFront: true,
  });

  // The run before, for comparison.
  const beforeOf = (way, points) => {
    const name = lab.say("transfer_before", { way: lab.say(`transfer_short_${way}`) });
    return { ...lineOf(way, points), key: `${way}-before`, name, isFront: false };
  };

  function guessing(steps) {
    const points = [0, steps].map((step) => [step, lab.COMPARE_GUESSING]);
    const name = lab.say("transfer_guessing");
    return { key: "guessing", name, colour: "var(--lab-soft)", points, isDashed: true };
  }

  // Glances on the way, and at the end, apart from them, all test digits.
  function pointsOf(run, way, steps) {
    const { points, last } = run?.ways[way] ?? { points: [], last: null };
    return last ? [...points, [steps * lab.COMPARE_BEHIND, last.accuracy]] : points;
  }

  function label(run) {
    const last = lab.COMPARE_WAYS.map((way) => pointsOf(run, way, 1).at(-1)?.[1]);
    const said = last.map((share) => (share === undefined ? "–" : lab.comparePercent(share)));
    return lab.say("transfer_chart", { scratch: said[0], frozen: said[1], tuned: said[2] });
  }

  // `before`: an earlier run whose lines stand thin behind the newest ones, or none.
  function show({ steps, glance, whole }, run, before) {
    const earlier = before ? lab.COMPARE_WAYS : [];
    const lines = earlier.map((way) => beforeOf(way, pointsOf(before, way, steps)));
    lines.push(...lab.COMPARE_WAYS.map((way) => lineOf(way, pointsOf(run, way, steps))));
    const [some, all] = [glance, whole].map((count) => count.toLocaleString("en"));
    const step = (at) => lab.say("transfer_step", { step: at });
    chart.show({
      lines: [guessing(steps * lab.COMPARE_BEHIND), ...lines],
      scale: lab.COMPARE_SCALE,
      most: steps * lab.COMPARE_BEHIND,
      marks: [{ x: steps, text: lab.say("transfer_glanced", { glance: some }) }],
      label: label(run),
      text: {
        x: (at) => (at > steps ? lab.say("transfer_whole", { steps, whole: all }) : step(at)),
        value: (share) => lab.percent(share, 1),
        tick: (share) => `${Math.round(100 * share)} %`,
      },
    });
  }

  return { show };
};
