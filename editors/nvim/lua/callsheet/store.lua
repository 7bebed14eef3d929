--- The runs, as the server tells them. Every view reads from here, none keeps a state of its own.
local status = require('callsheet.status')

local M = {}

local BATCH_MS = 100
local LOGS_KEPT = 500

local runs = {}
local listeners = {}
local pending = false
local last_flush = 0
M.connected = false

-- JSON's null is no value here.
local function plain(value)
  if value == vim.NIL then
    return nil
  end
  if type(value) ~= 'table' then
    return value
  end
  local result = {}
  for key, inner in pairs(value) do
    result[key] = plain(inner)
  end
  return result
end

local function flush()
  pending = false
  last_flush = vim.uv.now()
  for _, listener in ipairs(listeners) do
    listener()
  end
end

-- The first change shows at once, what follows within the batch together.
local function changed()
  if pending then
    return
  end
  pending = true
  vim.defer_fn(flush, math.max(0, last_flush + BATCH_MS - vim.uv.now()))
end

--- Calls `listener` whenever something changed, in batches.
function M.on_change(listener)
  table.insert(listeners, listener)
end

--- Runs, newest first.
function M.list()
  local all = vim.tbl_values(runs)
  table.sort(all, function(a, b)
    return a.summary.runId > b.summary.runId
  end)
  return all
end

function M.get(run_id)
  return runs[run_id]
end

--- The newest run that is active, else the newest.
function M.newest(fits)
  local first
  for _, run in ipairs(M.list()) do
    if not fits or fits(run) then
      if status.is_active(run.summary.status) then
        return run
      end
      first = first or run
    end
  end
  return first
end

--- The newest run of a buffer's script.
function M.of_buffer(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  for _, run in ipairs(M.list()) do
    local uri = run.summary.uri
    if uri and (vim.startswith(uri, 'file:') and vim.uri_to_fname(uri) or uri) == name then
      return run
    end
  end
end

--- Agents of a run, by call.
function M.agents(run)
  local all = vim.tbl_values(run.agents)
  table.sort(all, function(a, b)
    return a.call < b.call
  end)
  return all
end

local function ensure(summary)
  local run = runs[summary.runId]
  if not run then
    run = { summary = summary, agents = {}, logs = {}, questions = {}, segment = 0, complete = false }
    runs[summary.runId] = run
  end
  return run
end

--- Asks the server for all of a run; `done(run)` when it is there.
function M.load(run_id, done)
  local run = runs[run_id]
  if run and run.complete then
    return done and done(run)
  end
  require('callsheet.client').execute('callsheet.showRun', { runId = run_id }, function(result)
    local detail = plain(result)
    if not detail then
      return
    end
    run = ensure(detail)
    run.agents = {}
    for _, agent in ipairs(detail.agents or {}) do
      agent.runId = run_id
      run.agents[agent.call] = agent
    end
    run.logs = detail.logs or {}
    run.folder = detail.folder
    run.complete = true
    local questions = detail.questions or {}
    detail.agents, detail.logs, detail.questions = nil, nil, nil
    run.summary = vim.tbl_extend('force', run.summary, detail)
    for _, question in ipairs(questions) do
      M.on_question(vim.tbl_extend('force', question, { runId = run_id }))
    end
    changed()
    if done then
      done(run)
    end
  end)
end

--- Takes the state of a server that has just started.
function M.reload(client)
  client:request('workspace/executeCommand', { command = 'callsheet.runs', arguments = { vim.empty_dict() } }, function(err, result)
    if err then
      return
    end
    M.connected = true
    local known = {}
    for _, summary in ipairs(plain(result) or {}) do
      known[summary.runId] = true
      ensure(summary).summary = summary
    end
    for run_id, run in pairs(runs) do
      if not known[run_id] then
        runs[run_id] = nil
      elseif run.complete or status.is_active(run.summary.status) then
        run.complete = false
        M.load(run_id)
      end
    end
    local newest = M.newest()
    if newest then
      M.load(newest.summary.runId)
    end
    changed()
  end)
end

--- The server has gone; what is known is no longer news.
function M.disconnected()
  M.connected = false
  changed()
end

local function ended(run)
  local failures = require('callsheet.failures').list(run)
  local text = ('Callsheet: %s %s'):format(run.summary.name, status.run(run.summary.status).text)
  if run.summary.error then
    text = text .. ': ' .. run.summary.error.message
  end
  local bad = run.summary.status == 'failed'
  vim.notify(text, bad and vim.log.levels.ERROR or vim.log.levels.INFO)
  if #failures > 0 then
    require('callsheet.failures').fill(run)
  end
end

function M.on_run(message)
  local summary = plain(message)
  if summary.status == 'removed' then
    M.forget(summary.runId)
    return
  end
  local run = ensure(summary)
  local was_active = status.is_active(run.summary.status)
  local missing = { 'error', 'phase', 'durationMs', 'uri' }
  run.summary = vim.tbl_extend('force', run.summary, summary)
  for _, key in ipairs(missing) do
    run.summary[key] = summary[key]
  end
  for call in pairs(summary.questions and run.questions or {}) do
    if not vim.list_contains(summary.questions, call) then
      run.questions[call] = nil
    end
  end
  if status.is_active(summary.status) then
    if not was_active then
      -- It may go on with another script.
      run.segment = run.segment + 1
    end
    if not run.complete and not run.loading then
      run.loading = true
      M.load(summary.runId)
    end
  else
    run.questions = {}
    run.loading = nil
    if was_active then
      -- The end may be told before the last of the agents: the whole is asked for once more.
      run.complete = false
      M.load(summary.runId, ended)
    end
  end
  changed()
end

function M.on_agent(message)
  local agent = plain(message)
  local run = runs[agent.runId]
  if not run then
    return
  end
  run.agents[agent.call] = agent
  if agent.status ~= 'running' and agent.status ~= 'waiting' then
    run.questions[agent.call] = nil
  end
  changed()
end

function M.on_log(message)
  local run = runs[message.runId]
  if run then
    table.insert(run.logs, message.line)
    if #run.logs > LOGS_KEPT then
      table.remove(run.logs, 1)
    end
  end
end

function M.on_question(message)
  local question = plain(message)
  local run = runs[question.runId]
  if run and not run.questions[question.call] then
    run.questions[question.call] = question
    changed()
    vim.schedule(function()
      require('callsheet.questions').ask(question)
    end)
  end
end

--- The question of this call was answered.
function M.settle(run_id, call)
  local run = runs[run_id]
  if run then
    run.questions[call] = nil
    changed()
  end
end

--- Shows at once what was ordered; the server's next word on the run replaces it. Returns a function that takes it back.
function M.expect(run_id, state)
  local run = runs[run_id]
  if not run then
    return function() end
  end
  local before = run.summary.status
  run.summary.status = state
  changed()
  return function()
    if run.summary.status == state then
      run.summary.status = before
      changed()
    end
  end
end

function M.forget(run_id)
  runs[run_id] = nil
  changed()
end

--- The folder `.callsheet/runs/<run id>` of a run, nil where it is not on this machine.
function M.folder(run)
  if run.folder then
    return run.folder
  end
  local start = run.summary.uri and vim.startswith(run.summary.uri, 'file:') and vim.uri_to_fname(run.summary.uri) or vim.fn.getcwd()
  local found = vim.fs.find('.callsheet/runs/' .. run.summary.runId, { path = vim.fs.dirname(start), upward = true, type = 'directory' })
  run.folder = found[1]
  return run.folder
end

--- Lines of the script that a run runs, nil where it is not on this machine.
function M.script(run)
  local folder = M.folder(run)
  local ok, lines = pcall(vim.fn.readfile, (folder or '') .. '/script.js')
  if not folder or not ok then
    return nil
  end
  return vim.tbl_map(function(line)
    return (line:gsub('\r$', ''))
  end, lines)
end

return M
