--- A new script, and a preview of a run.
local scratch = require('callsheet.scratch')

local M = {}

local TEMPLATE = [[
export const meta = {
  name: %s,
  description: %s,
  phases: [{ title: 'Look' }, { title: 'Report' }],
};

phase('Look');
const files = await agent('List the source files of this project, one path a line.', {
  label: 'list files',
  schema: {
    type: 'object',
    properties: { paths: { type: 'array', items: { type: 'string' } } },
    required: ['paths'],
  },
});

const notes = await parallel(
  (files?.paths ?? []).slice(0, 5).map((path) => () => agent(`Say in one sentence what ${path} is for.`, { label: path })),
);

phase('Report');
return agent(`Write a short overview of the project from these notes:\n${notes.filter(Boolean).join('\n')}`, { label: 'overview' });
]]

--- Opens a new saved workflow; nothing is written until the person writes it.
function M.new(name)
  if not name or name == '' then
    vim.ui.input({ prompt = 'Name of the workflow: ', default = 'my-workflow' }, function(given)
      if given and vim.trim(given) ~= '' then
        M.new(given)
      end
    end)
    return
  end
  local root = vim.fs.root(0, { '.callsheet', '.git' }) or vim.fn.getcwd()
  local folder = root .. '/.callsheet/workflows'
  local slug = vim.trim(name):lower():gsub('[^%w_\128-\255]+', '-')
  vim.fn.mkdir(folder, 'p')
  local path = ('%s/%s.js'):format(folder, slug)
  local exists = vim.uv.fs_stat(path) ~= nil
  vim.cmd.edit(vim.fn.fnameescape(path))
  if exists then
    return
  end
  local text = TEMPLATE:format(vim.json.encode(vim.trim(name)), vim.json.encode(vim.trim(name)))
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.trim(text), '\n'))
end

--- Shows what a run of the script that `request` names would do, or, with a run, what resuming it would.
function M.plan(request)
  require('callsheet.client').execute('callsheet.plan', request, function(plan)
    local target = scratch.buffer('callsheet://plan/' .. plan.name, 'markdown')
    scratch.set(target, require('callsheet.plan').lines(plan))
    scratch.open(target)
  end)
end

return M
