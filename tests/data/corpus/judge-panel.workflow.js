export const meta = {
  name: 'judge-panel',
  description: 'Several agents design an API, a panel picks the best, one agent merges the good parts of the others',
  whenToUse: 'There is no obvious design and the choice matters.',
  phases: [{ title: 'Design' }, { title: 'Judge' }, { title: 'Merge' }],
}

const STYLES = ['smallest possible surface', 'what a newcomer would guess', 'easy to extend in two years']
const RUBRIC = 'Clarity 40 %, fitness for the use cases 40 %, cost of change 20 %.'

const brief = typeof args === 'string' ? args : args?.brief
if (!brief) throw new Error('Give a brief: --args \'{"brief": "…"}\'')

const DESIGN = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 3 },
    signature: { type: 'string' },
    example: { type: 'string' },
    tradeOffs: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 5 },
  },
  required: ['title', 'signature', 'example', 'tradeOffs'],
  additionalProperties: false,
}

phase('Design')
const designs = (
  await parallel(
    STYLES.map((style, index) => () =>
      agent(`Design an API for this brief, in the style "${style}":\n\n${brief}`, {
        label: `design ${index + 1}: ${style}`,
        schema: DESIGN,
        effort: 'high',
      }),
    ),
  )
).filter(Boolean)
if (designs.length === 0) throw new Error('No design came back.')

phase('Judge')
const verdict = await judgePanel(designs, { judges: 5, rubric: RUBRIC })
if (!verdict) throw new Error('Nothing to judge.')
const { attempt: winner, score, index } = verdict
log(`"${winner.title}" wins with ${score.toFixed(2)}`)
const others = designs.filter((_, position) => position !== index)

phase('Merge')
const merged = await agent(
  [
    'Take this design:',
    JSON.stringify(winner, null, 2),
    'and take over from the others what makes it better without making it bigger:',
    ...others.map((other) => `- ${other.title}: ${other.signature} (${other.tradeOffs.join('; ')})`),
    'Answer in the same form.',
  ].join('\n'),
  { label: 'merge', schema: DESIGN },
)

return {
  design: merged ?? winner,
  score,
  reasons: verdict.judgments.map((judgment) => judgment.reason).filter(Boolean),
}
