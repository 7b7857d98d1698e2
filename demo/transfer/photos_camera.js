// The camera: a phone's own through a file field, a computer's as a picture that one stops.
lab.canSeeThrough = () =>
  window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
lab.hasOwnCamera = () => matchMedia("(pointer: coarse)").matches;

// Two buttons, Upload and Take a photo, in a place; `taken(files)` gets what they bring.
lab.createPhotoButtons = function (place, { camera, taken, testid }) {
  function field(attributes) {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*", hidden: true, ...attributes });
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // so that the same file can be chosen again
      if (files.length) taken(files);
    });
    return input;
  }

  function button(word, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "lab-button";
    made.dataset.word = word;
    made.textContent = lab.say(word);
    made.addEventListener("click", act);
    return made;
  }

  const upload = field({ multiple: true });
  upload.dataset.testid = testid;
  upload.dataset.wordLabel = "photos_upload";
  upload.setAttribute("aria-label", lab.say("photos_upload"));
  place.append(button("photos_upload", () => upload.click()), upload);
  if (lab.hasOwnCamera()) {
    const shot = field({});
    shot.setAttribute("capture", "environment");
    place.append(button("photos_take", () => shot.click()), shot);
  } else if (lab.canSeeThrough()) {
    place.append(button("photos_take", () => camera.open(taken)));
  }
};

// The computer's camera over the section; `refused(key)` gets a word where it can't be had.
lab.createPhotoCamera = function (root, refused) {
  const frame = root.querySelector("[data-testid=photos-camera]");
  const video = frame.querySelector("video");
  const [snap, close] = frame.querySelectorAll("button");
  let stream = null;
  let take = null;

  async function open(taken) {
    shut();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      return refused("photos_no_camera");
    }
    take = taken;
    video.srcObject = stream;
    frame.hidden = false;
    await video.play();
    snap.focus();
  }

  function shut() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    frame.hidden = true;
  }

  snap.addEventListener("click", async () => {
    const size = lab.photoSize({ width: video.videoWidth, height: video.videoHeight });
    take([await lab.asPhotograph(video, size)]);
  });
  close.addEventListener("click", shut);
  // Another tab was opened: nobody is filmed unseen.
  new IntersectionObserver(([entry]) => !entry.isIntersecting && shut()).observe(frame);
  return { open };
};
