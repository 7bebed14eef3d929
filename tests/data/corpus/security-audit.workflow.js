// A long audit: inventory, threat model per component, hunts per weakness, proof, report. Helpers first, work last.
export const meta = {
  name: 'security-audit',
  description: 'Audit a service for security weaknesses and prove what is found',
  whenToUse: 'Before a release, or after a report from outside.',
  model: 'sonnet',
  phases: [
    { title: 'Inventory', detail: 'Components, entry points, secrets', model: 'haiku' },
    { title: 'Threats', detail: 'What could go wrong, per component' },
    { title: 'Hunt', detail: 'One agent per component and weakness' },
    { title: 'Prove', detail: 'A failing test for each finding', model: 'opus' },
    { title: 'Report' },
  ],
}

// ---------------------------------------------------------------- schemas

const COMPONENT = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Short name, as used in the code' },
    path: { type: 'string' },
    entryPoints: { type: 'array', items: { type: 'string' } },
    trust: { enum: ['public', 'authenticated', 'internal'] },
  },
  required: ['name', 'path', 'trust'],
}

const INVENTORY = {
  type: 'object',
  properties: {
    components: { type: 'array', items: COMPONENT },
    secrets: { type: 'array', items: { type: 'string' }, description: 'Where secrets are kept, never the secrets' },
  },
  required: ['components'],
}

const THREATS = {
  type: 'object',
  properties: {
    threats: {
      type: 'array',
      maxItems: 6,
      items: {
        type: 'object',
        properties: {
          weakness: { type: 'string' },
          cwe: { type: 'string', pattern: '^CWE-[0-9]+$' },
          likelihood: { type: 'integer', minimum: 1, maximum: 5 },
          impact: { type: 'integer', minimum: 1, maximum: 5 },
        },
        required: ['weakness', 'likelihood', 'impact'],
      },
    },
  },
  required: ['threats'],
}

const FINDINGS = {
  type: 'object',
  properties: {
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          line: { type: 'integer' },
          what: { type: 'string' },
          how: { type: 'string', description: 'How it would be used by an attacker' },
        },
        required: ['file', 'what', 'how'],
      },
    },
  },
  required: ['findings'],
}

const PROOF = {
  type: 'object',
  properties: {
    proven: { type: 'boolean' },
    test: { type: 'string' },
    fix: { type: 'string' },
  },
  required: ['proven'],
}

// ---------------------------------------------------------------- helpers

const LEVELS = [
  { name: 'critical', from: 20 },
  { name: 'high', from: 12 },
  { name: 'medium', from: 6 },
  { name: 'low', from: 0 },
]

/**
 * @param {{likelihood: number, impact: number}} threat
 * @returns {string} the name of a level
 */
function levelOf({ likelihood, impact }) {
  const score = likelihood * impact
  return LEVELS.find(({ from }) => score >= from).name
}

function keyOf(finding) {
  const { file, line = 0, what } = finding
  return `${file}:${line}:${what.slice(0, 40).toLowerCase()}`
}

function unique(items, key) {
  const seen = new Set()
  return items.filter((item) => {
    const id = key(item)
    return seen.has(id) ? false : Boolean(seen.add(id))
  })
}

function table(rows) {
  if (rows.length === 0) return ''
  const heads = Object.keys(rows[0])
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(heads.map((head) => row[head] ?? '')))].join('\n')
}

const settled = async (promise, fallback) => {
  try {
    return await promise
  } catch (error) {
    if (error.code !== 'SCHEMA_NONCOMPLIANCE') throw error
    log(`fell back: ${error.message}`)
    return fallback
  }
}

// ---------------------------------------------------------------- inventory

phase('Inventory')
const scope = args?.scope ?? '.'
const inventory = await settled(
  agent(`List the components of the service in ${scope}: name, path, entry points, and who can reach them.`, {
    label: 'inventory',
    schema: INVENTORY,
    agentType: 'Explore',
  }),
  null,
)
if (!inventory) {
  return { status: 'no inventory', findings: [] }
}
const { components, secrets = [] } = inventory
log(`${components.length} components, ${secrets.length} places with secrets`)

// ---------------------------------------------------------------- threats

phase('Threats')
const models = await parallel(
  components.map((component) => async () => {
    const reach = component.trust === 'public' ? 'anyone on the network' : `${component.trust} callers`
    const model = await settled(
      agent(
        `Make a threat model of ${component.name} in ${component.path}, which ${reach} can reach` +
          `${component.entryPoints?.length ? ` by ${component.entryPoints.join(', ')}` : ''}. At most six threats.`,
        { label: component.name, phase: 'Threats', schema: THREATS },
      ),
      { threats: [] },
    )
    return (model?.threats ?? []).map((threat) => ({ component, ...threat, level: levelOf(threat) }))
  }),
)
const threats = models.flatMap((threatsOfOne) => threatsOfOne ?? [])
const serious = threats.filter(({ level }) => level !== 'low')
const byLevel = Object.groupBy(serious, ({ level }) => level)
for (const { name } of LEVELS) {
  if (byLevel[name]) log(`${name}: ${byLevel[name].map(({ weakness }) => weakness).join('; ')}`)
}

// ---------------------------------------------------------------- hunt

phase('Hunt')
const hunts = await parallel(
  serious.map(({ component, weakness, cwe, level }) => async () => {
    const answer = await agent(
      `Look for "${weakness}"${cwe ? ` (${cwe})` : ''} in ${component.path}. Read the code; do not guess. ` +
        'Typical slips: `eval(input)`, `new Function(body)`, tokens from `Math.random()`, timing by `Date.now()`.',
      { label: `${component.name}: ${weakness}`, phase: 'Hunt', schema: FINDINGS, agentType: 'Explore', retries: 1 },
    )
    return answer?.findings.map((finding) => ({ ...finding, level, component: component.name })) ?? []
  }),
)
const failed = hunts.filter((hunt) => hunt === null).length
const findings = unique(hunts.filter(Boolean).flat(), keyOf)
log(`${findings.length} suspicions${failed ? `, ${failed} hunts failed` : ''}`)

// ---------------------------------------------------------------- prove

phase('Prove')
const proofs = await pipeline(
  findings,
  (finding) =>
    agent(
      `Prove this with a failing test, then propose the smallest fix:\n${finding.what}\n${finding.how}\n` +
        `Place: ${finding.file}${finding.line ? `:${finding.line}` : ''}`,
      { label: `prove ${finding.file}`, phase: 'Prove', schema: PROOF, isolation: 'worktree', timeoutMs: null },
    ),
  (proof, finding) => ({ ...finding, proven: proof?.proven ?? false, test: proof?.test, fix: proof?.fix }),
)
const proven = proofs.filter((entry) => entry?.proven)

// ---------------------------------------------------------------- report

phase('Report')
const rows = proven.map(({ level, component, file, line, what }) => ({
  level,
  component,
  place: line ? `${file}:${line}` : file,
  what,
}))
rows.sort((a, b) => LEVELS.findIndex(({ name }) => name === a.level) - LEVELS.findIndex(({ name }) => name === b.level))
const overview = table(rows)
const text = rows.length
  ? await agent(`Write the audit report. The table of what was proven:\n\n${overview}\n\nOne paragraph each, then advice.`)
  : null
return {
  status: rows.length ? 'findings' : 'clean',
  report: text ?? overview,
  proven: proven.map(({ file, what, fix }) => ({ file, what, fix: fix ?? 'none proposed' })),
  unproven: findings.length - proven.length,
  spent: budget.spent(),
}
