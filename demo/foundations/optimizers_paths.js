// How each racer looks: a colour, a dash and a mark of its own; and their paths on the surface.
lab.RACERS = {
  gd: { colour: "var(--lab-ink)", dash: [], mark: "circle" },
  bgd: { colour: "#56b4e9", dash: [9, 4], mark: "square" },
  sgd: { colour: "#e69f00", dash: [4, 3], mark: "triangle" },
  momentum: { colour: "#d55e00", dash: [], mark: "diamond" },
  adagrad: { colour: "#009e73", dash: [], mark: "bar" },
  rmsprop: { colour: "#cc79a7", dash: [], mark: "plus" },
  adam: { colour: "#0072b2", dash: [], mark: "star" },
}; // Okabe and Ito's colours but for the yellow; their black is the ink

// So many corners around a middle, each `reach(corner)` from it, the first one on top.
lab.cornersAround = function (count, reach) {
  return Array.from({ length: count }, (_, at) => {
    const angle = (at / count - 0.25) * 2 * Math.PI;
    return [reach(at) * Math.cos(angle), reach(at) * Math.sin(angle)];
  });
};

// Marks as corners around 0, about a unit from the middle to the farthest.
lab.RACE_MARKS = {
  circle: lab.cornersAround(24, () => 0.9),
  square: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  triangle: lab.cornersAround(3, () => 1.2),
  diamond: lab.cornersAround(4, () => 1.2),
  bar: [[-1.2, -0.5], [1.2, -0.5], [1.2, 0.5], [-1.2, 0.5]],
  plus: [
    [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
    [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
  ],
  star: lab.cornersAround(10, (at) => (at % 2 ? 0.55 : 1.3)),
};

// A mark for the legend, in the racer's colour.
lab.racerMark = function (name) {
  const { colour, mark } = lab.RACERS[name];
  const points = lab.RACE_MARKS[mark].map((corner) => corner.join()).join(" ");
  const shape = lab.svg("polygon", { points, fill: colour });
  return lab.svg("svg", { class: "lab-race-mark", viewBox: "-1.5 -1.5 3 3" }, shape);
};

lab.PATH_ROOM = [-400, 1200]; // px; a path beyond is not drawn: far dashes cost a browser dearly

// The part of a line between two places that is near the view, null where none is.
lab.cutToView = function (start, end) {
  let [from, to] = [0, 1]; // shares of the way
  for (const axis of [0, 1]) {
    const way = end[axis] - start[axis];
    const [one, other] = lab.PATH_ROOM.map((edge) => (edge - start[axis]) / way);
    if (way) {
      from = Math.max(from, Math.min(one, other));
      to = Math.min(to, Math.max(one, other));
    } else if (start[axis] < lab.PATH_ROOM[0] || start[axis] > lab.PATH_ROOM[1]) return null;
  }
  if (from >= to) return null;
  const at = (share) => start.map((value, axis) => value + share * (end[axis] - value));
  return [from ? at(from) : start, to < 1 ? at(to) : end];
};

// The paths up to a step, which may have a part; `paths` are the server's.
lab.paintRace = function (context, at, style, paths, step) {
  const token = (name) => style.getPropertyValue(`--lab-${name}`).trim();
  const paper = token("panel");
  const colourOf = ({ colour }) => (colour.startsWith("var") ? token("ink") : colour);
  const far = 1e5; // px; a path that explodes is still drawn in its direction
  const clamp = (value) => Math.min(Math.max(value, -far), far);

  // Its places so far in px, the last one on the way to the next.
  function soFar({ x, y }) {
    const whole = Math.min(Math.floor(step), x.length - 1);
    const places = Array.from({ length: whole + 1 }, (_, index) => [x[index], y[index]]);
    if (whole + 1 < x.length && step > whole) {
      const part = step - whole;
      const on = (values) => values[whole] + part * (values[whole + 1] - values[whole]);
      places.push([on(x), on(y)]);
    }
    return places.map((place) => at(place).map(clamp));
  }

  function line(places, { dash, ...racer }) {
    const shape = new Path2D();
    let reached = null; // the end of what is drawn so far
    for (let index = 1; index < places.length; index += 1) {
      const seen = lab.cutToView(places[index - 1], places[index]);
      if (!seen) continue;
      if (reached !== seen[0]) shape.moveTo(...seen[0]);
      shape.lineTo(...(reached = seen[1]));
    }
    context.lineJoin = "round";
    context.setLineDash([]);
    context.globalAlpha = dash.length ? 0 : 0.7;
    context.strokeStyle = paper;
    context.lineWidth = 5;
    context.stroke(shape);
    context.globalAlpha = 1;
    context.setLineDash(dash);
    context.strokeStyle = colourOf(racer);
    context.lineWidth = 2.5;
    context.stroke(shape);
    context.setLineDash([]);
  }

  function mark([x, y], racer) {
    const corners = lab.RACE_MARKS[racer.mark].map(([dx, dy]) => [x + 7 * dx, y + 7 * dy]);
    context.beginPath();
    corners.forEach((corner, index) => (index ? context.lineTo(...corner) : context.moveTo(...corner)));
    context.closePath();
    context.lineWidth = 3;
    context.strokeStyle = paper;
    context.stroke();
    context.fillStyle = colourOf(racer);
    context.fill();
  }

  const drawn = Object.entries(paths).map(([name, path]) => [lab.RACERS[name], soFar(path)]);
  for (const [racer, places] of drawn) line(places, racer);
  for (const [racer, places] of drawn) if (places.length > 1) mark(places.at(-1), racer);
};
