// The surface that one draws on: pointers in, strokes on the screen and pixels for the network out.
lab.SENT_SIDE = 280; // px; what the network is sent, whatever the size on the screen

// `changed` is told of each change that is drawn here; `clear` empties the sheet.
lab.createSurface = function (canvas, drawing, { changed, clear }) {
  const view = canvas.getContext("2d");
  const sent = new OffscreenCanvas(lab.SENT_SIDE, lab.SENT_SIDE).getContext("2d", {
    willReadFrequently: true,
  });
  let pointer = null; // the one that draws; others are ignored until it lifts
  let keys = null; // the pen that the keyboard moves
  let penWidth = 0.07; // of the side, 20 px of 280

  const place = (value) => Math.round(Math.min(Math.max(value, -0.1), 1.1) * 10000) / 10000;

  function at(event) {
    const [x, y] = lab.pointIn(canvas, event);
    const across = (x - canvas.clientLeft) / canvas.clientWidth;
    const down = (y - canvas.clientTop) / canvas.clientHeight;
    return [place(across), place(down)];
  }

  // A straight piece with round ends; a dot where both ends are one.
  function line(context, side, width, [fromX, fromY, x, y]) {
    context.lineCap = "round";
    context.lineWidth = width * side;
    context.beginPath();
    context.moveTo(fromX * side, fromY * side);
    context.lineTo(x * side, y * side);
    context.stroke();
  }

  function paint(width, piece) {
    line(view, canvas.width, width, piece);
    line(sent, lab.SENT_SIDE, width, piece);
  }

  // Piece by piece, as it was drawn, so that it comes out the same to the last pixel.
  function paintStroke({ width, points }) {
    paint(width, [...points.slice(0, 2), ...points.slice(0, 2)]);
    for (let at = 0; at + 3 < points.length; at += 2) paint(width, points.slice(at, at + 4));
  }

  function dip() {
    view.strokeStyle = getComputedStyle(canvas).color;
    sent.strokeStyle = "white";
  }

  function repaint() {
    dip();
    view.clearRect(0, 0, canvas.width, canvas.height);
    sent.fillRect(0, 0, lab.SENT_SIDE, lab.SENT_SIDE);
    drawing.painted().forEach(paintStroke);
    const picture = drawing.shownPicture();
    if (picture) lab.paintInk(view, picture, getComputedStyle(canvas).color);
    canvas.dataset.blank = String(drawing.isBlank());
  }

  // All that the network is told, or null for a blank sheet.
  function pixels() {
    const picture = drawing.shownPicture();
    if (picture) return { width: picture.width, height: picture.height, pixels: picture.ink };
    if (!drawing.painted().length) return null;
    const { data } = sent.getImageData(0, 0, lab.SENT_SIDE, lab.SENT_SIDE);
    const bytes = new Uint8Array(data.length / 4);
    for (let pixel = 0; pixel < bytes.length; pixel += 1) bytes[pixel] = data[4 * pixel];
    return { width: lab.SENT_SIDE, height: lab.SENT_SIDE, pixels: lab.toText(bytes) };
  }

  function begin(point) {
    const replacesPicture = Boolean(drawing.shownPicture());
    drawing.begin(penWidth, ...point);
    if (replacesPicture) repaint();
    else paint(penWidth, [...point, ...point]);
    canvas.dataset.blank = "false";
    changed();
  }

  function extend(points) {
    for (const point of points) {
      const piece = drawing.extend(...point);
      if (piece === "all") repaint();
      else if (piece) paint(penWidth, piece);
    }
    changed();
  }

  function end() {
    drawing.save();
    changed();
  }

  function press(event) {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    keys?.leave();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    begin(at(event));
  }

  function move(event) {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    extend((events.length ? events : [event]).map(at));
  }

  function release(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end();
  }

  // Drawing by keyboard comes when the sheet is reached by it.
  async function takeKeys() {
    await lab.need("kit");
    keys ??= lab.createPenKeys(canvas, { begin, extend, end, clear, width: () => penWidth });
    keys.reach();
  }

  function fit() {
    const side = Math.round(canvas.clientWidth * lab.pixelRatio());
    if (side === 0) return; // on a tab that is not shown
    canvas.width = canvas.height = side;
    repaint();
  }

  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("lostpointercapture", release);
  canvas.addEventListener("focus", () => takeKeys().catch(() => {})); // tried anew with the next
  new ResizeObserver(fit).observe(canvas);
  addEventListener("lab-size", fit);
  new MutationObserver(repaint).observe(document.body, { attributeFilter: ["class"] }); // theme

  return {
    repaint,
    pixels,
    isPenDown: () => pointer !== null || Boolean(keys?.isPenDown()),
    setPen: (width) => (penWidth = width),
  };
};

// Ink of one byte a pixel, enlarged to fill a square context, keeping its shape.
lab.paintInk = function (context, { width, height, ink }, colour) {
  const small = new OffscreenCanvas(width, height);
  const pen = small.getContext("2d");
  const image = pen.createImageData(width, height);
  lab.toBytes(ink).forEach((level, pixel) => (image.data[4 * pixel + 3] = level));
  pen.putImageData(image, 0, 0);
  pen.globalCompositeOperation = "source-in";
  pen.fillStyle = colour;
  pen.fillRect(0, 0, width, height);
  const side = context.canvas.width;
  const scale = side / Math.max(width, height);
  context.imageSmoothingEnabled = width > 28; // a digit's pixels stay pixels
  context.drawImage(
    small, (side - width * scale) / 2, (side - height * scale) / 2, width * scale, height * scale,
  );
};
