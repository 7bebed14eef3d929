export const meta = {
  name: 'prompts-with-code',
  description: 'Prompts that quote code with backticks, dollars, banned calls and markup.',
}

const FENCE = '```'

const style = `
Rules:
- Replace \`Date.now()\` by \`clock.now()\`, \`new Date()\` by \`clock.date()\`, and \`Math.random()\` by \`rng.next()\`.
- Never write \`require('fs')\`, \`process.env.X\` or \`fetch(url)\`.
- In shell: \${HOME} and $PATH stay as they are; \\\${X} too.
- HTML such as <div class="x">…</div> and <br/> is fine.
`

const example = [FENCE + 'js', "import { x } from 'y'", 'export default `${x}`'.replace('x', 'z'), FENCE].join('\n')

const files = Array.isArray(args?.files) ? args.files : ['src/a.js', 'src/b.js']

const prompt = (file) => `Change ${file}.
${style}
Example:
${example}

Types (TypeScript, do not copy):
${FENCE}ts
interface Options { a: string; b?: number }
type Pair<T> = [T, T]
const x = y as unknown as Pair<string>
${FENCE}
`

const outcome = {}
for (const file of files) {
  // A comment that mentions agent('x'), parallel([agent('y')]) and budget() is no call.
  const summary = await agent(prompt(file), { label: file.split('/').pop() })
  outcome[file] = summary === null ? 'failed' : summary.slice(0, 200)
}

const table = Object.entries(outcome).map(([file, text]) => `| ${file} | ${text.replace(/\|/g, '\\|').replace(/`/g, "'")} |`)
const report = await agent(`Make a page of this table:\n| file | result |\n|---|---|\n${table.join('\n')}`)

return { report, outcome, sql: "SELECT `a` FROM `b` WHERE c = 'd'" }
