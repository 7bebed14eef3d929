// Dates from data: parsing, arithmetic and formatting without ever asking for the time.
export const meta = {
  name: 'incident-timeline',
  description: 'Build the timeline of an incident from logs, tickets and chat',
  phases: [{ title: 'Read' }, { title: 'Write' }],
}

const EVENTS = {
  type: 'object',
  properties: {
    events: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          at: { type: 'string', format: 'date-time' },
          what: { type: 'string' },
          who: { type: ['string', 'null'] },
        },
        required: ['at', 'what'],
      },
    },
  },
  required: ['events'],
}

const MINUTE = 60 * 1000
const start = new Date(args?.start ?? '2024-02-29T12:00:00Z')
const end = new Date(start.getTime() + (args?.hours ?? 4) * 60 * MINUTE)
if (Number.isNaN(start.valueOf())) throw new RangeError('start is no date')

const pad = (number) => String(number).padStart(2, '0')
const clock = (date) => `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
const day = (date) => date.toISOString().slice(0, 10)
const minutesBetween = (a, b) => Math.round((b - a) / MINUTE)
const isDate = (value) => value instanceof Date && !Number.isNaN(+value)
const toDate = (value) => (isDate(value) ? value : typeof value === 'number' ? new Date(value) : new Date(Date.parse(value)))

const SOURCES = ['the log of the load balancer', 'the tickets', 'the chat of the team on call']

phase('Read')
const readings = await parallel(
  SOURCES.map((source) => () =>
    agent(`List what happened between ${start.toISOString()} and ${end.toISOString()} by ${source}.`, {
      label: source,
      schema: EVENTS,
    }),
  ),
)

const timeline = readings
  .flatMap((reading, index) => (reading?.events ?? []).map((event) => ({ ...event, at: toDate(event.at), source: SOURCES[index] })))
  .filter(({ at }) => isDate(at) && at >= start && at <= end)
  .sort((a, b) => a.at - b.at)

const gaps = timeline
  .slice(1)
  .map((event, index) => ({ from: timeline[index], to: event, minutes: minutesBetween(timeline[index].at, event.at) }))
  .filter(({ minutes }) => minutes >= 15)

const lines = timeline.map(({ at, what, who, source }) => `${day(at)} ${clock(at)} ${what}${who ? ` (${who})` : ''} [${source}]`)
const epoch = new Date(0)
const buckets = Array.from({ length: 24 }, (_, hour) => ({ hour, from: new Date(Date.UTC(2024, 0, 1, hour)), count: 0 }))
for (const { at } of timeline) buckets[at.getUTCHours()].count += 1

phase('Write')
const report = await agent(
  `Write the timeline of the incident.\n${lines.join('\n') || 'There are no events.'}\n` +
    `Gaps: ${gaps.map(({ from, minutes }) => `${minutes} min after ${clock(from.at)}`).join(', ') || 'none'}`,
)
return {
  report,
  first: timeline.at(0)?.at.toJSON() ?? null,
  sinceEpoch: timeline.length ? minutesBetween(epoch, timeline[0].at) : 0,
  busiest: buckets.reduce((most, bucket) => (bucket.count > most.count ? bucket : most)).hour,
  local: new Date(2024, 1, 29).toLocaleDateString('en-GB'),
}
