// A picture file or photograph, decoded by the browser, to grey pixels for the server.
lab.MOST_FILE_BYTES = 30e6;
lab.MOST_PICTURE_PIXELS = 60e6; // a phone's largest photographs have 50 million

// {width, height, levels}, 0 black to 255 white. Throws an Error whose message is a word key.
lab.readPicture = async function (file) {
  if (!file.size) throw new Error("picture_empty");
  if (file.size > lab.MOST_FILE_BYTES) throw new Error("picture_too_large");
  await lab.judgePicture(file);
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error("picture_unreadable");
  }
  try {
    const onWhite = lab.greyPixels(lab.shrink(bitmap, "white"));
    return lab.isFlat(onWhite) ? lab.greyPixels(lab.shrink(bitmap, "black")) : onWhite;
  } finally {
    bitmap.close();
  }
};

// {width, height}, upright: an <img> knows its size from the file's head, before any pixel is
// decoded.
lab.judgePicture = async function (file, most = lab.MOST_PICTURE_PIXELS) {
  const address = URL.createObjectURL(file);
  const image = new Image();
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = address;
    });
  } catch {
    throw new Error("picture_unreadable");
  } finally {
    URL.revokeObjectURL(address);
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  if (width * height > most) throw new Error("picture_too_large");
  return { width, height };
};

// Scaled to fit the side that is sent, by halves: one large step would skip thin strokes.
lab.shrink = function (bitmap, paper) {
  let { width, height } = bitmap;
  let source = bitmap;
  const scale = Math.min(1, lab.SENT_SIDE / Math.max(width, height));
  const goal = [width, height].map((length) => Math.max(1, Math.round(length * scale)));
  do {
    width = Math.max(goal[0], Math.ceil(width / 2));
    height = Math.max(goal[1], Math.ceil(height / 2));
    source = lab.redrawn(source, width, height, paper);
  } while (width > goal[0] || height > goal[1]);
  return source;
};

// Laid on paper, which shows where the picture is transparent.
lab.redrawn = function (source, width, height, paper) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return canvas;
};

lab.greyPixels = function (canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const levels = new Uint8Array(width * height);
  for (let pixel = 0; pixel < levels.length; pixel += 1) {
    const [red, green, blue] = data.subarray(4 * pixel, 4 * pixel + 3);
    levels[pixel] = 0.299 * red + 0.587 * green + 0.114 * blue; // luma, ITU-R BT.601
  }
  return { width, height, levels };
};

// Whether nothing shows: white ink on transparent paper, laid on white.
lab.isFlat = function ({ levels }) {
  const darkest = levels.reduce((least, level) => Math.min(least, level));
  const lightest = levels.reduce((most, level) => Math.max(most, level));
  return lightest - darkest < 26; // a tenth of the range
};
