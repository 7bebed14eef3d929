//- case: found
if (budget() > 1000) log('enough')
//  ^^^^^^ budget-misused: an object, not a function
if (budget.remaining > 1000) log('enough')
//         ^^^^^^^^^ budget-misused: is a function: call it
log(`${budget.spent} of ${budget.total()}`)
//            ^^^^^ budget-misused: is a function
//                               ^^^^^ budget-misused: is a value
log(`${budget.left()}`)
//            ^^^^ budget-misused: There are `total`
//- case: look-alikes
// ok: as it is
log(`${budget.spent()} of ${budget.total}, ${budget.remaining()} left`)
const { total, remaining } = budget
// ok: the functions handed on
const ask = budget.remaining
const left = { ask, spent: budget.spent }
// ok: a name of one's own
function plan(budget) { return budget() + budget.left }
return [total, remaining(), left.ask(), left.spent(), plan(() => 1)]
//- case: ignored
// callsheet-ignore budget-misused: shows the error
log(`${budget.total()}`)
