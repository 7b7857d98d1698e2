// What lies on the map above the codes: the digit's star, the spoiled one's, a path, the cross.
lab.latent.STAR = 11; // px from the middle to a tip
lab.latent.CROSS = 9; // px from the middle to an end
lab.latent.DOT = 4; // px, its radius

// Places in px of the canvas, null where there is none; `style` gives ink and paper.
lab.latent.paintMarks = function (context, { star, hollow, cross, trail, step, style }) {
  const ratio = lab.pixelRatio();
  const ink = style.color;
  const paper = style.backgroundColor;
  const accent = style.getPropertyValue("--lab-accent");
  context.globalAlpha = 1;
  context.lineJoin = "round";

  // First wider in the paper's colour, so that it stands out from the codes.
  function stroke(shape, width, colour = ink) {
    for (const [pen, extra] of [[paper, 4], [colour, 0]]) {
      context.strokeStyle = pen;
      context.lineWidth = (width + extra) * ratio;
      context.stroke(shape);
    }
  }

  function line(places) {
    const shape = new Path2D();
    places.forEach(([x, y], index) => (index ? shape.lineTo(x, y) : shape.moveTo(x, y)));
    return shape;
  }

  function starAt([x, y]) {
    const tips = Array.from({ length: 10 }, (_, tip) => {
      const reach = ratio * lab.latent.STAR * (tip % 2 ? 0.45 : 1);
      const angle = (tip / 5 - 0.5) * Math.PI;
      return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
    });
    const shape = line(tips);
    shape.closePath();
    return shape;
  }

  function fill(shape, colour) {
    context.fillStyle = colour;
    context.fill(shape);
  }

  function dot([x, y]) {
    const shape = new Path2D();
    shape.arc(x, y, lab.latent.DOT * ratio, 0, 2 * Math.PI);
    stroke(shape, 1);
    fill(shape, ink);
  }

  if (trail?.length) {
    context.setLineDash([3 * ratio, 4 * ratio]);
    stroke(line([trail[0], trail.at(-1)]), 1.5);
    context.setLineDash([]);
    dot(trail[step]);
  }
  if (star && hollow) stroke(line([star, hollow]), 1.5);
  if (hollow) {
    fill(starAt(hollow), paper);
    stroke(starAt(hollow), 2, accent);
  }
  if (star) {
    stroke(starAt(star), 1.5);
    fill(starAt(star), accent);
  }
  if (cross) {
    const reach = lab.latent.CROSS * ratio;
    const [x, y] = cross;
    const shape = line([[x - reach, y], [x + reach, y]]);
    shape.addPath(line([[x, y - reach], [x, y + reach]]));
    stroke(shape, 2);
  }
};
