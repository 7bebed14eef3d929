if exists('b:current_syntax')
  finish
endif
runtime! syntax/javascript.vim
unlet! b:current_syntax
syntax keyword callsheetGlobal agent parallel pipeline workflow phase log args budget cwd
syntax keyword callsheetGlobal verify judgePanel loopUntilDry completenessCheck retry gate checkpoint
highlight default link callsheetGlobal Function
let b:current_syntax = 'callsheet'
