// An example for who has no photographs at hand: coloured shapes on blotched paper, drawn here.
lab.EXAMPLE_PHOTOS = 4; // of each class
lab.EXAMPLE_SHAPES = { circle: [40, 1], triangle: [3, 1], star: [10, 0.45] }; // corners, inner

// Classes {name, photos} of the three shapes, and one more photograph of the last.
lab.drawExample = async function () {
  const random = lab.createRandom(7);
  const classes = [];
  for (const key of Object.keys(lab.EXAMPLE_SHAPES)) {
    const photos = [];
    while (photos.length < lab.EXAMPLE_PHOTOS) photos.push(await lab.examplePhoto(key, random));
    classes.push({ name: lab.say(`photos_example_${key}`), photos });
  }
  return { classes, unseen: await lab.examplePhoto("star", random) };
};

// Numbers in [0, 1) from a seed: the generator mulberry32.
lab.createRandom = function (seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

lab.examplePhoto = function (key, random) {
  const [width, height] = [320, 240]; // px
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const between = (low, high) => low + (high - low) * random();
  const hue = between(0, 360);
  context.fillStyle = `hsl(${hue} 25% ${between(55, 80)}%)`;
  context.fillRect(0, 0, width, height);
  for (let blotch = 0; blotch < 40; blotch += 1) {
    context.fillStyle = `hsl(${hue + between(-20, 20)} 25% ${between(45, 90)}% / 0.3)`;
    context.beginPath();
    context.arc(between(0, width), between(0, height), between(10, 60), 0, 7);
    context.fill();
  }
  const [corners, inner] = lab.EXAMPLE_SHAPES[key];
  const [x, y, size, turn] = [between(130, 190), between(90, 150), between(50, 80), between(0, 7)];
  context.fillStyle = `hsl(${hue + between(120, 240)} 70% ${between(25, 45)}%)`;
  context.beginPath();
  for (let at = 0; at < corners; at += 1) {
    const far = at % 2 ? size * inner : size;
    const angle = turn + (2 * Math.PI * at) / corners;
    context.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
  context.fill();
  return canvas.convertToBlob({ type: "image/jpeg", quality: lab.PHOTO_QUALITY });
};
