// A photograph made small in the browser: what is kept, and what the server gets of it.
lab.PHOTO_SIDE = 320; // px of the longer side
lab.PHOTO_QUALITY = 0.9; // of the JPEG: some 20 kB
lab.MOST_PHOTO_PIXELS = 51e6; // as models/picture.py has it

// A JPEG as a Blob, upright. Throws an Error whose message is a word key.
lab.readPhotograph = async function (file) {
  if (!file.size) throw new Error("picture_empty");
  if (file.size > lab.MOST_FILE_BYTES) throw new Error("photos_too_large");
  let size;
  try {
    size = await lab.judgePicture(file, lab.MOST_PHOTO_PIXELS);
  } catch ({ message }) {
    throw new Error(message === "picture_too_large" ? "photos_too_large" : message);
  }
  const goal = lab.photoSize(size);
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {
      imageOrientation: "from-image",
      resizeWidth: goal.width,
      resizeHeight: goal.height,
      resizeQuality: "high",
    });
  } catch {
    throw new Error("picture_unreadable");
  }
  try {
    return await lab.asPhotograph(bitmap, goal);
  } finally {
    bitmap.close();
  }
};

lab.photoSize = function ({ width, height }) {
  const scale = Math.min(1, lab.PHOTO_SIDE / Math.max(width, height));
  const length = (whole) => Math.max(1, Math.round(whole * scale));
  return { width: length(width), height: length(height) };
};

// What can be drawn, a bitmap or a video say, as a small JPEG on white.
lab.asPhotograph = function (source, { width, height }) {
  const canvas = lab.redrawn(source, width, height, "white");
  return canvas.convertToBlob({ type: "image/jpeg", quality: lab.PHOTO_QUALITY });
};

lab.photoText = async function (blob) {
  return lab.toText(new Uint8Array(await blob.arrayBuffer()));
};
