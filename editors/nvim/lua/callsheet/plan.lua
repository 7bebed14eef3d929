--- What a run or a resume would do, as Markdown.
local status = require('callsheet.status')

local M = {}

local WHY = { new = 'new', failed = 'failed before', skipped = 'skipped before', unfinished = 'not finished before' }

local function value(given)
  return given ~= vim.NIL and given or nil
end

local function counted(count, noun)
  return ('%d %s%s'):format(count, noun, count == 1 and '' or 's')
end

local function call_lines(plan, add)
  local most = value(plan.agents.atMost)
  local bound = most and 'at most ' .. counted(most, 'agent') or ('as many agents as the script makes, at most %d'):format(plan.agents.cap)
  add(('%s, %d at a time'):format(bound, plan.concurrency))
  if plan.simulated then
    add('Agents are simulated: no model is asked, nothing is spent.')
  elseif value(plan.estimate.tokens) then
    add('Estimate: about ' .. status.joined(status.tokens(plan.estimate.tokens) or '0 tok', status.cost(value(plan.estimate.cost))))
  end
  if value(plan.budget) then
    add('Budget: ' .. (status.tokens(plan.budget) or '0 tok'))
  end
  if #plan.calls == 0 then
    add('No call of an agent is in sight.')
  end
  local items = vim.tbl_map(function(call)
    local times = value(call.times)
    return ('- line %d: %s'):format(
      call.line,
      status.joined(
        call.kind .. ' ' .. (value(call.label) or '(its name is made when it runs)'),
        value(call.phase),
        times == nil and 'any number of times' or times ~= 1 and times .. ' times' or nil,
        value(call.model),
        value(call.isolation) and 'in a worktree'
      )
    )
  end, plan.calls)
  add(table.concat(items, '\n'))
end

local function replay_lines(replay, add)
  add(('Resume of `%s`: %s to replay, %d to run'):format(replay.runId, counted(replay.replays, 'call'), replay.runs))
  local items = vim.tbl_map(function(call)
    local what = call.action == 'replay' and 'replays' or ('runs (%s)'):format(WHY[call.why] or call.why)
    return ('- #%d %s: %s'):format(call.call, call.label, what)
  end, replay.calls)
  add(table.concat(items, '\n'))
  local fork = value(replay.fork)
  if fork then
    add(('Call #%d on line %d is the first that differs: the history has `%s`, the script calls `%s`.'):format(fork.call, fork.line, value(fork.expected) or 'no further call', fork.actual))
  end
  local problem = value(replay.error)
  if problem then
    add(('The script would fail: %s: %s'):format(problem.code, problem.message))
  elseif replay.complete then
    add('The script comes to its end without asking anything.')
  elseif replay.ahead > 0 then
    add(counted(replay.ahead, 'more recorded result') .. ' may replay behind the calls that run.')
  end
end

--- Lines of the preview.
function M.lines(plan)
  local blocks = {}
  local function add(text)
    if text ~= '' then
      table.insert(blocks, text)
    end
  end
  add('# ' .. plan.name)
  add(plan.description)
  if value(plan.replay) then
    replay_lines(plan.replay, add)
  else
    call_lines(plan, add)
  end
  return vim.split(table.concat(blocks, '\n\n'), '\n')
end

return M
