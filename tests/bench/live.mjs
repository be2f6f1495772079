// SPDX-License-Identifier: ISC
// live.mjs: how long after the reply the live file has the new count, in milliseconds; turnoutd and `turnout watch` at work.
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
	const count = () => JSON.parse(readFileSync(join(site, 'public', 'live', `${code.session_id}.json`), 'utf8')).count;
	const waits = [];

	try {
		for (let i = 0; i < ROUNDS && watch.exitCode === null; i++) {
			const answer = await register(server.port, { token: code.token, runner_name: `Runner ${i}` });
			const replied = performance.now();
			while (count() < answer.json.current_count && performance.now() - replied < 5000)
				await pause(1);
			waits.push(performance.now() - replied);
			await pause(EVERY_MS);
		}
	} finally {
		watch.kill('SIGTERM');
		await ended;		// it writes into the folder that is removed next
	}
	waits.sort((a, b) => a - b);
	console.log(`  live file behind the reply median ${waits[ROUNDS / 2].toFixed(1)} ms, worst of ${ROUNDS} ${waits[ROUNDS - 1].toFixed(1)} ms`);
	check('every check-in reached the live file', waits[ROUNDS - 1] < 5000);
});
