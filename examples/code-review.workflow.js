// Several reviewers look at the same change, each from one angle; what they find is checked before it is reported.
//
//   callsheet run examples/code-review.workflow.js --args '{"base": "main"}'

export const meta = {
  name: 'code-review',
  description: 'Review the changes of this branch from several angles and report what survives a second look',
  whenToUse: 'Before a branch is merged.',
  phases: [
    { title: 'Understand' },
    { title: 'Review', detail: 'One agent for each angle' },
    { title: 'Verify', detail: 'Independent reviewers try to refute each finding' },
  ],
}

const ANGLES = {
  correctness: 'wrong results, unhandled cases, broken invariants, races',
  security: 'injection, secrets, missing checks of permissions, unsafe defaults',
  simplicity: 'code that need not be there, duplicated logic, names that mislead',
  tests: 'behaviour that no test would notice breaking, tests that can not fail',
}

const FINDINGS = {
  type: 'object',
  properties: {
    findings: {
      type: 'array',
      maxItems: 10,
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          line: { type: 'integer', minimum: 1 },
          severity: { type: 'string', enum: ['low', 'medium', 'high'] },
          claim: { type: 'string', description: 'What is wrong, and what happens because of it' },
        },
        required: ['file', 'line', 'severity', 'claim'],
      },
    },
  },
  required: ['findings'],
}

const base = args?.base ?? 'main'
const angles = Object.entries(ANGLES).filter(([name]) => !args?.angles || args.angles.includes(name))

phase('Understand')
const summary = await agent(
  `Run "git diff ${base}...HEAD" and say in ten lines what this branch changes and why, as far as the code tells.`,
  { label: 'summary', agentType: 'Explore' },
)

phase('Review')
const reviews = await parallel(
  angles.map(([angle, lookFor]) => () =>
    agent(
      `Review "git diff ${base}...HEAD" for ${angle} alone: ${lookFor}. ` +
        `Report only what you can point to in a file.\n\nWhat the branch is about:\n${summary ?? 'unknown'}`,
      { label: angle, agentType: 'Explore', schema: FINDINGS },
    ),
  ),
)

const seen = new Set()
const findings = []
for (const [index, review] of reviews.entries()) {
  if (!review) {
    log(`no review for ${angles[index][0]}`)
    continue
  }
  for (const finding of review.findings) {
    const key = `${finding.file}:${finding.line}`
    if (seen.has(key)) continue
    seen.add(key)
    findings.push({ ...finding, angle: angles[index][0] })
  }
}

phase('Verify')
const verdicts = await parallel(
  findings.map((finding) => () => verify(finding, { reviewers: 2, lens: ['does it happen?', 'does it matter?'] })),
)
const rank = { high: 0, medium: 1, low: 2 }
const confirmed = findings
  .filter((finding, index) => verdicts[index]?.real)
  .sort((a, b) => rank[a.severity] - rank[b.severity])

log(`${confirmed.length} of ${findings.length} findings survived`)
return { summary, confirmed, refuted: findings.length - confirmed.length }
