// The quality helpers (language, section 8), on top of agent() and parallel(). Attempts and rounds count from 0.
const REASON = { type: "string", description: "Why, in one or two sentences." };
const VOTE_SCHEMA = {
  type: "object",
  properties: { real: { type: "boolean", description: "Whether the finding is real." }, reason: REASON },
  required: ["real"],
};
const JUDGMENT_SCHEMA = {
  type: "object",
  properties: {
    score: { type: "number", minimum: 0, maximum: 1, description: "0 is useless, 1 could not be better." },
    reason: REASON,
  },
  required: ["score"],
};
const COMPLETENESS_SCHEMA = {
  type: "object",
  properties: {
    complete: { type: "boolean", description: "Whether nothing of the task is missing." },
    missing: { type: "array", items: { type: "string" }, description: "What is missing, one thing each." },
  },
  required: ["complete"],
};
const MATERIAL_CHARS = 60_000;

const misuse = (message, at) => workflowError("INVALID_CALL", message, at);

function material(value) {
  if (typeof value === "string") return value;
  try {
    return stringify(value, null, 2) ?? "undefined";
  } catch {
    return formatValue(value);
  }
}

// As much of a text as an agent can take, and a note where that is not all.
function fitted(text) {
  if (text.length <= MATERIAL_CHARS) return text;
  return `${slice(text, 0, MATERIAL_CHARS)}\n\n[Cut: only the first ${MATERIAL_CHARS} of ${text.length} characters are shown.]`;
}

// An option that counts something.
function count(name, helper, value, fallback, at) {
  if (value === undefined) return fallback;
  if (NumberIsInteger(value) && value >= 1) return value;
  throw misuse(`${helper}(): ${name} is a whole number from 1.`, at);
}

function requireFunction(value, name, helper, at) {
  if (typeof value !== "function") throw misuse(`${helper}(): ${name} is a function.`, at);
}

function lensesOf(lens, at) {
  const lenses = list();
  const given = lens === undefined || lens === null ? [] : isArray(lens) ? lens : [lens];
  for (let index = 0; index < given.length; index++) {
    if (typeof given[index] !== "string") throw misuse("verify(): lens is a string or a list of strings.", at);
    lenses[index] = given[index];
  }
  return lenses;
}

async function runVerify(item, options, at) {
  const { threshold = 0.5, lens } = options ?? {};
  const reviewers = count("reviewers", "verify", options?.reviewers, 2, at);
  if (typeof threshold !== "number" || !(threshold >= 0 && threshold <= 1)) {
    throw misuse("verify(): threshold is a number from 0 to 1.", at);
  }
  const lenses = lensesOf(lens, at);
  const shown = fitted(material(item));
  const came = await askAll(reviewers, at, (index) => {
    const view = lenses.length > 0 ? lenses[index % lenses.length] : undefined;
    const look = view === undefined ? "" : ` Look at it from this angle only: ${view}.`;
    const prompt =
      `You review a finding that somebody else reported. Decide whether it is real: check it against the facts, try to ` +
      `refute it, and do not take its word for anything.${look}\n\nThe finding:\n${shown}`;
    const label = `verify ${index + 1}/${reviewers}${view === undefined ? "" : `: ${view}`}`;
    return callAgent(prompt, { label, schema: VOTE_SCHEMA }, at);
  });
  const votes = list();
  let realCount = 0;
  for (let index = 0; index < came.length; index++) {
    const vote = came[index];
    if (typeof vote?.real !== "boolean") continue;
    if (vote.real) realCount++;
    votes[votes.length] = vote;
  }
  const total = votes.length;
  return { real: total > 0 && realCount / total >= threshold, realCount, total, votes: asArray(votes) };
}

// Answers of as many agents, null for those that failed.
function askAll(agents, at, ask) {
  const thunks = [];
  for (let index = 0; index < agents; index++) define(thunks, index, () => ask(index));
  return runParallel(thunks, at);
}

async function runJudgePanel(attempts, options, at) {
  if (!isArray(attempts)) throw misuse("judgePanel() takes an array of attempts first.", at);
  const judges = count("judges", "judgePanel", options?.judges, 3, at);
  const rubric = options?.rubric;
  if (rubric !== undefined && rubric !== null && typeof rubric !== "string") {
    throw misuse("judgePanel(): rubric is a string.", at);
  }
  // An attempt that failed is not worth a question.
  const standing = list();
  for (let index = 0; index < attempts.length; index++) {
    const attempt = attempts[index];
    if (attempt !== undefined && attempt !== null) standing[standing.length] = { __proto__: null, index, attempt };
  }
  const came = await askAll(standing.length * judges, at, (slot) => {
    const { index, attempt } = standing[floor(slot / judges)];
    const by = rubric ? `\n\nJudge it by this rubric:\n${rubric}` : "";
    const prompt =
      `You are one of ${judges} judges who work alone. Score this attempt from 0 (useless) to 1 (could not be ` +
      `better).${by}\n\nThe attempt:\n${fitted(material(attempt))}`;
    const label = `judge ${(slot % judges) + 1}/${judges} of attempt ${index}`;
    return callAgent(prompt, { label, schema: JUDGMENT_SCHEMA }, at);
  });
  return best(attempts, standing, came, judges);
}

function best(attempts, standing, came, judges) {
  let winner;
  const scored = new Map();
  for (let place = 0; place < standing.length; place++) {
    const judgments = list();
    let sum = 0;
    for (let judge = 0; judge < judges; judge++) {
      const judgment = came[place * judges + judge];
      if (typeof judgment?.score !== "number") continue;
      sum += judgment.score;
      judgments[judgments.length] = judgment;
    }
    const score = judgments.length > 0 ? sum / judgments.length : 0;
    mapSet(scored, standing[place].index, { __proto__: null, score, judgments });
  }
  for (let index = 0; index < attempts.length; index++) {
    const { score, judgments } = mapGet(scored, index) ?? { score: 0, judgments: list() };
    if (winner === undefined || score > winner.score) winner = { index, attempt: attempts[index], score, judgments };
  }
  if (winner !== undefined) asArray(winner.judgments);
  return winner;
}

async function runLoopUntilDry(options, at) {
  const { round, key = stringify } = options ?? {};
  requireFunction(round, "round", "loopUntilDry", at);
  requireFunction(key, "key", "loopUntilDry", at);
  const patience = count("consecutiveEmpty", "loopUntilDry", options.consecutiveEmpty, 2, at);
  const maxRounds = count("maxRounds", "loopUntilDry", options.maxRounds, 50, at);
  const seen = new Map();
  const items = list();
  let empty = 0;
  for (let index = 0; index < maxRounds && empty < patience; index++) {
    let found;
    try {
      found = await round(index);
    } catch (error) {
      const code = originOf(error)?.code;
      if (code === "TOKEN_BUDGET_EXHAUSTED" || code === "AGENT_LIMIT_EXCEEDED") break;
      throw error;
    }
    const before = items.length;
    if (isArray(found)) {
      for (let place = 0; place < found.length; place++) {
        const item = found[place];
        const name = key(item);
        if (mapHas(seen, name)) continue;
        mapSet(seen, name, true);
        items[items.length] = item;
      }
    }
    empty = items.length > before ? 0 : empty + 1;
  }
  return asArray(items);
}

async function runCompletenessCheck(task, results, at) {
  if (typeof task !== "string" || trim(task) === "") {
    throw misuse("completenessCheck() takes the task first, a string that is not blank.", at);
  }
  const prompt =
    "Check whether these results cover the whole task. List what is missing, one thing each; do not judge style.\n\n" +
    `The task:\n${task}\n\nThe results:\n${fitted(material(results))}`;
  return callAgent(prompt, { label: "completeness check", schema: COMPLETENESS_SCHEMA }, at);
}

async function runRetry(thunk, options, at) {
  requireFunction(thunk, "the first argument", "retry", at);
  const until = options?.until;
  if (until !== undefined) requireFunction(until, "until", "retry", at);
  const attempts = count("attempts", "retry", options?.attempts, 3, at);
  let value;
  for (let attempt = 0; attempt < attempts; attempt++) {
    value = await thunk(attempt);
    if (until === undefined || (await until(value))) return value;
  }
  return value;
}

async function runGate(thunk, validator, options, at) {
  requireFunction(thunk, "the first argument", "gate", at);
  requireFunction(validator, "the validator", "gate", at);
  const attempts = count("attempts", "gate", options?.attempts, 3, at);
  let feedback;
  let value;
  for (let attempt = 0; attempt < attempts; attempt++) {
    value = await thunk(feedback, attempt);
    const verdict = await validator(value);
    if (verdict?.ok) return { ok: true, value, attempts: attempt + 1 };
    feedback = verdict?.feedback;
  }
  return { ok: false, value, attempts };
}
