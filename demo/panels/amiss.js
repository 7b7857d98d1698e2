// The files of the lab that are missing or damaged, said in the tabs that need them.
lab.amiss = null; // the answer that all tabs share

lab.startAmiss = async function (element, server, tab) {
  const list = element.querySelector("[data-testid=amiss]");
  let files = [];

  function sentence({ file, missing, part, name, command }) {
    const details = { file, part: lab.say(`amiss_part_${part}`, { name }), command };
    return lab.say(missing ? "amiss_missing" : "amiss_damaged", details);
  }

  function line(file) {
    const item = document.createElement("li");
    item.textContent = sentence(file);
    return item;
  }

  lab.onLanguage(element, () => list.replaceChildren(...files.map(line)));
  lab.amiss ??= lab.patiently(server.files_amiss({}));
  const reply = await lab.amiss;
  files = (reply.files ?? []).filter(({ tabs }) => tabs.includes(tab));
  list.replaceChildren(...files.map(line));
};
