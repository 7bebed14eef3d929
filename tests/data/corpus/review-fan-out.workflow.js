#!/usr/bin/env callsheet
// Reviews every changed file from several angles and merges the findings.
export const meta = {
  name: 'review-fan-out',
  description: 'Review each changed file from several angles, verify the findings, write one report',
  phases: [
    { title: 'Collect', detail: 'Which files changed' },
    { title: 'Review' },
    { title: 'Verify' },
    { title: 'Report' },
  ],
}

const FINDING = {
  type: 'object',
  properties: {
    file: { type: 'string' },
    line: { type: 'integer', minimum: 1 },
    severity: { enum: ['low', 'medium', 'high'] },
    message: { type: 'string' },
  },
  required: ['file', 'message', 'severity'],
}
const FINDINGS = {
  type: 'object',
  properties: { findings: { type: 'array', items: FINDING } },
  required: ['findings'],
}
const FILES = {
  type: 'object',
  properties: { files: { type: 'array', items: { type: 'string' } } },
  required: ['files'],
}

const ANGLES = [
  ['correctness', 'Does it do what it says? Look at edge cases.'],
  ['security', 'What could an attacker do with this?'],
  ['performance', 'What gets slow with a thousand times the data?'],
]

const rank = { low: 0, medium: 1, high: 2 }
const bySeverity = (a, b) => rank[b.severity] - rank[a.severity] || a.file.localeCompare(b.file)

phase('Collect')
const changed = await agent(`List the files that changed since ${args?.base ?? 'main'}.`, {
  label: 'changed files',
  schema: FILES,
  agentType: 'Explore',
})
if (!changed || changed.files.length === 0) {
  log('Nothing changed.')
  return { findings: [] }
}

phase('Review')
const jobs = changed.files.flatMap((file) => ANGLES.map(([angle, question]) => ({ file, angle, question })))
const reviews = await parallel(
  jobs.map(({ file, angle, question }) => () =>
    agent(`Review ${file} for ${angle}. ${question}`, {
      label: `${angle}: ${file}`,
      phase: 'Review',
      schema: FINDINGS,
      agentType: 'Explore',
    }),
  ),
)
const findings = reviews.filter(Boolean).flatMap((review) => review.findings)
const missing = reviews.filter((review) => review === null).length
if (missing) log(`${missing} of ${jobs.length} reviews did not come back`)

phase('Verify')
const verdicts = await parallel(findings.map((finding) => () => verify(finding, { reviewers: 3, lens: 'reproduce it' })))
const confirmed = findings.filter((finding, index) => verdicts[index]?.real).sort(bySeverity)
log(`${confirmed.length} of ${findings.length} findings confirmed`)

phase('Report')
const report = confirmed.length
  ? await agent(
      `Write a review report in Markdown from these findings:\n${JSON.stringify(confirmed, null, 2)}\n` +
        `Start with the high ones. Quote code as \`path:line\`.`,
      { label: 'report' },
    )
  : 'No findings.'
return { report, findings: confirmed, missing }
