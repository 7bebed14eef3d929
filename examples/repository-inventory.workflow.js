// What is in this repository, who would need to know it, and where to start reading.
//
//   callsheet run examples/repository-inventory.workflow.js
//   callsheet run examples/repository-inventory.workflow.js --args '{"areas": ["src", "docs"]}'

export const meta = {
  name: 'repository-inventory',
  description: 'Map a repository: what each area does, how the parts fit, and what to read first',
  whenToUse: 'You are new to a code base, or want an up-to-date overview of it.',
  phases: [
    { title: 'Survey', detail: 'One agent lists the areas' },
    { title: 'Read', detail: 'One agent for each area' },
    { title: 'Write up', detail: 'One agent puts the overview together' },
  ],
}

const AREAS = {
  type: 'object',
  properties: {
    areas: {
      type: 'array',
      minItems: 1,
      maxItems: 12,
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'Folder or file, relative to the repository' },
          guess: { type: 'string', description: 'What it seems to be for' },
        },
        required: ['path', 'guess'],
      },
    },
  },
  required: ['areas'],
}

const REPORT = {
  type: 'object',
  properties: {
    purpose: { type: 'string', description: 'What the area is for, in one sentence' },
    entryPoints: { type: 'array', items: { type: 'string' }, description: 'Files to read first' },
    dependsOn: { type: 'array', items: { type: 'string' }, description: 'Other areas it uses' },
    risks: { type: 'array', items: { type: 'string' }, description: 'What a newcomer would get wrong' },
  },
  required: ['purpose', 'entryPoints', 'dependsOn', 'risks'],
}

phase('Survey')
let areas = (args?.areas ?? []).map((path) => ({ path, guess: 'named by the person' }))
if (areas.length === 0) {
  const survey = await agent(
    'List the areas of this repository that deserve a reading of their own: top-level folders, and large sub-folders ' +
      'of the main one. Leave out generated and vendored code.',
    { label: 'survey', agentType: 'Explore', schema: AREAS },
  )
  if (!survey) throw new Error('The survey did not come back; nothing to read')
  areas = survey.areas
}
log(`${areas.length} areas to read`)

phase('Read')
const reports = await pipeline(
  areas,
  (area) =>
    agent(
      `Read ${area.path} (first guess: ${area.guess}). Say what it is for, which files to read first, which other ` +
        'areas it uses, and what a newcomer would get wrong. Open the files; do not guess from names.',
      { label: `read ${area.path}`, agentType: 'Explore', schema: REPORT },
    ),
  (report, area) => (report ? { path: area.path, ...report } : null),
)
const read = reports.filter(Boolean)
const missed = areas.filter((area, index) => !reports[index]).map((area) => area.path)
if (missed.length > 0) log(`not read: ${missed.join(', ')}`)

phase('Write up')
const overview = await agent(
  'Write a one-page overview of this repository for a new colleague, in Markdown: purpose, map of the areas, how they ' +
    `depend on each other, what to read first, what to beware of. The findings:\n${JSON.stringify(read, null, 2)}`,
  { label: 'overview' },
)

return { overview, areas: read, missed }
