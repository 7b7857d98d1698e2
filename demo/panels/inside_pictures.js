// Small pictures of one byte a pixel: feature maps in grey, weights and heat in two colours.
lab.inside = {};
lab.inside.TINY = 42; // px, the largest side of a filter: six beside each other on a phone
lab.inside.SMALL = 56; // px, of one of many pictures of 28 px
lab.inside.MIDDLE = 84; // px, of one of a few
lab.inside.LARGE = 224; // px, of a single one
lab.inside.NOTHING = 128; // the byte that stands for 0 where values have a sign

// A colour of the theme as [red, green, blue].
lab.inside.colour = function (name) {
  const value = getComputedStyle(document.body).getPropertyValue(`--lab-${name}`);
  return value.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
};

// What a byte looks like: [red, green, blue, alpha].
lab.inside.COLOURINGS = {
  grey: () => (level) => [level, level, level, 255],
  // Orange above 0, blue-green below, the clearer the further from it.
  signed: () => {
    const [above, below] = ["accent", "second"].map(lab.inside.colour);
    return (level) => {
      const value = (level - lab.inside.NOTHING) / (lab.inside.NOTHING - 1);
      return [...(value > 0 ? above : below), 255 * Math.abs(value)];
    };
  },
  // The digit below its heat: half as dark as ink, so that both are seen.
  faded: () => {
    const ink = lab.inside.colour("ink");
    return (level) => [...ink, level / 2];
  },
};

lab.inside.palettes = {}; // as made for the theme that is on

// The 256 colours of a colouring.
lab.inside.palette = function (name) {
  return (lab.inside.palettes[name] ??= lab.inside.mix(lab.inside.COLOURINGS[name]()));
};

lab.inside.mix = function (colouring) {
  const bytes = new Uint8ClampedArray(4 * 256);
  for (let level = 0; level < 256; level += 1) bytes.set(colouring(level), 4 * level);
  return new Uint32Array(bytes.buffer);
};

lab.inside.imageOf = function (levels, width, height, palette) {
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  levels.forEach((level, at) => (pixels[at] = palette[level]));
  return image;
};

lab.inside.sizeTo = function (canvas, width, height, scale) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.style.width = `${scale * width}px`;
  canvas.style.height = `${scale * height}px`;
};

// The first `most` pictures of an answer, each enlarged by a whole multiple to at most `side` px.
lab.inside.createGrid = function (place, colouring) {
  function show({ height, width, pixels }, side, most = Infinity) {
    const levels = lab.toBytes(pixels);
    const size = height * width;
    const scale = Math.max(1, Math.floor(side / Math.max(height, width)));
    const palette = lab.inside.palette(colouring);
    holdCanvases(Math.min(levels.length / size, most));
    [...place.children].forEach((canvas, at) => {
      const own = levels.subarray(at * size, (at + 1) * size);
      lab.inside.sizeTo(canvas, width, height, scale);
      canvas.getContext("2d").putImageData(lab.inside.imageOf(own, width, height, palette), 0, 0);
    });
  }

  function holdCanvases(count) {
    while (place.childElementCount > count) place.lastElementChild.remove();
    while (place.childElementCount < count) place.append(document.createElement("canvas"));
  }

  return { show };
};

// Heat, where there is some, over the digit that it speaks of.
lab.inside.paintHeat = function (canvas, digit, heat) {
  const side = lab.SEEN_SIDE;
  const context = canvas.getContext("2d");
  const layer = new OffscreenCanvas(side, side);
  context.clearRect(0, 0, side, side);
  for (const [text, colouring] of [[digit, "faded"], [heat, "signed"]]) {
    if (!text) continue;
    const palette = lab.inside.palette(colouring);
    const image = lab.inside.imageOf(lab.toBytes(text), side, side, palette);
    layer.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(layer, 0, 0);
  }
};
