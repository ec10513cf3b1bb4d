// plainjob on better-sqlite3, measured by itself: `node peer.mjs OPERATION COUNT DIRECTORY` prints
// {"operations":…,"seconds":…}. One job is one row with 1 KB of text. `full` and `normal` are SQLite's `synchronous`;
// plainjob chooses normal, which a power cut does not survive.
import Database from "better-sqlite3";
import { better, defineQueue } from "plainjob";

const [operation, countText, folder] = process.argv.slice(2);
const count = Number(countText);
const body = { fields: "person.name.firstName,".repeat(46).slice(0, 1000) };
const together = 100;

const quiet = { error: console.error, warn() {}, info() {}, debug() {} };
const connection = better(new Database(`${folder}/plainjob.db`));
const queue = defineQueue({ connection, logger: quiet });
connection.pragma(operation.endsWith("-full") ? "synchronous = full" : "synchronous = normal");

function backlog(size) {
  for (let made = 0; made < size; made += together) queue.addMany("export", Array(together).fill(body));
}

function timed(operations, work) {
  const start = process.hrtime.bigint();
  work();
  console.log(JSON.stringify({ operations, seconds: Number(process.hrtime.bigint() - start) / 1e9 }));
}

function claimed() {
  const job = queue.getAndMarkJobAsProcessing("export");
  if (!job) throw new Error("plainjob claimed nothing");
  queue.getJobById(job.id);
  return job.id;
}

const claimMany = connection.transaction(() => Array.from({ length: together }, claimed));
const finishMany = connection.transaction((ids) => ids.forEach((id) => queue.markJobAsDone(id)));
const batches = Math.ceil(count / together);

switch (operation.replace(/-(full|normal)$/, "")) {
  case "create":
    timed(count, () => {
      for (let i = 0; i < count; ++i) queue.add("export", body);
    });
    break;
  case "create100":
    timed(batches * together, () => backlog(batches * together));
    break;
  case "claim":
    backlog(2 * count);
    timed(count, () => {
      for (let i = 0; i < count; ++i) queue.markJobAsDone(claimed());
    });
    break;
  case "claim100": // in a transaction of the caller's
    backlog(2 * batches * together);
    timed(batches * together, () => {
      for (let i = 0; i < batches; ++i) finishMany(claimMany());
    });
    break;
  default:
    console.log("{}");
}
queue.close();
