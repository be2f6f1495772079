// SPDX-License-Identifier: ISC
// live.mjs: how long after the reply the public live file and the host's have the new count, in milliseconds (200 are wanted of each);
// turnoutd and `turnout watch` at work.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build, makeFolder, register, run, start, turnout, check } from '../http/lib.mjs';

const ROUNDS = 60, EVERY_MS = 100;

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	turnout('init', '--demo', '-q', '--db', db);
	turnout('publish', '--db', db, '--site', site);
	const watch = spawn(join(build, 'turnout'), ['watch', '-q', '--db', db, '--site', site], { stdio: 'ignore' });
	const ended = once(watch, 'exit');
	const server = await start(db, site);
	const code = JSON.parse(turnout('code', 'today', '--json', '--db', db));
	const read = (...path) => JSON.parse(readFileSync(join(site, ...path), 'utf8')).count;
	const counts = { public: () => read('public', 'live', `${code.session_id}.json`), 'of the host': () => read('private', new URL(code.screen).pathname, 'host', 'live.json') };
	const waits = Object.fromEntries(Object.keys(counts).map((which) => [which, []]));

	try {
		for (let i = 0; i < ROUNDS && watch.exitCode === null; i++) {
			const answer = await register(server.port, { token: code.token, runner_name: `Runner ${i}` });
			const replied = performance.now(), late = () => performance.now() - replied;
			await Promise.all(Object.entries(counts).map(async ([which, count]) => {
				while (count() < answer.json.current_count && late() < 5000)
					await pause(1);
				waits[which].push(late());
			}));
			await pause(EVERY_MS);
		}
	} finally {
		watch.kill('SIGTERM');
		await ended;		// it writes into the folder that is removed next
	}
	for (const [which, each] of Object.entries(waits)) {
		each.sort((a, b) => a - b);
		console.log(`  live file ${which}: behind the reply median ${each[ROUNDS / 2].toFixed(1)} ms, worst of ${ROUNDS} ${each[ROUNDS - 1].toFixed(1)} ms`);
		check(`every check-in reached the live file ${which}`, each[ROUNDS - 1] < 5000);
	}
});
