--- Questions of `checkpoint()`, asked through `vim.ui`.
local M = {}

local asking = false
local waiting = {}

local function answer(question, value)
  require('callsheet.client').execute('callsheet.answer', { runId = question.runId, call = question.call, value = value }, function()
    require('callsheet.store').settle(question.runId, question.call)
  end)
end

local function next_one()
  asking = false
  local question = table.remove(waiting, 1)
  local run = question and require('callsheet.store').get(question.runId)
  if run and run.questions[question.call] then
    M.ask(question)
  elseif question then
    next_one()
  end
end

--- Asks one question at a time. One that is not answered stays in the runs buffer.
function M.ask(question)
  if asking then
    table.insert(waiting, question)
    return
  end
  asking = true
  if question.kind == 'input' then
    vim.ui.input({ prompt = question.question .. ' ' }, function(value)
      if value then
        answer(question, value)
      end
      next_one()
    end)
    return
  end
  local confirm = question.kind == 'confirm'
  vim.ui.select(confirm and { 'Yes', 'No' } or question.choices or {}, { prompt = question.question }, function(choice)
    if choice then
      if confirm then
        answer(question, choice == 'Yes')
      else
        answer(question, choice)
      end
    end
    next_one()
  end)
end

return M
