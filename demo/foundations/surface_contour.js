// The heights of a surface as a picture from above: shades, and lines of equal height.
lab.CONTOURS = 14; // lines, at equal steps of the scale
lab.SHADE = 0.62; // how much of the second colour the lowest place has

// The answer of map_surface with its levels as numbers in [0, 1], row by row from the low end of y.
lab.readSurface = function (reply) {
  const bytes = lab.toBytes(reply.levels);
  const levels = Float32Array.from(
    { length: reply.side ** 2 },
    (_, at) => (bytes[2 * at] + 256 * bytes[2 * at + 1]) / 65535,
  );
  return { ...reply, levels, lines: lab.contourLines(levels, reply.side) };
};

// Lines of equal level, as [x, y, x, y, …]: two ends a piece, in shares of the view from its low
// ends. Each cell is cut into two triangles, which a level crosses in one straight piece.
lab.contourLines = function (levels, side) {
  const pieces = [];
  const most = side - 1;

  function cross([x, y, low], [otherX, otherY, high], level) {
    const share = (level - low) / (high - low);
    pieces.push((x + share * (otherX - x)) / most, (y + share * (otherY - y)) / most);
  }

  function cut(...corners) {
    const [low, middle, high] = corners.sort((one, other) => one[2] - other[2]);
    const first = Math.ceil(low[2] * lab.CONTOURS - 0.5);
    for (let at = first; (at + 0.5) / lab.CONTOURS < high[2]; at += 1) {
      const level = (at + 0.5) / lab.CONTOURS;
      cross(low, high, level);
      if (level < middle[2]) cross(low, middle, level);
      else cross(middle, high, level);
    }
  }

  const corner = (x, y) => [x, y, levels[y * side + x]];
  for (let y = 0; y < most; y += 1) {
    for (let x = 0; x < most; x += 1) {
      cut(corner(x, y), corner(x + 1, y), corner(x, y + 1));
      cut(corner(x + 1, y), corner(x, y + 1), corner(x + 1, y + 1));
    }
  }
  return Float32Array.from(pieces);
};

// "#0b7285" -> [11, 114, 133], of whatever a style sheet calls a colour.
lab.channels = function (context, colour) {
  context.fillStyle = colour;
  return [1, 3, 5].map((at) => parseInt(context.fillStyle.slice(at, at + 2), 16));
};

// Shades and lines into a frame {left, top, width, height} in px; `style` gives the tokens.
lab.paintSurface = function (context, surface, frame, style) {
  const token = (name) => style.getPropertyValue(`--lab-${name}`).trim();
  const [high, low] = ["panel", "second"].map((name) => lab.channels(context, token(name)));
  const { side, levels, lines } = surface;
  const shades = new ImageData(side, side);
  levels.forEach((level, at) => {
    const share = lab.SHADE * (1 - level) ** 1.5;
    const place = 4 * ((side - 1 - Math.floor(at / side)) * side + (at % side));
    high.forEach((one, channel) => {
      shades.data[place + channel] = one + share * (low[channel] - one);
    });
    shades.data[place + 3] = 255;
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(shades, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, frame.left, frame.top, frame.width, frame.height);

  const shape = new Path2D();
  const across = (share) => frame.left + share * frame.width;
  const up = (share) => frame.top + (1 - share) * frame.height;
  for (let at = 0; at < lines.length; at += 4) {
    shape.moveTo(across(lines[at]), up(lines[at + 1]));
    shape.lineTo(across(lines[at + 2]), up(lines[at + 3]));
  }
  context.strokeStyle = token("ink");
  context.globalAlpha = 0.28;
  context.lineWidth = 1;
  context.stroke(shape);
  context.globalAlpha = 1;
};
