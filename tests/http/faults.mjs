// SPDX-License-Identifier: ISC
// faults.mjs: a locked, full or failing disk gives an honest answer, nothing is half entered, and the next check-in works.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ask, build, check, makeClub, makeFolder, makeRun, register, run, start, submit, turnout } from './lib.mjs';

const present = (db) => JSON.parse(turnout('status', '--db', db, '--json')).present;

/** Lock `db` as another program might, that writes or, where `sql` says so, reads; returns the function that lets go. */
async function lock(db, sql = 'BEGIN EXCLUSIVE;\nSELECT 1;\n') {
	const shell = spawn('sqlite3', [db], { stdio: ['pipe', 'pipe', 'inherit'] });
	const held = new Promise((done) => shell.stdout.once('data', done));
	shell.stdin.write(sql);
	await held;
	return () => new Promise((done) => {
		shell.on('exit', done);
		shell.stdin.end('ROLLBACK;\n');
	});
}

/** Wait until `holds()`, 4 s at most: less than the writer waits for a lock. */
async function until(holds) {
	for (const end = Date.now() + 4000; Date.now() < end && !holds();)
		await new Promise((done) => setTimeout(done, 20));
}

/**
 * Start turnoutd under strace, which makes system calls fail as `inject` says (strace(1)). The tracer runs aside (-D), so
 * that signals reach turnoutd itself.
 */
async function startFailing(db, site, inject) {
	const child = spawn('strace', ['-D', '-f', '-o', '/dev/null', '-e', `trace=${inject.split(':')[0]}`, '-e', `inject=${inject}`,
		join(build, 'turnoutd'), '--db', db, '--site', site, '--listen', '127.0.0.1:0', '--no-watch'], { stdio: ['ignore', 'pipe', 'ignore'] });
	const ended = new Promise((done) => child.on('exit', done));
	const line = String(await new Promise((done) => child.stdout.once('data', done)));
	return { port: Number(line.trim().split(':').at(-1)), stop: () => {
		child.kill('SIGTERM');
		return ended;
	} };
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 60);
	const server = await start(db, site);
	const { port } = server;
	const attend = (name, where = port) => register(where, { token, runner_name: name, nonce: name.replaceAll(' ', '-') });

	const release = await lock(db);
	const waiting = Array.from({ length: 200 }, (_, i) => attend(`Waiting ${i}`));
	await new Promise((done) => setTimeout(done, 2000));	// the time itself is what is tested: the writer stands still for longer than a second
	const began = Date.now();
	const more = await Promise.all(Array.from({ length: 10 }, (_, i) => attend(`Late ${i}`)));
	check('while the database is stuck, who comes on top of 192 hears slow_down at once', more.every(({ status, json, headers }) => status === 503 &&
		json.code === 'slow_down' && headers['retry-after'][0] === '2') && Date.now() - began < 1500, [more[0].text, Date.now() - began]);
	const form = await submit(port, { code: token, runner_name: 'Form' });
	check('and a form is led to the page that says so', form.status === 303 && form.headers.location[0] === '../R/slow_down/', form.text);
	const live = await ask(port, 'GET', '/health/live');
	const page = await ask(port, 'GET', '/');
	check('pages and health are still answered at once', live.status === 200 && page.status === 404 && Date.now() - began < 2500, Date.now() - began);
	const stuck = await Promise.all(waiting);
	check('who was waiting hears slow_down when the lock does not come free', stuck.every(({ status, json }) => status === 503 && json.code === 'slow_down'),
		stuck.find(({ status }) => status !== 503)?.text);
	await release();
	check('nothing of it was entered', present(db) === 0, present(db));
	const retried = await attend('Waiting 7');
	check('and the same check-in sent again is taken', retried.status === 201, retried.text);

	/* More polls than the library has threads and places. The first of them ask the database, which does not answer. */
	const { session_id } = makeRun(db, 'Polled', -5, 60), poll = () => ask(port, 'GET', `/live/${session_id}.json`);
	const known = await poll(), letGo = await lock(db);
	await new Promise((done) => setTimeout(done, 250));	// the time itself: until then the count is fresh
	let soon = 0;
	const polls = Array.from({ length: 700 }, poll), others = [ask(port, 'GET', '/health/live'), ask(port, 'GET', '/')];
	[...polls, ...others].forEach((each) => each.then(() => soon++));
	await until(() => soon > 690);
	const isSoon = soon;
	await letGo();
	const told = await Promise.all(polls);
	check('while the database is stuck and 700 poll, all but a few are answered before it moves again', isSoon > 690, isSoon);
	check('and all have the last count', told.every(({ status, body }) => status === 200 && body === known.body));
	check('pages and health are answered at once, too', (await Promise.all(others)).every(({ ms }) => ms < 4000), (await Promise.all(others)).map(({ ms }) => ms));

	/* More threads than there are would wait for the numbers, before anybody knows that the database is stuck. */
	const unlocks = await lock(db), numbers = Array.from({ length: 300 }, () => ask(port, 'GET', `/api/v1/sessions/${session_id}/stats`));
	let pages = 0;
	[ask(port, 'GET', '/'), ask(port, 'GET', '/health/live')].forEach((each) => each.then(() => pages++));
	await until(() => pages === 2);
	check('while the database is stuck and 300 ask for numbers, a page is answered at once', pages === 2, pages);
	await unlocks();
	const got = await Promise.all(numbers), none = got.filter(({ status }) => status === 503);
	check('most of them have the numbers then, the others heard slow_down', none.length > 0 && got.length - none.length > 100 &&
		got.every(({ status }) => status === 200 || status === 503) && none.every(({ headers }) => headers['retry-after'][0] === '2'), none.length);

	/* More than are judged at a time: those who come before it is seen that nothing moves, at least 192. The others hear so, and do not wait as long. */
	const crowded = makeRun(db, 'Crowded', -5, 60), before = present(db), open = await lock(db);
	let busy = 0;
	const crowd = Array.from({ length: 1000 }, (_, i) => register(port, { token: crowded.token, runner_name: `Crowd ${i}`, nonce: `crowd-${i}` }));
	crowd.forEach((each) => each.then(({ status }) => { busy += status === 503; }));
	await until(() => busy > 400);
	await open();
	const heard = await Promise.all(crowd), refused = heard.filter(({ status }) => status === 503);
	check('of 1,000 who come at once to a database that is stuck, who is not judged hears slow_down, and waits for no lock', refused.length > 400 &&
		refused.every(({ ms, json, headers }) => ms < 4900 && json.code === 'slow_down' && headers['retry-after'][0] === '2'), [refused.length, refused[0]?.text, Math.max(...refused.map(({ ms }) => ms))]);
	check('and the others are in when it moves again', heard.length - refused.length >= 192 && heard.every(({ status }) => status === 503 || status === 201) &&
		present(db) - before === heard.length - refused.length, [refused.length, present(db), heard.find(({ status }) => status !== 503 && status !== 201)?.text]);

	const odd = makeRun(db, 'Odd Group', -5, 60);
	spawnSync('sqlite3', ['-cmd', '.timeout 5000', db, `UPDATE run SET zone = 'Nowhere/Town' WHERE id = ${odd.id}`]);
	const nowhere = await register(port, { session_id: odd.session_id, runner_name: 'Nowhere' });
	check('a run whose zone this machine does not know is 500, and no number that HTTP has not', nowhere.status === 500 && nowhere.json.code === 'server',
		nowhere.text);
	check('and the log says which run', server.log.includes('Nowhere/Town'), server.log.slice(-300));
	spawnSync('sqlite3', ['-cmd', '.timeout 5000', db, `UPDATE run SET zone = 'UTC' WHERE id = ${odd.id}`]);

	/* A reader that does not let go: what was acknowledged cannot be committed, and goes in as soon as it can, whatever is asked meanwhile. */
	const hall = makeRun(db, 'Hall', -5, 60), holds = await lock(db, 'BEGIN;\nSELECT count(*) FROM event;\n'), inside = [];
	const count = async () => JSON.parse((await ask(port, 'GET', `/live/${hall.session_id}.json`)).body).count;
	/* Where a batch takes long to judge, its transaction is due at once: it waits for the reader in vain. Then all come again, as the page does. */
	for (let round = 0; round < 4 && inside.length === 0; round++)
		await Promise.all(Array.from({ length: 24 }, async (_, phone) => {
			const answer = await register(port, { token: hall.token, runner_name: `Hall ${phone}`, nonce: `hall-${phone}` });
			if (answer.status === 201)
				inside.push(phone);
		}));
	const low = [], stored = () => Number(spawnSync('sqlite3', [db, "SELECT count(*) FROM person WHERE name LIKE 'Hall %'"], { encoding: 'utf8' }).stdout);
	check('while somebody reads without an end some of a crowd are in, and not in the database yet', inside.length > 0 && stored() === 0, [inside.length, stored()]);
	const asked = await ask(port, 'GET', `/api/v1/sessions/${hall.session_id}/stats`);
	check('then the numbers are those or none', asked.status === 503 || JSON.parse(asked.body).count >= inside.length, asked.text);
	low.push(await count());
	await holds();
	await until(() => {
		count().then((number) => low.push(number));		// one asks after the other: nothing is still for a second
		return stored() >= inside.length;
	});
	check('and in it soon, though others keep asking', stored() >= inside.length, [inside.length, stored()]);
	check('and no count went back meanwhile', low.every((number) => number >= inside.length), [inside.length, Math.min(...low)]);

	renameSync(db, `${db}.away`);
	const replaced = await attend('To A Lost File');
	check('a database that was moved away is not written to: 500', replaced.status === 500 && replaced.json.code === 'server', replaced.text);
	const ready = await ask(port, 'GET', '/health/ready');
	check('and it is not ready', ready.status === 503 && JSON.parse(ready.body).database === false, ready.text);
	renameSync(`${db}.away`, db);
	check('moved back, it is written to again', (await attend('Back Again')).status === 201);
	await server.stop();

	const entered = present(db);
	const failures = [
		['a full disk', 'pwrite64:error=ENOSPC:when=1..3', 507, 'storage_full'],
		['a disk that fails to write', 'pwrite64:error=EIO:when=1..3', 500, 'server'],
		['a disk that fails to sync what the redo log has', 'fdatasync:error=EIO:when=2..3', 201, 'ok'],
	];
	for (const [index, [what, inject, status, code]] of failures.entries()) {
		const failing = await startFailing(db, site, inject);
		const first = await attend(`Fault ${index}`, failing.port);
		check(`${what} is answered with ${status} ${code}`, first.status === status && first.json.code === code, first.text);
		let answer = first, tries = 0;
		while (!answer.json?.success && tries++ < 5)
			answer = await attend(`Fault ${index}`, failing.port);
		check(`after ${what} the same server takes the same check-in`, answer.status === 201, answer.text);
		await failing.stop();
		check(`after ${what} it is stored once`, present(db) === entered + index + 1, present(db));
	}

	// A crowd, and a disk that fails at some moment and for good: an answer with yes was on the disk, whatever comes then.
	const moments = ['pwrite64:error=ENOSPC:when=60+', 'fdatasync:error=EIO:when=9+', 'pwrite64:error=EIO:when=90+', 'fdatasync:error=EIO:when=12+'];
	for (const inject of moments.slice(0, /-(san|tsan)$/.test(build) ? 2 : 4)) {
		const before = present(db), failing = await startFailing(db, site, inject), yes = [];
		let refused = 0;
		await Promise.all(Array.from({ length: 24 }, async (_, phone) => {
			for (let i = 0; i < 50 && refused < 24; i++) {
				const name = `Crowd ${inject} ${phone} ${i}`, answer = await attend(name, failing.port);
				if (answer.status === 201)
					yes.push(name);
				else
					refused += [500, 507].includes(answer.status) ? 1 : 1000;
			}
		}));
		check(`${inject} of a crowd: some are in, then all hear that they are not`, yes.length > 0 && refused >= 24 && refused < 1000, [yes.length, refused]);
		await failing.stop();
		const healed = await start(db, site);
		const again = await Promise.all(yes.map((name) => attend(name, healed.port)));
		check('whoever was told to be in is in, once the disk works', again.every(({ status }) => status === 200), again.find(({ status }) => status !== 200)?.text);
		await healed.stop();
		check('and nobody of them is there twice', present(db) >= before + yes.length && present(db) <= before + yes.length + refused, [before, yes.length, refused, present(db)]);
		check('nothing is left that did not fit', !readdirSync(folder).some((name) => name.includes('-redo.')) &&
			(!existsSync(`${db}-redo`) || readFileSync(`${db}-redo`).every((byte) => byte === 0)), readdirSync(folder));
	}
});
