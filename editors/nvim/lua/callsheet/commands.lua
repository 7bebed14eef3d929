--- `:Callsheet`: one table of subcommands, which completion reads too.
local status = require('callsheet.status')
local store = require('callsheet.store')

local M = {}

local function execute(...)
  require('callsheet.client').execute(...)
end

local function uri()
  return vim.uri_from_bufnr(0)
end

local function is_active(run)
  return status.is_active(run.summary.status)
end

local function is_resumable(run)
  return not is_active(run)
end

-- Number of the workflow fence that the cursor is in or behind, from 1; nil in a script of its own.
local function fence_here()
  if vim.bo.filetype ~= 'markdown' then
    return nil
  end
  local count = 0
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, vim.api.nvim_win_get_cursor(0)[1], false)) do
    if line:match(require('callsheet.client').FENCE) then
      count = count + 1
    end
  end
  return math.max(1, count)
end

local function any()
  return true
end

-- The run that is meant: the one named, else the newest of this buffer, else the newest, of those that fit.
local function chosen(target, fits)
  if target.runId then
    return target.runId
  end
  local here = store.of_buffer(vim.api.nvim_get_current_buf())
  local run = here and fits(here) and here or store.newest(fits)
  if not run then
    vim.notify('Callsheet: there is no run for this.', vim.log.levels.WARN)
  end
  return run and run.summary.runId
end

-- The call that is meant: the one named, the one on this line, else one that the person picks.
local function with_call(target, done)
  local run_id = chosen(target, any)
  if not run_id or target.call then
    return run_id and done(run_id, target.call)
  end
  store.load(run_id, function(run)
    local line = vim.api.nvim_win_get_cursor(0)[1]
    local agents = store.agents(run)
    local here = vim.tbl_filter(function(agent)
      return agent.line == line and not agent.file and run == store.of_buffer(vim.api.nvim_get_current_buf())
    end, agents)
    vim.ui.select(#here > 0 and here or agents, {
      prompt = 'Agent',
      format_item = function(agent)
        return ('%s %s'):format(status.agent(agent.status).sign, agent.label)
      end,
    }, function(agent)
      if agent then
        done(run_id, agent.call)
      end
    end)
  end)
end

local function started(answer)
  if answer and answer.runId then
    vim.notify('Callsheet: started run ' .. answer.runId)
  end
end

local function parse(words)
  if #words == 0 then
    return nil
  end
  local ok, value = pcall(vim.json.decode, table.concat(words, ' '))
  if not ok then
    error('the arguments are no JSON', 0)
  end
  return value
end

local ACTIONS = {
  run = function(_, words)
    execute('callsheet.run', { uri = uri(), fence = fence_here(), args = parse(words) }, started)
  end,
  dry = function(_, words)
    execute('callsheet.run', { uri = uri(), fence = fence_here(), dryRun = true, args = parse(words) }, started)
  end,
  resume = function(target)
    local run_id = chosen(target, is_resumable)
    if run_id then
      -- In the script's own buffer it is the text as it stands that goes on.
      local here = store.of_buffer(vim.api.nvim_get_current_buf())
      local edited = here and here.summary.runId == run_id and uri() or nil
      execute('callsheet.resume', { runId = run_id, uri = edited, fence = edited and fence_here() }, started)
    end
  end,
  stop = function(target)
    local run_id = chosen(target, is_active)
    if run_id then
      execute('callsheet.stop', { runId = run_id }, nil, store.expect(run_id, 'stopping'))
    end
  end,
  pause = function(target)
    local run_id = chosen(target, is_active)
    if run_id then
      execute('callsheet.pause', { runId = run_id }, nil, store.expect(run_id, 'pausing'))
    end
  end,
  skip = function(target)
    with_call(target, function(run_id, call)
      execute('callsheet.skipAgent', { runId = run_id, call = call })
    end)
  end,
  answer = function(target)
    local run = store.newest(function(each)
      return (not target.runId or each.summary.runId == target.runId) and next(each.questions) ~= nil
    end)
    if run then
      require('callsheet.questions').ask(select(2, next(run.questions)))
    else
      vim.notify('Callsheet: no run waits for an answer.')
    end
  end,
  runs = function()
    require('callsheet.board').open()
  end,
  changes = function(target, words)
    local how = words[1] == 'apply' and 'apply' or words[1] == 'drop' and 'drop' or 'show'
    local run_id = chosen(target, any)
    if run_id then
      require('callsheet.changes')[how]({ runId = run_id, call = target.call or tonumber(words[#words]) })
    end
  end,
  transcript = function(target, words)
    target.call = target.call or tonumber(words[1])
    with_call(target, function(run_id, call)
      require('callsheet.transcript').show(run_id, call)
    end)
  end,
  failures = function(target)
    local run_id = chosen(target, any)
    if run_id then
      store.load(run_id, function(run)
        require('callsheet.failures').fill(run)
        vim.cmd.copen()
      end)
    end
  end,
  call = function(target)
    with_call(target, function(run_id, call)
      require('callsheet.go').to_call(store.get(run_id), call)
    end)
  end,
  plan = function(target)
    require('callsheet.write').plan(target.runId and { runId = target.runId } or { uri = uri(), fence = fence_here() })
  end,
  new = function(_, words)
    require('callsheet.write').new(table.concat(words, ' '))
  end,
  remove = function(target)
    local run_id = chosen(target, is_resumable)
    if not run_id then
      return
    end
    vim.ui.select({ 'Yes', 'No' }, { prompt = ('Remove run %s with its transcripts and changes?'):format(run_id) }, function(choice)
      if choice == 'Yes' then
        execute('callsheet.removeRun', { runId = run_id }, function()
          store.forget(run_id)
        end)
      end
    end)
  end,
}

local WORDS = { changes = { 'apply', 'drop' } }

--- Does one of the subcommands; `target` may name a run and a call.
function M.act(name, target, words)
  local ok, problem = pcall(ACTIONS[name], target, words or {})
  if not ok then
    vim.notify('Callsheet: ' .. problem, vim.log.levels.ERROR)
  end
end

function M.run(arguments)
  local words = vim.list_slice(arguments.fargs)
  local name = table.remove(words, 1) or 'runs'
  if not ACTIONS[name] then
    vim.notify(('Callsheet: there is no `%s`. See :help callsheet.'):format(name), vim.log.levels.ERROR)
    return
  end
  local target = {}
  for index, word in ipairs(words) do
    if word:match('^%d+%-%d+%-%x+$') then
      target.runId = table.remove(words, index)
      break
    end
  end
  M.act(name, target, words)
end

--- Words that may stand where `lead` is typed: subcommands, then ids of runs and their own words.
function M.complete(lead, line)
  local before = vim.split(line:sub(1, #line - #lead), '%s+', { trimempty = true })
  local words = vim.tbl_keys(ACTIONS)
  if #before > 1 then
    words = vim.list_extend({}, WORDS[before[2]] or {})
    for _, run in ipairs(store.list()) do
      table.insert(words, run.summary.runId)
    end
  else
    table.sort(words)
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

return M
