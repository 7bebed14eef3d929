// Long prompts with quoted code: escaped backticks, dollar signs, fences, comments that look like code.
export const meta = {
  name: 'prompt-library',
  description: 'Review a pull request with a library of long prompts',
  phases: [{ title: 'Review' }, { title: 'Reply' }],
}

const STYLE = `
Write like this:

\`\`\`js
// good
const now = clock.now()
const id = \`\${prefix}-\${index}\`

// bad: Date.now(), new Date(), Math.random(), crypto.randomUUID()
const now = Date.now()
const id = Math.random().toString(36)
\`\`\`

Never write \`new Intl.NumberFormat()\`, \`new WeakRef(x)\` or \`Atomics.wait(a, 0, 0)\`.
`

const DETERMINISM = 'The code under review must be deterministic: no "Date.now()", no \'Math.random()\', no `new Date()`.'

const CHECKLIST = [
  'Are there tests for what changed? Look for `it(`, `test(` and `describe(`.',
  "Does it log secrets? Look for `console.log(process.env)` and the like.",
  'Is every `await` in a `try { … } catch (error) { … }` where it must be?',
  'Does any loop use `for (const x in array)` where `of` is meant?',
  "Does `agent('…')` get a schema? (`schema: { type: 'object' }` is too loose.)",
].map((question, index) => `${index + 1}. ${question}`)

const escape = (text) => text.replaceAll('`', '\\`').replaceAll('${', '\\${')
const quote = (text) => text.split('\n').map((line) => `> ${line}`).join('\n')

const COMMENTS = {
  type: 'object',
  description: 'Comments on the pull request, such as "Replace Date.now() by the clock"',
  properties: {
    comments: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          line: { type: 'integer' },
          body: { type: 'string', description: 'Markdown; put code in `backticks`' },
          blocking: { type: 'boolean', default: false },
        },
        required: ['path', 'line', 'body'],
      },
    },
  },
  required: ['comments'],
}

phase('Review')
const pull = args?.pull ?? 1
const prompts = {
  style: `Review pull request #${pull} for style.\n${STYLE}`,
  determinism: `Review pull request #${pull}. ${DETERMINISM}\n${escape('`Date.now()` and ${Date.now()} are the same mistake.')}`,
  checklist: `Review pull request #${pull} by this list:\n${CHECKLIST.join('\n')}`,
}
const reviews = await parallel(
  Object.entries(prompts).map(([name, prompt]) => () => agent(prompt, { label: `${name} of #${pull}`, schema: COMMENTS })),
)

const comments = []
for (const review of reviews) {
  if (review === null) continue
  for (const { path, line, body, blocking = false } of review.comments) {
    const same = comments.find((comment) => comment.path === path && Math.abs(comment.line - line) < 3)
    if (same) {
      same.body += `\n\n${body}`
      same.blocking ||= blocking
    } else {
      comments.push({ path, line, body, blocking })
    }
  }
}
comments.sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line)

phase('Reply')
const reply =
  comments.length === 0
    ? 'Looks good to me.'
    : await agent(
        `Write a friendly summary of these review comments:\n\n${comments
          .map(({ path, line, body, blocking }) => `### ${path}:${line}${blocking ? ' (blocking)' : ''}\n${quote(body)}`)
          .join('\n\n')}\n\nEnd with ${comments.some((c) => c.blocking) ? '`Request changes`' : '`Approve`'}.`,
      )
return { reply: reply ?? quote(comments.map((comment) => comment.body).join('\n')), comments }
