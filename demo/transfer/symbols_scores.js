// How well it knows them: each drawing read by what the others teach, with every head.
lab.SYMBOL_HEADS = ["prototypes", "linear", "tuned"];

// `chosen(head)` is told of the visitor's choice.
lab.createSymbolScores = function (root, { chosen }) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const card = root.querySelector(".lab-symbols-scores");
  const group = find("heads");
  let head = lab.SYMBOL_HEADS[0];
  let scores = null; // {names, head, heads, table}
  let waits = false;

  const buttons = lab.SYMBOL_HEADS.map((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.testid = `symbols-head-${one}`;
    button.setAttribute("role", "radio");
    button.append(document.createElement("b"), document.createElement("span"));
    button.addEventListener("click", () => choose(one));
    return button;
  });
  group.append(...buttons);
  group.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const count = lab.SYMBOL_HEADS.length;
    const at = (lab.SYMBOL_HEADS.indexOf(head) + by + count) % count;
    choose(lab.SYMBOL_HEADS[at]);
    buttons[at].focus();
  });

  function choose(one) {
    if (one === head) return;
    head = one;
    render();
    chosen(head);
  }

  function renderHeads() {
    lab.SYMBOL_HEADS.forEach((one, at) => {
      const [name, share] = buttons[at].children;
      const known = scores?.heads[one];
      lab.setWord(name, `symbols_head_${one}`);
      share.textContent = known === undefined ? "–" : lab.sayPercent(known);
      buttons[at].setAttribute("aria-checked", String(one === head));
      buttons[at].tabIndex = one === head ? 0 : -1;
    });
    lab.setWord(find("head-note"), `symbols_head_${head}_note`);
  }

  function accuracy() {
    if (!scores) return [null];
    const right = scores.table.reduce((sum, row, at) => sum + row[at], 0);
    const count = scores.table.flat().reduce((sum, one) => sum + one, 0);
    return ["symbols_accuracy", { percent: lab.percent(right / count, 0), right, count }];
  }

  // The head with the most right, and by how much it is ahead: in words.
  function difference() {
    if (!scores) return [waits ? "symbols_scoring" : "symbols_scores_empty"];
    const shares = Object.values(scores.heads);
    const [best, worst] = [Math.max(...shares), Math.min(...shares)];
    if (best === worst) return ["symbols_heads_same"];
    const name = Object.keys(scores.heads).filter((one) => scores.heads[one] === best);
    const said = name.map((one) => lab.say(`symbols_head_${one}`)).join(", ");
    return ["symbols_heads_differ", { name: said, gap: lab.percent(best - worst, 0) }];
  }

  function cell(tag, text, scope) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (scope) element.scope = scope;
    return element;
  }

  function row(name, counts, at) {
    const line = document.createElement("tr");
    const total = counts.reduce((sum, one) => sum + one, 0);
    const cells = counts.map((count, column) => {
      const one = cell("td", count || "");
      one.style.setProperty("--share", total ? count / total : 0);
      one.classList.toggle("is-wrong", column !== at && count > 0);
      return one;
    });
    line.append(cell("th", name, "row"), ...cells);
    return line;
  }

  function renderTable() {
    const table = find("table");
    table.parentElement.hidden = !scores;
    if (!scores) return table.replaceChildren();
    const top = document.createElement("tr");
    const names = [...scores.names, "?"];
    top.append(cell("td", lab.say("symbols_axes")), ...names.map((one) => cell("th", one, "col")));
    table.replaceChildren(top, ...scores.names.map((name, at) => row(name, scores.table[at], at)));
  }

  function render() {
    renderHeads();
    card.classList.toggle("is-waiting", waits);
    lab.setWord(find("accuracy"), ...accuracy());
    lab.setWord(find("accuracy-note"), ...difference());
    renderTable();
  }

  return {
    render,
    head: () => head,
    choose: (one) => ((head = one), render()),
    wait: () => ((waits = true), render()),
    show: (some) => ((waits = false), (scores = some), render()),
  };
};

lab.sayPercent = (share) => lab.say("percent", { number: lab.percent(share, 0) });
