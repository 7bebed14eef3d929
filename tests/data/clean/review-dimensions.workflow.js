export const meta = {
  name: 'review-changes',
  description: 'Reviews the current branch along several dimensions and verifies each finding adversarially.',
  whenToUse: 'Before opening a pull request.',
  phases: [
    { title: 'Review', detail: 'one agent per dimension' },
    { title: 'Verify', detail: 'three skeptics per finding' },
    { title: 'Synthesize' },
  ],
}

const DIMENSIONS = [
  { key: 'bugs', prompt: 'Find logic errors, race conditions and unhandled errors.' },
  { key: 'perf', prompt: 'Find accidental quadratic work, needless allocations, N+1 queries.' },
  { key: 'security', prompt: 'Find injection, missing checks of permissions, secrets in code.' },
]

const FINDINGS_SCHEMA = {
  type: 'object',
  required: ['findings'],
  properties: {
    findings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['title', 'file', 'severity'],
        properties: {
          title: { type: 'string' },
          file: { type: 'string' },
          line: { type: 'integer', minimum: 1 },
          severity: { enum: ['critical', 'major', 'minor'] },
          detail: { type: 'string' },
        },
      },
    },
  },
}

const VERDICT_SCHEMA = {
  type: 'object',
  required: ['refuted'],
  properties: { refuted: { type: 'boolean' }, reason: { type: 'string' } },
}

const SEVERITY_ORDER = { critical: 0, major: 1, minor: 2 }
const base = (args && args.base) || 'origin/main'

const results = await pipeline(
  DIMENSIONS,
  (dimension) =>
    agent(`${dimension.prompt}\nCompare with \`git diff ${base}...HEAD\`; report only what the change introduces.`, {
      label: `review:${dimension.key}`,
      phase: 'Review',
      schema: FINDINGS_SCHEMA,
    }),
  async (review, dimension) => {
    if (!review || review.findings.length === 0) return []
    return parallel(
      review.findings.map((finding) => async () => {
        const votes = await parallel(
          [1, 2, 3].map((n) => () =>
            agent(`Skeptic ${n}: try to refute "${finding.title}" in ${finding.file}:${finding.line ?? '?'}.`, {
              label: `verify:${finding.file}`,
              phase: 'Verify',
              schema: VERDICT_SCHEMA,
              effort: 'low',
            }),
          ),
        )
        const counted = votes.filter(Boolean)
        const refuted = counted.filter((vote) => vote.refuted).length
        return { ...finding, dimension: dimension.key, survives: counted.length > 0 && refuted < counted.length / 2 }
      }),
    )
  },
)

const confirmed = results
  .filter(Boolean)
  .flat()
  .filter((finding) => finding?.survives)
  .sort((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity])

phase('Synthesize')
log(`${confirmed.length} findings survived`)
if (!confirmed.length) return { confirmed: [], summary: 'Nothing found.' }

const summary = await agent(`Summarise for the author, most severe first:\n${JSON.stringify(confirmed, null, 1)}`)
return { confirmed, summary }
