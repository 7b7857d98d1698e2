// An entry of the book's path in words: what it is about, where it runs, what fails today.

lab.pathAddress = function (address) {
  const link = new URL(address, location.href);
  link.searchParams.set("lang", lab.language);
  return link.href;
};

lab.pathPlaceName = ({ names }) => names.map((name) => lab.say(name)).join(" › ");

lab.pathLink = function (entry, at) {
  const link = document.createElement("a");
  link.href = lab.pathAddress(entry.address);
  link.dataset.path = entry.key;
  link.dataset.place = at;
  link.textContent = lab.pathPlaceName(entry.places[at]);
  return link;
};

lab.pathCode = function (text, className) {
  const code = document.createElement("code");
  code.className = className;
  code.textContent = text;
  return code;
};

// A printed line, PyTorch's answer to it, the reason, and the line that mends it.
lab.pathTrial = function ({ line, mend, said, word, facts }) {
  const trial = document.createElement("div");
  const reason = document.createElement("p");
  trial.className = "lab-path-trial";
  lab.setWord(reason, word, facts);
  if (line) trial.append(lab.pathCode(line, "is-printed"));
  if (said) trial.append(lab.pathCode(said, "is-raised"));
  trial.append(reason);
  if (!mend) return trial;
  const instead = document.createElement("p");
  lab.setWord(instead, "path_instead");
  instead.append(" ", lab.pathCode(mend, "is-mended"));
  trial.append(instead);
  return trial;
};

// What stands below an entry's name, in the list and in the bar.
lab.pathParts = function (entry) {
  const about = document.createElement("p");
  const places = document.createElement("p");
  lab.setWord(about, `path_${entry.key}_is`);
  places.className = "lab-path-places";
  lab.setWord(places, "path_open");
  entry.places.forEach((_, at) => places.append(" ", lab.pathLink(entry, at)));
  const parts = [about, places];
  if (entry.today.length) {
    const today = document.createElement("h5");
    lab.setWord(today, "path_today");
    parts.push(today, ...entry.today.map(lab.pathTrial));
  }
  return parts;
};

lab.pathCard = function (entry, at) {
  const card = document.createElement("li");
  const name = document.createElement("h4");
  const number = document.createElement("span");
  card.dataset.testid = `path-${entry.key}`;
  number.textContent = at + 1;
  name.append(number, " ", lab.say(`path_${entry.key}`));
  card.append(name, ...lab.pathParts(entry));
  return card;
};
