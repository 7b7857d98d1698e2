// The plane: the boundary as colours that glide from answer to answer, the points on it.
lab.PLANE_KINDS = [
  [230, 159, 0], // Okabe and Ito's orange and blue
  [0, 114, 178],
];
lab.PLANE_GLIDE = 120; // ms from one boundary to the next
lab.PLANE_MOST_POINTS = 300;
lab.PLANE_NEAR = 0.07; // so near to a point, a tap takes it away

// `own()` are the visitor's points, `setOwn(points)` takes them changed.
lab.createPlanePicture = function (root, { own, setOwn }) {
  const canvas = root.querySelector("[data-testid=plane-picture]");
  const notice = root.querySelector(".lab-notice");
  const kinds = [...root.querySelectorAll("[data-kind]")];
  const context = canvas.getContext("2d");
  const small = document.createElement("canvas");
  let points = [];
  let isOwn = false;
  let kind = 0; // of the next point
  let cursor = null; // where the keyboard stands, [x, y]
  let shown = null; // the values that are seen, Float32Array
  let from = null; // those that the glide began with
  let to = null;
  let began = 0;

  function show(bytes) {
    to = Float32Array.from(bytes);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    from = shown && shown.length === to.length && !isStill ? shown.slice() : to;
    began = performance.now();
    requestAnimationFrame(glide);
  }

  function glide() {
    if (!to) return paint();
    const share = from === to ? 1 : Math.min((performance.now() - began) / lab.PLANE_GLIDE, 1);
    shown ??= new Float32Array(to.length);
    if (shown.length !== to.length) shown = new Float32Array(to.length);
    for (let at = 0; at < to.length; at += 1) shown[at] = from[at] + share * (to[at] - from[at]);
    paint();
    if (share < 1) requestAnimationFrame(glide);
  }

  function paint() {
    if (shown) paintBoundary();
    else context.clearRect(0, 0, canvas.width, canvas.height);
    const ink = getComputedStyle(canvas).color;
    for (const point of points) paintPoint(point, ink);
    if (cursor && document.activeElement === canvas) paintCursor(ink);
  }

  function paintBoundary() {
    const side = Math.sqrt(shown.length);
    if (small.width !== side) small.width = small.height = side;
    const image = new ImageData(side, side);
    const paper = lab.planePaper(canvas);
    shown.forEach((value, at) => {
      const sure = Math.abs(value - 127.5) / 127.5;
      const colour = lab.PLANE_KINDS[value > 127.5 ? 1 : 0];
      for (let part = 0; part < 3; part += 1) {
        image.data[4 * at + part] = paper[part] + 0.62 * sure * (colour[part] - paper[part]);
      }
      image.data[4 * at + 3] = 255;
    });
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }

  function toPixels(x, y) {
    const half = canvas.width / 2;
    return [half + (half * x) / lab.PLANE_REACH, half - (half * y) / lab.PLANE_REACH];
  }

  function paintPoint([x, y, which], ink) {
    const [across, down] = toPixels(x, y);
    context.fillStyle = `rgb(${lab.PLANE_KINDS[which].join()})`;
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.beginPath();
    if (which) context.rect(across - 6, down - 6, 12, 12);
    else context.arc(across, down, 7, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  function paintCursor(ink) {
    const [across, down] = toPixels(...cursor);
    context.strokeStyle = ink;
    context.lineWidth = 3;
    context.beginPath();
    for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(across + 6 * x, down + 6 * y);
      context.lineTo(across + 20 * x, down + 20 * y);
    }
    context.stroke();
  }

  // ---- Points of one's own ----

  function tap([x, y], which) {
    if (!isOwn) return;
    const near = own().findIndex(
      ([px, py]) => Math.hypot(px - x, py - y) < lab.PLANE_NEAR * lab.PLANE_REACH,
    );
    if (near >= 0) return setOwn(own().filter((_, at) => at !== near));
    if (own().length >= lab.PLANE_MOST_POINTS) {
      lab.setWord(notice, "idea_plane_full", { most: lab.PLANE_MOST_POINTS });
      return;
    }
    setOwn([...own(), [x, y, which]]);
  }

  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    const share = (at, start, size) => (2 * (at - start)) / size - 1;
    const x = lab.PLANE_REACH * share(event.clientX, box.left, box.width);
    const y = -lab.PLANE_REACH * share(event.clientY, box.top, box.height);
    return [x, y].map((value) => Number(value.toFixed(3)));
  }

  function press(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (!isOwn || !(event.key in move || /^[12]$/.test(event.key))) return;
    event.preventDefault();
    cursor ??= [0, 0];
    if (event.key in move) {
      const within = (value) => Math.min(Math.max(value, -1.2), 1.2);
      cursor = cursor.map((value, at) => within(Number((value + 0.1 * move[event.key][at]).toFixed(2))));
      paint();
    } else tap(cursor, Number(event.key) - 1);
  }

  function choose(which) {
    kind = which;
    for (const button of kinds) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.kind) === kind));
    }
  }

  canvas.addEventListener("click", (event) => tap(placeOf(event), kind));
  canvas.addEventListener("keydown", press);
  canvas.addEventListener("blur", paint);
  for (const button of kinds) {
    button.addEventListener("click", () => choose(Number(button.dataset.kind)));
  }
  root.querySelector("[data-testid=plane-clear]").addEventListener("click", () => setOwn([]));
  choose(0);
  new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
  return {
    show,
    points: () => points,
    // `list` is null until the server has drawn them; own ones can be set and taken away.
    showPoints(list, areOwn) {
      points = list ?? points;
      isOwn = areOwn;
      canvas.classList.toggle("is-own", isOwn);
      if (isOwn && !points.length) shown = to = null;
      paint();
    },
  };
};

// The panel's colour in the theme that is on, [red, green, blue].
lab.planePaper = function (place) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(place).backgroundColor;
  probe.fillRect(0, 0, 1, 1);
  return probe.getImageData(0, 0, 1, 1).data;
};
