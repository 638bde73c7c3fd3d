// One request a line in, one result a line out: the other evaluator, in a process of its own.
import { createInterface } from "node:readline";
import { anonymousPrincipal, runSimulation } from "@cloud-copilot/iam-simulate";

const named = (documents) => documents.map((policy, index) => ({ name: `policy${index + 1}`, policy }));
const levels = (listed) =>
  listed.map((documents, index) => ({ orgIdentifier: `level${index + 1}`, policies: named(documents) }));

for await (const line of createInterface({ input: process.stdin })) {
  const row = JSON.parse(line);
  const simulation = {
    request: {
      principal: row.principal === "ANON" ? anonymousPrincipal : row.principal,
      action: row.action,
      resource: { resource: row.resource, accountId: row.resourceAccount },
      contextVariables: row.context,
    },
    identityPolicies: named(row.identityPolicies),
    serviceControlPolicies: levels(row.scps),
    resourceControlPolicies: levels(row.rcps),
  };
  if (row.boundary) simulation.permissionBoundaryPolicies = named(row.boundary);
  if (row.session) simulation.sessionPolicy = row.session;
  if (row.resourcePolicy) simulation.resourcePolicy = row.resourcePolicy;
  let answer;
  try {
    const found = await runSimulation(simulation, {});
    answer =
      found.resultType === "error"
        ? { result: "ERROR", message: JSON.stringify(found.errors).slice(0, 400) }
        : { result: found.overallResult, ignored: found.result?.ignoredContextKeys ?? [] };
  } catch (error) {
    answer = { result: "ERROR", message: String(error).slice(0, 400) };
  }
  process.stdout.write(`${JSON.stringify({ id: row.id, ...answer })}\n`);
}
