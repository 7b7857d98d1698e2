// How a value becomes a height: the ends of an axis, and at most five lines of grid across it.

lab.MOST_RISE = 30; // times its first value, up to which a growing loss is drawn

// `of` is a value's place on the axis; `axis` fits its ends around the least and the most value,
// in steps, so that a growing curve does not make it wobble.
lab.CHART_SCALES = {
  // Ends at 1 and 3 of each power of ten, and at least one power of ten between them. A loss that
  // leaves for infinity leaves the drawing, too: it would press the others flat.
  log: {
    of: (value) => Math.log10(Math.max(value, 1e-30)),
    shows: (value) => Number.isFinite(value) && value > 0,
    axis({ least = 0.1, most = 1, first = most }) {
      const top = Math.min(most, lab.MOST_RISE * first);
      const low = Math.floor(lab.halfPower(Math.min(least, top / 10)) + 1e-9);
      const high = Math.max(Math.ceil(lab.halfPower(top) - 1e-9), low + 2);
      const ticks = lab.logTicks(low, high);
      return { low: lab.atHalfPower(low), high: lab.atHalfPower(high), ticks };
    },
  },
  linear: {
    of: (value) => value,
    shows: Number.isFinite,
    axis: ({ least = 0, most = 1 }) => lab.axisOf([least, most], {}),
  },
  // Shares of what is right, stretched towards all of it: each tenth of the mistakes is a step.
  accuracy: {
    of: (value) => -Math.log10(1 - Math.min(Math.max(value, 0), 0.9995)),
    shows: Number.isFinite,
    axis: () => ({ low: 0, high: 0.9995, ticks: [0, 0.5, 0.9, 0.99, 0.999] }),
  },
};

// 1 -> 0, 3 -> 1, 10 -> 2, 30 -> 3, and between them straight in the logarithm.
lab.halfPower = function (value) {
  const power = Math.floor(Math.log10(value));
  const rest = Math.log10(value) - power;
  const middle = Math.log10(3);
  const part = rest < middle ? rest / middle : 1 + (rest - middle) / (1 - middle);
  return 2 * power + part;
};

lab.atHalfPower = (half) => (half % 2 ? 3 : 1) * 10 ** Math.floor(half / 2);

lab.logTicks = function (low, high) {
  const every = high - low <= 4 ? 1 : 2 * Math.ceil((high - low) / 8);
  const first = every === 1 ? low : 2 * Math.ceil(low / 2);
  const ticks = [];
  for (let half = first; half <= high; half += every) ticks.push(lab.atHalfPower(half));
  return ticks;
};

// 0.0123, 2.30, 12,300, 4.1e-9: three digits that count.
lab.shortNumber = function (value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  const digits = Math.min(Math.max(2 - Math.floor(Math.log10(size)), 0), 6);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(lab.say("language_code"), options).replace("-", "−");
};

// A tick without the zeros that say nothing: 0.1, 1, 1e−8.
lab.tickNumber = function (value) {
  if (value >= 1e5) return value.toExponential(0).replace("+", ""); // the axis has room for six
  if (value >= 1e-4) return String(Number(value.toPrecision(3)));
  return lab.shortNumber(value).replace(".0e", "e");
};
