// How well it knows them: each drawing read by what the others teach, with every head.
lab.SYMBOL_HEADS = ["prototypes", "linear", "tuned"];

// `chosen(head)` is told of the visitor's choice.
lab.createSymbolScores = function (root, { chosen }) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const group = find("heads");
  let head = lab.SYMBOL_HEADS[0];
  let known = restored(); // {of, names, heads}: a head's {accuracy, table}, by the drawings
  let waits = null; // the head that is being measured
  let trouble = null; // {error, details}

  // For this window, so that a reload measures nothing again.
  function restored() {
    try {
      return JSON.parse(sessionStorage.getItem("lab.symbol_scores"));
    } catch {
      return null;
    }
  }

  function save() {
    try {
      sessionStorage.setItem("lab.symbol_scores", JSON.stringify(known));
    } catch {
      // Storage is off or full: known on this page only.
    }
  }

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
      const measured = known?.heads[one];
      lab.setWord(name, `symbols_head_${one}`);
      share.textContent = measured ? lab.sayPercent(measured.accuracy) : waits === one ? "…" : "–";
      buttons[at].setAttribute("aria-checked", String(one === head));
      buttons[at].tabIndex = one === head ? 0 : -1;
    });
    lab.setWord(find("head-note"), `symbols_head_${head}_note`);
  }

  const table = () => known?.heads[head]?.table ?? null;

  const drawings = () => table().flat().reduce((sum, one) => sum + one, 0);

  function accuracy() {
    if (!table()) return [null];
    const { accuracy: share } = known.heads[head];
    const count = drawings();
    const right = Math.round(share * count);
    return ["symbols_accuracy", { percent: lab.percent(share, 0), right, count }];
  }

  function scoring() {
    const done = Object.keys(known.heads).length;
    return ["symbols_scoring", { done, count: lab.SYMBOL_HEADS.length }];
  }

  // What was left out at a time, what that says of the heads, and what would be called unknown.
  function note() {
    if (trouble) return lab.say(trouble.error, trouble.details);
    if (!table()) return lab.say(...(waits ? scoring() : ["symbols_scores_empty"]));
    const { folds } = known.heads[head];
    const unknown = table().reduce((sum, row) => sum + row.at(-1), 0);
    return [
      lab.say(folds < drawings() ? "symbols_left_folds" : "symbols_left_one", { folds }),
      lab.say(...difference()),
      unknown ? lab.say("symbols_left_unknown", { count: unknown }) : "",
    ].join(" ");
  }

  // The head with the most right, and by how much it is ahead: in words.
  function difference() {
    const measured = Object.entries(known.heads);
    if (measured.length < lab.SYMBOL_HEADS.length) return scoring();
    const shares = measured.map(([, { accuracy: share }]) => share);
    const [best, worst] = [Math.max(...shares), Math.min(...shares)];
    if (best === worst) return ["symbols_heads_same"];
    const name = measured.filter((_, at) => shares[at] === best).map(([one]) => one);
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
    const place = find("table");
    place.parentElement.hidden = !table();
    if (!table()) return place.replaceChildren();
    const top = document.createElement("tr");
    const columns = [...known.names, "?"].map((one) => cell("th", one, "col"));
    top.append(cell("td", lab.say("symbols_axes")), ...columns);
    place.replaceChildren(top, ...known.names.map((name, at) => row(name, table()[at], at)));
  }

  function render() {
    renderHeads();
    lab.setWord(find("accuracy"), ...accuracy());
    find("accuracy-note").textContent = note();
    find("accuracy-note").classList.toggle("is-wrong", Boolean(trouble));
    renderTable();
  }

  return {
    render,
    head: () => head,
    choose: (one) => ((head = one), render()),
    forget: () => ((known = waits = null), save(), render()),

    // What was measured of these drawings, `of` their fingerprint, stays; of others it goes.
    begin(of, names) {
      trouble = null;
      known = known?.of === of ? { ...known, names } : { of, names, heads: {} };
      render();
    },

    // The head to measure next, the chosen one first; null once all are, or the drawings changed.
    next(of) {
      const order = [head, ...lab.SYMBOL_HEADS];
      waits = known?.of === of ? (order.find((one) => !known.heads[one]) ?? null) : waits;
      render();
      return known?.of === of ? waits : null;
    },

    add(of, one, reply) {
      if (known?.of !== of) return;
      if (reply.error) [trouble, waits] = [reply, null];
      else known.heads[one] = reply;
      save();
      render();
    },
  };
};

lab.sayPercent = (share) => lab.say("percent", { number: lab.percent(share, 0) });
