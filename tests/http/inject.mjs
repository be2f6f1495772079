// SPDX-License-Identifier: ISC
// inject.mjs: every system call of a check-in that can fail fails in turn, or the server is killed there: what is answered is true, and the
// next request works. strace attaches to the running server, for calls on the disk to the thread that writes, and makes the Nth call fail, N
// = 1, 2, … until a check-in makes no more calls.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../checks.mjs';
import { build, check, makeClub, makeFolder, makeRun, register, run, start } from './lib.mjs';

const network = ['accept4', 'recvfrom', 'sendto'];
const calls = [			// chosen from a trace of a check-in: all that speak to the disk or the network
	['pwrite64', ['EIO', 'ENOSPC', 'KILL']],
	['fdatasync', ['EIO', 'ENOSPC', 'KILL']],
	['ftruncate', ['EIO', 'KILL']],
	['openat', ['EIO', 'ENOSPC', 'EMFILE', 'KILL']],
	['pread64', ['EIO']],
	['fcntl', ['EIO']],
	['newfstatat', ['EIO']],
	['close', ['KILL']],
	['accept4', ['EMFILE', 'EIO']],
	['recvfrom', ['EIO']],
	['sendto', ['EIO']],		// kill.mjs kills at any moment of these
];

await run(async () => {
	if (/-(san|tsan)$/.test(build))
		return skip('failing system calls', 'a server with sanitizers starts for seconds, a hundred times; they change no system call');
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site'), trace = join(folder, 'trace');
	const { token } = makeRun(db, 'Open Group', -5, 600);
	let server, isDead, writer, number = 0;
	const rows = (name) => Number(execFileSync('sqlite3', ['-cmd', '.timeout 2000', db,
		`SELECT count(*) FROM attendance JOIN person ON person.id = person_id WHERE name = '${name}'`], { encoding: 'utf8' }));
	const attend = (name) => register(server.port, { token, runner_name: name, nonce: name.replace(' ', '-') }).catch(() => null);

	/** How much each thread of the server has written. */
	const written = () => new Map(readdirSync(`/proc/${server.child.pid}/task`).map((task) =>
		[task, Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/task/${task}/io`, 'utf8'))[1])]));

	/** Start a server, and find the thread that writes a check-in: at the start another one may enter what was secured. */
	async function startServer() {
		server = await start(db, site);
		isDead = false;
		server.ended.then(() => { isDead = true; });
		const before = written();
		await attend(`Runner ${++number}`);
		await committed(`Runner ${number}`);
		writer = [...written()].map(([task, bytes]) => [bytes - (before.get(task) ?? 0), task]).sort(([a], [b]) => b - a)[0][1];
	}

	/** Have the server's Nth `call` end as `how` says; the function that lets go of it, and tells whether it came to that. */
	async function inject(call, how, n) {
		const what = how === 'KILL' ? 'signal=KILL' : `error=${how}`;
		rmSync(trace, { force: true });
		const strace = spawn('strace', [...(network.includes(call) ? ['-f'] : []), '-o', trace, '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${n}`, '-p', network.includes(call) ? String(server.child.pid) : writer],
			{ stdio: ['ignore', 'ignore', 'pipe'] });
		const ended = new Promise((done) => strace.on('exit', done));
		await new Promise((done, fail) => {
			let text = '';
			strace.stderr.setEncoding('utf8').on('data', (piece) => {
				text += piece;
				if (/ attached( with \d+ threads)?\n/.test(text))
					done();
			});
			ended.then(() => fail(new Error(`strace: ${text}`)));
		});
		return async () => {
			strace.kill('SIGINT');
			await ended;
			return hasFailed();
		};
	}

	const hasFailed = () => existsSync(trace) && /\(INJECTED\)|killed by SIGKILL/.test(readFileSync(trace, 'utf8'));

	/** The commit follows the answer. Where it fails it is tried again when the next one comes, or a second later. */
	async function committed(name, ends = () => isDead) {
		for (const end = Date.now() + 5000; Date.now() < end && !ends() && rows(name) === 0;)
			await new Promise((done) => setTimeout(done, 10));
	}

	/** One check-in with one failure; null when it did not come to that, otherwise what was wrong, '' for nothing. */
	async function tryOne(call, how, n, seen) {
		const name = `Runner ${++number}`, release = await inject(call, how, n);
		const answer = await attend(name);
		if (answer?.json?.success)
			await committed(name, () => isDead || hasFailed());
		const isFailed = await release(), isFired = isFailed || (how === 'KILL' && !answer?.json);
		if (how === 'KILL' && isFired) {
			await server.ended;
			await startServer();
		} else if (answer?.json?.success && isFired) {
			await attend(`Runner ${++number}`);
			await committed(name);
		}
		const there = rows(name), status = answer?.json ? answer.status : 0;
		seen[status] = (seen[status] ?? 0) + (isFired ? 1 : 0);
		let wrong = '';
		const isClaim = /Nothing was counted/.test(answer?.text);	// a COMMIT may fail when it is done: then nothing is said of the row
		if (status === 201 ? there !== 1 || !answer.json.success : status >= 500 ? (isClaim && there !== 0) || answer.json.success : status !== 0)
			wrong = `${call} ${n} ${how}: answered ${answer.text}, ${there} rows`;
		const again = await attend(name);
		if (again?.json?.success)
			await committed(name);
		if (!again?.json?.success || rows(name) !== 1)
			wrong ||= `${call} ${n} ${how}: after ${status} and ${there} rows, sent again: ${again?.text}, ${rows(name)} rows`;
		return isFired ? wrong : wrong || null;
	}

	await startServer();
	for (const [call, hows] of calls)
		for (const how of hows) {
			const seen = {}, wrongs = [];
			let n = 1, wrong;
			while (n < 400 && (wrong = await tryOne(call, how, n, seen)) !== null) {
				if (wrong !== '')
					wrongs.push(wrong);
				n++;
			}
			const count = n - 1;
			check(`${call}, each of ${count} with ${how}: what is answered is true, and the next request works`,
				count > 0 && n < 400 && wrongs.length === 0, wrongs.length > 0 ? wrongs.slice(0, 5) : count);
			console.log(`    answers: ${Object.entries(seen).filter(([, times]) => times > 0).map(([status, times]) => `${times} × ${status === '0' ? 'none' : status}`).join(', ')}`);
		}
	await server.stop();
	const text = execFileSync('sqlite3', [db, 'PRAGMA integrity_check; SELECT count(*) FROM event; SELECT count(*) FROM attendance'], { encoding: 'utf8' }).split('\n');
	check('in the end everybody is in once and the database is whole', text[0] === 'ok' && text[1] === text[2] && Number(text[1]) === number, text);
});
