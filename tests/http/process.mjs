// SPDX-License-Identifier: ISC
// process.mjs: options, exit codes, one server for a database, the publisher beside it, and shutting down under load.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

const turnoutd = (...words) => spawnSync(join(build, 'turnoutd'), words, { encoding: 'utf8', timeout: 10000 });

/** Wait until `holds()`; false when it does not within 10 s. */
async function until(holds) {
	for (const end = Date.now() + 10000; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
		if (holds())
			return true;
	return false;
}

const isRunning = (pid) => {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 60);

	const help = turnoutd('--help');
	check('--help begins with examples, on standard output, and ends with 0', help.status === 0 && help.stdout.startsWith('Examples:') && help.stderr === '');
	for (const option of ['--db', '--site', '--listen', '--no-watch', '--to', '--reload', '--help', '--version'])
		check(`--help lists ${option}`, help.stdout.split('Usage:')[1].includes(option));
	check('--version says the version', /^turnoutd \d+\.\d+\.\d+\n$/.test(turnoutd('--version').stdout));
	for (const words of [['--nonsense'], ['extra'], ['--listen', 'localhost:80'], ['--listen', '127.0.0.1'], ['--listen', '127.0.0.1:80s'],
		['--listen', '127.0.0.1:65536'], ['--listen', '[::1]:80'], ['--listen', ':80'], ['--db']]) {
		const { status, stderr } = turnoutd(...words);
		check(`turnoutd ${words.join(' ')} ends with 2 and says that nothing was started`, status === 2 && stderr.includes('Nothing was started.'), [status, stderr]);
	}
	const nobody = turnoutd('--db', db, '--no-watch', '--to', 'www/');
	check('--to without a watch to hand over ends with 2', nobody.status === 2 && nobody.stderr.includes('Nothing was started.'), [nobody.status, nobody.stderr]);
	const missing = turnoutd('--db', join(folder, 'none.db'), '--listen', '127.0.0.1:0');
	check('without a database it ends with 1 and names the command that makes one', missing.status === 1 && missing.stderr.includes('turnout init'), missing.stderr);
	check('and makes no file', !existsSync(join(folder, 'none.db')));
	writeFileSync(join(folder, 'text.db'), 'this is no database, but long enough to be looked at as one. '.repeat(20));
	const text = turnoutd('--db', join(folder, 'text.db'), '--listen', '127.0.0.1:0');
	check('a file that is no database of ours is refused with a sentence', [1, 5].includes(text.status) && text.stderr.includes('text.db'), [text.status, text.stderr]);
	const newer = makeClub(makeFolder());
	spawnSync('sqlite3', [newer, 'PRAGMA user_version = 999']);
	const version = turnoutd('--db', newer, '--listen', '127.0.0.1:0');
	check('a database of a newer version is refused with 5', version.status === 5 && version.stderr.includes('999'), [version.status, version.stderr]);

	const server = await start(db, site);
	const threads = readdirSync(`/proc/${server.child.pid}/task`).length;
	check('it starts with few threads', threads < 64, threads);
	const second = turnoutd('--db', db, '--listen', '127.0.0.1:0', '--no-watch');
	check('a second server on the same database ends with 4', second.status === 4 && second.stderr.includes('Another turnoutd'), [second.status, second.stderr]);
	const taken = turnoutd('--db', makeClub(makeFolder()), '--listen', `127.0.0.1:${server.port}`, '--no-watch');
	check('a port in use ends with 4', taken.status === 4 && taken.stderr.includes('in use'), [taken.status, taken.stderr]);
	check('the first is untouched by both', (await register(server.port, { token, runner_name: 'First' })).status === 201);
	check('and the command line can write beside it', turnout('group', 'add', 'Another', '--db', db) !== null);

	const names = Array.from({ length: 400 }, (_, i) => `Crowd ${i}`);
	const crowd = names.map((name) => register(server.port, { token, runner_name: name, nonce: name.replace(' ', '-') }).catch(() => null));
	await Promise.race(crowd);
	const stopped = Date.now();
	const { code } = await server.stop();
	const answers = await Promise.all(crowd);
	const taken201 = answers.filter((answer) => answer?.status === 201).length;
	check('SIGTERM in the middle of a crowd ends it with 0 within 10 s', code === 0 && Date.now() - stopped < 10000, code);
	check('all who were told yes are stored, and nobody else', JSON.parse(turnout('status', '--db', db, '--json')).present === taken201 + 1,
		[taken201, turnout('status', '--db', db, '--json')]);
	const outside = await start(db, site, '--listen', '0.0.0.0:0');
	check('listening for others than this machine is warned about', outside.log.includes('event=warning') && outside.log.includes('nginx'), outside.log);
	await outside.stop();

	// A publisher that writes down how it was called.
	const programs = makeFolder(), told = join(programs, 'told');
	copyFileSync(join(build, 'turnoutd'), join(programs, 'turnoutd'));
	writeFileSync(join(programs, 'turnout'), `#!/bin/sh\necho "$$ $*" >> ${told}\necho to standard output\nexec sleep 600\n`);
	for (const program of ['turnout', 'turnoutd'])
		chmodSync(join(programs, program), 0o755);
	const child = spawn(join(programs, 'turnoutd'), ['--db', db, '--site', site, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
	const ended = new Promise((done) => child.on('exit', (exit, signal) => done({ exit, signal })));
	let output = '', log = '';
	child.stdout.setEncoding('utf8').on('data', (piece) => { output += piece; });
	child.stderr.setEncoding('utf8').on('data', (piece) => { log += piece; });
	const calls = () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n').filter(Boolean) : []);	// it is there before it is written
	check('it starts `turnout watch` from beside its own program file', await until(() => calls().length === 1) &&
		calls()[0].endsWith(` watch --db ${db} --site ${site}`), calls());
	const firstPid = Number(calls()[0].split(' ')[0]);
	const files = () => readdirSync(`/proc/${firstPid}/fd`).join();
	check('which has none of its open files but the standard ones', await until(() => files() === '0,1,2'), files());
	process.kill(firstPid, 'SIGKILL');
	check('a publisher that was killed is started again', await until(() => calls().length === 2), calls());
	check('and its end is in the log', await until(() => log.includes('event=publisher_ended signal=9')), log);
	const secondPid = Number(calls()[1].split(' ')[0]);
	child.kill('SIGTERM');
	const { exit } = await ended;
	check('the publisher ends with the server', exit === 0 && await until(() => !isRunning(secondPid)), [exit, secondPid]);
	check('standard output is for the address alone', /^listening on \S+\n$/.test(output), output);
	const orphaned = spawn(join(programs, 'turnoutd'), ['--db', db, '--site', site, '--listen', '127.0.0.1:0', '--to', 'sh -c true'], { stdio: 'ignore' });
	check('started again with --to, it starts its publisher with it', await until(() => calls().length === 3)
		&& calls()[2].endsWith(` watch --db ${db} --site ${site} --to sh -c true`), calls());
	const thirdPid = Number(calls()[2].split(' ')[0]);
	orphaned.kill('SIGKILL');
	check('a server that was killed leaves no publisher behind', await until(() => !isRunning(thirdPid)), thirdPid);
});
