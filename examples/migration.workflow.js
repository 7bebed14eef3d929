// Move many files from one way of doing things to another: each file goes through its stages on its own, in a worktree.
//
//   callsheet run examples/migration.workflow.js \
//     --args '{"goal": "replace moment by date-fns", "pattern": "from \"moment\""}'

export const meta = {
  name: 'migration',
  description: 'Migrate files one by one, each in its own worktree, reviewed before it is offered',
  whenToUse: 'The same change is due in many files and each needs some thought.',
  phases: [{ title: 'Find' }, { title: 'Migrate' }, { title: 'Check' }],
}

const FILES = {
  type: 'object',
  properties: { files: { type: 'array', items: { type: 'string' }, maxItems: 200 } },
  required: ['files'],
}

const MIGRATED = {
  type: 'object',
  properties: {
    changed: { type: 'boolean' },
    summary: { type: 'string' },
    testsPassed: { type: 'boolean' },
  },
  required: ['changed', 'summary', 'testsPassed'],
}

const CHECKED = {
  type: 'object',
  properties: {
    ok: { type: 'boolean' },
    concerns: { type: 'array', items: { type: 'string' } },
  },
  required: ['ok', 'concerns'],
}

const goal = args?.goal
if (!goal) throw new Error('Say what to migrate: --args \'{"goal": "…", "pattern": "…"}\'')

phase('Find')
const found = await agent(
  `List the files that this migration has to touch: ${goal}.` +
    (args.pattern ? ` Search for ${args.pattern} first.` : '') +
    ' Leave out generated files.',
  { label: 'find files', agentType: 'Explore', schema: FILES },
)
if (!found) throw new Error('The list of files did not come back')
const files = found.files.slice(0, args.limit ?? 50)
if (files.length < found.files.length) log(`taking the first ${files.length} of ${found.files.length} files`)

const results = await pipeline(
  files,
  (file) =>
    agent(
      `In ${file} alone: ${goal}. Keep behaviour and public names. Run the tests that cover the file.`,
      { label: `migrate ${file}`, phase: 'Migrate', schema: MIGRATED, isolation: 'worktree', retries: 1 },
    ),
  async (migrated, file) => {
    if (!migrated) return { file, state: 'failed' }
    if (!migrated.changed) return { file, state: 'nothing to do' }
    const check = await agent(
      `A colleague migrated ${file} (${goal}) and says: ${migrated.summary}\n` +
        'Read the file as it was and think of what that change could break. Is it plausible and complete?',
      { label: `check ${file}`, phase: 'Check', agentType: 'Explore', schema: CHECKED },
    )
    if (!check) return { file, state: 'unchecked', ...migrated }
    return { file, state: check.ok && migrated.testsPassed ? 'ready' : 'needs a look', ...migrated, ...check }
  },
)

const byState = {}
for (const result of results.filter(Boolean)) (byState[result.state] ??= []).push(result.file)
for (const [state, names] of Object.entries(byState)) log(`${state}: ${names.length}`)
return { byState, results }
