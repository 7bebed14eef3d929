// Parses the free text of agents with regular expressions, and builds prompts with tagged templates.
export const meta = { name: 'regex-heavy', description: 'Extract, normalise and compare version strings' }

const SEMVER = /^v?(?<major>\d+)\.(?<minor>\d+)(?:\.(?<patch>\d+))?(?:-(?<pre>[0-9A-Za-z.-]+))?$/u
const FENCE = /```(?:json)?\s*([\s\S]*?)```/
const BULLET = /^\s*(?:[-*•]|\d+[.)])\s+(.*\S)\s*$/gm
const URLS = /https?:\/\/[^\s)\]}>"']+/g
const COMMENT = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm

const dedent = (strings, ...values) => {
  const text = strings.raw.reduce((all, piece, index) => all + piece + (index < values.length ? values[index] : ''), '')
  const lines = text.replace(/^\n|\n\s*$/g, '').split('\n')
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => /^\s*/.exec(line)[0].length))
  return lines.map((line) => line.slice(indent)).join('\n')
}

const list = (strings, ...values) =>
  String.raw(strings, ...values.map((value) => (Array.isArray(value) ? value.map((item) => `- ${item}`).join('\n') : value)))

function parseVersion(text) {
  const match = SEMVER.exec(text.trim())
  if (!match?.groups) return null
  const { major, minor, patch = '0', pre = '' } = match.groups
  return { numbers: [major, minor, patch].map(Number), pre }
}

function compare(a, b) {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - b.numbers[index]
    if (difference !== 0) return Math.sign(difference)
  }
  if (a.pre === b.pre) return 0
  return a.pre === '' ? 1 : b.pre === '' ? -1 : a.pre < b.pre ? -1 : 1
}

function parseJson(text) {
  const body = FENCE.exec(text)?.[1] ?? text
  try {
    return JSON.parse(body.replace(COMMENT, ''))
  } catch {
    return null
  }
}

const prompt = dedent`
  Which versions of the package are in use? Answer as JSON in a fence:
  \`\`\`json
  { "versions": ["1.2.3"], "source": "package-lock.json" } // no Date.now() in it
  \`\`\`
  Do not use new Date() or Math.random() to make up a version.
`
const text = await agent(prompt, { label: 'versions' })
const data = text ? parseJson(text) : null
const versions = (data?.versions ?? []).map((version) => [version, parseVersion(version)]).filter(([, parsed]) => parsed)
versions.sort(([, a], [, b]) => compare(a, b))

const notes = await agent(list`Why do these differ?\n${versions.map(([version]) => version)}\nAnswer in bullets, with links.`)
const bullets = [...(notes ?? '').matchAll(BULLET)].map(([, bullet]) => bullet.replace(/\*\*(.+?)\*\*/g, '$1'))
const links = new Set(notes?.match(URLS) ?? [])

return { newest: versions.at(-1)?.[0] ?? null, bullets, links: [...links], odd: /[^\x00-\x7f]/.test(notes ?? '') }
