// What a recipe will cost on this machine: asked a moment after the last change.
lab.COST_MOST = 5400; // s that one training may take, as demo/job_guard.py has it
lab.COST_SETTLED = 400; // ms without a change
lab.COST_AGAIN = 1500; // ms until the next try, where the server is measuring for somebody else

// `told` is called when an answer has come; `isOpen` says whether anybody sees it.
lab.createTrainCost = function (section, { ask, isOpen, told }) {
  const place = section.querySelector("[data-testid=train-cost]");
  let known = null; // {recipe, reply} of the newest answer
  let trouble = null; // {error, details}
  let timer = null;
  let busy = false;

  const isKnown = () => known?.recipe === lab.recipe && known.reply.seconds !== null;

  function want(_recipe, pause = lab.COST_SETTLED) {
    clearTimeout(timer);
    place.classList.toggle("is-waiting", Boolean(lab.recipe) && !isKnown());
    timer = setTimeout(pump, pause);
  }

  // One request under way; a recipe that changes meanwhile is asked for after it.
  async function pump() {
    if (busy || !lab.recipe || !isOpen() || isKnown()) return;
    busy = true;
    const { recipe } = lab;
    const reply = await lab.patiently(ask({ recipe }));
    busy = false;
    if (reply.error) return tell(reply);
    trouble = null;
    known = { recipe, reply };
    render();
    told();
    if (!isKnown()) want(lab.recipe, recipe === lab.recipe ? lab.COST_AGAIN : lab.COST_SETTLED);
  }

  function tell(wrong) {
    trouble = wrong;
    render();
  }

  function render() {
    const said = trouble ? lab.sayTrouble(trouble) : known && lab.costSaid(known.reply.seconds);
    place.textContent = said ?? "";
    place.classList.toggle("is-wrong", Boolean(trouble));
    place.classList.toggle("is-waiting", Boolean(lab.recipe) && !isKnown() && !trouble);
  }

  // {parameters, steps} as far as they are counted for this recipe, parameters for its network.
  function facts() {
    const { parameters, steps } = known?.reply ?? {};
    if (known?.recipe === lab.recipe) return { parameters, steps };
    return known?.recipe.network === lab.recipe.network ? { parameters } : {};
  }

  return { want, tell, render, facts };
};

// 3.2 -> "about 3 s on this machine"; no more digits than the estimate is worth.
lab.costSaid = function (seconds) {
  if (seconds === null) return lab.say("train_cost_wait");
  if (seconds < 1) return lab.say("train_cost_soon");
  if (seconds < 90) return lab.say("train_cost_seconds", { count: Math.round(seconds) });
  if (seconds < lab.COST_MOST) return lab.say("train_cost_minutes", { count: Math.round(seconds / 60) });
  return lab.say("train_cost_hours", { count: Math.round(seconds / 1800) / 2 });
};
