// A curve in words, for those who hear the page: its ends, and its lowest place between them.
lab.curveSaid = function ({ name, points }, { x, value }) {
  const [first, last] = [points[0], points.at(-1)];
  const least = points.reduce((best, point) => (point[1] < best[1] ? point : best));
  const [from, to, at] = [first, last, least].map(([place]) => x(place));
  const details = { name, from, to, at };
  details.first = value(first[1]);
  details.last = value(last[1]);
  details.least = value(least[1]);
  if (first === last) return lab.say("chart_point", details);
  return lab.say(least === first || least === last ? "chart_ends" : "chart_curve", details);
};

lab.curvesSaid = (lines, text) =>
  lines.filter(({ points }) => points.length).map((line) => lab.curveSaid(line, text)).join(" ");
