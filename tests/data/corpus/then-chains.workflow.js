export const meta = {
  name: "then-chains",
  description: "Promise style throughout: then, catch, finally, Promise.all",
  phases: [{ title: "Gather" }, { title: "Decide" }],
};

const OWNER = {
  type: "object",
  properties: { owner: { type: "string" }, reason: { type: "string" } },
  required: ["owner"],
};

const label = (text) => text.replace(/\s+/g, " ").slice(0, 40);

function ask(prompt, options) {
  return agent(prompt, { label: label(prompt), ...options }).then(
    (answer) => (answer === null ? { ok: false, answer: null } : { ok: true, answer }),
    (error) => ({ ok: false, answer: null, error: error.code ?? String(error) }),
  );
}

phase("Gather");
const modules = args?.modules ?? ["server", "client", "tools"];

const owners = await Promise.all(
  modules.map((module) =>
    agent(`Who owns the module ${module}? Look at CODEOWNERS and the history.`, { schema: OWNER, label: module })
      .then((answer) => answer?.owner ?? "nobody")
      .catch(() => "unknown")
      .then((owner) => [module, owner]),
  ),
);
const ownerOf = Object.fromEntries(owners);

const [readme, licence] = await Promise.all([
  ask("Is the README up to date? Answer yes or no, then why."),
  ask("Which licence does the project have?", { agentType: "Explore" }),
]);

phase("Decide");
const facts = [];
if (readme.ok) facts.push(`README: ${readme.answer}`);
if (licence.ok) facts.push(`Licence: ${licence.answer}`);
for (const [module, owner] of Object.entries(ownerOf)) facts.push(`${module} belongs to ${owner}`);

let started = false;
const decision = await agent(`Given these facts, what should be mended first?\n- ${facts.join("\n- ")}`)
  .then((text) => (text ? text.trim() : "no decision"))
  .finally(() => {
    started = true;
  });

log({ started, owners: ownerOf });
return { decision, ownerOf, errors: [readme, licence].map((entry) => entry.error).filter(Boolean) };
