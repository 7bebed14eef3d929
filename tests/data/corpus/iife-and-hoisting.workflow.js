/* Old style: var, hoisted functions, IIFEs, arguments, comma expressions, double quotes, semicolons. */
export const meta = { "name": "iife-and-hoisting", "description": "Rank the oldest parts of a code base" };

var result = await main();
return result;

function main() {
  var files = pickFiles(args);
  return survey(files).then(function (answers) {
    var ranked = rank(answers), top = ranked.slice(0, 3);
    return top.length ? explain(top).then(function (text) { return { top: top, text: text }; }) : { top: [], text: "" };
  });
}

function pickFiles(input) {
  if (!input || !Array.isArray(input.files)) return ["src"];
  return input.files.filter(function (file) { return typeof file === "string"; });
}

function survey(files) {
  return parallel(files.map(function (file) {
    return function () {
      return agent("How old is " + file + ", and how often is it changed? Answer with two numbers: years, changes.", {
        label: file
      });
    };
  })).then(function (texts) {
    return texts.map(function (text, index) {
      var numbers = text ? (text.match(/\d+(?:\.\d+)?/g) || []).map(Number) : [];
      return { file: files[index], age: numbers[0] || 0, changes: numbers[1] || 0, known: numbers.length > 1 };
    });
  });
}

function rank(entries) {
  var copy = entries.filter(function (entry) { return entry.known; });
  for (var i = 0, n = copy.length; i < n; i++) {
    for (var j = i + 1; j < n; j++) {
      if (score(copy[j]) > score(copy[i])) {
        var held = copy[i];
        copy[i] = copy[j], copy[j] = held;
      }
    }
  }
  return copy;
}

function score(entry) {
  return entry.age * Math.log(1 + entry.changes);
}

async function explain(entries) {
  var lines = (function () {
    var out = [];
    for (var key in entries) {
      if (Object.prototype.hasOwnProperty.call(entries, key)) out.push(join(entries[key].file, entries[key].age, "years"));
    }
    return out;
  })();
  var text = await agent("Explain why these are the oldest parts:\n" + lines.join("\n"));
  return text === null ? "no explanation" : text;
}

function join() {
  return Array.prototype.slice.call(arguments).join(" ");
}
