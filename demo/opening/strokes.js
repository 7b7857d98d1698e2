// Digits that the lab draws itself: a pen's way from point to point, bent into a smooth line.
lab.EXAMPLE_PEN = 0.07; // of the sheet's side
lab.EXAMPLE_STEPS = 12; // pieces between two points

// Digits, of strokes, of points: x and y in fractions of the sheet.
lab.EXAMPLES = [
  [[[0.33, 0.34], [0.4, 0.22], [0.55, 0.2], [0.65, 0.31], [0.6, 0.46], [0.46, 0.62], [0.33, 0.78],
    [0.46, 0.77], [0.69, 0.78]]],
  [[[0.35, 0.26], [0.5, 0.2], [0.63, 0.28], [0.6, 0.41], [0.46, 0.48], [0.6, 0.53], [0.66, 0.67],
    [0.55, 0.8], [0.36, 0.76]]],
  [[[0.6, 0.2], [0.46, 0.32], [0.37, 0.5], [0.36, 0.66], [0.46, 0.79], [0.6, 0.76], [0.66, 0.63],
    [0.57, 0.54], [0.42, 0.57], [0.37, 0.66]]],
  [[[0.63, 0.3], [0.52, 0.21], [0.39, 0.27], [0.42, 0.42], [0.56, 0.52], [0.64, 0.66], [0.54, 0.79],
    [0.4, 0.75], [0.37, 0.62], [0.48, 0.49], [0.6, 0.38], [0.63, 0.3]]],
];

// One of them as strokes of a sheet, the same as long as the page is open.
lab.exampleStrokes = function () {
  lab.exampleChosen ??= Math.floor(Math.random() * lab.EXAMPLES.length);
  const strokes = lab.EXAMPLES[lab.exampleChosen];
  return strokes.map((points) => ({ width: lab.EXAMPLE_PEN, points: lab.smooth(points).flat() }));
};

// A line through all points that has no corners: a spline of Catmull and Rom, 1974.
lab.smooth = function (points) {
  const at = (place) => points[Math.min(Math.max(place, 0), points.length - 1)];
  const line = [points[0]];
  for (let place = 0; place + 1 < points.length; place += 1) {
    const four = [-1, 0, 1, 2].map((step) => at(place + step));
    for (let step = 1; step <= lab.EXAMPLE_STEPS; step += 1) {
      line.push(lab.between(four, step / lab.EXAMPLE_STEPS));
    }
  }
  return line;
};

// The place at a share of the way from the second of four points to the third.
lab.between = function (four, share) {
  return [0, 1].map((axis) => {
    const [a, b, c, d] = four.map((point) => point[axis]);
    const [first, second, third] = [c - a, 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a];
    return b + (share * (first + share * (second + share * third))) / 2;
  });
};

// The lengths of a stroke's pieces.
lab.pieces = function ({ points }) {
  const lengths = [];
  for (let at = 2; at < points.length; at += 2) {
    lengths.push(Math.hypot(points[at] - points[at - 2], points[at + 1] - points[at - 1]));
  }
  return lengths;
};

lab.strokesLength = function (strokes) {
  return strokes.flatMap(lab.pieces).reduce((sum, length) => sum + length, 0);
};

// The beginning of strokes, as far as a pen has come on its way along them.
lab.strokesUpTo = function (strokes, length) {
  const drawn = [];
  let left = length;
  for (const stroke of strokes) {
    if (left <= 0 && drawn.length) break;
    const points = stroke.points.slice(0, 2);
    lab.pieces(stroke).forEach((piece, at) => {
      if (left > 0) points.push(...stroke.points.slice(2 * at + 2, 2 * at + 4));
      left -= piece;
    });
    drawn.push({ ...stroke, points });
  }
  return drawn;
};
