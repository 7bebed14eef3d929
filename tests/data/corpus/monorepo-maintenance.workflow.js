// Weekly care of a monorepo: health of each package, upgrades, dead code, docs, and a digest for the team.
// Everything in one file on purpose: the helpers are small and the parts share them.
export const meta = {
  name: 'monorepo-maintenance',
  description: 'Look after every package of a monorepo and write a digest',
  whenToUse: 'Once a week, or before planning.',
  phases: [
    { title: 'Discover', detail: 'Packages and their owners' },
    { title: 'Health', detail: 'Tests, lint, types, coverage' },
    { title: 'Upgrade', detail: 'Dependencies, in worktrees' },
    { title: 'Prune', detail: 'Dead code, proven by the build' },
    { title: 'Docs', detail: 'READMEs that no longer say the truth' },
    { title: 'Digest' },
  ],
}

/* ------------------------------------------------------------------ *
 * Shapes
 * ------------------------------------------------------------------ */

const text = (description) => ({ type: 'string', description })
const count = (description) => ({ type: 'integer', minimum: 0, description })
const list = (items, extra = {}) => ({ type: 'array', items, ...extra })
const record = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required })

const PACKAGE = record({
  name: text('As in its manifest'),
  path: text('Folder, from the root'),
  kind: { enum: ['library', 'service', 'tool', 'site'] },
  owners: list(text('Team or person')),
  dependsOn: list(text('Names of other packages here')),
}, ['name', 'path', 'kind'])

const HEALTH = {
  type: 'object',
  properties: {
    testsPass: { type: 'boolean' },
    coverage: { type: 'number', minimum: 0, maximum: 100 },
    lintErrors: { type: 'integer', minimum: 0 },
    typeErrors: { type: 'integer', minimum: 0 },
    slowTests: { type: 'array', items: { type: 'string' } },
    remarks: { type: 'string' },
  },
  required: ['testsPass', 'lintErrors', 'typeErrors'],
}

const UPGRADE = {
  type: 'object',
  properties: {
    upgraded: { type: 'array', items: { type: 'string' } },
    heldBack: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, why: { type: 'string' } },
        required: ['name', 'why'],
      },
    },
  },
  required: ['upgraded', 'heldBack'],
}

const PRUNE = {
  type: 'object',
  properties: {
    candidates: {
      type: 'array',
      items: {
        type: 'object',
        properties: { file: { type: 'string' }, symbol: { type: 'string' }, lines: { type: 'integer' } },
        required: ['file', 'symbol'],
      },
    },
  },
  required: ['candidates'],
}

const DOCS = {
  type: 'object',
  properties: {
    stale: {
      type: 'array',
      items: {
        type: 'object',
        properties: { heading: { type: 'string' }, says: { type: 'string' }, truth: { type: 'string' } },
        required: ['heading', 'says', 'truth'],
      },
    },
  },
  required: ['stale'],
}

/* ------------------------------------------------------------------ *
 * Helpers
 * ------------------------------------------------------------------ */

const settings = {
  batch: Number(args?.batch ?? 8),
  minimumCoverage: args?.coverage ?? 70,
  skip: new Set(args?.skip ?? []),
  dry: Boolean(args?.dry),
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
const by = (key, direction = 1) => (a, b) => (a[key] < b[key] ? -direction : a[key] > b[key] ? direction : 0)
const plural = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`
const percent = (part, whole) => (whole ? `${Math.round((part / whole) * 100)} %` : 'n/a')
const bullets = (lines, empty = 'nothing') => (lines.length ? lines.map((line) => `- ${line}`).join('\n') : `- ${empty}`)

/** Runs `work` for every item, `settings.batch` at a time, and keeps what came back with its item. */
async function each(items, work) {
  const kept = []
  const lost = []
  for (let at = 0; at < items.length; at += settings.batch) {
    const batch = items.slice(at, at + settings.batch)
    const results = await parallel(batch.map((item) => () => work(item)))
    results.forEach((result, index) => {
      if (result === null || result === undefined) lost.push(batch[index])
      else kept.push({ item: batch[index], result })
    })
  }
  return { kept, lost }
}

/** Packages in an order in which each comes after those that it depends on; cycles are cut where they are met. */
function topological(packages) {
  const known = new Map(packages.map((entry) => [entry.name, entry]))
  const state = new Map()
  const order = []
  const visit = (entry, trail) => {
    const mark = state.get(entry.name)
    if (mark === 'done') return
    if (mark === 'open') {
      log(`cycle: ${[...trail, entry.name].join(' → ')}`)
      return
    }
    state.set(entry.name, 'open')
    for (const name of entry.dependsOn ?? []) {
      const next = known.get(name)
      if (next) visit(next, [...trail, entry.name])
    }
    state.set(entry.name, 'done')
    order.push(entry)
  }
  packages.forEach((entry) => visit(entry, []))
  return order
}

function gradeOf(health) {
  if (!health) return '?'
  const faults = [
    !health.testsPass,
    health.lintErrors > 0,
    health.typeErrors > 0,
    (health.coverage ?? 100) < settings.minimumCoverage,
  ].filter(Boolean).length
  return 'ABCDF'[faults] ?? 'F'
}

const gradeLine = ({ item, result }) => {
  const { name } = item
  const { coverage, lintErrors, typeErrors, testsPass, slowTests = [] } = result
  const parts = [
    testsPass ? 'tests pass' : 'TESTS FAIL',
    coverage === undefined ? 'coverage unknown' : `${coverage.toFixed(0)} % covered`,
    lintErrors && plural(lintErrors, 'lint error'),
    typeErrors && plural(typeErrors, 'type error'),
    slowTests.length > 0 && plural(slowTests.length, 'slow test'),
  ]
  return `${gradeOf(result)} ${name}: ${parts.filter(Boolean).join(', ')}`
}

/* ------------------------------------------------------------------ *
 * Discover
 * ------------------------------------------------------------------ */

phase('Discover')
const discovered = await agent(
  'List the packages of this monorepo: name, path, kind, owners (from CODEOWNERS) and which of each other they use.',
  { label: 'packages', schema: record({ packages: list(PACKAGE, { minItems: 1 }) }), agentType: 'Explore' },
)
if (discovered === null) throw new Error('The packages could not be listed.')

const packages = topological(discovered.packages.filter(({ name }) => !settings.skip.has(name)))
const libraries = packages.filter((entry) => entry.kind === 'library')
const ownersOf = Object.fromEntries(packages.map(({ name, owners }) => [name, owners?.join(', ') || 'nobody']))
log(`${plural(packages.length, 'package')}, ${percent(libraries.length, packages.length)} libraries`)

/* ------------------------------------------------------------------ *
 * Health
 * ------------------------------------------------------------------ */

phase('Health')
const health = await each(packages, ({ name, path }) =>
  agent(`In ${path}: run the tests with coverage, the linter and the type checker. Report, do not mend.`, {
    label: `health ${name}`,
    phase: 'Health',
    schema: HEALTH,
    tools: ['bash', 'read'],
    timeoutMs: 15 * 60 * 1000,
  }),
)
const graded = health.kept.map((entry) => ({ ...entry, grade: gradeOf(entry.result) })).sort(by('grade', -1))
for (const entry of graded.slice(0, 10)) log(gradeLine(entry))
const sick = new Set(graded.filter(({ result }) => !result.testsPass).map(({ item }) => item.name))

/* ------------------------------------------------------------------ *
 * Upgrade: only what is healthy, leaves first
 * ------------------------------------------------------------------ */

phase('Upgrade', { budget: budget.total === null ? undefined : Math.floor(budget.remaining() / 2) })
const upgrades = []
if (!settings.dry) {
  const candidates = packages.filter(({ name }) => !sick.has(name))
  const { kept, lost } = await each(candidates, (entry) =>
    agent(
      `Upgrade the dependencies of ${entry.path} within their major versions. Run its tests after each one; ` +
        'hold back what breaks them. Do not touch other packages.',
      { label: `upgrade ${entry.name}`, phase: 'Upgrade', schema: UPGRADE, isolation: 'worktree', retries: 1 },
    ),
  )
  upgrades.push(...kept)
  if (lost.length) log(`not upgraded: ${lost.map(({ name }) => name).join(', ')}`)
}
const heldBack = upgrades.flatMap(({ item, result }) => result.heldBack.map(({ name, why }) => `${item.name}: ${name} (${why})`))

/* ------------------------------------------------------------------ *
 * Prune
 * ------------------------------------------------------------------ */

phase('Prune')
const pruned = await pipeline(
  libraries,
  (library) =>
    agent(`Which exported symbols of ${library.path} does nothing in this repository use?`, {
      label: `dead in ${library.name}`,
      phase: 'Prune',
      schema: PRUNE,
      agentType: 'Explore',
    }),
  (answer, library) => {
    if (!answer || answer.candidates.length === 0) return { library, removed: [], kept: [] }
    const names = answer.candidates.map(({ symbol }) => `\`${symbol}\``)
    if (settings.dry) return { library, removed: [], kept: names }
    return agent(`Remove ${names.join(', ')} from ${library.path}, build everything, and put back what breaks.`, {
      label: `prune ${library.name}`,
      phase: 'Prune',
      isolation: 'worktree',
      schema: record({ removed: list(text()), kept: list(text()) }),
    }).then((outcome) => (outcome === null ? null : { library, ...outcome }))
  },
)
const removed = pruned.filter(Boolean).flatMap(({ library, removed: names }) => names.map((name) => `${library.name}: ${name}`))

/* ------------------------------------------------------------------ *
 * Docs
 * ------------------------------------------------------------------ */

phase('Docs')
const docs = await parallel(
  packages.map(({ name, path, kind }) => async () => {
    if (kind === 'tool' && !args?.tools) return null
    const answer = await agent(`Which statements of ${path}/README.md are no longer true? Check each against the code.`, {
      label: `docs ${name}`,
      phase: 'Docs',
      schema: DOCS,
      agentType: 'Explore',
    })
    return answer && { name, stale: answer.stale }
  }),
)
const stale = docs.filter((entry) => entry !== null && entry.stale.length > 0)

/* ------------------------------------------------------------------ *
 * Digest
 * ------------------------------------------------------------------ */

phase('Digest')
const sections = {
  Health: bullets(graded.map(gradeLine), 'nothing could be measured'),
  Upgrades: bullets(upgrades.filter(({ result }) => result.upgraded.length).map(({ item, result }) => `${item.name}: ${result.upgraded.join(', ')}`)),
  'Held back': bullets(heldBack),
  Removed: bullets(removed),
  Documentation: bullets(stale.map(({ name, stale: parts }) => `${name}: ${parts.map(({ heading }) => heading).join('; ')}`)),
}
const body = Object.entries(sections)
  .map(([title, content]) => `## ${title}\n\n${content}`)
  .join('\n\n')

const digest = await agent(
  `Write a digest of at most 300 words for the team from this. Name owners where something needs doing: ${JSON.stringify(ownersOf)}\n\n${body}`,
  { label: 'digest', effort: 'medium' },
)

return {
  digest: digest ?? body,
  grades: Object.groupBy(graded.map(({ item, grade }) => ({ name: item.name, grade })), ({ grade }) => grade),
  unmeasured: health.lost.map(({ name }) => name),
  totals: {
    packages: packages.length,
    lintErrors: sum(graded.map(({ result }) => result.lintErrors)),
    upgraded: sum(upgrades.map(({ result }) => result.upgraded.length)),
    removed: removed.length,
    stale: sum(stale.map((entry) => entry.stale.length)),
  },
}
