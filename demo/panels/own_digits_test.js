// Networks tested on the visitor's digits: right, wrong and refused, a row a network.
lab.createOwnTest = function (root, server, look) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const table = find("own_results");
  const notice = find("own_test_notice");
  let running = null; // {name, at, count}: the network that reads, and which it is of how many
  let trouble = null; // {error, details}
  let tested = []; // the networks of the last test, in its order
  let looked = null; // the one whose readings stand beside the pictures

  // Counted from what stands in the set now, so that what is removed drops out.
  function count(name) {
    const sums = { right: 0, wrong: 0, refused: 0 };
    for (const { label, reads } of lab.own.all()) {
      if (!(name in reads)) continue;
      sums[reads[name] === null ? "refused" : reads[name] === label ? "right" : "wrong"] += 1;
    }
    return sums;
  }

  function row(line) {
    const { right, wrong, refused } = count(line.name);
    const all = right + wrong + refused;
    const [body, head, button] = ["tr", "th", "button"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.textContent = lab.networkTitle(line);
    button.setAttribute("aria-pressed", String(line.name === looked));
    button.addEventListener("click", () => look(line.name));
    head.scope = "row";
    head.append(button);
    body.append(head);
    const share = all ? ` · ${lab.say("percent", { number: lab.percent(right / all, 0) })}` : "";
    for (const text of [`${right}${share}`, wrong, refused]) {
      const cell = document.createElement("td");
      cell.textContent = all ? text : "–";
      body.append(cell);
    }
    return body;
  }

  function chosen() {
    const name = lab.networks?.chosen();
    return (lab.networks?.all() ?? []).find((line) => line.name === name);
  }

  function render(model = looked) {
    looked = model;
    const line = chosen();
    const isEmpty = !lab.own.all().length;
    lab.setWord(find("own_test_one"), "own_test_one", { name: line ? lab.networkTitle(line) : "" });
    for (const name of ["own_test_one", "own_test_all"]) {
      lab.hold(find(name), running || !line ? "hold_busy" : isEmpty ? "own_empty" : null);
    }
    table.hidden = !tested.length || isEmpty;
    table.classList.toggle("is-waiting", Boolean(running));
    table.tBodies[0].replaceChildren(...tested.map(row));
    const said = running ? ["own_testing", running] : [trouble?.error ?? null, trouble?.details];
    lab.setWord(notice, ...said);
    notice.classList.toggle("is-wrong", Boolean(trouble) && !running);
  }

  // One network after the other, so that the quick ones stand there while a slow one reads; each
  // has its row from the start, so that nothing moves.
  async function test(lines) {
    const drawings = lab.own.all();
    trouble = null;
    tested = lines;
    for (const [index, line] of lines.entries()) {
      const { name } = line;
      running = { name: lab.networkTitle(line), at: index + 1, count: lines.length };
      render();
      const request = { model: name, care: lab.care(), digits: lab.ownRequest(drawings) };
      const reply = await lab.patiently(server.read_own(request));
      if (reply.error) trouble = reply;
      else {
        lab.own.setReads(name, drawings, reply.reads);
        look(name);
      }
    }
    running = null;
    render();
  }

  find("own_test_one").addEventListener("click", () => test([chosen()]));
  find("own_test_all").addEventListener("click", () => {
    test(lab.networks.all().filter(({ error, names }) => !error && !names));
  });
  return { render };
};
