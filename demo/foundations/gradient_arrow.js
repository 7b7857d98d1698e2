// The gradient as an arrow in a picture, the partial derivatives as the two sides below it.
lab.ARROW_REACH = 0.5; // of the view's width, for the steepest place
lab.ARROW_LEAST = 20; // px, of an arrow at the edge of the view that would leave it

// `at` turns places into px; both axes have one scale, so that the arrow crosses contour lines
// at right angles. `names` are those of the axes.
lab.paintGradient = function (context, at, style, place, slope, names) {
  const { along_x, along_y, length, kind, share } = slope;
  if (kind !== "slope") return;
  const token = (name) => style.getPropertyValue(`--lab-${name}`).trim();
  const { width, height } = lab.boxOf(context.canvas);
  const [x, y] = at(place);
  const [dx, dy] = [along_x / length, -along_y / length]; // px go down
  const reach = Math.max(lab.ARROW_REACH * width * share, 16);
  const [up, down] = [fitted(dx, dy), fitted(-dx, -dy)];

  // As long as it may be without leaving the canvas.
  function fitted(toX, toY) {
    const { left, right, top, bottom } = lab.SURFACE_ROOM;
    const room = (from, to, low, high) =>
      to > 0 ? (high - from) / to : to < 0 ? (low - from) / to : Infinity;
    const most = Math.min(room(x, toX, left, width - right), room(y, toY, top, height - bottom));
    return Math.min(reach, Math.max(most - 4, lab.ARROW_LEAST));
  }

  function stroke(corners, colour, thick, dash = []) {
    context.beginPath();
    corners.forEach((corner, index) => (index ? context.lineTo(...corner) : context.moveTo(...corner)));
    context.lineJoin = "round";
    for (const [pen, extra, dashes] of [[token("panel"), 3, []], [colour, 0, dash]]) {
      context.setLineDash(dashes);
      context.strokeStyle = pen;
      context.lineWidth = thick + extra;
      context.stroke();
    }
    context.setLineDash([]);
  }

  function head([tipX, tipY], [toX, toY], colour, size) {
    const back = [tipX - size * toX, tipY - size * toY];
    const side = [-toY * size * 0.5, toX * size * 0.5];
    context.beginPath();
    context.moveTo(tipX, tipY);
    context.lineTo(back[0] + side[0], back[1] + side[1]);
    context.lineTo(back[0] - side[0], back[1] - side[1]);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
  }

  function write(text, textX, textY, align) {
    context.font = `600 14px ${style.fontFamily}`;
    context.textAlign = align;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = token("panel");
    context.strokeText(text, textX, textY);
    context.fillStyle = token("second");
    context.fillText(text, textX, textY);
  }

  function sides(tip) {
    const corner = [tip[0], y];
    const second = token("second");
    stroke([[x, y], corner], second, 3);
    stroke([corner, tip], second, 3);
    const [across, along] = [Math.abs(tip[0] - x), Math.abs(tip[1] - y)];
    if (Math.min(across, along) > 24) {
      const [inX, inY] = [-9 * Math.sign(dx), 9 * Math.sign(dy)];
      const mark = [[corner[0] + inX, y], [corner[0] + inX, y + inY], [corner[0], y + inY]];
      stroke(mark, second, 1);
    }
    if (across > 24) write(`∂f/∂${names[0]}`, (x + corner[0]) / 2, dy > 0 ? y - 10 : y + 20, "center");
    const isRight = dx >= 0;
    if (along > 24) write(`∂f/∂${names[1]}`, tip[0] + (isRight ? 9 : -9), (y + tip[1]) / 2 + 5, isRight ? "left" : "right");
  }

  const tip = [x + up * dx, y + up * dy];
  const low = [x - down * dx, y - down * dy];
  stroke([[x, y], low], token("ink"), 2, [5, 4]);
  head(low, [-dx, -dy], token("ink"), 10);
  sides(tip);
  stroke([[x, y], [tip[0] - 8 * dx, tip[1] - 8 * dy]], token("accent"), 4);
  head(tip, [dx, dy], token("accent"), 15);
};
