// SPDX-License-Identifier: ISC
// live.mjs: how many milliseconds after the reply the public live file and the host's have the new count (200 is the aim for each), while
// turnoutd and `turnout watch` are at work.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build, makeFolder, register, run, start, turnout, check } from '../http/lib.mjs';

const RATES = [10, 100], SECONDS = 5;		// check-ins a second

/** Send them in their time, whether others are answered or not, and look at the files all the while; the waits behind the replies. */
async function measure(rate, port, token, counts, first) {
	const waits = Object.fromEntries(Object.keys(counts).map((which) => [which, []]));
	const open = Object.fromEntries(Object.keys(counts).map((which) => [which, []]));
	const newest = {}, back = {};
	let left = rate * SECONDS;
	const sent = Array.from({ length: left }, async (_, i) => {
		await pause(i * 1000 / rate);
		const answer = await register(port, { token, runner_name: `Runner ${first + i}` });
		for (const each of Object.values(open))
			each.push({ count: answer.json.current_count, at: performance.now() });
		left--;
	});
	const late = () => Object.values(open).some((each) => each.length > 0 && performance.now() - each[0].at > 5000);
	while ((left > 0 || Object.values(open).some((each) => each.length > 0)) && !late()) {
		for (const [which, count] of Object.entries(counts)) {
			const now = count();
			back[which] ||= now < newest[which];
			newest[which] = now;
			waits[which].push(...open[which].filter((each) => each.count <= now).map((each) => performance.now() - each.at));
			open[which] = open[which].filter((each) => each.count > now);
		}
		await pause(1);
	}
	await Promise.all(sent);
	for (const [which, each] of Object.entries(waits)) {
		each.sort((a, b) => a - b);
		console.log(`  ${String(rate).padStart(3)} a second, ${which}: behind the reply median ${each[each.length >> 1].toFixed(1)} ms, worst of ${each.length} ${each.at(-1).toFixed(1)} ms`);
		check(`${rate} a second: every check-in reached the live file ${which}, which never went back`, each.length === rate * SECONDS && !back[which]);
	}
}

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

	try {
		for (const [i, rate] of RATES.entries())
			await measure(rate, server.port, code.token, counts, i * 1000);
	} finally {
		watch.kill('SIGTERM');
		await ended;		// it writes into the folder that is removed next
	}
});
