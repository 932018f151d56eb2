// Drives the benchmark's process on bpmn-engine, keeping each case in PostgreSQL.
// The engine brings no store of its own: a completion loads the state, resumes, signals and saves.
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The packages stand in the peer's own folder, which the driver names.
const require = createRequire(`${process.env.PEER_HOME}/package.json`);
const { Engine } = require('bpmn-engine');
const { Client } = require('pg');

const CASES = Number(process.env.PEER_CASES);
const WARM_UP = Number(process.env.PEER_WARM_UP);
const NOTE = process.env.PEER_NOTE;
const SOURCE = readFileSync(process.env.PEER_PROCESS, 'utf8');
const LOOK_ROUND = Number(process.env.PEER_LOOK_ROUND);

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const client = new Client({
  host: '127.0.0.1',
  port: Number(process.env.PEER_PORT),
  user: 'postgres',
  database: process.env.PEER_DATABASE,
});

async function tell(line) {
  process.stdout.write(`@${line}\n`);
  await answers.next();
}

function step(_input, callback) {
  return callback(null, true);
}

// A server would parse a definition once and share it among cases, so this one does.
async function parseOnce() {
  const engine = Engine({ name: 'twelve', source: SOURCE });
  const [definition] = await engine.getDefinitions();
  return definition.environment.options.source;
}

// The open user tasks are those that the engine announced as waiting and not as left.
function watchSteps() {
  const listener = new EventEmitter();
  const open = new Set();
  listener.on('activity.wait', (api) => api.type === 'bpmn:UserTask' && open.add(api.id));
  listener.on('activity.end', (api) => open.delete(api.id));
  return { listener, open };
}

async function begin(sourceContext, id) {
  const { listener, open } = watchSteps();
  const engine = Engine({ name: 'twelve', sourceContext, services: { step } });
  await engine.execute({ listener, variables: { note: NOTE } });
  const state = await leave(engine);
  await client.query('INSERT INTO engine_case (id, state, steps) VALUES ($1, $2, $3)', [
    id,
    state,
    [...open],
  ]);
}

async function complete(sourceContext, id, stepId, variables) {
  const found = await client.query('SELECT state FROM engine_case WHERE id = $1', [id]);
  const { listener, open } = watchSteps();
  const engine = Engine({ name: 'twelve', sourceContext, services: { step } });
  engine.recover(JSON.parse(found.rows[0].state));
  const execution = await engine.resume({ listener });
  const [definition] = execution.definitions;
  for (const holder of [definition, ...definition.getProcesses()]) {
    holder.environment.assignVariables(variables);
  }
  execution.signal({ id: stepId });
  const state = await leave(engine);
  await client.query('UPDATE engine_case SET state = $2, steps = $3 WHERE id = $1', [
    id,
    state,
    [...open],
  ]);
}

async function leave(engine) {
  const state = await engine.getState();
  // The diagram is the same for all cases and is not kept with each.
  for (const definition of state.definitions) delete definition.source;
  // A case that has ended has nothing to stop, and waiting for it would take for ever.
  if (engine.state === 'running') await engine.stop();
  return JSON.stringify(state);
}

async function run(sourceContext, prefix, cases, isMeasured) {
  const ids = Array.from({ length: cases }, (_, number) => `${prefix}${number}`);
  if (isMeasured) await tell('look before');
  if (isMeasured) await tell('begin starts');
  for (const id of ids) await begin(sourceContext, id);
  if (isMeasured) await tell(`end ${ids.length}`);
  for (let round = 0; ; round += 1) {
    const open = await client.query(
      'SELECT id, unnest(steps) AS step FROM engine_case WHERE id LIKE $1', [`${prefix}%`]
    );
    if (!open.rows.length) break;
    const variables = { note: NOTE, complete: round >= 3, redo: round === 7 };
    if (isMeasured && round === LOOK_ROUND) await tell('look middle');
    if (isMeasured) await tell('begin completions');
    for (const row of open.rows) await complete(sourceContext, row.id, row.step, variables);
    if (isMeasured) await tell(`end ${open.rows.length}`);
  }
  if (isMeasured) await tell('look after');
}

await client.connect();
await client.query(
  'CREATE TABLE engine_case (id text PRIMARY KEY, state text NOT NULL, steps text[] NOT NULL)'
);
const sourceContext = await parseOnce();
await run(sourceContext, 'warm-', WARM_UP, false);
await run(sourceContext, 'case-', CASES, true);
await tell('done');
await client.end();
process.exit(0);
