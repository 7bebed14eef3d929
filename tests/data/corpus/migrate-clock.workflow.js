// Moves a code base from Date.now() to an injected clock. The prompts quote the code that must go.
export const meta = {
  name: 'migrate-clock',
  description: 'Replace direct use of the clock by an injected one',
  phases: [{ title: 'Find' }, { title: 'Migrate' }, { title: 'Check' }],
}

const SITES = {
  type: 'object',
  properties: {
    sites: {
      type: 'array',
      items: {
        type: 'object',
        properties: { file: { type: 'string' }, lines: { type: 'array', items: { type: 'integer' } } },
        required: ['file', 'lines'],
      },
    },
  },
  required: ['sites'],
}

const RESULT = {
  type: 'object',
  properties: {
    changed: { type: 'boolean', description: 'Whether the file was edited' },
    notes: { type: 'string' },
    leftOver: { type: 'array', items: { type: 'string' }, description: 'Uses that could not be replaced' },
  },
  required: ['changed'],
}

const RULES = `
Rules:
- Replace \`Date.now()\` by \`clock.now()\`, and \`new Date()\` by \`new Date(clock.now())\`.
- Replace \`Math.random()\` by \`random.next()\` where the file has one.
- Leave \`new Date(value)\` and \`Date.parse(text)\` alone.
- Do not touch comments such as "// Date.now() is fine here".
`

phase('Find')
const search = await agent(
  'Search the repository for Date.now(), new Date() without arguments and performance.now(). ' +
    "Use a pattern like /Date\\.now\\(\\)|new Date\\(\\s*\\)/ and leave out `node_modules`.",
  { schema: SITES, label: 'find uses' },
)
const sites = (search?.sites ?? []).filter((site) => !/\.test\.[jt]sx?$/.test(site.file))
if (!sites.length) return { migrated: [], failed: [] }
log(`${sites.length} files use the clock directly`)

phase('Migrate')
const outcomes = await pipeline(
  sites,
  (site) =>
    agent(
      `In ${site.file}, lines ${site.lines.join(', ')}, inject the clock instead of calling \`Date.now()\`.\n${RULES}`,
      { label: `migrate ${site.file}`, phase: 'Migrate', schema: RESULT, isolation: 'worktree', timeoutMs: 600_000 },
    ),
  async (result, site) => {
    if (!result?.changed) return { file: site.file, ok: false, why: result?.notes ?? 'the agent failed' }
    const check = await agent(`Run the tests next to ${site.file}. Say PASS or FAIL, then the reason.`, {
      label: `test ${site.file}`,
      phase: 'Check',
      tools: ['bash', 'read'],
    })
    return { file: site.file, ok: check?.startsWith('PASS') ?? false, why: check ?? 'no answer', left: result.leftOver }
  },
)

const done = outcomes.filter((outcome) => outcome?.ok)
const failed = outcomes.filter((outcome) => outcome && !outcome.ok)
log(`${done.length} migrated, ${failed.length} not`)
return {
  migrated: done.map((outcome) => outcome.file),
  failed: failed.map(({ file, why }) => ({ file, why })),
  leftOver: done.flatMap((outcome) => outcome.left ?? []),
}
