// What the chosen teacher learned, below its menu: a line, and a picture of each class.
lab.createTeacherCard = function (row) {
  const card = document.createElement("div");
  const line = document.createElement("p");
  const pictures = document.createElement("div");
  card.className = "lab-compare-teacher";
  card.dataset.testid = "compare-taught";
  pictures.className = "lab-compare-saw";
  card.append(line, pictures);
  row.after(card);
  let drawn = null; // the key of the teacher whose pictures are shown

  function pictureOf({ pixels, label }) {
    const figure = document.createElement("figure");
    const canvas = document.createElement("canvas");
    const caption = document.createElement("figcaption");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    lab.paintDigit(canvas, pixels, "#ffffff"); // what a network sees is white on black
    caption.textContent = label;
    figure.append(canvas, caption);
    return figure;
  }

  function show({ teachers }, { teacher }) {
    const { accuracy, pictures: seen } = teachers.find(({ key }) => key === teacher);
    const details = { accuracy: accuracy === null ? "–" : lab.percent(accuracy, 1) };
    lab.setWord(line, `transfer_taught_${teacher}`, details);
    pictures.setAttribute("aria-label", lab.say("transfer_saw"));
    pictures.setAttribute("role", "img");
    if (drawn === teacher) return;
    drawn = teacher;
    pictures.replaceChildren(...seen.map(pictureOf));
  }

  return { show };
};
