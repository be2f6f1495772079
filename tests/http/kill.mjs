// SPDX-License-Identifier: ISC
// kill.mjs: 50 times kill -9 in the middle of check-ins: no acknowledged one is lost, none is there twice.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { check, makeClub, makeFolder, makeRun, register, run, start } from './lib.mjs';

const kills = Number(process.env.TURNOUT_KILLS ?? 50);
const phones = 16;

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 600);
	const sqlite = (sql) => execFileSync('sqlite3', [db, sql], { encoding: 'utf8' }).trim();
	const acknowledged = new Map();
	const unanswered = new Set();
	let number = 0, hits = 0, wrong = null, slowest = 0;

	/** Check in names one after the other until the server is gone; first those that got no answer the last time. */
	async function phone(port) {
		for (;;) {
			const name = unanswered.size > 0 ? unanswered.values().next().value : `Runner ${number++}`;
			unanswered.delete(name);
			const answer = await register(port, { token, runner_name: name, nonce: name.replace(' ', '-') }).catch(() => null);
			if (!answer?.json) {
				unanswered.add(name);
				return;
			}
			if (!answer.json.success)
				wrong ??= answer.text;
			acknowledged.set(name, answer.json.place);
		}
	}

	for (let round = 0; round < kills; round++) {
		const began = Date.now();
		const server = await start(db, site);
		slowest = Math.max(slowest, Date.now() - began);
		const before = acknowledged.size;
		const busy = Array.from({ length: phones }, () => phone(server.port));
		await new Promise((done) => setTimeout(done, 5 + Math.random() * 100));
		await server.stop('SIGKILL');
		await Promise.all(busy);
		hits += acknowledged.size > before && unanswered.size > 0;
	}
	const server = await start(db, site);
	for (const name of [...unanswered]) {
		const answer = await register(server.port, { token, runner_name: name, nonce: name.replace(' ', '-') });
		if (!answer.json?.success)
			wrong ??= answer.text;
		acknowledged.set(name, answer.json?.place);
	}
	await server.stop();
	const stored = new Map(sqlite('SELECT name, ordinal, count(*) FROM attendance JOIN person ON person.id = person_id GROUP BY name').split('\n')
		.map((line) => [line.split('|')[0], line.split('|').slice(1).map(Number)]));

	console.log(`${kills} kills, ${hits} of them between answers, ${acknowledged.size} check-ins acknowledged.`);
	check('many kills came in the middle of check-ins', hits >= kills / 5, hits);	// a slow machine answers less often
	check('every check-in was answered with yes in the end, retries too', wrong === null, wrong);
	check('no acknowledged check-in is lost', [...acknowledged.keys()].every((name) => stored.has(name)),
		[...acknowledged.keys()].filter((name) => !stored.has(name)));
	check('none is there twice, and nobody is there who was never sent', [...stored].every(([name, [, count]]) => count === 1 && acknowledged.has(name)));
	check('everybody has the place that the answer said', [...acknowledged].every(([name, place]) => stored.get(name)?.[0] === place));
	check('there is one event a person', sqlite('SELECT count(*) FROM event') === String(stored.size), sqlite('SELECT count(*) FROM event'));
	check('the database is whole', sqlite('PRAGMA integrity_check') === 'ok' && sqlite('PRAGMA foreign_key_check') === '');
	console.log(`The slowest start after a kill took ${slowest} ms.`);
});
