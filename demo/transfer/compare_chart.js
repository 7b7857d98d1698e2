// The live chart: accuracy on 5 to 9 of the three ways, step by step.

// Stretched towards all of it, as CHART_SCALES.accuracy is, and ending where these digits end.
lab.COMPARE_SCALE = {
  ...lab.CHART_SCALES.accuracy,
  axis: () => ({ low: 0, high: 0.995, ticks: [0.5, 0.8, 0.9, 0.95, 0.98] }),
};
lab.COMPARE_GUESSING = 0.2; // accuracy of guessing one of five digits

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

  function guessing(steps) {
    const points = [0, steps].map((step) => [step, lab.COMPARE_GUESSING]);
    const name = lab.say("transfer_guessing");
    return { key: "guessing", name, colour: "var(--lab-soft)", points, isDashed: true };
  }

  function label(run) {
    const last = lab.COMPARE_WAYS.map((way) => run?.ways[way].points.at(-1)?.[1]);
    const said = last.map((share) => (share === undefined ? "–" : lab.comparePercent(share)));
    return lab.say("transfer_chart", { scratch: said[0], frozen: said[1], tuned: said[2] });
  }

  function show({ steps, whole }, run) {
    const lines = lab.COMPARE_WAYS.map((way) => lineOf(way, run?.ways[way].points ?? []));
    chart.show({
      lines: [guessing(steps), ...lines],
      scale: lab.COMPARE_SCALE,
      most: steps,
      marks: [{ x: steps, text: lab.say("transfer_whole", { whole: whole.toLocaleString("en") }) }],
      label: label(run),
      text: {
        x: (step) => lab.say("transfer_step", { step }),
        value: lab.comparePercent,
        tick: (share) => `${Math.round(100 * share)} %`,
      },
    });
  }

  return { show };
};
