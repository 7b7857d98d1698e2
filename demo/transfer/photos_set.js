// The visitor's classes of photographs, kept in this browser until they take them away.
lab.FEWEST_PHOTO_CLASSES = 2;
lab.MOST_PHOTO_CLASSES = 10;
lab.MOST_PHOTOS = 30; // of a class, as models/photos.py has it
lab.MOST_CLASS_NAME = 40; // characters

// A class: {name, photos: [Blob]}. `changed()` after each change; the photographs of a class that
// is taken away can be brought back until the next change.
lab.createPhotoSet = function (changed) {
  const shelf = lab.createPhotoShelf();
  let classes = [newClass(), newClass()];
  let removed = null; // the classes before something was taken away
  let isKept = true;
  let isTouched = false; // what was kept before comes too late then

  function newClass(name = "") {
    return { name, photos: [] };
  }

  async function tell(before = null) {
    isTouched = true;
    removed = before?.some(({ name, photos }) => name || photos.length) ? before : null;
    changed();
    isKept = await shelf.keep(classes);
    changed();
  }

  // Copies, so that what was removed stays as it was.
  const copied = () => classes.map(({ name, photos }) => ({ name, photos: [...photos] }));

  async function restore() {
    const kept = await shelf.kept();
    if (!kept || isTouched) return;
    classes = kept;
    changed();
  }

  restore();
  return {
    all: () => classes,
    isKept: () => isKept,
    canUndo: () => removed !== null,
    count: () => classes.reduce((sum, { photos }) => sum + photos.length, 0),

    add() {
      if (classes.length < lab.MOST_PHOTO_CLASSES) classes.push(newClass());
      tell();
    },

    rename(one, name) {
      one.name = name.slice(0, lab.MOST_CLASS_NAME);
      tell();
    },

    // Whether there was room.
    put(one, blob) {
      if (one.photos.length >= lab.MOST_PHOTOS) return false;
      one.photos.push(blob);
      tell();
      return true;
    },

    drop(one, blob) {
      const before = copied();
      one.photos = one.photos.filter((each) => each !== blob);
      tell(before);
    },

    remove(one) {
      const before = copied();
      classes = classes.filter((each) => each !== one);
      while (classes.length < lab.FEWEST_PHOTO_CLASSES) classes.push(newClass());
      tell(before);
    },

    undo() {
      classes = removed ?? classes;
      tell();
    },

    replace(others) {
      const before = copied();
      classes = others;
      tell(before);
    },
  };
};

// IndexedDB, which keeps pictures as they are; one set under one key.
lab.createPhotoShelf = function () {
  const opened = new Promise((resolve) => {
    try {
      const request = indexedDB.open("lab.photos", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("sets");
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(null);
    } catch {
      resolve(null); // storage is off: the set lives on this page only
    }
  });

  async function carry(mode, act) {
    const database = await opened;
    if (!database) return null;
    return new Promise((resolve) => {
      try {
        const work = database.transaction("sets", mode);
        const request = act(work.objectStore("sets"));
        work.oncomplete = () => resolve({ value: request.result });
        work.onerror = work.onabort = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
  }

  function isSet(found) {
    if (!Array.isArray(found) || found.length < lab.FEWEST_PHOTO_CLASSES) return false;
    return found.every(
      ({ name, photos }) => typeof name === "string" && photos.every((one) => one instanceof Blob),
    );
  }

  return {
    keep: async (classes) => Boolean(await carry("readwrite", (store) => store.put(classes, "set"))),
    kept: async () => {
      const found = await carry("readonly", (store) => store.get("set"));
      return isSet(found?.value) ? found.value : null;
    },
  };
};
