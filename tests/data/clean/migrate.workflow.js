export const meta = {
  name: "migrate-tests",
  description: "Moves test files from Mocha to Vitest, one worktree per file.",
  model: "sonnet",
  phases: [{ title: "Find" }, { title: "Migrate" }, { title: "Verify" }],
};

const FILES = { type: "object", properties: { files: { type: "array", items: { type: "string" } } }, required: ["files"] };

const CHECK = {
  type: "object",
  properties: { ok: { type: "boolean" }, errors: { type: "array", items: { type: "string" } } },
  required: ["ok"],
};

phase("Find");
const listing = await agent("List all files that import from 'mocha' or 'chai'.", { schema: FILES, agentType: "Explore" });
const files = (listing?.files ?? []).filter((file) => /\.(test|spec)\.[jt]sx?$/.test(file));
if (files.length === 0) return "Nothing to migrate.";

const outcome = await pipeline(
  files,
  (file) =>
    agent(
      `Migrate ${file} to Vitest.

Replace:
- \`require('chai')\` by \`import { expect } from 'vitest'\`
- \`sinon.useFakeTimers()\` by \`vi.useFakeTimers()\`
- \`new Date()\` in fixtures stays as it is; do not touch \`Math.random()\` either

Example:
\`\`\`ts
import { describe, it } from 'vitest'
describe(${"`${name}`"}, () => {})
\`\`\``,
      { label: `migrate ${file}`, phase: "Migrate", isolation: "worktree" },
    ),
  async (summary, file) => {
    if (summary === null) return { file, ok: false, reason: "the agent failed" };
    const check = await agent(`Run the tests of ${file} and report.`, { label: `verify ${file}`, phase: "Verify", schema: CHECK, isolation: "worktree" });
    return { file, ok: check?.ok ?? false, reason: check?.errors?.join("; ") ?? summary };
  },
);

const done = outcome.filter((entry) => entry?.ok);
const failed = outcome.filter((entry) => !entry?.ok);
log(`${done.length} migrated, ${failed.length} failed`);
return { done: done.map((entry) => entry?.file), failed };
