```js
export const meta = {
  name: 'fenced-script',
  description: 'A script in a Markdown fence, as a model writes it',
  phases: [{ title: 'Look' }, { title: 'Answer' }],
}

phase('Look')
const areas = ['the command line', 'the tests', 'the documentation']
const looks = await parallel(
  areas.map((area) => () => agent(`What is odd about ${area}? Three bullets at most.`, { label: area, agentType: 'Explore' })),
)

const notes = areas
  .map((area, index) => ({ area, text: looks[index] }))
  .filter(({ text }) => text)
  .map(({ area, text }) => `## ${area}\n\n${text}`)

if (notes.length === 0) {
  return 'Nothing could be looked at.'
}

phase('Answer')
const ranked = await agent(`Rank what is odd by how much it would help to mend it:\n\n${notes.join('\n\n')}`)
const lines = (ranked ?? '').split('\n').filter((line) => /^\d+\./.test(line))

let shortest = Infinity
for (const line of lines) {
  shortest = Math.min(shortest, line.length)
}

const title = lines.length > 0 ? lines[0].replace(/^\d+\.\s*/, '') : 'nothing stands out'
log(`First: ${title}`)
log({ areas: areas.length, answered: notes.length, shortest: Number.isFinite(shortest) ? shortest : null })

const plan = []
for (const [position, line] of lines.entries()) {
  if (position >= 3) break
  const answer = await agent(`How would you mend this? One paragraph.\n${line}`, { label: `plan ${position + 1}` })
  plan.push({ position, line, answer })
}

const answered = plan.filter((step) => step.answer !== null)
if (answered.length < plan.length) {
  log(`${plan.length - answered.length} plans are missing`)
}
return {
  title,
  plan: answered.map(({ line, answer }) => `${line}\n${answer.trim()}`),
}
```
