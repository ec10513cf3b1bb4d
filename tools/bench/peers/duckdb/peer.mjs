// DuckDB, measured by itself: `node peer.mjs OPERATION COUNT DIRECTORY` prints {"operations":…,"seconds":…}. It reads
// DIRECTORY/rows.ndjson and writes DIRECTORY/out.ndjson, which is on the disk before anybody else's turn; that is not
// counted, nor is its start. It uses as many threads as it likes.
import { closeSync, fsyncSync, openSync, readFileSync } from "node:fs";

const [operation, countText, folder] = process.argv.slice(2);
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const rows = quoted(`${folder}/rows.ndjson`);

const queries = {
  // With types guessed to any depth it fails where a later row has what none of those that it looked at had.
  "export-all": () => `select * from read_json(${rows}, format = 'newline_delimited', maximum_depth = 1)`,
  // Only the members that it needs.
  "export-segment": () => {
    const membership = quoted(`$.ups."${readFileSync(`${folder}/segment`, "utf8")}".status`);
    return `select person->'$.name.firstName' as firstName, personalEmail->'$.address' as address
      from read_json(${rows}, format = 'newline_delimited',
                     columns = {person: 'JSON', personalEmail: 'JSON', segmentMembership: 'JSON'})
      where segmentMembership->>${membership} in ('realized', 'existing')`;
  },
};

async function run(query) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const copy = `copy (${query}) to ${quoted(`${folder}/out.ndjson`)} (format json)`;
  const start = process.hrtime.bigint();
  await connection.run(copy);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const file = openSync(`${folder}/out.ndjson`, "r+");
  fsyncSync(file);
  closeSync(file);
  return { operations: Number(countText), seconds };
}

console.log(JSON.stringify(queries[operation] ? await run(queries[operation]()) : {}));
